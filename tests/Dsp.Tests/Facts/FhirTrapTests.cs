using System.Text;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;

namespace Dsp.Tests.Facts;

/// <summary>Each trap of FHIR documents on a small Bundle of its own.</summary>
public sealed class FhirTrapTests
{
    [Theory]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"x","code":{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}]}}""", FactKind.Allergy, FactStatement.Negated)]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"x","code":{"coding":[{"system":"http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips","code":"no-allergy-info"}]}}""", FactKind.Allergy, FactStatement.NoInformation)]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"x","verificationStatus":{"coding":[{"code":"refuted"}]},"code":{"text":"Pénicilline"}}""", FactKind.Allergy, FactStatement.Negated)]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"x","verificationStatus":{"coding":[{"code":"unconfirmed"}]},"code":{"text":"Pénicilline"}}""", FactKind.Allergy, FactStatement.Asserted)]
    [InlineData("""{"resourceType":"Condition","id":"x","code":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"asked-unknown"}]}}""", FactKind.Problem, FactStatement.Unknown)]
    [InlineData("""{"resourceType":"Condition","id":"x","code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"masked"}]}}""", FactKind.Problem, FactStatement.NoInformation)]
    [InlineData("""{"resourceType":"MedicationStatement","id":"x","status":"not-taken","medicationCodeableConcept":{"text":"Aspirine"}}""", FactKind.Medicine, FactStatement.Negated)]
    [InlineData("""{"resourceType":"MedicationRequest","id":"x","status":"active","intent":"order","doNotPerform":true,"medicationCodeableConcept":{"text":"Ibuprofène"}}""", FactKind.Medicine, FactStatement.Negated)]
    [InlineData("""{"resourceType":"Immunization","id":"x","status":"not-done","vaccineCode":{"text":"Grippe"}}""", FactKind.Immunization, FactStatement.Negated)]
    [InlineData("""{"resourceType":"Procedure","id":"x","status":"not-done","code":{"text":"Appendicectomie"}}""", FactKind.Procedure, FactStatement.Negated)]
    [InlineData("""{"resourceType":"Observation","id":"x","status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"Kalium"},"dataAbsentReason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown"}]}}""", FactKind.Result, FactStatement.Unknown)]
    [InlineData("""{"resourceType":"AllergyIntolerance","id":"x","code":{"text":"Aucune allergie connue"}}""", FactKind.Allergy, FactStatement.Unknown)]
    public void A_resource_says_what_it_says(string resource, FactKind kind, FactStatement statement)
    {
        var fact = Assert.Single(Read(resource).Facts);

        Assert.Equal((kind, statement, resource[17..resource.IndexOf('"', 17)] + "/x"), (fact.Kind, fact.Statement, fact.Place.Path));
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","id":"x","status":"entered-in-error","code":{"text":"K"},"valueInteger":3}""")]
    [InlineData("""{"resourceType":"Condition","id":"x","verificationStatus":{"coding":[{"code":"entered-in-error"}]},"code":{"text":"Asthme"}}""")]
    public void What_the_source_took_back_is_left_out_and_counted(string resource)
    {
        var sheet = Read(resource);

        Assert.Equal((0, 1), (sheet.Facts.Count, sheet.Report.LeftOut));
    }

    [Fact]
    public void Contained_and_bundled_medications_are_found_and_a_missing_one_is_unknown()
    {
        var facts = Read(
            """{"resourceType":"MedicationStatement","id":"a","status":"active","contained":[{"resourceType":"Medication","id":"m","code":{"text":"Metformine"}}],"medicationReference":{"reference":"#m"}}""",
            """{"resourceType":"MedicationStatement","id":"b","status":"active","medicationReference":{"reference":"Medication/m2"}}""",
            """{"resourceType":"Medication","id":"m2","ingredient":[{"itemCodeableConcept":{"text":"Ramipril"},"strength":{"numerator":{"value":5.0,"unit":"mg"},"denominator":{"value":1}}}]}""",
            """{"resourceType":"MedicationDispense","id":"c","status":"completed","medicationReference":{"reference":"Medication/none"}}""").Facts;

        Assert.Equal(["Metformine", "Ramipril", null], facts.Select(f => f.Code!.Name));
        Assert.Equal(("5.0", "mg"), (facts[1].Ingredients![0].Strength!.Low!.Number, facts[1].Ingredients![0].Strength!.Low!.Unit));
        Assert.Equal((FactStatement.Unknown, FactStage.Dispensed, DataCategory.MedicationDispensing), (facts[2].Statement, facts[2].Stage, facts[2].Category));
    }

    [Fact]
    public void A_blood_pressure_is_two_results_and_a_panel_names_its_parts()
    {
        var facts = Read(
            """{"resourceType":"Observation","id":"bp","status":"final","category":[{"coding":[{"code":"vital-signs"}]}],"code":{"text":"Tension"},"effectiveDateTime":"2026-03","component":[{"code":{"text":"Systolique"},"valueQuantity":{"value":132,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"text":"Diastolique"},"dataAbsentReason":{"coding":[{"code":"not-asked"}]}}]}""",
            """{"resourceType":"DiagnosticReport","id":"r","status":"final","code":{"text":"Bilan"},"result":[{"reference":"Observation/k"}]}""",
            """{"resourceType":"Observation","id":"k","status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"Kalium"},"valueQuantity":{"value":4.10,"comparator":"<","unit":"mmol/l"}}""").Facts;

        Assert.Equal(["Systolique", "Diastolique", "Kalium"], facts.Select(f => f.Name));
        Assert.Equal(("132", "mmHg", "mm[Hg]", "2026-03"), (facts[0].Value!.Number, facts[0].Value!.Unit, facts[0].Value!.UnitCode, facts[0].Start!.Text));
        Assert.Equal(("Tension", FactStatement.Unknown, "Observation/bp/2"), (facts[1].Panel!.Name, facts[1].Statement, facts[1].Place.Path));
        Assert.Equal(("4.10", "<", "Bilan"), (facts[2].Value!.Number, facts[2].Value!.Comparator, facts[2].Panel!.Name));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("<a")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    public void What_cannot_be_read_gives_an_empty_sheet_that_says_why(string content)
    {
        var reading = new ContentReader().Read(new DocumentMetadata { UniqueId = "urn:oid:1", Category = DataCategory.Syntheses, MimeType = content[0] == '{' ? "application/fhir+json" : "text/xml", Title = "Bilan été" }, Encoding.UTF8.GetBytes(content));

        var sheet = FactSheet.FromBytes(reading.Facts);
        Assert.Empty(sheet.Facts);
        Assert.NotNull(sheet.Report.Problem);
        Assert.Equal("\0\nbilan\nete", Encoding.UTF8.GetString(reading.Terms));
    }

    [Fact]
    public void Deep_and_wide_json_is_stopped_and_stated()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);
        var wide = "{\"a\":[" + string.Join(',', Enumerable.Repeat("1", FhirElement.MostElements + 10)) + "]}";

        Assert.NotNull(FhirFactSheet.ReadJson(Encoding.UTF8.GetBytes(deep), DataCategory.Syntheses).Report.Problem);
        Assert.NotNull(FhirFactSheet.ReadJson(Encoding.UTF8.GetBytes(wide), DataCategory.Syntheses).Report.Problem);
    }

    private static FactSheet Read(params string[] resources) => FhirFactSheet.ReadJson(Encoding.UTF8.GetBytes(
        """{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Composition","title":"Test"}},""" + string.Join(',', resources.Select(r => "{\"resource\":" + r + "}")) + "]}"), DataCategory.Syntheses);
}
