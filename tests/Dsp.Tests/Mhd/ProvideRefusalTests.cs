using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;

namespace Dsp.Tests.Mhd;

/// <summary>One row for each way a provided bundle breaks: what was changed, the status, and every problem told.</summary>
public sealed class ProvideRefusalTests
{
    private sealed record Row(string Name, Action<JsonObject> Change, int Status, params string[] Problems);

    private static readonly Row[] Rows =
    [
        // The form.
        new("an element FHIR does not know", b => b.Document()["colour"] = "red", 400, "DSP-1001 Bundle.entry[1].resource.colour"),
        new("a text where a number belongs", b => b.Attachment()["size"] = "41", 400, "DSP-1001 Bundle.entry[1].resource.content[0].attachment.size"),
        new("an unknown resource type", b => b.Binary()["resourceType"] = "Scroll", 400, "DSP-1001 Bundle.entry[2].resource", "DSP-1001 Bundle.entry[2].resource.contentType", "DSP-1001 Bundle.entry[2].resource.data"),
        new("another resource than a bundle", b => { b["resourceType"] = "Parameters"; b.Remove("type"); b.Remove("entry"); b.Remove("timestamp"); }, 400, "DSP-1001 Parameters"),
        new("data that is not base64", b => b.Binary()["data"] = "%%%", 400, "DSP-1001 Bundle.entry[2].resource.data"),
        new("a script in the narrative", b => b.Document()["text"] = Narrative("<script>alert(1)</script>"), 422, "DSP-1017 Bundle.entry[1].resource.text.div"),
        new("an event handler in the narrative", b => b.List()["text"] = Narrative("<p onclick='x()'>a</p>"), 422, "DSP-1017 Bundle.entry[0].resource.text.div"),
        new("a script in the narrative of a contained resource", b => b.Document()["contained"]![0]!["text"] = Narrative("<script>alert(1)</script>"), 422, "DSP-1017 Bundle.entry[1].resource.contained[0].text.div"),
        new("a status FHIR does not know", b => b.Document()["status"] = "final", 422, "DSP-1003 Bundle.entry[1].resource.status"),
        new("a month 13", b => b.Attachment()["creation"] = "2026-13-01", 422, "DSP-1003 Bundle.entry[1].resource.content[0].attachment.creation"),
        // The bundle.
        new("a batch", b => b["type"] = "batch", 422, "DSP-1003 Bundle.type"),
        new("no profile", b => b.Remove("meta"), 422, "DSP-1002 Bundle.meta.profile"),
        new("a foreign profile", b => b["meta"]!["profile"]![0] = "http://example.org/x", 422, "DSP-1002 Bundle.meta.profile"),
        new("an entry without request", b => b["entry"]![1]!.AsObject().Remove("request"), 422, "DSP-1002 Bundle.entry[1].request"),
        new("a list that is put", b => b["entry"]![0]!["request"]!["method"] = "PUT", 422, "DSP-1003 Bundle.entry[0].request.method"),
        new("a document sent to another type", b => b["entry"]![1]!["request"]!["url"] = "Observation", 422, "DSP-1003 Bundle.entry[1].request.url"),
        new("an observation among the entries", b => b["entry"]!.AsArray().Add(JsonNode.Parse("""{ "fullUrl": "urn:uuid:5b1f7b1e-0098-4000-8000-000000000098", "resource": { "resourceType": "Observation", "status": "final", "code": { "text": "x" } }, "request": { "method": "POST", "url": "Observation" } }""")), 422, "DSP-1003 Bundle.entry[3].resource"),
        new("the same fullUrl twice", b => b["entry"]![0]!["fullUrl"] = ProvideExample.BinaryUrl, 422, "DSP-1009 Bundle.entry[2].fullUrl"),
        new("no submission set", b => b["entry"]!.AsArray().RemoveAt(0), 422, "DSP-1002 Bundle.entry"),
        new("no document entry", b => { b["entry"]!.AsArray().RemoveAt(1); b.List().Remove("entry"); }, 422, "DSP-1002 Bundle.entry", "DSP-1008 Bundle.entry[1].resource"),
        // The submission set.
        new("a retired submission set", b => b.List()["status"] = "retired", 422, "DSP-1003 Bundle.entry[0].resource.status"),
        new("a snapshot list", b => b.List()["mode"] = "snapshot", 422, "DSP-1003 Bundle.entry[0].resource.mode"),
        new("a submission set without date", b => b.List().Remove("date"), 422, "DSP-1002 Bundle.entry[0].resource.date"),
        new("a submission set without unique id", b => b.List().Remove("identifier"), 422, "DSP-1002 Bundle.entry[0].resource.identifier"),
        new("a submission set id that is no URI", b => b.List()["identifier"]![1]!["value"] = "42", 422, "DSP-1003 Bundle.entry[0].resource.identifier"),
        new("a submission set without source and content type", b => b.List().Remove("extension"), 422, "DSP-1002 Bundle.entry[0].resource.extension"),
        new("a list of another kind", b => b.List()["code"]!["coding"]![0]!["code"] = "other", 422, "DSP-1003 Bundle.entry[0].resource.code"),
        new("a document the list does not name", b => b.List().Remove("entry"), 422, "DSP-1002 Bundle.entry[1].resource"),
        new("a list that names something else", b => b.List()["entry"]!.AsArray().Add(JsonNode.Parse("""{ "item": { "reference": "DocumentReference/1" } }""")), 422, "DSP-1010 Bundle.entry[0].resource.entry[1].item"),
        // The document entry.
        new("no master identifier", b => b.Document().Remove("masterIdentifier"), 422, "DSP-1002 Bundle.entry[1].resource.masterIdentifier"),
        new("a master identifier of a local system", b => b.Document()["masterIdentifier"]!["system"] = "urn:oid:1.2.3", 422, "DSP-1003 Bundle.entry[1].resource.masterIdentifier.system"),
        new("a unique id longer than 128", b => b.Document()["masterIdentifier"]!["value"] = "urn:oid:1." + new string('2', 130), 422, "DSP-1003 Bundle.entry[1].resource.masterIdentifier.value"),
        new("the unique id of the submission set again", b => b.Document()["masterIdentifier"]!["value"] = ProvideExample.SubmissionUrl, 422, "DSP-1009 Bundle.entry[1].resource.masterIdentifier.value"),
        new("a superseded document", b => b.Document()["status"] = "superseded", 422, "DSP-1003 Bundle.entry[1].resource.status"),
        new("a docStatus", b => b.Document()["docStatus"] = "final", 422, "DSP-1003 Bundle.entry[1].resource.docStatus"),
        new("implicit rules", b => b.Document()["implicitRules"] = "http://example.org/rules", 422, "DSP-1003 Bundle.entry[1].resource.implicitRules"),
        new("two categories", b => b.Document()["category"]!.AsArray().Add(b.Document()["category"]![0]!.DeepClone()), 422, "DSP-1003 Bundle.entry[1].resource.category"),
        new("two contents", b => b.Document()["content"]!.AsArray().Add(b.Document()["content"]![0]!.DeepClone()), 422, "DSP-1003 Bundle.entry[1].resource.content"),
        new("an attachment without type", b => b.Attachment().Remove("contentType"), 422, "DSP-1002 Bundle.entry[1].resource.content[0].attachment.contentType"),
        new("bytes inside the attachment", b => b.Attachment()["data"] = "AAAA", 422, "DSP-1003 Bundle.entry[1].resource.content[0].attachment.data"),
        new("comprehensive without type", b => b.Document().Remove("type"), 422, "DSP-1002 Bundle.entry[1].resource.type"),
        new("comprehensive without category", b => b.Document().Remove("category"), 422, "DSP-1002 Bundle.entry[1].resource.category"),
        new("comprehensive without confidentiality", b => b.Document().Remove("securityLabel"), 422, "DSP-1002 Bundle.entry[1].resource.securityLabel"),
        new("comprehensive without language and creation", b => { b.Attachment().Remove("language"); b.Attachment().Remove("creation"); }, 422, "DSP-1002 Bundle.entry[1].resource.content[0].attachment.language", "DSP-1002 Bundle.entry[1].resource.content[0].attachment.creation"),
        new("comprehensive without format", b => b.Document()["content"]![0]!.AsObject().Remove("format"), 422, "DSP-1002 Bundle.entry[1].resource.content[0].format"),
        new("comprehensive without context", b => b.Document().Remove("context"), 422, "DSP-1002 Bundle.entry[1].resource.context.facilityType", "DSP-1002 Bundle.entry[1].resource.context.practiceSetting", "DSP-1002 Bundle.entry[1].resource.context.sourcePatientInfo"),
        new("an author who is not in the message", b => b.Document()["author"]![0]!["reference"] = "Practitioner/1", 422, "DSP-1010 Bundle.entry[1].resource.author[0]"),
        new("a service that stops before it starts", b => b.Document()["context"]!["period"] = JsonNode.Parse("""{ "start": "2026-03-02", "end": "2026-03-01" }"""), 422, "DSP-1003 Bundle.entry[1].resource.context.period"),
        new("a creation in the year 9999", b => b.Attachment()["creation"] = "9999", 422, "DSP-1003 Bundle.entry[1].resource.content[0].attachment.creation"),
        // Codes.
        new("a SNOMED category", b => b.Document()["category"]![0]!["coding"]![0]!["system"] = "http://snomed.info/sct", 422, "DSP-1004 Bundle.entry[1].resource.category[0]"),
        new("a category the law does not know", b => b.Document()["category"]![0]!["coding"]![0]!["code"] = "Everything", 422, "DSP-1004 Bundle.entry[1].resource.category[0]"),
        new("a category by its number", b => b.Document()["category"]![0]!["coding"]![0]!["code"] = "8", 422, "DSP-1004 Bundle.entry[1].resource.category[0]"),
        new("a type outside LOINC", b => b.Document()["type"]!["coding"]![0]!["system"] = "urn:oid:1.2.3", 422, "DSP-1004 Bundle.entry[1].resource.type"),
        new("a type that is no LOINC code", b => b.Document()["type"]!["coding"]![0]!["code"] = "lab", 422, "DSP-1004 Bundle.entry[1].resource.type"),
        new("an unlisted class and an unlisted type", b => { b.Document()["category"]![0]!["coding"]![0] = JsonNode.Parse("""{ "system": "http://loinc.org", "code": "34133-9" }"""); b.Document()["type"]!["coding"]![0]!["code"] = "34133-9"; }, 422, "DSP-1004 Bundle.entry[1].resource.category"),
        new("a foreign format", b => b.Document()["content"]![0]!["format"]!["system"] = "urn:oid:1.2.3", 422, "DSP-1004 Bundle.entry[1].resource.content[0].format"),
        new("a foreign facility", b => b.Document()["context"]!["facilityType"]!["coding"]![0]!["system"] = "urn:oid:1.2.3", 422, "DSP-1004 Bundle.entry[1].resource.context.facilityType"),
        new("a foreign practice setting", b => b.Document()["context"]!["practiceSetting"]!["coding"]![0]!["system"] = "urn:oid:1.2.3", 422, "DSP-1004 Bundle.entry[1].resource.context.practiceSetting"),
        new("a confidentiality U", b => b.Document()["securityLabel"]![0]!["coding"]![0]!["code"] = "U", 422, "DSP-1004 Bundle.entry[1].resource.securityLabel[0]", "DSP-1004 Bundle.entry[1].resource.securityLabel"),
        new("an unknown handling label", b => b.Document()["securityLabel"]!.AsArray().Add(JsonNode.Parse("""{ "coding": [{ "system": "urn:dsp:handling", "code": "hide" }] }""")), 422, "DSP-1004 Bundle.entry[1].resource.securityLabel[1]"),
        // The patient.
        new("a patient of a foreign domain", b => { foreach (var r in new[] { b.List(), b.Document() }) r["subject"]!["identifier"]!["system"] = "urn:oid:1.2.3"; }, 422, "DSP-1004 Bundle.entry[0].resource.subject.identifier", "DSP-1004 Bundle.entry[1].resource.subject.identifier"),
        new("two patients", b => b.List()["subject"]!["identifier"]!["value"] = "1999113088803", 422, "DSP-1011 Bundle.entry[1].resource.subject"),
        new("a record that cannot be ours", b => b.Document()["subject"] = JsonNode.Parse("""{ "reference": "Patient/42" }"""), 422, "DSP-2001 Bundle.entry[1].resource.subject"),
        new("a patient of another server", b => b.Document()["subject"] = JsonNode.Parse("""{ "reference": "https://other.example/fhir/Patient/0195a1b2-0000-7000-8000-000000000001" }"""), 422, "DSP-2001 Bundle.entry[1].resource.subject"),
        new("a source patient with another number", b => b.Document()["contained"]![1]!["identifier"]![0]!["value"] = "1999113088803", 422, "DSP-1011 Bundle.entry[1].resource.context.sourcePatientInfo"),
        // The bytes.
        new("a document without bytes", b => b["entry"]!.AsArray().RemoveAt(2), 422, "DSP-1007 Bundle.entry[1].resource.content[0].attachment.url"),
        new("an empty binary", b => b.Binary().Remove("data"), 422, "DSP-1007 Bundle.entry[2].resource.data"),
        new("bytes without a document", b => b["entry"]!.AsArray().Add(With(b["entry"]![2]!.DeepClone(), e => e["fullUrl"] = "urn:uuid:5b1f7b1e-0097-4000-8000-000000000097")), 422, "DSP-1008 Bundle.entry[3].resource"),
        new("bytes of another type", b => b.Binary()["contentType"] = "application/pdf", 422, "DSP-1003 Bundle.entry[1].resource.content[0].attachment.contentType"),
        new("a hash of other bytes", b => b.Attachment()["hash"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", 422, "DSP-1005 Bundle.entry[1].resource.content[0].attachment.hash"),
        new("a size of other bytes", b => b.Attachment()["size"] = 1, 422, "DSP-1006 Bundle.entry[1].resource.content[0].attachment.size"),
        // Folders.
        new("a folder with a source", b => Folder(b, f => f["source"] = JsonNode.Parse("""{ "display": "x" }""")), 422, "DSP-1003 Bundle.entry[3].resource.source"),
        new("a folder without unique id", b => Folder(b, f => f.Remove("identifier")), 422, "DSP-1002 Bundle.entry[3].resource.identifier"),
        new("a folder id that is no URI", b => Folder(b, f => f["identifier"]![0]!["value"] = "42"), 422, "DSP-1003 Bundle.entry[3].resource.identifier"),
        new("a folder with the id of the document", b => Folder(b, f => f["identifier"]![0]!["value"] = ProvideExample.UniqueId), 422, "DSP-1009 Bundle.entry[3].resource.identifier"),
        new("a retired folder", b => Folder(b, f => f["status"] = "retired"), 422, "DSP-1003 Bundle.entry[3].resource.status"),
        new("a snapshot folder", b => Folder(b, f => f["mode"] = "snapshot"), 422, "DSP-1003 Bundle.entry[3].resource.mode"),
        new("a comprehensive folder without title, code and patient", b => Folder(b, f => { f.Remove("title"); f.Remove("extension"); f.Remove("subject"); }), 422,
            "DSP-1002 Bundle.entry[3].resource.extension", "DSP-1002 Bundle.entry[3].resource.subject", "DSP-1002 Bundle.entry[3].resource.title"),
        new("a folder of another patient", b => Folder(b, f => f["subject"]!["identifier"]!["value"] = "1999113088803"), 422, "DSP-1011 Bundle.entry[3].resource.subject"),
        new("a folder without documents", b => Folder(b, f => f.Remove("entry")), 422, "DSP-1002 Bundle.entry[3].resource.entry"),
        new("a folder with a document of another server", b => Folder(b, f => f["entry"]![0]!["item"]!["reference"] = "DocumentReference/ex-1"), 422, "DSP-1010 Bundle.entry[3].resource.entry[0].item"),
        new("a folder that loses a document", b => Folder(b, f => f["entry"]![0]!["deleted"] = true), 422, "DSP-1003 Bundle.entry[3].resource.entry[0].deleted"),
        new("a folder that is deleted", b => Folder(b, method: "DELETE"), 422, "DSP-1003 Bundle.entry[3].request.method"),
        new("a folder sent elsewhere", b => Folder(b, url: "Folder"), 422, "DSP-1003 Bundle.entry[3].request.url"),
        new("a folder of another server to fill", b => Folder(b, method: "PUT", url: "List/ex-1"), 422, "DSP-1010 Bundle.entry[3].request.url"),
        new("a folder without request", b => { Folder(b); b["entry"]![3]!.AsObject().Remove("request"); }, 422, "DSP-1002 Bundle.entry[3].request"),
        new("more folders than the limit", b => { for (var i = 0; i < 21; i++) Folder(b); }, 422, "DSP-1003 Bundle.entry[23].resource"),
        // Relations.
        new("a relation to nowhere", b => b.Document()["relatesTo"] = Relation("DocumentReference/ex-1"), 422, "DSP-1010 Bundle.entry[1].resource.relatesTo[0].target"),
        new("a relation to itself", b => b.Document()["relatesTo"] = Relation(ProvideExample.DocumentUrl), 422, "DSP-1003 Bundle.entry[1].resource.relatesTo[0].target"),
        new("an update that replaces nothing", b => b["entry"]!.AsArray().Add(Update("superseded")), 422, "DSP-1003 Bundle.entry[3].request.url"),
        new("an update that does something else", b => { b.Document()["relatesTo"] = Relation("DocumentReference/0195a1b2-0000-7000-8000-00000000000a"); b["entry"]!.AsArray().Add(Update("entered-in-error")); }, 422, "DSP-1003 Bundle.entry[3].resource"),
        // Many at once.
        new("several breaks in one message", b => { b.Document().Remove("masterIdentifier"); b.Attachment()["size"] = 1; b.Document()["type"]!["coding"]![0]!["code"] = "lab"; b.List().Remove("subject"); }, 422,
            "DSP-1002 Bundle.entry[0].resource.subject", "DSP-1002 Bundle.entry[1].resource.masterIdentifier", "DSP-1004 Bundle.entry[1].resource.type", "DSP-1006 Bundle.entry[1].resource.content[0].attachment.size"),
    ];

    private static void Folder(JsonObject bundle, Action<JsonObject>? change = null, string method = "POST", string url = "List")
    {
        var folder = JsonNode.Parse($$"""
            {
              "resourceType": "List",
              "extension": [{ "url": "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-designationType", "valueCodeableConcept": { "coding": [{ "system": "http://snomed.info/sct", "code": "225728007" }] } }],
              "identifier": [{ "use": "usual", "system": "urn:ietf:rfc:3986", "value": "{{Dsp.Tests.Server.Bundles.Urn()}}" }],
              "status": "current", "mode": "working", "title": "Suivi",
              "code": { "coding": [{ "system": "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes", "code": "folder" }] },
              "subject": { "identifier": { "system": "urn:oid:1.3.182.4.4", "value": "{{ProvideExample.NationalNumber}}" } },
              "entry": [{ "item": { "reference": "{{ProvideExample.DocumentUrl}}" } }]
            }
            """)!.AsObject();
        change?.Invoke(folder);
        bundle["entry"]!.AsArray().Add(new JsonObject { ["fullUrl"] = Dsp.Tests.Server.Bundles.Urn(), ["resource"] = folder, ["request"] = new JsonObject { ["method"] = method, ["url"] = url } });
    }

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_break_is_told_with_its_place(string name)
    {
        var row = Rows.Single(r => r.Name == name);
        var bundle = ProvideExample.Good();
        row.Change(bundle);

        var refusal = ProvideExample.Read(bundle).Refusal;

        Assert.NotNull(refusal);
        Assert.Equal(row.Status, FhirRefusals.StatusOf(refusal));
        Assert.Equal(row.Problems.Order(StringComparer.Ordinal), refusal.Others.Prepend(refusal).Select(r => $"{r.Id} {r.Expression}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_minimal_bundle_that_names_no_patient_is_refused()
    {
        var bundle = ProvideExample.Minimal();
        bundle.List().Remove("subject");
        bundle.Document().Remove("subject");

        Assert.Equal("DSP-1002", ProvideExample.Read(bundle).Refusal!.Id);
    }

    [Theory]
    [InlineData("", "DSP-1001")]
    [InlineData("{", "DSP-1001")]
    [InlineData("[]", "DSP-1001")]
    [InlineData("null", "DSP-1001")]
    [InlineData("{}", "DSP-1001")]
    [InlineData("<Bundle/>", "DSP-1001")]
    [InlineData("{\"resourceType\":\"Bundle\"} x", "DSP-1001")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"type\":\"batch\"}", "DSP-1001")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"id\":\"\\ud800\"}", "DSP-1001")]
    [InlineData("{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{}]}", "DSP-1001")]
    public void What_is_no_bundle_is_malformed(string json, string id)
    {
        var refusal = ProvideExample.Read(json).Refusal;

        Assert.Equal(id, refusal!.Id);
        Assert.Equal(400, FhirRefusals.StatusOf(refusal));
    }

    [Fact]
    public void Bytes_that_are_not_unicode_are_malformed()
    {
        byte[] json = [.. "{\"resourceType\":\"Bundle\",\"id\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Assert.Equal("DSP-1001", Dsp.Interop.Mhd.ProvideBundleReader.Read(json, ProvideExample.Settings, ProvideExample.Clock).Refusal!.Id);
    }

    [Theory]
    [InlineData(64, false)]
    [InlineData(65, true)]
    [InlineData(5000, true)]
    public void Nesting_deeper_than_64_is_refused(int depth, bool tooDeep)
    {
        var refusal = ProvideExample.Read(new string('[', depth) + new string(']', depth)).Refusal;

        Assert.Equal(tooDeep ? Refusals.TooDeep.Id : Refusals.Malformed.Id, refusal!.Id);
    }

    [Fact]
    public void A_message_over_the_limit_is_refused_with_the_limit()
    {
        var refusal = Dsp.Interop.Mhd.ProvideBundleReader.Read(new byte[ProvideExample.Settings.MaxBytes + 1], ProvideExample.Settings, ProvideExample.Clock).Refusal!;

        Assert.Equal(413, FhirRefusals.StatusOf(refusal));
        Assert.Contains("1 MiB", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_repeats_nothing_of_the_message()
    {
        var bundle = ProvideExample.Good();
        bundle.Document()["description"] = 7;
        bundle.Document()["status"] = "SECRETWORD";
        bundle.Attachment()["creation"] = "SECRETWORD";
        bundle.Document()["text"] = Narrative("<SECRETWORD/>");
        bundle.Document()["subject"]!["identifier"]!["system"] = "urn:oid:1.2.3";

        var outcome = Encoding.UTF8.GetString(OutcomeWriter.Bytes(ProvideExample.Read(bundle).Refusal!));

        Assert.DoesNotContain("SECRETWORD", outcome, StringComparison.Ordinal);
        Assert.DoesNotContain(ProvideExample.NationalNumber, outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_has_a_name_of_its_own() =>
        Assert.Equal(33, Dsp.Interop.Mhd.ProvideRules.All.Select(r => r.Name).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Whatever_is_missing_or_mangled_the_answer_is_a_refusal_or_a_submission_never_a_fault()
    {
        var paths = new List<string>();
        Walk(ProvideExample.Good(), "", paths);
        foreach (var path in paths)
        {
            foreach (var replacement in new string?[] { null, "\"x\"", "[]", "{}", "7", "[null]" })
            {
                var bundle = ProvideExample.Good();
                var node = Find(bundle, path);
                if (replacement is null && node.Parent is JsonObject parent) parent.Remove(node.GetPropertyName());
                else if (replacement is null) ((JsonArray)node.Parent!).Remove(node);
                else node.ReplaceWith(JsonNode.Parse(replacement));
                var outcome = ProvideExample.Read(bundle);
                Assert.True(outcome.Succeeded || FhirRefusals.StatusOf(outcome.Refusal) is 400 or 422, path);
            }
        }
    }

    private static void Walk(JsonNode node, string path, List<string> paths)
    {
        foreach (var (name, child) in node is JsonObject o ? o.Select(p => (p.Key, p.Value)) : node is JsonArray a ? a.Select((c, i) => (i.ToString(CultureInfo.InvariantCulture), c)) : [])
        {
            paths.Add($"{path}/{name}");
            Walk(child!, $"{path}/{name}", paths);
        }
    }

    private static JsonNode Find(JsonNode root, string path) => path.Split('/')[1..]
        .Aggregate(root, (node, part) => node is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!);

    private static JsonObject Narrative(string inner) =>
        new JsonObject { ["status"] = "generated", ["div"] = string.Create(CultureInfo.InvariantCulture, $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>") };

    private static JsonNode With(JsonNode node, Action<JsonNode> change)
    {
        change(node);
        return node;
    }

    private static JsonNode Relation(string target) => JsonNode.Parse($$"""[{ "code": "replaces", "target": { "reference": "{{target}}" } }]""")!;

    private static JsonNode Update(string status) => JsonNode.Parse($$"""
        { "fullUrl": "urn:uuid:5b1f7b1e-0032-4000-8000-000000000032",
          "resource": { "resourceType": "Parameters", "parameter": [{ "name": "operation", "part": [{ "name": "path", "valueString": "DocumentReference.status" }, { "name": "type", "valueCode": "replace" }, { "name": "value", "valueCode": "{{status}}" }] }] },
          "request": { "method": "PATCH", "url": "DocumentReference/0195a1b2-0000-7000-8000-00000000000a" } }
        """)!;
}
