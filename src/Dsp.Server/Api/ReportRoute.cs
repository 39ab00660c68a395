using System.Globalization;
using Dsp.Documents;
using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

/// <param name="Id">A stable id; docs/connect/quality.md lists them.</param>
/// <param name="Count">How often in this document.</param>
/// <param name="Differs">For a possible wrong patient: name, number, birth-date.</param>
internal sealed record ReportFinding(string Id, int Count, IReadOnlyList<string>? Differs);

/// <param name="UniqueId">The depositor's own id of the document.</param>
internal sealed record ReportLine(DocumentId DocumentId, RecordId RecordId, string UniqueId, DateTimeOffset DepositedAt, IReadOnlyList<ReportFinding> Findings);

/// <param name="Next">Continue with <c>after</c> set to this; absent on the last page.</param>
internal sealed record ReportAnswer(IReadOnlyList<ReportLine> Documents, Guid? Next);

/// <summary>What the caller's own deposits could do better (quality report): ids and numbers, nothing of a document's content.</summary>
internal static class ReportRoute
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/deposit-reports", ReadAsync).Needs(Scopes.Read)
            .Says("What was found in the caller's own deposits: codes that are missing, parts that could not be read, a possible wrong patient", "institution system, professional; own deposits only", 200, null, typeof(ReportAnswer), null, "from", "after", "count");

    private static async Task ReadAsync(ApiCall call, ReadDepositReports read)
    {
        var (from, after) = (call.QueryInstant("from"), call.QueryId("after"));
        var count = ReadDepositReports.Most;
        var countFits = call.Query("count") is not { } text || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
        if ((from.Refusal ?? after.Refusal ?? (countFits ? null : Refusals.ParameterInvalid.At("count"))) is { } refusal)
        {
            await call.RefuseAsync(refusal);
            return;
        }
        await call.OkAsync(await read.RunAsync(call.Caller, from.Value, after.Value, count, call.Cancel),
            page => new ReportAnswer([.. page.Lines.Select(l => new ReportLine(l.Document, l.Record, l.UniqueId, l.DepositedAt, [.. l.Findings.Select(f => new ReportFinding(f.Id, f.Count, f.Parts))]))], page.Next));
    }
}
