using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dsp.Interop.Fhir;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Conformance;

/// <summary>The check itself is checked: by the examples of the guides, and by the same examples damaged.</summary>
public sealed partial class ExampleTests
{
    /// <summary>What a guide's example breaks is the example's own fault, or one of a value set that is not here; the list is read, not refreshed.</summary>
    [Fact, Golden]
    public void The_examples_of_the_guides_keep_the_profiles_they_claim()
    {
        var list = new StringBuilder("# Example | what it breaks; those that keep every profile they claim are counted.\n");
        var kept = 0;
        foreach (var (name, resource) in Examples.All())
        {
            var problems = ProfileCheck.Problems(resource);
            if (problems.Count == 0) kept++;
            foreach (var problem in problems.Take(4)) list.Append(name).Append(" | ").Append(problem).Append('\n');
        }
        foreach (var (expression, reason) in ProfileCheck.Unasked.OrderBy(u => u.Key, StringComparer.Ordinal)) list.Append("not asked | ").Append(expression).Append(" | ").Append(reason.Split('\n')[0]).Append('\n');
        Golden.Check("conformance/examples.txt", list.Append(CultureInfo.InvariantCulture, $"{kept} examples keep every profile they claim\n").ToString());
    }

    /// <summary>A check that cannot fail proves nothing: what a profile asks for is taken out, part by part.</summary>
    [Fact, Trait("Tier", "Normal")]
    public void An_example_that_lost_what_a_profile_asks_for_does_not_pass()
    {
        var (tried, missed) = (new HashSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var (name, resource) in Examples.All().Where(e => ProfileCheck.Problems(e.Resource).Count == 0))
        {
            foreach (var (part, location) in ProfileCheck.Mandatory(resource))
            {
                if (!tried.Contains(part) && Without(resource, location) is { } damaged && tried.Add(part) && !MarkOfSlice().IsMatch(part) && ProfileCheck.Problems(damaged, [.. resource.Meta!.Profile.OfType<string>()]).Count == 0) missed.Add($"{part} of {name} at {location}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{tried.Count} parts of profiles taken out");
        Assert.True(missed.Count == 0, string.Join('\n', missed));
        Assert.True(tried.Count > 2000, $"{tried.Count}");
    }

    [Fact]
    public void An_example_with_another_code_in_place_of_a_fixed_one_does_not_pass()
    {
        var text = File.ReadAllText(Path.Combine(Shared.Require("corpora", "fhir-ig-instances"), "ihe.iti.balp", "AuditEvent-ex-auditBasicReadClient.json"));
        Assert.Empty(ProfileCheck.Problems(FhirJson.Own(Encoding.UTF8.GetBytes(text))));

        foreach (var (from, to) in new[] { ("\"110152\"", "\"110151\""), ("\"action\": \"R\"", "\"action\": \"U\""), ("audit-event-type", "other") })
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            Assert.NotEmpty(ProfileCheck.Problems(FhirJson.Own(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)))));
        }
    }

    /// <summary>What tells that an element is in a slice: without it the element is in none, which an optional slice allows.</summary>
    [GeneratedRegex(@":[^.]+\.(type|url|function|code)$")]
    private static partial Regex MarkOfSlice();

    /// <summary>The resource without the element at a place as the check writes it: an index stands at every name.</summary>
    private static Resource? Without(Resource resource, string location)
    {
        var root = JsonNode.Parse(FhirJson.Bytes(resource))!;
        var at = root;
        var steps = location.Split('.').Skip(1).Select(s => s.Split('[', ']')).Select(s => (Name: s[0], Index: s.Length > 1 ? int.Parse(s[1], CultureInfo.InvariantCulture) : 0)).ToList();
        // The root itself, and the value inside a primitive, are no elements of their own.
        if (steps.Count == 0) return null;
        foreach (var (name, index) in steps[..^1])
        {
            if (at is not JsonObject || KeyOf(at, name) is not { } inner) return null;
            at = At(at[inner]!, index);
        }
        var (last, which) = steps[^1];
        if (at is not JsonObject || KeyOf(at, last) is not { } key) return null;
        if (at[key] is JsonArray { Count: > 1 } many) many.RemoveAt(which);
        else at.AsObject().Remove(key);
        at.AsObject().Remove("_" + key);
        return FhirJson.Own(Encoding.UTF8.GetBytes(root.ToJsonString()));
    }

    private static JsonNode At(JsonNode found, int index) => found is JsonArray many ? many[index]! : found;

    /// <summary>A choice stands under its name and type.</summary>
    private static string? KeyOf(JsonNode at, string name) => at.AsObject().Select(p => p.Key).FirstOrDefault(k => k == name || (k.Length > name.Length && k.StartsWith(name, StringComparison.Ordinal) && char.IsUpper(k[name.Length])));
}
