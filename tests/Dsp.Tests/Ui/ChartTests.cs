using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dsp.Codes;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;
using Xunit;

namespace Dsp.Tests.Ui;

/// <summary>Number line and trend: what is drawn is where the numbers say, and the whole is said in words.</summary>
public sealed class ChartTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("5", false)]
    [InlineData("7.4", true)]
    [InlineData("3", true)]
    [InlineData("1000", true)]
    public void A_value_stands_inside_its_range_as_a_circle_and_outside_as_a_diamond(string value, bool isOut)
    {
        var number = decimal.Parse(value, CultureInfo.InvariantCulture);
        var svg = Svg(new NumberLine("Titre", number, value, 4, "4", 6, "6"));
        var band = Single(svg, "dsp-range__band");
        var (from, to) = (Number(band, "x"), Number(band, "x") + Number(band, "width"));
        var dot = svg.Descendants().Single(e => Classes(e).Contains("dsp-dot"));
        var x = isOut ? double.Parse(Regex.Match(dot.Attribute("d")!.Value, @"^M([\d.]+) ", RegexOptions.ExplicitCapture | RegexOptions.None, TimeSpan.FromSeconds(1)).Value[1..^1], CultureInfo.InvariantCulture) : Number(dot, "cx");

        Assert.Equal(isOut ? "path" : "circle", dot.Name.LocalName);
        Assert.Equal(number < 4, x < from);
        Assert.Equal(number > 6, x > to);
        Assert.InRange(x, 0, 360);
    }

    [Fact]
    public void A_range_with_one_bound_reaches_the_end_of_the_line()
    {
        var svg = Svg(new NumberLine("Titre", 3, "3", null, null, 5, "5"));
        Assert.Equal(12, Number(Single(svg, "dsp-range__band"), "x"));
        Assert.Contains(svg.Descendants().Where(e => e.Name.LocalName == "text"), t => t.Value == "5");
    }

    [Fact]
    public void A_trend_is_drawn_to_the_scale_of_time_each_point_before_its_own_laboratory_s_range()
    {
        var svg = Svg(new Trend("Titre", [Point(0, 6, 4, 6), Point(10, 7, 4, 6, true), Point(100, 5, 3, 5.5m), Point(110, 5, null, null)]));
        var line = svg.Descendants().Single(e => e.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ').Select(p => double.Parse(p.Split(',')[0], CultureInfo.InvariantCulture)).ToList();
        // Ten days are a ninth of ninety.
        Assert.Equal((line[2] - line[1]) / 9, line[1] - line[0], 0.2);
        var bands = svg.Descendants().Where(e => Classes(e).Contains("dsp-trend__band")).ToList();
        // Two reports of the same range share a band; the third has its own, the fourth none.
        Assert.Equal(2, bands.Count);
        Assert.NotEqual(bands[0].Attribute("y")!.Value, bands[1].Attribute("y")!.Value);
        Assert.Equal(Number(bands[1], "x"), Number(bands[0], "x") + Number(bands[0], "width"), 0.2);
        Assert.True(Number(bands[1], "x") + Number(bands[1], "width") < line[3]);
        Assert.Equal("Titre", svg.Descendants().First(e => e.Name.LocalName == "title").Value);
        Assert.Single(svg.Descendants(), e => Classes(e).Contains("dsp-dot--out"));
    }

    [Fact]
    public void Labels_of_a_trend_do_not_cover_each_other_and_its_ends_are_always_named()
    {
        var points = Enumerable.Range(0, 60).Select(i => Point(i, i % 7, null, null)).ToList();
        var svg = Svg(new Trend("Titre", points));
        var days = svg.Descendants().Where(e => e.Name.LocalName == "text" && e.Attribute("y")!.Value == "226").Select(e => Number(e, "x")).Order().ToList();
        Assert.True(days.Zip(days.Skip(1), (a, b) => b - a).All(gap => gap >= 60));
        Assert.Equal((40d, 680d), (days[0], days[^1]));
    }

    [Fact]
    public void One_point_is_no_trend() => Assert.Throws<ArgumentException>(() => new Trend("Titre", [Point(0, 1, null, null)]).ToMarkup());

    [Fact]
    public void The_hundred_most_frequent_tests_have_a_plain_name_in_each_language()
    {
        Assert.True(TestNames.Codes.Count >= 100, $"{TestNames.Codes.Count}");
        foreach (var code in TestNames.Codes)
        {
            Assert.Matches("^[0-9]{1,6}-[0-9]$", code);
            Assert.True(IsLoinc(code), $"{code}: check digit");
            foreach (var language in Language.All) Assert.False(string.IsNullOrWhiteSpace(TestNames.Find(code, language.Code)), $"{code} {language.Code}");
        }
        Assert.Equal("Moyenne du sucre dans le sang sur 3 mois", TestNames.Find("4548-4", "fr"));
        Assert.Null(TestNames.Find("99999-9", "fr"));
    }

    /// <summary>LOINC's check digit (mod 10): a slip of the pen names another test.</summary>
    private static bool IsLoinc(string code)
    {
        var (digits, check) = (code[..code.IndexOf('-', StringComparison.Ordinal)], code[^1] - '0');
        var odd = string.Concat(digits.Reverse().Where((_, i) => i % 2 == 0));
        var even = string.Concat(digits.Reverse().Where((_, i) => i % 2 == 1));
        var doubled = (long.Parse(odd, CultureInfo.InvariantCulture) * 2).ToString(CultureInfo.InvariantCulture);
        var sum = (even + doubled).Sum(c => c - '0');
        return (10 - (sum % 10)) % 10 == check;
    }

    private static TrendPoint Point(int day, decimal value, decimal? low, decimal? high, bool isOut = false) => new(Day.AddDays(day), value, value.ToString(CultureInfo.InvariantCulture), "01/2026", low, high, isOut);

    private static XElement Svg(Component part) => XElement.Parse(part.ToMarkup());

    private static XElement Single(XElement svg, string name) => svg.Descendants().Single(e => Classes(e).Contains(name));

    private static string[] Classes(XElement e) => e.Attribute("class")?.Value.Split(' ') ?? [];

    private static double Number(XElement e, string name) => double.Parse(e.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
