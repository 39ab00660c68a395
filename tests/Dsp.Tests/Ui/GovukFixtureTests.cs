using System.Text.Json;
using Dsp.Ui.Html;
using Xunit;

namespace Dsp.Tests.Ui;

/// <summary>Our components against the HTML fixtures that ship in the npm package.</summary>
public sealed class GovukFixtureTests
{
    private static readonly Dictionary<string, Scope> Scopes = JsonSerializer.Deserialize<Dictionary<string, Scope>>(
        File.ReadAllText(Path.Combine(UiFiles.Tests, "fixture-scope.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<string> Components => [.. Scopes.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Components))]
    public void A_component_writes_the_markup_of_every_fixture_in_scope(string component)
    {
        var scope = Scopes[component];
        var failures = new List<string>();
        var passed = new List<string>();
        foreach (var (name, options, html) in Read(component))
        {
            if (Difference(component, options, html) is not { } difference)
            {
                passed.Add(name);
            }
            else if (!scope.OutOfScope.ContainsKey(name))
            {
                failures.Add($"### {component}: {name}\n{difference}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        // The list of exceptions stays true: what passes is not excused, what is excused exists, and no fixture gets lost.
        Assert.Empty(passed.Intersect(scope.OutOfScope.Keys, StringComparer.Ordinal));
        Assert.Equal(scope.Passing, passed.Count);
        Assert.Equal(scope.Passing + scope.OutOfScope.Count, Read(component).Count());
    }

    [Fact]
    public void Every_component_we_write_is_compared()
    {
        Assert.Equal(FixtureMapping.All.Keys.Order(StringComparer.Ordinal), Scopes.Keys.Order(StringComparer.Ordinal));
        Assert.All(Scopes.Values.SelectMany(s => s.OutOfScope.Values), reason => Assert.False(string.IsNullOrWhiteSpace(reason)));
    }

    [Fact]
    public void The_comparison_sees_a_changed_text_class_attribute_or_space()
    {
        var right = HtmlTree.Normalise("<p class=\"a b\" id=\"x\"><span>Error:</span> text</p>");
        Assert.Equal(right, HtmlTree.Normalise("<p id=\"x\"  class=\"b a\">\n  <span>Error:</span>\n text\n</p>"));
        Assert.NotEqual(right, HtmlTree.Normalise("<p class=\"a b\" id=\"x\"><span>Error:</span>text</p>"));
        Assert.NotEqual(right, HtmlTree.Normalise("<p class=\"a\" id=\"x\"><span>Error:</span> text</p>"));
        Assert.NotEqual(right, HtmlTree.Normalise("<p class=\"a b\"><span>Error:</span> text</p>"));
        Assert.Throws<FormatException>(() => HtmlTree.Normalise("<p><span></p></span>"));
    }

    private static string? Difference(string component, JsonElement options, string html)
    {
        var read = new FixtureOptions(options);
        var written = FixtureMapping.All[component](read);
        if (read.Unused().ToList() is { Count: > 0 } unused)
        {
            return "option not known: " + string.Join(", ", unused);
        }

        var expected = HtmlTree.Normalise(html);
        var actual = HtmlTree.Normalise(written.ToMarkup());
        return expected == actual ? null : $"expected\n{expected}\nwritten\n{actual}";
    }

    private static IEnumerable<(string Name, JsonElement Options, string Html)> Read(string component)
    {
        var file = UiFiles.Fixtures(component);
        if (!File.Exists(file))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", "node_modules is missing: build src/Dsp.Ui with Node.js installed.");
            throw new FileNotFoundException("node_modules is missing: build src/Dsp.Ui with Node.js installed.", file);
        }

        using var stream = File.OpenRead(file);
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("fixtures").EnumerateArray()
            .Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("options"), f.GetProperty("html").GetString()!))];
    }

    /// <param name="Passing">Fixtures that must pass.</param>
    /// <param name="OutOfScope">Fixture name and the reason why it is not ours.</param>
    public sealed record Scope(int Passing, Dictionary<string, string> OutOfScope);
}
