using System.Text;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Interop.Fhir;
using Dsp.Interop.Resources;
using Dsp.Tests.Cda;
using Dsp.Tests.Ips;
using Hl7.Fhir.Model;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Resources;

/// <summary>A statement keeps its meaning on the way into a resource, its name as long as it is there, and its type wherever it is counted.</summary>
public sealed class StatementResourceTests
{
    private const string NoKnown = """<code code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>""";
    private const string Ramipril = """<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/>""";
    private const string Hypertension = """<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Hypertension"/>""";
    private static readonly StatementIds Ids = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
    private static readonly ResourceFacts Facts = new("https://dsp.example.lu/fhir", Ids, SummaryOf.In("en").Texts, SummaryOf.Now);

    /// <summary>Trap, document, what the search of every type holds.</summary>
    public static readonly TheoryData<string, string, string> Traps = new()
    {
        { "asserted", Section("48765-2", "", Allergy(AllergyTo(Penicillin))), "AllergyIntolerance 764146007" },
        { "ruled out", Section("48765-2", "", Allergy(AllergyTo(Penicillin, """ negationInd="true" """))), "AllergyIntolerance 764146007 refuted" },
        { "none known, coded", Section("48765-2", "", Allergy(AllergyTo(NoKnown))), "AllergyIntolerance no-known-allergies" },
        { "none known, by negation alone", Section("48765-2", "", Allergy(AllergyTo("""<code nullFlavor="NA"/>""", """ negationInd="true" """))), "" },
        { "no information", Section("48765-2", "", Allergy(AllergyTo("""<code code="no-allergy-info" codeSystem="2.16.840.1.113883.5.1150.1"/>"""))), "" },
        { "words of absence", Section("48765-2", "", Allergy(AllergyTo("<name>Aucune allergie connue</name>"))), "" },
        { "a problem ruled out", Section("11450-4", "", Problem(Hypertension, """ negationInd="true" """)), "Condition 59621000 refuted" },
        { "a problem", Section("11450-4", "", Problem(Hypertension)), "Condition 59621000" },
        { "not taken", Section("10160-0", "", Medicine(Ramipril).Replace("SBADM\" moodCode=\"EVN\"", "SBADM\" moodCode=\"EVN\" negationInd=\"true\"", StringComparison.Ordinal)), "MedicationStatement C09AA05 nottaken" },
        { "ordered", Section("10160-0", "", Medicine(Ramipril).Replace("moodCode=\"EVN", "moodCode=\"INT", StringComparison.Ordinal)), "MedicationRequest C09AA05 active" },
        { "taken", Section("10160-0", "", Medicine(Ramipril)), "MedicationStatement C09AA05 active" },
        { "whether treated is not known", Section("10160-0", "", Medicine("", code: """<code code="182904002" codeSystem="2.16.840.1.113883.6.96" displayName="Drug treatment unknown"/>""")), "" },
        { "a result", Section("30954-2", "", Panel(Result("2823-3", "Kalium", """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>"""))), "Observation 2823-3 4.1" },
        { "a result nobody has", Section("30954-2", "", Panel(Result("2823-3", "Kalium", """<value xsi:type="PQ" nullFlavor="NASK"/>"""))), "Observation 2823-3 not-asked" },
        { "a result that is denied", Section("30954-2", "", Panel(Result("2823-3", "Kalium", """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>""").Replace("moodCode=\"EVN\"", "moodCode=\"EVN\" negationInd=\"true\"", StringComparison.Ordinal))), "" },
        { "not vaccinated", Section("11369-6", "", Vaccine(""" negationInd="true" """)), "Immunization J07BB02 notdone" },
        { "vaccinated", Section("11369-6", "", Vaccine()), "Immunization J07BB02 completed" },
    };

    [Theory, MemberData(nameof(Traps))]
    public void Each_statement_keeps_its_meaning(string trap, string section, string expected)
    {
        var found = Of(CdaFactSheet.Read(Document(section), DataCategory.Syntheses), DataCategory.Syntheses);

        var image = string.Join(", ", StatementTypes.All.Where(t => t != StatementTypes.Provenance).SelectMany(t => Served.Of(t, found)).Select(s => Image(s.Make(Facts))));

        Assert.True(image == expected, $"{trap}: {image}");
    }

    [Fact]
    public void Every_fact_of_the_corpus_has_the_type_it_is_counted_by_and_is_strict_fhir_with_a_name_of_its_own()
    {
        var (made, types) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        foreach (var found in Corpus())
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var type in StatementTypes.All.Where(t => t != StatementTypes.Provenance))
                foreach (var served in Served.Of(type, found))
                {
                    var resource = served.Make(Facts);
                    Assert.Equal(type, resource.TypeName);
                    Assert.True(names.Add(resource.Id!), $"{type} {served.Place} twice");
                    Assert.Equal(served.Source.Id, Ids.DocumentOf(resource.Id!));
                    // One in ten is read back strictly: the reader's time, not the test's idea.
                    if (made++ % 10 == 0)
                        foreach (var written in new[] { resource, served.Origin(Facts) })
                            Assert.True(FhirJson.Parse<Resource>(FhirJson.Bytes(written)).Problems is [], $"{Encoding.UTF8.GetString(FhirJson.Bytes(written))} {string.Join("; ", FhirJson.Parse<Resource>(FhirJson.Bytes(written)).Problems)}");
                    // What is compared in a search is what stands in the resource.
                    Assert.Equal(CodesIn(resource), served.Codes.Select(c => (c.System, c.Code)).ToHashSet());
                    types[type] = types.GetValueOrDefault(type) + 1;
                }
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', types));
        Assert.True(types.Count == 10 && made > 3000, $"{made} resources of {string.Join(", ", types)}");
    }

    [Fact]
    public void Nothing_that_is_asserted_by_nobody_becomes_an_asserted_resource()
    {
        foreach (var (fact, served) in Corpus().SelectMany(f => f.Facts).Where(f => StatementTypes.Of(f.Fact) is not null).Select(f => (f.Fact, new ServedStatement(StatementTypes.Of(f.Fact)!, f))))
        {
            if (fact.Statement == FactStatement.Asserted) continue;
            var held = served.Make(Facts) switch
            {
                AllergyIntolerance a => a.VerificationStatus?.Coding[0].Code == "refuted" || AbsentCodes.Says(fact.Code) == FactStatement.Negated,
                Condition c => c.VerificationStatus?.Coding[0].Code == "refuted" || AbsentCodes.Says(fact.Code) == FactStatement.Negated,
                Immunization i => i.Status == Immunization.ImmunizationStatusCodes.NotDone,
                Procedure p => p.Status == EventStatus.NotDone,
                MedicationStatement m => m.Status is MedicationStatement.MedicationStatusCodes.NotTaken or MedicationStatement.MedicationStatusCodes.Unknown,
                Observation o => o.DataAbsentReason is not null || o.Value is CodeableConcept,
                _ => false,
            };
            Assert.True(held, $"{fact.Kind} {fact.Name} {fact.Statement}");
        }
    }

    [Fact]
    public void A_name_leads_to_its_document_and_cannot_be_made_for_another_place_type_or_installation()
    {
        var (one, two) = (new DocumentId(new Guid("0195a1b2-0000-7000-8000-000000000001")), new DocumentId(new Guid("0195a1b2-0000-7000-8000-000000000002")));
        var name = Ids.Of(one, "Observation", "Result/1/0");

        Assert.Matches("^[0-9a-f]{56}$", name);
        Assert.Equal(name, Ids.Of(one, "Observation", "Result/1/0"));
        Assert.Equal(one, Ids.DocumentOf(name));
        Assert.DoesNotContain("0195a1b2", name, StringComparison.Ordinal);
        Assert.Equal(4, new[] { name, Ids.Of(two, "Observation", "Result/1/0"), Ids.Of(one, "Condition", "Result/1/0"), Ids.Of(one, "Observation", "Result/1/1") }.Select(n => n[..24]).Distinct().Count());
        Assert.NotEqual(one, new StatementIds(new byte[32]).DocumentOf(name));
        Assert.All(new[] { "", "x", name.ToUpperInvariant(), name + "0", Guid.Empty.ToString() }, text => Assert.Null(Ids.DocumentOf(text)));
    }

    private static IEnumerable<FoundFacts> Corpus() =>
        CdaCorpus.Files().Select(f => (Sheet: CdaFactSheet.Read(f.Bytes, DataCategory.MedicalAnalyses), DataCategory.MedicalAnalyses))
            .Concat(IpsDocuments.All().Select(b => (Sheet: FhirFactSheet.ReadJson(b.Bytes, DataCategory.MedicalAnalyses), DataCategory.MedicalAnalyses)))
            .Select(s => Of(s.Sheet, s.MedicalAnalyses));

    private static FoundFacts Of(FactSheet sheet, DataCategory category)
    {
        var source = SummaryOf.Document(category);
        var places = new Dictionary<(FactKind, string), int>();
        var facts = sheet.Facts.Select(f =>
        {
            var again = places.GetValueOrDefault((f.Kind, f.Place.Path));
            places[(f.Kind, f.Place.Path)] = again + 1;
            return new RecordedFact(f, source) { Again = again };
        }).ToList();
        return new FoundFacts(source.Record, facts, [source], []);
    }

    private static HashSet<(string, string)> CodesIn(Resource resource) => (resource switch
    {
        AllergyIntolerance a => a.Code,
        Condition c => c.Code,
        Observation o => o.Code,
        Procedure p => p.Code,
        Immunization i => i.VaccineCode,
        MedicationStatement m => m.Medication as CodeableConcept,
        MedicationRequest m => m.Medication as CodeableConcept,
        MedicationDispense m => m.Medication as CodeableConcept,
        Encounter e => e.Type.FirstOrDefault(),
        DiagnosticReport d => d.Code,
        _ => null,
    })?.Coding.Select(c => (c.System ?? "", c.Code!)).ToHashSet() ?? [];

    private static string Image(Resource resource) => resource switch
    {
        AllergyIntolerance a => $"AllergyIntolerance {a.Code!.Coding[0].Code} {a.VerificationStatus?.Coding[0].Code}",
        Condition c => $"Condition {c.Code!.Coding[0].Code} {c.VerificationStatus?.Coding[0].Code}",
        Observation { Value: Quantity q } o => $"Observation {o.Code.Coding[0].Code} {q.Value}",
        Observation o => $"Observation {o.Code.Coding[0].Code} {o.DataAbsentReason?.Coding[0].Code}",
        MedicationStatement m => $"MedicationStatement {((CodeableConcept)m.Medication!).Coding[0].Code} {m.Status.ToString()!.ToLowerInvariant()}",
        MedicationRequest m => $"MedicationRequest {((CodeableConcept)m.Medication!).Coding[0].Code} {m.Status.ToString()!.ToLowerInvariant()}",
        Immunization i => $"Immunization {i.VaccineCode.Coding[0].Code} {i.Status.ToString()!.ToLowerInvariant()}",
        _ => resource.TypeName,
    } is var text ? text.Trim() : "";

    private static string Vaccine(string attributes = "") =>
        $"""<substanceAdministration classCode="SBADM" moodCode="EVN"{attributes}><templateId root="2.16.840.1.113883.10.20.22.4.52"/><statusCode code="completed"/><effectiveTime value="20251010"/><consumable><manufacturedProduct><templateId root="2.16.840.1.113883.10.20.22.4.54"/><manufacturedMaterial><code code="J07BB02" codeSystem="2.16.840.1.113883.6.73" displayName="Grippe"/></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>""";
}
