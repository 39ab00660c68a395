using System.Text;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Facts;

public sealed class ResultSeriesTests
{
    [Theory]
    [InlineData("ug/l", "ng/ml", true)]
    [InlineData("µg/L", "ng/mL", true)]
    [InlineData("mg/l", "ug/ml", true)]
    [InlineData("g/l", "mg/ml", true)]
    [InlineData("10*9/l", "10*3/ul", true)]
    [InlineData("G/l", "10^3/µl", true)]
    [InlineData("mU/l", "uU/ml", true)]
    [InlineData("mmHg", "mm[Hg]", true)]
    [InlineData("mmol/L", "mmol/l", true)]
    [InlineData("mmol/mol{Hb}", "mmol/mol", true)]
    [InlineData("%", "mmol/mol", false)]
    [InlineData("mg/dl", "umol/l", false)]
    [InlineData("mg/dl", "mg/l", false)]
    [InlineData("mg/dl", "g/l", false)]
    [InlineData("mmol/l", "mol/l", false)]
    [InlineData("U/l", "[iU]/l", false)]
    [InlineData("mg/l", "Mg/l", false)]
    [InlineData("", "mg/l", false)]
    [InlineData("Schüppchen", "schuppchen", true)]
    [InlineData("mg/24h", "mg/l", false)]
    [InlineData("kg/m2", "kg", false)]
    [InlineData("m2", "m", false)]
    public void Only_equal_scales_share_a_curve(string one, string other, bool shared) => Assert.Equal(shared, UnitScale.Of(one) == UnitScale.Of(other));

    [Fact]
    public void A_value_that_is_denied_is_no_value_and_two_that_differ_in_any_part_are_two_points()
    {
        const string value = """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>""";
        var denied = Result("2823-3", "Kalium", value).Replace("moodCode=\"EVN\"", "moodCode=\"EVN\" negationInd=\"true\"", StringComparison.Ordinal);
        Assert.Empty(ResultSeries.Of(Recorded(Section("30954-2", "", denied))));
        var titres = new[] { "40", "80" }.SelectMany(t => Recorded(Section("30954-2", "", Result("5048-8", "ANA", $"""<value xsi:type="RTO"><numerator xsi:type="INT" value="1"/><denominator xsi:type="INT" value="{t}"/></value>"""))));
        Assert.Equal(2, Assert.Single(ResultSeries.Of(titres)).Points.Count);
    }

    [Fact]
    public void One_analysis_in_two_incomparable_units_makes_two_series_and_two_laboratories_in_equal_ones_make_one()
    {
        var series = ResultSeries.Of(
        [
            .. Facts(Result("2276-4", "Ferritine", Quantity("80", "ug/l"), time: "20260101")), .. Facts(Result("2276-4", "Ferritin", Quantity("95.0", "ng/mL"), time: "20260301")),
            .. Facts(Result("4548-4", "HbA1c", Quantity("7.4", "%"), time: "20260101")), .. Facts(Result("4548-4", "HbA1c", Quantity("57", "mmol/mol"), time: "20260201")),
            .. Facts(Result("2160-0", "Créatinine", Quantity("1.1", "mg/dl"))), .. Facts(Result("2160-0", "Créatinine", Quantity("97", "umol/l"))),
        ]);

        Assert.Equal([2, 1, 1, 1, 1], series.OrderByDescending(s => s.Points.Count).Select(s => s.Points.Count));
        var ferritin = series.Single(s => s.Code == "2276-4");
        Assert.Equal([80m, 95.0m], ferritin.Points.Select(p => p.Number));
        Assert.Equal(("Ferritin", "ng/mL"), (ferritin.Name, ferritin.Unit));
    }

    [Fact]
    public void A_value_told_by_two_documents_is_one_point_with_two_sources()
    {
        var result = Result("2823-3", "Kalium", Quantity("4.1", "mmol/l"));

        var point = Assert.Single(Assert.Single(ResultSeries.Of([.. Facts(result), .. Facts(result)])).Points);

        Assert.Equal(2, point.Sources.Count);
    }

    [Theory]
    [InlineData("5.4", "", "H", RangePlace.Above)]
    [InlineData("5.4", "3.5-5.1", "", RangePlace.Above)]
    [InlineData("3.4", "3.5-5.1", "", RangePlace.Below)]
    [InlineData("5.1", "3.5-5.1", "", RangePlace.Inside)]
    [InlineData("5.4", "3.5-5.1", "N", RangePlace.Inside)]
    [InlineData("5.4", "", "", RangePlace.NotSaid)]
    public void The_source_s_judgement_comes_before_its_range_and_no_other_range_is_used(string number, string range, string judgement, RangePlace place)
    {
        var bounds = range.Split('-');
        var more = (judgement.Length > 0 ? $"""<interpretationCode code="{judgement}" codeSystem="2.16.840.1.113883.5.83"/>""" : "")
            + (range.Length > 0 ? $"""<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="{bounds[0]}" unit="mmol/l"/><high value="{bounds[1]}" unit="mmol/l"/></value></observationRange></referenceRange>""" : "");

        Assert.Equal(place, Assert.Single(Assert.Single(ResultSeries.Of(Facts(Result("2823-3", "Kalium", Quantity(number, "mmol/l"), more)))).Points).Place);
    }

    [Fact]
    public void What_is_ordered_or_not_known_makes_no_number()
    {
        var series = ResultSeries.Of([.. Facts(Result("1", "A", Quantity("1", "g/l")).Replace("EVN", "RQO", StringComparison.Ordinal)), .. Facts(Result("2", "B", """<value xsi:type="PQ" nullFlavor="NI"/>"""))]);

        Assert.Null(Assert.Single(Assert.Single(series).Points).Number);
    }

    private static string Quantity(string number, string unit) => $"""<value xsi:type="PQ" value="{number}" unit="{unit}"/>""";

    private static IReadOnlyList<RecordedFact> Facts(string entry) => Recorded(Section("30954-2", "", entry));

    /// <summary>The facts of one document that was deposited on a day.</summary>
    internal static IReadOnlyList<RecordedFact> Recorded(string section, int day = 1)
    {
        var at = new DateTimeOffset(2026, 3, day, 9, 0, 0, TimeSpan.Zero);
        var source = new StoredDocument
        {
            Id = new DocumentId(Guid.CreateVersion7()), Record = RecordId.None, Content = default, State = new DocumentState(DocumentStatus.Current, at), Version = 1,
            Entry = new DocumentEntry { Facts = new DocumentFacts { Category = DataCategory.Syntheses }, AddedAt = at, Submission = default, Content = default, ContentSalt = [] },
            MetadataFrom = new Lazy<DocumentMetadata>(() => new DocumentMetadata { UniqueId = "urn:oid:1", Category = DataCategory.Syntheses, MimeType = "text/xml" }),
        };
        return [.. CdaFactSheet.Read(Document(section), DataCategory.Syntheses).Facts.Select(f => new RecordedFact(f, source))];
    }
}
