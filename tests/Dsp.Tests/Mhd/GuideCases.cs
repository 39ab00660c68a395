using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;

namespace Dsp.Tests.Mhd;

/// <summary>
/// The example bundles of the implementation guides that claim a ProvideBundle profile. Each <c>.case</c> file names the
/// instance, the answer it gets as printed, what is mapped (patient, missing targets, codes) and the answer then. Line forms:
/// <c>instance PATH</c>, <c>printed STATUS</c>, <c>problem ID EXPRESSION</c>, <c>set|add|remove POINTER [JSON]</c>,
/// <c>mapped accepted N</c> or <c>mapped STATUS</c>, <c># reason</c>.
/// </summary>
public sealed class GuideCases
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(Path.Combine(Root, "tests/Dsp.Tests/Mhd/Cases"), "*.case").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_a_case_for_each_of_the_seven_bundles_and_the_published_document() => Assert.Equal(8, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_guide_s_example_gets_its_stated_answer(string name)
    {
        var steps = Steps(name);
        var path = Path.Combine(Root, "../shared/corpora/fhir-ig-instances", steps.Single(s => s[0] == "instance")[1]);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("The example instances are not beside this repository (../shared/corpora).");
        var bundle = JsonNode.Parse(File.ReadAllText(path))!;

        var answer = "";
        var problems = new List<string>();
        foreach (var step in steps)
        {
            switch (step[0])
            {
                case "printed" or "mapped":
                    Assert.Empty(problems);
                    answer = string.Join(' ', step);
                    var (count, told) = Read(bundle);
                    var got = told is { } refusal
                        ? string.Create(CultureInfo.InvariantCulture, $"{step[0]} {FhirRefusals.StatusOf(refusal)}")
                        : string.Create(CultureInfo.InvariantCulture, $"{step[0]} accepted {count}");
                    problems = told is { } r ? [.. r.Others.Prepend(r).Select(p => $"{p.Id} {p.Expression}").Order(StringComparer.Ordinal)] : [];
                    Assert.True(answer == got, $"{got}\n{string.Join("\n", problems.Select(p => "problem " + p))}");
                    break;
                case "problem":
                    Assert.True(problems.Remove($"{step[1]} {step[2]}"), $"not told after '{answer}': {step[1]} {step[2]}\ntold: {string.Join("\n", problems)}");
                    break;
                case "set" or "add" or "remove":
                    Apply(bundle, step[0], step[1], step.Length > 2 ? JsonNode.Parse(step[2]) : null);
                    break;
                default:
                    break;
            }
        }
        Assert.Empty(problems);
        Assert.StartsWith("mapped", answer, StringComparison.Ordinal);
    }

    /// <summary>The instance a case is about, and its message after all mapping.</summary>
    internal static (string Instance, JsonNode Message) Mapped(string name)
    {
        var steps = Steps(name);
        var instance = steps.Single(s => s[0] == "instance")[1];
        var message = JsonNode.Parse(File.ReadAllText(Dsp.Tests.Support.Shared.Require("corpora", "fhir-ig-instances", instance)))!;
        foreach (var step in steps.Where(s => s[0] is "set" or "add" or "remove")) Apply(message, step[0], step[1], step.Length > 2 ? JsonNode.Parse(step[2]) : null);
        return (instance, message);
    }

    private static List<string[]> Steps(string name) =>
        [.. File.ReadAllLines(Path.Combine(Root, $"tests/Dsp.Tests/Mhd/Cases/{name}.case")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ', 3))];

    /// <summary>A bundle is provided (ITI-65), a document published (ITI-105).</summary>
    private static (int Documents, Refusal? Refusal) Read(JsonNode message)
    {
        if ((string?)message["resourceType"] == "Bundle") return ProvideExample.Read(message) is var provided && provided.Succeeded ? (provided.Value.Submission.Documents.Count, null) : (0, provided.Refusal);
        var published = SimplifiedPublishReader.Read(Encoding.UTF8.GetBytes(message.ToJsonString()), ProvideExample.Settings, "urn:uuid:1", ProvideExample.Clock);
        return published.Succeeded ? (published.Value.Documents.Count, null) : (0, published.Refusal);
    }

    private static void Apply(JsonNode root, string verb, string pointer, JsonNode? value)
    {
        var parts = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var parent = parts[..^1].Aggregate(root, (node, part) => node is JsonArray array ? array[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!);
        if (parent is JsonArray list)
        {
            if (verb == "remove") list.RemoveAt(int.Parse(parts[^1], CultureInfo.InvariantCulture));
            else if (verb == "add") list.Add(value);
            else list[int.Parse(parts[^1], CultureInfo.InvariantCulture)] = value;
        }
        else if (verb == "remove")
        {
            parent.AsObject().Remove(parts[^1]);
        }
        else
        {
            parent[parts[^1]] = value;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dsp.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Not inside the repository");
    }
}
