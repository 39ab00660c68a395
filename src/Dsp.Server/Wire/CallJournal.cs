using System.Globalization;
using Dsp.Access;
using Dsp.Journal;
using Dsp.Server.SignIn;
using Dsp.Storage;

namespace Dsp.Server.Wire;

/// <summary>What a route's audit events call it.</summary>
/// <param name="Interaction">A code of FHIR's restful-interaction, or <c>operation</c>.</param>
/// <param name="Transaction">Its number, or an operation's name; null where it has none.</param>
internal sealed record CallKind(string Interaction, string? Transaction);

/// <summary>
/// The journal at the border: every call of connected software leaves a line. Operations write it themselves, in the commit of
/// what they do; what never came as far as one (a refused token, a scope that is missing, a parameter that cannot be read), and
/// what concerns no record (the register, a message checked), is told here, before the answer.
/// </summary>
internal sealed class CallJournal(Database database, JournalWriter journal, Alarms alarms, TimeProvider clock)
{
    /// <summary>Lines of their own for calls without a proof, within a minute on one node; more are counted, so that a stranger cannot fill the journal.</summary>
    private const int UnprovenInMinute = 60;

    private const int LongestQuery = 2000;
    private const int LongestRequestId = 64;

    private readonly Lock counting = new();
    private long minute;
    private int inMinute;
    private long untold;

    /// <summary>Writes the call's line where no operation has; nothing on surfaces that take no token.</summary>
    /// <param name="refusal">Null: the call is answered.</param>
    /// <exception cref="StorageUnavailableException">The line cannot be kept: nothing may be answered.</exception>
    public static async Task TellAsync(HttpContext context, Refusal? refusal)
    {
        if (refusal?.Kind == RefusalKind.Unavailable || context.Features.Get<CallFacts>() is not { Told: false } call) return;
        await context.RequestServices.GetRequiredService<CallJournal>().WriteAsync(context, call, refusal);
    }

    /// <summary>What was asked, for the line of a call that no operation tells.</summary>
    public static void Asked(HttpContext context, string query) => context.Features.Set(new AskedFor(query));

    /// <param name="proven">Null: the call proved nothing.</param>
    public static CallFacts FactsOf(HttpContext context, ProvenToken? proven)
    {
        var kind = context.GetEndpoint()?.Metadata.GetMetadata<CallKind>();
        return new CallFacts
        {
            Interaction = kind?.Interaction ?? "operation",
            Transaction = kind?.Transaction,
            TokenId = proven?.TokenId,
            Issuer = proven?.Issuer,
            Subject = proven is null ? null : Ids.Text(proven.Subject),
            ClientId = proven?.ClientId,
            RequestId = RequestIdOf(context),
        };
    }

    /// <summary>The X-Request-Id, where it is a short word; anything else is nobody's business to keep.</summary>
    public static string? RequestIdOf(HttpContext context) =>
        context.Request.Headers["X-Request-Id"] is [{ Length: > 0 and <= LongestRequestId } id] && id.All(c => c is > ' ' and < '\u007f') ? id : null;

    /// <summary>Whether an unproven attempt gets a line of its own now, and how many had none since the last one.</summary>
    public (bool Tell, long Before) TakeUnproven()
    {
        var now = clock.GetUtcNow();
        lock (counting)
        {
            var current = now.ToUnixTimeSeconds() / 60;
            if (current != minute) (minute, inMinute) = (current, 0);
            if (inMinute >= UnprovenInMinute)
            {
                if (inMinute++ == UnprovenInMinute) alarms.Raise("many-without-proof", current.ToString(CultureInfo.InvariantCulture), now);
                untold++;
                return (false, 0);
            }
            inMinute++;
            var before = untold;
            untold = 0;
            return (true, before);
        }
    }

    /// <summary>What a line says of attempts that had none of their own; null where there were none.</summary>
    public static string? Untold(long before) => before == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{before} more without a proof before this one");

    /// <summary>Keeps one line of no record.</summary>
    public async Task WriteAsync(JournalEntry entry)
    {
        var batch = new Batch();
        journal.Add(batch, entry, null);
        // Not the caller's to cancel: whoever goes away early has asked all the same.
        await database.CommitAsync(batch, CancellationToken.None);
    }

    private async Task WriteAsync(HttpContext context, CallFacts call, Refusal? refusal)
    {
        var caller = Callers.Find(context);
        var before = 0L;
        if (caller is null)
        {
            (var tell, before) = TakeUnproven();
            if (!tell) return;
        }
        await WriteAsync(new JournalEntry
        {
            Id = Ids.New(clock),
            Record = RecordId.None,
            At = clock.Now(),
            Action = JournalActions.Ask,
            Person = caller?.Person,
            Profession = caller?.Kind switch { CallerKind.Agent => "agent", CallerKind.System => "system", _ => null },
            Institution = caller?.Institution,
            Software = caller?.Software,
            Automatic = caller?.Kind == CallerKind.System,
            Query = QueryOf(context),
            Permitted = refusal is null,
            Rule = refusal?.Id ?? "2-caller",
            Detail = Untold(before),
            Call = call,
        });
    }

    /// <summary>The address below the base, with what was asked.</summary>
    private static string QueryOf(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").TrimStart('/');
        if (path.StartsWith("fhir/", StringComparison.OrdinalIgnoreCase)) path = path["fhir/".Length..];
        if (path.EndsWith("/_search", StringComparison.Ordinal)) path = path[..^"/_search".Length];
        var asked = context.Features.Get<AskedFor>()?.Query ?? context.Request.QueryString.Value?.TrimStart('?') ?? "";
        var text = asked.Length > 0 ? path + "?" + asked : path;
        return text.Length > LongestQuery ? text[..LongestQuery] : text;
    }

    private sealed record AskedFor(string Query);
}

internal static class CallKinds
{
    /// <summary>Names the route's interaction and transaction for the journal.</summary>
    public static TBuilder As<TBuilder>(this TBuilder route, string interaction, string? transaction = null) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new CallKind(interaction, transaction));
}
