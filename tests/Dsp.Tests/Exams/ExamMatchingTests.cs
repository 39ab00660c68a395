using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Tests.Ips;

namespace Dsp.Tests.Exams;

/// <summary>Which existing exam answers an order, and which does not.</summary>
public sealed class ExamMatchingTests
{
    private const string Loinc = "http://loinc.org";
    private static readonly DateTimeOffset Now = SummaryOf.Now;
    private static readonly string[] BloodCount = ["718-7", "789-8", "6690-2", "777-3"];

    /// <summary>Order, existing analysis, days ago, how they fit.</summary>
    public static readonly TheoryData<string, string, int, ExamMatch?> Orders = new()
    {
        { "4548-4", "4548-4", 80, ExamMatch.SameCode },
        { "4548-4", "4548-4", 91, null },
        { "4548-4", "17856-6", 30, ExamMatch.Equivalent },
        { "4548-4", "59261-8", 30, ExamMatch.Equivalent },
        { "59261-8", "4548-4", 30, ExamMatch.Equivalent },
        { "4548-4", "2345-7", 1, null },
        { "3016-3", "11580-8", 41, ExamMatch.Equivalent },
        { "3016-3", "3016-3", 43, null },
        { "2089-1", "2089-1", 300, ExamMatch.SameCode },
        { "718-7", "718-7", 6, ExamMatch.SameCode },
        { "718-7", "718-7", 8, null },
        { "55555-5", "55555-5", 29, ExamMatch.SameCode },
        { "55555-5", "55555-5", 31, null },
        { "local|A1C", "local|A1C", 20, ExamMatch.SameCode },
        { "local|A1C Hémoglobine glyquée (HbA1c)", "4548-4", 80, ExamMatch.Equivalent },
        { "local|77 TSH", "3016-3", 20, ExamMatch.Equivalent },
        { "4548-4", "local|A1C HbA1c", 80, ExamMatch.Equivalent },
        { "local|1 Anticorps rares", "local|2 Anticorps rares", 10, null },
        { "local|1 Anticorps rares", "|Anticorps rares", 10, ExamMatch.Equivalent },
        { "local|1 Anticorps rares", "other|1 Autre chose", 10, null },
        { "|TSH", "|tsh", 10, ExamMatch.Equivalent },
    };

    [Theory, MemberData(nameof(Orders))]
    public void An_analysis_is_found_by_its_code_its_other_codes_and_its_words_within_its_interval(string order, string existing, int days, ExamMatch? match)
    {
        var rows = ExamMatching.Of(Found([Result(existing, days)]), new ExamOrder(ConceptOf(order)), Now);

        Assert.Equal(match is { } m ? [m] : [], rows.Select(r => r.Match));
    }

    [Fact]
    public void A_panel_is_there_where_most_of_its_analyses_are_and_one_of_them_is_no_panel()
    {
        var whole = BloodCount.Select(c => Result(c, 3, SummaryOf.Document(DataCategory.MedicalAnalyses))).ToList();
        var source = whole[0].Source;
        var panel = new ExamOrder(ConceptOf("58410-2"));

        var row = Assert.Single(ExamMatching.Of(Found([.. whole.Select(f => f with { Source = source })]), panel, Now));
        Assert.Equal((ExamMatch.Panel, source.Id, null, 7), (row.Match, row.Document, row.Value, row.Days));
        Assert.Empty(ExamMatching.Of(Found([.. whole.Take(2).Select(f => f with { Source = source })]), panel, Now));
        // Each in a document of its own is no panel either.
        Assert.Empty(ExamMatching.Of(Found(whole), panel, Now));
        Assert.Equal(ExamMatch.Panel, Assert.Single(ExamMatching.Of(Found([Result("718-7", 3) with { Fact = Result("718-7", 3).Fact with { Panel = ConceptOf("57021-8") } }]), panel, Now)).Match);
        Assert.Empty(ExamMatching.Of(Found([.. whole.Select(f => f with { Source = source, Fact = f.Fact with { Start = At(9) } })]), panel, Now));
    }

    /// <summary>Words of the order, title of the document, how they fit.</summary>
    public static readonly TheoryData<string, string, ExamMatch?> Images = new()
    {
        { "Scanner du thorax", "CT Thorax nativ", ExamMatch.Imaging },
        { "Thorax-CT", "Scanner thoracique", ExamMatch.Imaging },
        { "IRM du genou gauche", "MRT linkes Knie", ExamMatch.Imaging },
        { "IRM du genou gauche", "MRT rechtes Knie", null },
        { "IRM du genou", "IRM de l'épaule", null },
        { "Scanner du thorax", "Radiographie du thorax", null },
        { "Scanner du crâne", "CT Schädel – Befund: keine Blutung", ExamMatch.Imaging },
        { "Röntgen Thorax", "Thoraxröntgen in zwei Ebenen", ExamMatch.Imaging },
        { "Scanner du thorax", "Compte rendu thorax", ExamMatch.PossibleImaging },
        { "Scanner du thorax", "Compte rendu", null },
        { "Échocardiographie", "Échographie cardiaque", ExamMatch.Imaging },
        { "Mammographie", "Mammografie beidseits", ExamMatch.Imaging },
        { "IRM", "IRM du genou", ExamMatch.PossibleImaging },
        { "24627-2", "CT Thorax", ExamMatch.Imaging },
        { "24590-2", "CT Schädel", null },
        { "Consultation de radiologie", "CT Thorax", null },
    };

    [Theory, MemberData(nameof(Images))]
    public void Imaging_is_the_same_by_modality_region_and_side_and_only_possibly_where_a_document_does_not_say(string order, string title, ExamMatch? match)
    {
        var rows = ExamMatching.Of(Found([], Image(title, 100)), new ExamOrder(ConceptOf(order.Contains('-', StringComparison.Ordinal) && char.IsAsciiDigit(order[0]) ? order : "|" + order)), Now);

        Assert.Equal(match is { } m ? [m] : [], rows.Select(r => r.Match));
    }

    [Fact]
    public void Imaging_is_known_by_the_codes_of_its_entry_too_and_its_interval_is_its_own()
    {
        var coded = Image("Befund", 100, new CodedValue("1.2.840.10008.2.16.4", "CT"), new CodedValue("http://snomed.info/sct", "51185008"));
        var order = new ExamOrder(new Concept([new CodedValue("local", "RX1")])) { Modality = "CT", BodyRegion = new Concept([new CodedValue("http://snomed.info/sct", "39607008")]) };

        Assert.Equal(ExamMatch.Imaging, Assert.Single(ExamMatching.Of(Found([], coded), order, Now)).Match);
        Assert.Empty(ExamMatching.Of(Found([], Image("CT Thorax", 181)), order, Now));
        Assert.Single(ExamMatching.Of(Found([], Image("Mammographie", 300)), new ExamOrder(ConceptOf("24606-6")), Now));
        Assert.Empty(ExamMatching.Of(Found([], Image("CT Thorax", 10, category: DataCategory.CareReports)), order, Now));
        Assert.Single(ExamMatching.Of(Found([], Image("CT Thorax", 10, category: DataCategory.CareReports, type: "18748-4")), order, Now));
    }

    [Theory]
    [InlineData("ordered")]
    [InlineData("denied")]
    [InlineData("unknown")]
    [InlineData("without a value")]
    [InlineData("of the mother")]
    [InlineData("waited for")]
    [InlineData("in a week")]
    public void What_was_not_done_or_gave_nothing_is_no_existing_exam(string how)
    {
        var result = Result("4548-4", 10);
        var fact = how switch
        {
            "ordered" => result.Fact with { Stage = FactStage.Ordered },
            "denied" => result.Fact with { Statement = FactStatement.Negated },
            "unknown" => result.Fact with { Statement = FactStatement.Unknown },
            "without a value" => result.Fact with { Value = FactValue.None("UNK") },
            "of the mother" => result.Fact with { Subject = new Concept(Text: "mère") },
            "waited for" => result.Fact with { RecordStatus = "registered" },
            _ => result.Fact with { Start = At(-7) },
        };

        Assert.Empty(ExamMatching.Of(Found([result with { Fact = fact }]), new ExamOrder(ConceptOf("4548-4")), Now));
        Assert.Single(ExamMatching.Of(Found([result]), new ExamOrder(ConceptOf("4548-4")), Now));
    }

    [Fact]
    public void The_same_result_told_by_two_documents_is_one_row_and_the_newest_come_first()
    {
        var rows = ExamMatching.Of(Found([Result("4548-4", 60), Result("4548-4", 10), Result("4548-4", 10), .. Enumerable.Range(20, 30).Select(d => Result("4548-4", d))]), new ExamOrder(ConceptOf("4548-4")), Now);

        Assert.Equal(ExamMatching.Most, rows.Count);
        Assert.Equal(rows.OrderByDescending(r => r.At).Select(r => r.At), rows.Select(r => r.At));
        Assert.Equal(rows.Count, rows.Select(r => r.At).Distinct().Count());
        Assert.Equal(("7.4", "%", "Rapport <1>", "Cabinet (fictif)"), (rows[0].Value!.Number, rows[0].Value!.Unit, rows[0].Title, rows[0].Institution));
    }

    [Fact]
    public void Two_results_of_one_instant_that_differ_in_unit_bounds_flag_or_code_are_two_rows()
    {
        static RecordedFact With(FactValue value, string code = "4548-4") => Result(code, 10) is var r ? r with { Fact = r.Fact with { Value = value } } : null!;
        static FactValue Of(string number, string unit) => new() { Type = FactValueType.Quantity, Number = number, Unit = unit };
        static int Rows(params RecordedFact[] facts) => ExamMatching.Of(Found(facts), new ExamOrder(ConceptOf("4548-4")), Now).Count;
        var percent = Of("7.4", "%");
        var range = new FactValue { Type = FactValueType.Range, Low = percent, High = Of("8", "%") };

        Assert.Equal(2, Rows(With(percent), With(Of("7.4", "mmol/mol"))));
        Assert.Equal(2, Rows(With(range), With(range with { High = Of("9", "%") })));
        Assert.Equal(2, Rows(With(new FactValue { Type = FactValueType.Flag, Flag = true }), With(new FactValue { Type = FactValueType.Flag, Flag = false })));
        Assert.Equal(2, Rows(With(percent), With(percent, "17856-6")));
        Assert.Equal(1, Rows(With(percent with { Translations = [percent] }), With(percent with { UnitCode = "%" })));
        Assert.Equal(1, Rows(With(range), With(range with { Low = percent with { UnitCode = "%" } })));
    }

    [Fact]
    public void Every_line_of_the_table_has_an_interval_and_its_source_and_no_code_stands_in_two_groups()
    {
        Assert.True(ExamTable.Groups.Count >= 15);
        Assert.All(ExamTable.Groups, g => Assert.True(g.Days > 0 && g.Source.Length > 10 && g.Words.Count > 0, g.Name));
        var codes = ExamTable.Groups.SelectMany(g => g.Codes).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes.Concat(ExamTable.Groups.SelectMany(g => g.Members).SelectMany(m => m)).Concat(ExamTable.Exams.Keys), c => Assert.True(IsLoinc(c), c));
        Assert.All(ExamTable.Groups.Where(g => g.IsPanel), g => Assert.InRange(g.Least, 2, g.Members.Count));
        Assert.All(ExamTable.Groups.SelectMany(g => g.Words).Concat(ExamTable.Modalities.Concat(ExamTable.Regions).Concat(ExamTable.Sides).SelectMany(t => t.Words)), w => Assert.Equal(Folding.Fold(w), w));
        Assert.Equal(["90", "42", "365", "7", "180"], new[] { "hba1c", "tsh", "lipids", "blood-count", "imaging" }.Select(n => ExamTable.Groups.Append(ExamTable.AnyImaging).First(g => g.Name == n).Days.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>LOINC's own check digit (mod 10), so that a slip in the table is found.</summary>
    private static bool IsLoinc(string code)
    {
        if (code.Split('-') is not [var number, [var digit]] || !number.All(char.IsAsciiDigit)) return false;
        var sum = number.Reverse().Select((c, i) => i % 2 == 0 ? (c - '0') * 2 is var d && d > 9 ? d - 9 : (c - '0') * 2 : c - '0').Sum();
        return (10 - (sum % 10)) % 10 == digit - '0';
    }

    private static Concept ConceptOf(string text)
    {
        if (text.Split('|', 2) is not [var system, var rest]) return new Concept([new CodedValue(Loinc, text)]);
        var (code, words) = system.Length == 0 ? ("", rest) : rest.Split(' ', 2) is [var c, var w] ? (c, w) : (rest, null);
        return new Concept(system.Length == 0 ? null : [new CodedValue("urn:catalogue:" + system, code)], words);
    }

    private static RecordedFact Result(string concept, int days, StoredDocument? source = null) => new(
        new Fact
        {
            Kind = FactKind.Result, Category = DataCategory.MedicalAnalyses, Code = ConceptOf(concept), Start = At(days),
            Value = new FactValue { Type = FactValueType.Quantity, Number = "7.4", Unit = "%" }, Place = new FactPlace("1/e1/1"),
        },
        source ?? SummaryOf.Document(DataCategory.MedicalAnalyses));

    private static StoredDocument Image(string title, int days, params CodedValue[] events) => Image(title, days, DataCategory.MedicalImaging, null, events);

    private static StoredDocument Image(string title, int days, DataCategory category, string? type = null, params CodedValue[] events)
    {
        var document = SummaryOf.Document(category);
        return document with
        {
            Entry = document.Entry with { Facts = document.Entry.Facts with { At = Now.AddDays(-days) } },
            MetadataFrom = new Lazy<DocumentMetadata>(() => new DocumentMetadata { UniqueId = "urn:oid:2.999", Category = category, MimeType = "application/pdf", Title = title, Events = events, Type = type is null ? null : new CodedValue(Loinc, type) }),
        };
    }

    private static FactDate At(int days) => new("", Now.AddDays(-days), Now.AddDays(-days).AddMinutes(1));

    private static FoundFacts Found(IReadOnlyList<RecordedFact> facts, params StoredDocument[] documents) => new(default, facts, [.. facts.Select(f => f.Source).Concat(documents).Distinct()], []);
}
