using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Dsp.Interop.Fhir;
using Dsp.Tests.Facts;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Server;

/// <summary>One content in two formats and in parts: JSON and XML in and out, <c>_format</c>, <c>_summary</c>, <c>_elements</c>.</summary>
public sealed class FhirFormatTests
{
    private const int Depth = 64;

    [Theory, EveryStore]
    public async Task Every_answer_says_in_XML_what_it_says_in_JSON(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync(FactWorld.Report());
        foreach (var path in Paths(cast, id))
        {
            // One instant for both: answers carry the time.
            var json = await cast.Server.GetAsync(path, cast.Holder, ("Accept", "application/fhir+json"));
            var xml = await cast.Server.GetAsync(path, cast.Holder, ("Accept", "application/fhir+xml"));

            Assert.True(json.Status == xml.Status, path + xml.Whole);
            Assert.Equal("application/fhir+xml; charset=utf-8", xml.Header("Content-Type"));
            var (resource, problems) = FhirXml.Parse(xml.Bytes, Depth);
            Assert.True(problems.Count == 0, path + string.Join('\n', problems.Select(p => p.Text)));
            Assert.Equal(Text(FhirJson.Own(json.Bytes)), Text(resource!));
        }
    }

    [Theory, EveryStore]
    public async Task A_deposit_in_XML_is_kept_as_one_in_JSON(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var bundle = Bundles.Provide(cast.Emma.Number!, Encoding.UTF8.GetBytes("Bilan & <tension>"), "Bilan & <tension>", "text/plain");

        var made = await PostXmlAsync(cast, FhirXml.Bytes(FhirJson.Own(Encoding.UTF8.GetBytes(bundle))));
        var again = await cast.DepositAsync(cast.Lab, bundle);

        Assert.True(made.Status == 200, made.Whole);
        var location = BundleOf(made).Entry[1].Response!.Location!;
        // The same message in the other format is the same message: the first answer.
        Assert.Equal(location.Split('/')[1], again.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1]);
        Assert.Equal("Bilan & <tension>", (await cast.Server.GetAsync("/fhir/Binary/" + location.Split('/')[1], cast.Holder)).Text);
        Assert.Equal("Bilan & <tension>", (await cast.SearchAsync(cast.Holder)).Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("content")[0].GetProperty("attachment").GetProperty("title").GetString());
    }

    public static TheoryData<string, string, int, string> BadXml => new()
    {
        { "not XML", "<Bundle xmlns=\"http://hl7.org/fhir\">", 400, "DSP-1001" },
        { "a document type", "<!DOCTYPE Bundle [<!ENTITY a \"b\">]><Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"&a;\"/></Bundle>", 400, "DSP-1001" },
        { "another namespace", "<Bundle xmlns=\"urn:other\"><type value=\"transaction\"/></Bundle>", 400, "DSP-1001" },
        { "an element FHIR does not know", "<Bundle xmlns=\"http://hl7.org/fhir\"><kind value=\"x\"/><type value=\"transaction\"/></Bundle>", 400, "DSP-1001" },
        { "nested too deep", "<Bundle xmlns=\"http://hl7.org/fhir\">" + string.Concat(Enumerable.Repeat("<extension url=\"u\">", 50_000)) + string.Concat(Enumerable.Repeat("</extension>", 50_000)) + "</Bundle>", 400, "DSP-5002" },
        { "another resource", "<Patient xmlns=\"http://hl7.org/fhir\"/>", 400, "DSP-1001" },
        { "nothing", "", 400, "DSP-1001" },
    };

    [Theory, MemberData(nameof(BadXml))]
    public async Task Bad_XML_is_refused_in_XML_and_nothing_is_kept(string what, string xml, int status, string refusal)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await PostXmlAsync(cast, Encoding.UTF8.GetBytes(xml));

        Assert.True(answer.Status == status, what + answer.Whole);
        var outcome = Assert.IsType<OperationOutcome>(FhirXml.Parse(answer.Bytes, Depth).Resource);
        Assert.Equal(refusal, outcome.Issue[0].Details!.Coding[0].Code);
        Assert.Equal(0, await cast.Server.World.CountAsync("documents"));
    }

    [Theory]
    [InlineData("/fhir/DocumentReference/01900000-0000-7000-8000-000000000000", 404)]
    [InlineData("/fhir/CarePlan", 404)]
    [InlineData("/fhir/DocumentReference", 400)]
    public async Task A_refusal_has_the_format_of_the_answer_it_stands_for(string path, int status)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        foreach (var (token, expected) in new[] { (server.AnyToken("user/*.cruds"), status), ("nobody", 401) })
        {
            var answer = await server.GetAsync(path, token, ("Accept", "application/fhir+xml"));
            Assert.Equal((expected, "application/fhir+xml; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));
            Assert.IsType<OperationOutcome>(FhirXml.Parse(answer.Bytes, Depth).Resource);
        }
    }

    [Theory]
    [InlineData("_elements=status,description", "content,id,meta,resourceType,status", "type,author,context,subject")]
    [InlineData("_elements=DocumentReference.type", "content,id,resourceType,status,type", "author,context,subject")]
    [InlineData("_summary=true", "content,id,status,subject,type", "context.sourcePatientInfo")]
    [InlineData("_summary=data", "content,status,subject,type,context", "text")]
    [InlineData("_summary=false", "content,status,subject,type,context", "-")]
    public async Task A_part_is_given_where_one_is_asked_for_and_says_so(string asked, string has, string hasNot)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var id = await cast.DepositedAsync([1]);

        foreach (var found in new[] { (await cast.Server.GetAsync($"/fhir/DocumentReference/{id}?{asked}", cast.Holder)).Json, (await cast.SearchAsync(cast.Holder, "&" + asked)).Json.GetProperty("entry")[0].GetProperty("resource") })
        {
            foreach (var name in has.Split(',')) Assert.True(found.TryGetProperty(name, out _), $"{name} in {found}");
            foreach (var name in hasNot.Split(',').Where(n => !n.Contains('.', StringComparison.Ordinal))) Assert.False(found.TryGetProperty(name, out _), $"{name} in {found}");
            Assert.Equal(asked != "_summary=false", found.GetProperty("meta").TryGetProperty("tag", out var tags) && tags.EnumerateArray().Any(t => t.GetProperty("code").GetString() == "SUBSETTED"));
        }
    }

    [Fact]
    public async Task The_next_page_keeps_the_part_and_the_format()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        foreach (var n in new byte[] { 1, 2, 3 })
        {
            await cast.DepositedAsync([n]);
            cast.Server.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = BundleOf(await cast.SearchAsync(cast.Holder, "&_count=1&_elements=status&_format=xml"));
        var second = BundleOf(await cast.Server.GetAsync(first.NextLink!.ToString(), cast.Holder));

        var shown = Assert.IsType<DocumentReference>(second.Entry[0].Resource);
        Assert.Null(shown.Type);
        Assert.Contains(shown.Meta!.Tag, t => t.Code == "SUBSETTED");
        Assert.Contains("_elements=status", second.SelfLink!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_their_number_is_given_where_only_that_is_asked_for()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync([1]);
        await cast.DepositedAsync([2]);

        var found = (await cast.SearchAsync(cast.Holder, "&_summary=count")).Json;

        Assert.Equal(2, found.GetProperty("total").GetInt32());
        Assert.False(found.TryGetProperty("entry", out _));
        Assert.DoesNotContain(found.GetProperty("link").EnumerateArray(), l => l.GetProperty("relation").GetString() == "next");
    }

    [Fact]
    public async Task A_document_is_whole_whatever_part_is_asked_for()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(FactWorld.Report());

        foreach (var part in new[] { "_summary=count", "_elements=type" })
        {
            var summary = Assert.IsType<Bundle>(FhirJson.Own((await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}/$summary?{part}", cast.Holder)).Bytes));
            Assert.True(summary.Entry.Count > 3);
            Assert.NotNull(Assert.IsType<Composition>(summary.Entry[0].Resource).Date);
        }
    }

    [Fact]
    public async Task XML_beyond_its_limit_is_refused_with_the_limit_and_nothing_is_kept()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await PostXmlAsync(cast, new byte[Dsp.Server.Fhir.FhirBodies.LongestXml + 1]);

        Assert.Equal(413, answer.Status);
        Assert.Contains("16777216", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, await cast.Server.World.CountAsync("documents"));
    }

    [Theory]
    [InlineData("_summary=some")]
    [InlineData("_summary=true&_elements=status")]
    [InlineData("_elements=status,content.attachment.url%3Cx")]
    [InlineData("_elements=,")]
    public async Task A_part_that_FHIR_does_not_know_is_refused(string asked)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        Assert.Equal(400, (await cast.SearchAsync(cast.Holder, "&" + asked)).Status);
        Assert.Equal(400, (await cast.Server.GetAsync("/fhir/metadata?" + asked)).Status);
        Assert.Equal("application/fhir+xml; charset=utf-8", (await cast.SearchAsync(cast.Holder, "&_format=xml&" + asked)).Header("Content-Type"));
    }

    /// <summary>Every way to ask, so that none answers in one format only.</summary>
    private static IEnumerable<string> Paths(Cast cast, string document)
    {
        yield return "/fhir/metadata";
        yield return $"/fhir/DocumentReference/{document}";
        yield return $"/fhir/DocumentReference?patient={cast.Record}&status=current";
        yield return $"/fhir/DocumentReference/{document}/_history";
        yield return $"/fhir/DocumentReference/{document}/_history/1";
        yield return $"/fhir/DocumentReference/$docref?patient={cast.Record}";
        yield return $"/fhir/List?patient={cast.Record}&code=submissionset&status=current&_include=List:item";
        yield return $"/fhir/Binary/{document}";
        yield return $"/fhir/Patient/{cast.Record}";
        yield return $"/fhir/Patient?_id={cast.Record}";
        yield return $"/fhir/Patient/{cast.Record}/$summary";
        foreach (var type in Dsp.Interop.Resources.ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => r.Type)) yield return $"/fhir/{type}?patient={cast.Record}";
        yield return $"/fhir/AuditEvent?patient={cast.Record}&date=ge2020&date=le2040";
        foreach (var type in Dsp.Interop.Mcsd.DirectoryRoutes.All.Select(r => r.Type)) yield return $"/fhir/{type}?name=a";
        yield return "/fhir/Nothing/1";
    }

    private static Task<Answer> PostXmlAsync(Cast cast, byte[] xml) =>
        cast.Server.SendAsync(HttpMethod.Post, "/fhir", cast.Lab, new ByteArrayContent(xml) { Headers = { ContentType = MediaTypeHeaderValue.Parse("application/fhir+xml") } }, ("Accept", "application/fhir+xml"));

    private static Bundle BundleOf(Answer answer) => Assert.IsType<Bundle>(FhirXml.Parse(answer.Bytes, Depth).Resource);

    /// <summary>Without what differs from answer to answer: ids of the answer itself, and the journal's own growth.</summary>
    private static string Text(Resource resource)
    {
        if (resource is Bundle bundle)
        {
            (bundle.Id, bundle.Identifier) = (null, null);
            if (bundle.Entry.Exists(e => e.Resource is AuditEvent)) bundle.Entry.RemoveAll(e => e.Resource is AuditEvent);
        }
        // A summary is made anew for each answer, with ids of its own: the same place, the same name.
        var names = new Dictionary<string, string>();
        return Regex.Replace(Encoding.UTF8.GetString(FhirJson.Bytes(resource)), "[0-9a-f]{8}-[0-9a-f-]{27}", m => names.TryGetValue(m.Value, out var known) ? known : names[m.Value] = $"name {names.Count}");
    }
}
