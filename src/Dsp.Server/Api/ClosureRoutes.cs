using Dsp.Access;
using Dsp.Records;
using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

internal sealed record ClosureBody(string? Reason = null);

/// <param name="Id">The record's.</param>
internal sealed record ClosureAnswer(RecordId Id, string State, DateTimeOffset? ClosedAt, DateTimeOffset? DestroyFrom);

/// <summary>Closing and reopening (RGD 6.12.2019 art. 4).</summary>
internal static class ClosureRoutes
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/records/{recordId}/closure", CloseAsync).Needs(Scopes.Acts)
            .Says("Closes the record; its holder can reopen it within ten years", "holder", 201, typeof(ClosureBody), typeof(ClosureAnswer));
        api.MapDelete("/records/{recordId}/closure", ReopenAsync).Needs(Scopes.Acts).Says("Reopens the record", "holder", 204);
    }

    private static async Task CloseAsync(ApiCall call, CloseRecord close)
    {
        // Closing asks for no word of why: the body may be absent.
        var body = call.HasBody ? await call.BodyAsync<ClosureBody>() : new ClosureBody();
        var closed = body.Succeeded ? await close.RunAsync(call.Caller, new RecordRef.ById(call.Record), call.Cancel, body.Value.Reason) : body.Refusal;
        await (closed.Succeeded
            ? call.CreatedAsync(new ClosureAnswer(closed.Value.Record, closed.Value.State.ToString(), closed.Value.ClosedAt, closed.Value.DestroyFrom), call.Context.Request.Path)
            : call.RefuseAsync(closed.Refusal));
    }

    private static async Task ReopenAsync(ApiCall call, ReopenRecord reopen) => await call.DoneAsync(await reopen.RunAsync(call.Caller, new RecordRef.ById(call.Record), call.Cancel));
}
