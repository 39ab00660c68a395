using System.Text;
using System.Text.Json;
using Dsp.Interop.Fhir;
using Dsp.Server.Api;
using Dsp.Server.Wire;

namespace Dsp.Tests.Wire;

public sealed class RefusalTableTests
{
    public static TheoryData<string> EveryRefusal => [.. Refusals.All.Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(EveryRefusal))]
    public void Every_refusal_has_a_status_an_issue_code_and_a_problem(string id)
    {
        var refusal = Refusals.All.Single(r => r.Id == id);

        Assert.InRange(StatusTable.Of(refusal), 400, 503);
        Assert.NotEqual(500, StatusTable.Of(refusal));
        Assert.NotEmpty(FhirRefusals.IssueOf(refusal));
        Assert.Equal(id, Read(w => ProblemWriter.Write(w, refusal, StatusTable.Of(refusal))).GetProperty("id").GetString());
        Assert.Equal(id, JsonDocument.Parse(OutcomeWriter.Bytes(refusal)).RootElement.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString());
    }

    [Fact]
    public void Every_kind_of_refusal_is_in_the_tables()
    {
        foreach (var kind in Enum.GetValues<RefusalKind>())
        {
            var refusal = new Refusal("DSP-0000", kind, "x");
            Assert.InRange(StatusTable.Of(refusal), 400, 503);
            Assert.NotEmpty(FhirRefusals.IssueOf(refusal));
        }
    }

    [Theory]
    [InlineData("DSP-1012", 400)]
    [InlineData("DSP-1014", 406)]
    [InlineData("DSP-1015", 415)]
    [InlineData("DSP-2001", 422)]
    [InlineData("DSP-3001", 401)]
    [InlineData("DSP-3002", 403)]
    [InlineData("DSP-4001", 404)]
    [InlineData("DSP-4004", 409)]
    [InlineData("DSP-4007", 410)]
    [InlineData("DSP-4012", 410)]
    [InlineData("DSP-4010", 416)]
    [InlineData("DSP-5001", 413)]
    [InlineData("DSP-5003", 429)]
    [InlineData("DSP-5004", 503)]
    [InlineData("DSP-5005", 408)]
    public void The_statuses_peers_rely_on_stay(string id, int status) => Assert.Equal(status, StatusTable.Of(Refusals.All.Single(r => r.Id == id)));

    [Fact]
    public void Every_problem_found_is_told_at_once()
    {
        var refusal = Refusals.MissingMetadata.At("List.code") with { Others = [Refusals.CodeOutsideDomain.At("DocumentReference.type")] };

        Assert.Equal(2, JsonDocument.Parse(OutcomeWriter.Bytes(refusal)).RootElement.GetProperty("issue").GetArrayLength());
        Assert.Equal("DSP-1004", Read(w => ProblemWriter.Write(w, refusal, 422)).GetProperty("others")[0].GetProperty("id").GetString());
    }

    private static JsonElement Read(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.ToArray())).RootElement;
    }
}
