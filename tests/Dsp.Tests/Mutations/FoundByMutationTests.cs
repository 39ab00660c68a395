using System.Net.Http.Headers;
using System.Text;
using Dsp.Interop.Fhir;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Mutations;

/// <summary>What mutated requests found, each by itself: messages that were answered as if the fault were ours.</summary>
public sealed class FoundByMutationTests
{
    [Theory]
    [InlineData("/fhir/DocumentReference", "{\"resourceType\":\"DocumentReference\",\"\":1}", "an empty name")]
    [InlineData("/fhir", "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"\":{}}]}", "an empty name deep in a Bundle")]
    [InlineData("/fhir/Bundle/$validate", "{\"resourceType\":\"Bundle\",\"type\":7}", "a kind of Bundle that is no text")]
    [InlineData("/fhir/Bundle/$validate", "{\"resourceType\":\"\\ud800\"}", "half of a surrogate pair as type")]
    [InlineData("/fhir/Patient/$ihe-pix", "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"sourceIdentifier\",\"valueString\":\"\\ud800\"}]}", "half of a surrogate pair as a value")]
    public async Task A_message_that_is_wrong_is_told_so(string path, string body, string what)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await AskAsync(cast, path, Encoding.UTF8.GetBytes(body), Seeds.Json);

        Assert.True(answer.Status is 400 or 422 || (answer.Status == 200 && answer.Text.Contains("DSP-1001", StringComparison.Ordinal)), what + answer.Whole);
    }

    [Fact]
    public async Task A_text_that_is_not_UTF_8_is_told_so_at_every_door()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        byte[] body = [.. "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"x\",\"valueString\":\""u8, 0x99, .. "\"}]}"u8];

        foreach (var path in new[] { "/fhir/Patient/$ihe-pix", "/fhir/Patient/$summary", "/fhir/Parameters/$validate", "/fhir/Patient/$match", "/fhir/DocumentReference", "/fhir" })
        {
            var answer = await AskAsync(cast, path, body, Seeds.Json);
            Assert.True(answer.Status == 400 && answer.Text.Contains("DSP-1001", StringComparison.Ordinal), path + answer.Whole);
        }
    }

    [Fact]
    public async Task An_element_of_XML_that_has_a_value_where_it_has_parts_is_told_so()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var answer = await AskAsync(cast, "/fhir/DocumentReference/$validate", "<DocumentReference xmlns=\"http://hl7.org/fhir\"><status id=\"a\" value=\"current\"><extension url=\"x\" extension=\"y\" id=\"1\"/></status></DocumentReference>"u8.ToArray(), FhirXml.MediaType);

        Assert.True(answer.Status is 200 or 400 or 422, answer.Whole);
    }

    /// <summary>JSON can hold control characters, XML cannot: what is asked for in XML is answered all the same.</summary>
    [Fact]
    public void A_control_character_does_not_make_an_answer_in_XML_impossible()
    {
        var outcome = new OperationOutcome { Issue = [new() { Severity = OperationOutcome.IssueSeverity.Error, Code = OperationOutcome.IssueType.Invalid, Diagnostics = "a\u0000b\bc\\u0000\\\u0001\ufffed" }] };

        var (read, problems) = FhirXml.Parse(FhirXml.Bytes(outcome), 64);

        Assert.Empty(problems);
        Assert.Equal("a\ufffdb\ufffdc\\u0000\\\ufffd\ufffdd", ((OperationOutcome)read!).Issue[0].Diagnostics);
    }

    [Fact]
    public async Task A_name_with_a_control_character_is_refused_in_XML_as_in_JSON()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var body = Encoding.UTF8.GetBytes("{\"resourceType\":\"DocumentReference\",\"a\\u0000b\":1}");

        var (json, xml) = (await AskAsync(cast, "/fhir/DocumentReference", body, Seeds.Json), await AskAsync(cast, "/fhir/DocumentReference?_format=xml", body, Seeds.Json));

        Assert.Equal(json.Status, xml.Status);
        Assert.InRange(xml.Status, 400, 422);
    }

    /// <summary>The IPS guide's own example has rows named by UUIDs.</summary>
    [Fact]
    public void A_narrative_may_name_its_rows_by_UUID_and_still_holds_nothing_active()
    {
        static byte[] With(string inner) => Encoding.UTF8.GetBytes("{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"},\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">" + inner + "</div>\"}}");

        Assert.Empty(FhirJson.Parse<Resource>(With("<table><tr id=\\\"8039e4a7-d459\\\"><td>a</td></tr></table>")).Problems);
        foreach (var bad in new[] { "<script>1</script>", "<p id=\\\"8a\\\" onclick=\\\"x()\\\">a</p>", "<p id=\\\"8a\\\">a</p><iframe src=\\\"x\\\"/>", "<form id=\\\"8a\\\"/>" })
            Assert.Contains(FhirJson.Parse<Resource>(With(bad)).Problems, p => p.Id == Refusals.ActiveContent.Id);
    }

    private static Task<Answer> AskAsync(Cast cast, string path, byte[] body, string type) =>
        cast.Server.SendAsync(HttpMethod.Post, path, path.Contains("Patient", StringComparison.Ordinal) ? cast.DoctorToken : cast.Lab, new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } });
}
