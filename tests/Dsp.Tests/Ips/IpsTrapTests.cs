using System.Text;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Facts;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Dsp.Tests.Conformance;
using Hl7.Fhir.Model;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Ips;

/// <summary>What must never change its meaning on the way from a source into a summary.</summary>
public sealed class IpsTrapTests
{
    private const string Ramipril = """<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/>""";
    private const string Hypertension = """<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Hypertension"/>""";
    private const string NoKnown = """<code code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>""";
    private static readonly string Penicilline = Section("48765-2", "", Allergy(AllergyTo(Penicillin)));
    private static readonly string NotPenicillin = Section("48765-2", "", Allergy(AllergyTo(Penicillin, """ negationInd="true" """)));
    private static readonly string NotKnown = Section("10160-0", "", Medicine("", code: """<code code="182904002" codeSystem="2.16.840.1.113883.6.96" displayName="Drug treatment unknown"/>"""));
    private static readonly string Taken = Section("10160-0", "", Medicine(Ramipril));

    /// <summary>Trap, section, one document per text, what the section holds.</summary>
    public static readonly TheoryData<string, string, string[], string> Traps = new()
    {
        { "no document", "48765-2", [], "empty: unavailable" },
        { "no document", "10160-0", [], "empty: unavailable" },
        { "no document", "11450-4", [], "empty: unavailable" },
        { "no document", "46264-8", [], "absent" },
        { "a document that says nothing of it", "11450-4", [Penicilline], "empty: unavailable" },
        { "no information, by code", "10160-0", [Section("10160-0", "", Medicine("", code: """<code code="no-medication-info" codeSystem="2.16.840.1.113883.5.1150.1"/>"""))], "empty: unavailable" },
        { "no information, by nullFlavor", "10160-0", ["""<section nullFlavor="NI"><code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/><title>Médicaments</title><text>Pas d'information</text></section>"""], "empty: unavailable" },
        { "no information, even negated", "48765-2", [Section("48765-2", "", Allergy(AllergyTo("""<code code="no-allergy-info" codeSystem="2.16.840.1.113883.5.1150.1"/>""", """ negationInd="true" """)))], "empty: unavailable" },
        { "asked, and not known", "10160-0", [NotKnown], "empty: unavailable" },
        { "allergic, to what is not known", "48765-2", [Section("48765-2", "", Allergy(AllergyTo("""<code nullFlavor="UNK"/>""")))], "AllergyIntolerance 419199007 active*" },
        { "none known, by code", "48765-2", [Section("48765-2", "", Allergy(AllergyTo(NoKnown)))], "AllergyIntolerance no-known-allergies active*" },
        { "none known, by SNOMED CT", "48765-2", [Section("48765-2", "", Allergy(AllergyTo("""<code code="716186003" codeSystem="2.16.840.1.113883.6.96" displayName="No known allergy"/>""")))], "AllergyIntolerance 716186003 active*" },
        { "none known, by negation alone", "48765-2", [Section("48765-2", "", Allergy(AllergyTo("""<code nullFlavor="NA"/>""", """ negationInd="true" """)))], "DocumentReference" },
        { "none known, of the whole kind", "48765-2", [Section("48765-2", "", Allergy(AllergyTo("""<code code="419199007" codeSystem="2.16.840.1.113883.6.96" displayName="Allergy to substance"/>""", """ negationInd="true" """)))], "DocumentReference" },
        { "ruled out", "48765-2", [NotPenicillin], "AllergyIntolerance 764146007 active* refuted" },
        { "asserted", "48765-2", [Penicilline], "AllergyIntolerance 764146007 active*" },
        { "asserted here and ruled out there", "48765-2", [Penicilline, NotPenicillin], "AllergyIntolerance 764146007 active* disputed, AllergyIntolerance 764146007 active* refuted disputed" },
        { "asserted here, none known there", "48765-2", [Penicilline, Section("48765-2", "", Allergy(AllergyTo(NoKnown)))], "AllergyIntolerance 764146007 active*, AllergyIntolerance no-known-allergies active* disputed" },
        { "told by two documents", "48765-2", [Penicilline, Penicilline], "AllergyIntolerance 764146007 active* (2 sources)" },
        { "taken, says the source", "10160-0", [Taken], "MedicationStatement C09AA05 active" },
        { "an entry that is complete is no treatment that is over", "10160-0", [Taken.Replace("\"active\"", "\"completed\"", StringComparison.Ordinal)], "MedicationStatement C09AA05 unknown" },
        { "two doses", "10160-0", [Taken, Taken.Replace("doseQuantity value=\"1\"", "doseQuantity value=\"2\"", StringComparison.Ordinal)], "MedicationStatement C09AA05 active disputed, MedicationStatement C09AA05 active disputed" },
        { "ordered, not taken", "10160-0", [Taken.Replace("SBADM\" moodCode=\"EVN", "SBADM\" moodCode=\"INT", StringComparison.Ordinal)], "MedicationRequest C09AA05 active" },
        { "not taken", "10160-0", [Taken.Replace("SBADM\" moodCode=\"EVN\"", "SBADM\" moodCode=\"EVN\" negationInd=\"true\"", StringComparison.Ordinal)], "MedicationStatement C09AA05 nottaken" },
        { "a problem whose status nobody gives", "11450-4", [Section("11450-4", "", Problem(Hypertension))], "Condition 59621000" },
        { "a problem ruled out", "11450-4", [Section("11450-4", "", Problem(Hypertension, """ negationInd="true" """))], "Condition 59621000 refuted" },
    };

    [Theory, MemberData(nameof(Traps))]
    public void Each_statement_keeps_its_meaning(string trap, string section, string[] documents, string expected)
    {
        var bundle = Made(documents);

        Assert.True(Image(bundle, section) == expected, $"{trap}: {Image(bundle, section)}");
        Assert.Empty(ProfileCheck.Problems(bundle, Guide.IpsBundle));
        Assert.DoesNotContain("nilknown", Encoding.UTF8.GetString(FhirJson.Bytes(bundle)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_denial_is_a_quotation_with_date_and_source_and_an_empty_section_says_that_nothing_follows()
    {
        var denied = Text(Made([Section("48765-2", "", Allergy(AllergyTo(NoKnown)))]), "48765-2");
        Assert.Contains("What a source stated at a given date", denied, StringComparison.Ordinal);
        Assert.Contains("Rapport &lt;1&gt;, Anna Thillaray, Cabinet (fictif), 1 March 2026", denied, StringComparison.Ordinal);
        var empty = Text(Made([]), "48765-2");
        Assert.Contains("This does not mean that there is none", empty, StringComparison.Ordinal);
        Assert.Contains("does not know", Text(Made([NotKnown]), "10160-0"), StringComparison.Ordinal);
        Assert.Contains("do not agree", Text(Made([Penicilline, NotPenicillin]), "48765-2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_has_its_provenance_and_the_summary_says_how_complete_it_can_be()
    {
        var newer = SummaryOf.Document(DataCategory.CareReports, 9);
        var bundle = IpsBundle.Of(SummaryOf.Facts([.. Facts(Penicilline, 1), .. Facts(Penicilline, 2)], newer), SummaryOf.In("en"));

        var allergy = bundle.Entry.Single(e => e.Resource is AllergyIntolerance);
        var provenance = bundle.Entry.Select(e => e.Resource).OfType<Provenance>().Single(p => p.Target[0].Reference == allergy.FullUrl);
        var sources = provenance.Entity.Select(e => bundle.Entry.Single(x => x.FullUrl == e.What!.Reference).Resource).OfType<DocumentReference>().ToList();
        Assert.Equal(["Rapport <2>", "Rapport <1>"], sources.OrderByDescending(s => s.Date).Select(s => s.Content[0].Attachment!.Title));
        Assert.All(sources, s => Assert.StartsWith("https://dsp.example.lu/fhir/Binary/", s.Content[0].Attachment!.Url, StringComparison.Ordinal));
        Assert.Equal("Anna Thillaray", bundle.Entry.Select(e => e.Resource).OfType<Practitioner>().Single().Name[0].Text);
        var composition = (Composition)bundle.Entry[0].Resource!;
        Assert.Equal(CompositionStatus.Preliminary, composition.Status);
        Assert.Contains("It may be incomplete.", composition.Text!.Div, StringComparison.Ordinal);
        Assert.Contains("Documents readable here: 3. Without a statement used here: 1. Not read, or not to the end: 0. Newer than the last statement used: 1.", composition.Section[0].Text!.Div, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_that_is_over_stands_apart_and_a_relative_s_is_nobody_s_here()
    {
        var over = new Fact { Kind = FactKind.Problem, Code = new Concept([new CodedValue("http://snomed.info/sct", "195967001", "Asthma")]), End = new FactDate("2019", new DateTimeOffset(2019, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)) };
        var mother = new Fact { Kind = FactKind.Problem, Code = new Concept([new CodedValue("http://snomed.info/sct", "73211009", "Diabetes")]), Subject = new Concept(Text: "mother") };
        var source = SummaryOf.Document(DataCategory.CareReports);

        var bundle = IpsBundle.Of(SummaryOf.Facts([new RecordedFact(over, source), new RecordedFact(mother, source)]), SummaryOf.In("fr"));

        Assert.Equal("empty: unavailable", Image(bundle, "11450-4"));
        Assert.Equal("Condition 195967001 inactive", Image(bundle, "11348-0"));
        Assert.DoesNotContain("Diabetes", Encoding.UTF8.GetString(FhirJson.Bytes(bundle)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("a\u0000b\u0007 ]]> &amp; 𝒳")]
    public void What_a_source_writes_is_text_and_nothing_else(string hostile)
    {
        var fact = new Fact { Kind = FactKind.Problem, Code = new Concept(Text: hostile), Note = hostile, Author = new FactAuthor(hostile, hostile) };
        var bundle = IpsBundle.Of(SummaryOf.Facts([new RecordedFact(fact, SummaryOf.Document(DataCategory.CareReports))]), SummaryOf.In("lb"));

        var (parsed, problems) = FhirJson.Parse<Bundle>(FhirJson.Bytes(bundle));
        Assert.Empty(problems);
        Assert.Empty(ProfileCheck.Problems(parsed!, Guide.IpsBundle));
        Assert.DoesNotContain("<script", Text(bundle, "11450-4"), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", Text(bundle, "11450-4"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_texts_are_whole_in_each_of_the_five_languages()
    {
        var texts = new[] { "fr", "de", "en", "lb", "pt" }.Select(l => SummaryOf.In(l).Texts).ToList();
        Assert.Equal(["fr", "de", "en", "lb", "pt"], texts.Select(t => t.Language));
        Assert.All(texts, t => Assert.Equal(16, t.Sections.Count(s => s.Value.Length > 0)));
        Assert.Equal(5, texts.Select(t => t.MayBeIncomplete).Distinct().Count());
        foreach (var language in new[] { "fr", "de", "en", "lb", "pt" })
        {
            var bundle = IpsBundle.Of(SummaryOf.Facts(Facts(Penicilline, 1)), SummaryOf.In(language));
            Assert.Equal(language, bundle.Language);
            Assert.Contains($"lang=\"{language}\"", Text(bundle, "48765-2"), StringComparison.Ordinal);
            Assert.DoesNotContain("{", Text(bundle, "48767-8"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_practice_at_the_start_of_the_process_meets_no_fault() => IpsPractice.Run(SummaryOf.Now);

    private static Bundle Made(string[] sections) => IpsBundle.Of(SummaryOf.Facts([.. sections.SelectMany((s, i) => Facts(s, i + 1))]), SummaryOf.In("en"));

    private static IReadOnlyList<RecordedFact> Facts(string section, int day)
    {
        var source = SummaryOf.Document(DataCategory.CareReports, day);
        return [.. CdaFactSheet.Read(Document(section), DataCategory.CareReports).Facts.Select(f => new RecordedFact(f, source))];
    }

    private static Composition.SectionComponent? Part(Bundle bundle, string code) => ((Composition)bundle.Entry[0].Resource!).Section.SingleOrDefault(s => s.Code!.Coding[0].Code == code);

    private static string Text(Bundle bundle, string code) => Part(bundle, code)!.Text!.Div!;

    /// <summary>A section in one line: type, code and status of each entry, or why there is none.</summary>
    private static string Image(Bundle bundle, string code)
    {
        if (Part(bundle, code) is not { } section) return "absent";
        if (section.Entry.Count == 0) return "empty: " + section.EmptyReason!.Coding[0].Code;
        return string.Join(", ", section.Entry.Select(r => Image(bundle, bundle.Entry.Single(e => e.FullUrl == r.Reference))).Order(StringComparer.Ordinal));
    }

    private static string Image(Bundle bundle, Bundle.EntryComponent entry)
    {
        var (code, status, notes) = entry.Resource switch
        {
            AllergyIntolerance a => (a.Code, $"{a.ClinicalStatus!.Coding[0].Code}{(a.ClinicalStatus.Text is null ? "" : "*")} {a.VerificationStatus?.Coding[0].Code}", a.Note),
            Condition c => (c.Code, $"{c.ClinicalStatus?.Coding[0].Code} {c.VerificationStatus?.Coding[0].Code}", c.Note),
            MedicationStatement m => ((CodeableConcept)m.Medication!, m.Status.ToString()!.ToLowerInvariant(), m.Note),
            MedicationRequest m => ((CodeableConcept)m.Medication!, m.Status.ToString()!.ToLowerInvariant(), m.Note),
            _ => (null, "", []),
        };
        var sources = bundle.Entry.Select(e => e.Resource).OfType<Provenance>().SingleOrDefault(p => p.Target[0].Reference == entry.FullUrl)?.Entity.Count ?? 0;
        var parts = new[] { entry.Resource!.TypeName, code?.Coding.FirstOrDefault()?.Code, status.Trim(), notes.Any(n => n.Text == "The sources do not agree.") ? "disputed" : null, sources > 1 ? $"({sources} sources)" : null };
        return string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p)));
    }
}
