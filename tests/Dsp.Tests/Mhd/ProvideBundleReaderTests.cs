using System.Text;
using System.Text.Json.Nodes;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Mhd;

namespace Dsp.Tests.Mhd;

public sealed class ProvideBundleReaderTests
{
    [Fact]
    public void A_good_bundle_becomes_one_submission_with_all_its_metadata()
    {
        var read = ProvideExample.ReadGood(ProvideExample.Good());

        var submission = read.Submission;
        Assert.Equal(new PatientIdentifier("urn:oid:1.3.182.4.4", ProvideExample.NationalNumber), submission.Patient);
        Assert.Equal(ProvideExample.SubmissionUrl, submission.Submission.UniqueId);
        Assert.Equal("urn:oid:1.2.3.4.5", submission.Submission.SourceId);
        Assert.Equal("SOURCE Bar", submission.Submission.Author!.Name);
        var document = Assert.Single(submission.Documents);
        var m = document.Metadata;
        Assert.Equal(ProvideExample.UniqueId, m.UniqueId);
        Assert.Equal(DataCategory.MedicalAnalyses, m.Category);
        Assert.Equal(new CodedValue("http://loinc.org", "11502-2", "Laboratory report"), m.Type);
        Assert.Equal("urn:ihe:iti:xds:2017:mimeTypeSufficient", m.Format!.Code);
        Assert.Equal(("text/xml", "fr-LU", "Bilan é"), (m.MimeType, m.Language, m.Title));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 7, 59, 0, TimeSpan.Zero), m.Creation!.From);
        Assert.Equal("SOURCE Bar", Assert.Single(m.Authors).Name);
        Assert.Equal(new EntryIdentifier("urn:ietf:rfc:3986", ProvideExample.DocumentUrl, null, "entryUUID"), Assert.Single(m.Identifiers));
        Assert.Equal(new EntryIdentifier("urn:oid:1.3.182.4.4", ProvideExample.NationalNumber), m.SourcePatientId);
        Assert.Equal(ProvideExample.Content.Length, m.Size);
        Assert.Equal(ProvideExample.Hash(ProvideExample.Content), Convert.ToBase64String(m.Sha1));
        Assert.Equal(ProvideExample.Content, document.Content);
        Assert.Equal([ProvidedEntryKind.Submission, ProvidedEntryKind.Document, ProvidedEntryKind.Content], read.Entries.Select(e => e.Kind));
    }

    [Fact]
    public void Hash_and_size_that_were_not_sent_are_those_of_the_bytes()
    {
        var bundle = ProvideExample.Good();
        bundle.Attachment().Remove("hash");
        bundle.Attachment().Remove("size");

        var document = ProvideExample.ReadGood(bundle).Submission.Documents[0];

        Assert.Equal(ProvideExample.Content.Length, document.Metadata.Size);
        var stored = JsonNode.Parse(document.Fhir)!;
        Assert.Equal(ProvideExample.Content.Length, stored["content"]![0]!["attachment"]!["size"]!.GetValue<int>());
        Assert.Equal(ProvideExample.Hash(ProvideExample.Content), (string?)stored["content"]![0]!["attachment"]!["hash"]);
    }

    [Fact]
    public void The_stored_form_says_nothing_of_id_patient_status_relations_or_address()
    {
        var bundle = ProvideExample.Good();
        bundle.Document()["id"] = "source-1";
        bundle.Document()["relatesTo"] = JsonNode.Parse("""[{ "code": "appends", "target": { "reference": "urn:oid:1.2.3" } }]""");

        var stored = JsonNode.Parse(ProvideExample.ReadGood(bundle).Submission.Documents[0].Fhir)!.AsObject();

        Assert.DoesNotContain(["id", "meta", "status", "subject", "relatesTo"], stored.ContainsKey);
        Assert.False(stored["content"]![0]!["attachment"]!.AsObject().ContainsKey("url"));
    }

    [Fact]
    public void A_minimal_bundle_needs_no_more_than_type_and_patient()
    {
        var bundle = ProvideExample.Minimal();
        foreach (var name in new[] { "category", "securityLabel", "context", "author", "date", "contained" }) bundle.Document().Remove(name);
        bundle.Attachment().Remove("language");
        bundle.Attachment().Remove("creation");
        bundle.Document()["content"]![0]!.AsObject().Remove("format");
        bundle.List().Remove("subject");

        var m = ProvideExample.ReadGood(bundle).Submission.Documents[0].Metadata;

        Assert.Equal(DataCategory.MedicalAnalyses, m.Category);
        Assert.Null(m.Creation);
        Assert.Empty(m.ClassCodes);
    }

    [Fact]
    public void A_loinc_class_leads_to_its_category()
    {
        var bundle = ProvideExample.Good();
        bundle.Document()["category"] = JsonNode.Parse("""[{ "coding": [{ "system": "http://loinc.org", "code": "11369-6" }] }]""");

        Assert.Equal(DataCategory.CareReports, ProvideExample.ReadGood(bundle).Submission.Documents[0].Metadata.Category);
    }

    [Theory]
    [InlineData("Patient/0195a1b2-0000-7000-8000-000000000001")]
    [InlineData("https://dsp.example.lu/fhir/Patient/0195a1b2-0000-7000-8000-000000000001")]
    public void A_record_may_be_named_by_its_own_id(string reference)
    {
        var bundle = ProvideExample.Good();
        bundle.List()["subject"] = new JsonObject { ["reference"] = reference };
        bundle.Document()["subject"] = new JsonObject { ["reference"] = reference };

        Assert.Equal(new RecordId(Guid.Parse("0195a1b2-0000-7000-8000-000000000001")), ProvideExample.ReadGood(bundle).Submission.Patient.Record);
    }

    [Fact]
    public void A_patient_entry_of_the_message_gives_its_national_number_and_is_not_created()
    {
        var bundle = ProvideExample.Good();
        bundle["entry"]!.AsArray().Add(JsonNode.Parse($$"""
            { "fullUrl": "urn:uuid:5b1f7b1e-0009-4000-8000-000000000009",
              "resource": { "resourceType": "Patient", "identifier": [{ "system": "urn:oid:2.999.9", "value": "mrn" }, { "system": "urn:oid:1.3.182.4.4", "value": "{{ProvideExample.NationalNumber}}" }] },
              "request": { "method": "POST", "url": "Patient" } }
            """));
        bundle.Document()["subject"] = new JsonObject { ["reference"] = "urn:uuid:5b1f7b1e-0009-4000-8000-000000000009" };

        var read = ProvideExample.ReadGood(bundle);

        Assert.Equal(ProvideExample.NationalNumber, read.Submission.Patient.Value);
        Assert.Equal(ProvidedEntryKind.Supporting, read.Entries[3].Kind);
    }

    [Fact]
    public void Authors_that_stand_beside_the_document_are_kept_inside_it()
    {
        var bundle = ProvideExample.Good();
        bundle["meta"]!["profile"]![0] = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.UnContained.Comprehensive.ProvideBundle";
        bundle["entry"]!.AsArray().Add(JsonNode.Parse("""
            { "fullUrl": "urn:uuid:5b1f7b1e-0011-4000-8000-000000000011",
              "resource": { "resourceType": "PractitionerRole", "practitioner": { "reference": "urn:uuid:5b1f7b1e-0012-4000-8000-000000000012" }, "organization": { "reference": "urn:uuid:5b1f7b1e-0013-4000-8000-000000000013" }, "specialty": [{ "text": "Biologie clinique" }] } }
            """));
        bundle["entry"]!.AsArray().Add(JsonNode.Parse("""
            { "fullUrl": "urn:uuid:5b1f7b1e-0012-4000-8000-000000000012",
              "resource": { "resourceType": "Practitioner", "identifier": [{ "system": "urn:oid:2.999.1.182.4.1", "value": "90001" }], "name": [{ "family": "Weber", "given": ["Anne"] }] } }
            """));
        bundle["entry"]!.AsArray().Add(JsonNode.Parse("""
            { "fullUrl": "urn:uuid:5b1f7b1e-0013-4000-8000-000000000013", "resource": { "resourceType": "Organization", "name": "Laboratoire du Nord" } }
            """));
        bundle.Document()["author"] = JsonNode.Parse("""[{ "reference": "urn:uuid:5b1f7b1e-0011-4000-8000-000000000011" }]""");

        var document = ProvideExample.ReadGood(bundle).Submission.Documents[0];

        var author = Assert.Single(document.Metadata.Authors);
        Assert.Equal(("WEBER Anne", "Laboratoire du Nord", "Biologie clinique"), (author.Name, author.Institution, author.Specialty));
        Assert.Equal(["90001"], ProvideExample.Settings.RegisterNumbers(document.Metadata).Select(i => i.Value));
        Assert.DoesNotContain("urn:uuid:5b1f7b1e-001", Encoding.UTF8.GetString(document.Fhir), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fhir_document_keeps_the_bytes_of_its_entry_as_received()
    {
        const string Inner = """{ "resourceType":"Bundle",  "type":"document","identifier":{"system":"urn:ietf:rfc:3986","value":"urn:uuid:5b1f7b1e-0021-4000-8000-000000000021"}, "timestamp":"2026-03-02T08:00:00.120Z", "entry":[ {"fullUrl":"urn:uuid:5b1f7b1e-0022-4000-8000-000000000022","resource":{"resourceType":"Composition","status":"final","type":{"coding":[{"system":"http://loinc.org","code":"60591-5"}]},"date":"2026-03-02","author":[{"display":"X"}],"title":"\u00e9"}} ] }""";
        var bundle = ProvideExample.Good();
        bundle.Attachment()["contentType"] = "application/fhir+json";
        bundle.Attachment().Remove("hash");
        bundle.Attachment().Remove("size");
        bundle["entry"]![2]!["resource"] = "MARK";
        bundle["entry"]![2]!["request"]!["url"] = "Bundle";

        var outcome = ProvideExample.Read(bundle.ToJsonString().Replace("\"MARK\"", Inner, StringComparison.Ordinal));

        Assert.True(outcome.Succeeded, outcome.Refusal?.ToString());
        var document = outcome.Value.Submission.Documents[0];
        Assert.Equal(Inner, Encoding.UTF8.GetString(document.Content));
        Assert.Empty(document.Metadata.Sha1);
        Assert.False(JsonNode.Parse(document.Fhir)!["content"]![0]!["attachment"]!.AsObject().ContainsKey("size"));
    }

    [Fact]
    public void A_replacement_names_its_target_and_an_update_of_that_target_is_taken_with_it()
    {
        var old = new DocumentId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000a"));
        var bundle = ProvideExample.Good();
        bundle.Document()["relatesTo"] = JsonNode.Parse($$"""[{ "code": "replaces", "target": { "reference": "DocumentReference/{{old}}" } }]""");
        bundle["entry"]!.AsArray().Insert(1, JsonNode.Parse($$"""
            { "fullUrl": "urn:uuid:5b1f7b1e-0031-4000-8000-000000000031",
              "resource": { "resourceType": "Parameters", "parameter": [{ "name": "operation", "part": [{ "name": "path", "valueString": "DocumentReference.status" }, { "name": "type", "valueCode": "replace" }, { "name": "value", "valueCode": "superseded" }] }] },
              "request": { "method": "PATCH", "url": "DocumentReference/{{old}}" } }
            """));

        var read = ProvideExample.ReadGood(bundle);

        Assert.Equal([new DocumentRelation(RelationKind.Replaces, old)], read.Submission.Documents[0].Metadata.Relations);
        Assert.Equal(new ProvidedEntry(ProvidedEntryKind.Update, -1, old), read.Entries[1]);
    }

    [Theory]
    [InlineData("""{ "identifier": { "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4" } }""", "urn:oid:1.2.3.4")]
    [InlineData("""{ "reference": "urn:uuid:5B1F7B1E-0041-4000-8000-000000000041" }""", "urn:uuid:5b1f7b1e-0041-4000-8000-000000000041")]
    public void A_relation_may_name_its_target_by_unique_id(string target, string expected)
    {
        var bundle = ProvideExample.Good();
        bundle.Document()["relatesTo"] = JsonNode.Parse($$"""[{ "code": "replaces", "target": {{target}} }]""");

        Assert.Equal([(RelationKind.Replaces, expected)], ProvideExample.ReadGood(bundle).Submission.Documents[0].RelationsByName);
    }
}
