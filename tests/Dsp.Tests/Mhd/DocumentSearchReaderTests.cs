using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;

namespace Dsp.Tests.Mhd;

public sealed class DocumentSearchReaderTests
{
    private const string Patient = "patient.identifier=urn:oid:1.3.182.4.4|1987060112349";
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly SearchSettings Settings = new(ProvideExample.Base, Key);
    private static readonly StoredDocument Document = Stored.Of(
        ProvideExample.ReadGood(ProvideExample.Good()).Submission.Documents[0].Metadata with
        {
            Events = [new CodedValue("http://snomed.info/sct", "44"), new CodedValue("urn:x", "a,b")],
            References = [new EntryIdentifier("urn:oid:1.2.3", "ORDER-7", null, "urn:ihe:iti:xds:2013:order")],
        },
        []);

    [Theory]
    [InlineData("_id=0195a1b2-0000-7000-8000-000000000001", true)]
    [InlineData("_id=0195a1b2-0000-7000-8000-000000000002", false)]
    [InlineData("_id=nothing", false)]
    [InlineData("author.family=sour", true)]
    [InlineData("author.family:exact=Sour", false)]
    [InlineData("author.given=bár", true)]
    [InlineData("author.given=zoe,bar", true)]
    [InlineData("category=urn:dsp:category|MedicalAnalyses", true)]
    [InlineData("category=MedicalImaging", false)]
    [InlineData("type=http://loinc.org|11502-2", true)]
    [InlineData("type=http://loinc.org|", true)]
    [InlineData("type=|11502-2", false)]
    [InlineData("type=1-8,11502-2", true)]
    [InlineData("type=11502-2&type=1-8", false)]
    [InlineData("event=44", true)]
    [InlineData("event=urn:x|a\\,b", true)]
    [InlineData("event=urn:x|a,b", false)]
    [InlineData("facility=http://snomed.info/sct|22232009", true)]
    [InlineData("format=urn:ihe:iti:xds:2017:mimeTypeSufficient", true)]
    [InlineData("identifier=urn:ietf:rfc:3986|URN:UUID:5B1F7B1E-0004-4000-8000-000000000004", true)]
    [InlineData("identifier=urn:uuid:5b1f7b1e-0002-4000-8000-000000000002", true)]
    [InlineData("identifier=urn:uuid:0195a1b2-0000-7000-8000-000000000001", true)]
    [InlineData("related=urn:oid:1.2.3|ORDER-7", true)]
    [InlineData("related:identifier=ORDER-8", false)]
    [InlineData("security-label=N", true)]
    [InlineData("setting=394802001", true)]
    [InlineData("creation=2026-03-02", true)]
    [InlineData("creation=ge2026-03-02&creation=lt2026-03-03", true)]
    [InlineData("creation=gt2026-03-02", false)]
    [InlineData("creation=lt2026-03-02T07:59:00Z", false)]
    [InlineData("creation=le2026-03-02T07:59:00Z", true)]
    [InlineData("date=2025,2026", true)]
    [InlineData("period=le2026-03-01", true)]
    [InlineData("period=eq2026-03-01", false)]
    [InlineData("period=ge2026-03-02", true)]
    [InlineData("targetCommunityIdList=urn:oid:1.2", true)]
    [InlineData("status=superseded,current", true)]
    [InlineData("status=entered-in-error", false)]
    [InlineData("colour=red", true)]
    public void Each_parameter_selects_by_its_metadata(string query, bool found)
    {
        var search = Read($"{Patient}&{query}").Value.Search;

        Assert.Equal(found, search.Statuses.Contains(DocumentStatus.Current) && search.Criteria.All(c => c.Matches(Document)));
    }

    [Theory]
    [InlineData("status=current", "DSP-1012")]
    [InlineData("", "DSP-1012")]
    [InlineData("patient=", "DSP-1012")]
    [InlineData("patient.identifier=1987060112349", "DSP-1013 patient.identifier")]
    [InlineData("patient.identifier=urn:a|1,urn:a|2", "DSP-1013 patient.identifier")]
    [InlineData(Patient + "&patient=0195a1b2-0000-7000-8000-000000000001", "DSP-1013 patient")]
    [InlineData(Patient + "&type:not=1-8", "DSP-1013 type:not")]
    [InlineData(Patient + "&type:missing=true", "DSP-1013 type:missing")]
    [InlineData(Patient + "&author.family:contains=x", "DSP-1013 author.family:contains")]
    [InlineData(Patient + "&creation:missing=true", "DSP-1013 creation:missing")]
    [InlineData(Patient + "&creation=yesterday", "DSP-1013 creation")]
    [InlineData(Patient + "&creation=ap2026", "DSP-1013 creation")]
    [InlineData(Patient + "&status=final", "DSP-1013 status")]
    [InlineData(Patient + "&_count=-1", "DSP-1013 _count")]
    [InlineData(Patient + "&_count=many", "DSP-1013 _count")]
    [InlineData(Patient + "&_total=all", "DSP-1013 _total")]
    [InlineData("page=abc", "DSP-1013 page")]
    public void What_cannot_be_read_is_refused_with_its_name(string query, string expected)
    {
        var refusal = Read(query).Refusal!;

        Assert.Equal(expected, $"{refusal.Id} {refusal.Expression}".TrimEnd());
        Assert.Equal(400, FhirRefusals.StatusOf(refusal));
    }

    [Fact]
    public void An_unknown_parameter_is_refused_only_where_the_caller_is_strict()
    {
        Assert.True(Read(Patient + "&colour=red").Succeeded);
        Assert.Equal("colour", DocumentSearchReader.Read(DocumentQuery.Parse(Patient + "&colour=red"), true, Settings, "a").Refusal!.Expression);
        Assert.True(DocumentSearchReader.Read(DocumentQuery.Parse(Patient + "&_sort=-date&_format=json"), true, Settings, "a").Succeeded);
    }

    [Fact]
    public void Every_parameter_of_the_capability_statement_is_read()
    {
        foreach (var parameter in FhirRoutes.DocumentReference.Parameters.Where(p => !p.Name.StartsWith("patient", StringComparison.Ordinal)))
        {
            var value = parameter.Name == "status" ? "current" : parameter.Kind == SearchKind.Date ? "2026" : "x";
            Assert.True(DocumentSearchReader.Read(DocumentQuery.Parse($"{Patient}&{parameter.Name}={value}"), true, Settings, "a").Succeeded, parameter.Name);
        }
    }

    [Theory]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001", "0195a1b2-0000-7000-8000-000000000001")]
    [InlineData("patient=Patient/0195a1b2-0000-7000-8000-000000000001", "0195a1b2-0000-7000-8000-000000000001")]
    [InlineData("patient=https://dsp.example.lu/fhir/Patient/0195a1b2-0000-7000-8000-000000000001", "0195a1b2-0000-7000-8000-000000000001")]
    [InlineData("patient=42", "00000000-0000-0000-0000-000000000000")]
    public void A_patient_is_named_by_record_id(string query, string record) =>
        Assert.Equal(new RecordId(Guid.Parse(record)), Read(query).Value.Patient.Record);

    [Theory]
    [InlineData("", 50)]
    [InlineData("&_count=7", 7)]
    [InlineData("&_count=100000", 200)]
    public void The_count_is_50_unless_given_and_at_most_200(string query, int count) => Assert.Equal(count, Read(Patient + query).Value.Search.Count);

    [Fact]
    public void The_next_page_continues_the_same_search_after_the_last_document()
    {
        var first = Read(Patient + "&type=11502-2&_count=1&_total=accurate").Value;

        var next = Read("page=" + first.Next(Document, Key, "caller-a")).Value;

        Assert.Equal((Document.AddedAt, Document.Id), next.Search.After);
        Assert.Equal(first.Patient, next.Patient);
        Assert.Equal((1, true, first.Applied), (next.Search.Count, next.Search.WithTotal, next.Applied));
        Assert.Single(next.Search.Criteria);
    }

    [Fact]
    public void A_paging_link_opens_for_nobody_else_and_tells_nothing()
    {
        var token = Read(Patient).Value.Next(Document, Key, "caller-a");

        Assert.Equal("page", DocumentSearchReader.Read([KeyValuePair.Create("page", token)], false, Settings, "caller-b").Refusal!.Expression);
        for (var i = 0; i < token.Length; i += 7)
        {
            var forged = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False(DocumentSearchReader.Read([KeyValuePair.Create("page", forged)], false, Settings, "caller-a").Succeeded);
        }
        Assert.DoesNotContain("1987060112349", System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token)), StringComparison.Ordinal);
    }

    private static Outcome<DocumentQuery> Read(string query) => DocumentSearchReader.Read(DocumentQuery.Parse(query), false, Settings, "caller-a");
}
