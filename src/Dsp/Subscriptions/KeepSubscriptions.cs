using Dsp.Access;
using Dsp.Identity.Software;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Subscriptions;

/// <summary>What a software wants to be told, as its message says it.</summary>
/// <param name="Record">The one patient meant, as the edge resolved it; null: everybody with a live relation.</param>
public sealed record WantedSubscription(string Endpoint, bool Xml, RecordRef? Record, string? Filter, IReadOnlyList<Codes.DataCategory>? Categories, string Reason, DateTimeOffset? Until);

/// <summary>
/// A professional's own subscriptions at the place they act for: made, changed, listed and ended through a registered software, to
/// which notifications go. Each is in the journal under no record; which patient is meant is sealed.
/// </summary>
public sealed class KeepSubscriptions(CallerGate callers, Database database, Clients clients, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <summary>Most subscriptions of one person at one place.</summary>
    public const int Most = 20;

    /// <summary>Makes a subscription, or writes what is wanted over the one named.</summary>
    /// <param name="id">Null: a new one.</param>
    /// <param name="off">It is ended for now.</param>
    public Task<Outcome<Subscription>> PutAsync(Caller caller, WantedSubscription wanted, Guid? id, bool off, int? ifVersion, CancellationToken cancel) =>
        AsAsync<Subscription>(caller, "subscribe", async (entered, own, batch) =>
        {
            var known = id is null ? null : own.Find(s => s.Id == id);
            if (id is not null && known is null) return Refusals.NotFound;
            if (ifVersion is { } version && version != known?.Version) return Refusals.VersionStale;
            if (known is null && own.Count >= Most) return Refusals.TooManySubscriptions;
            if (await SoftwareAsync(caller, cancel) is not { } software) return Refusals.SoftwareNotRegistered;
            if (!MaySendTo(software.Client, wanted.Endpoint)) return Refusals.EndpointNotRegistered.At("Subscription.channel.endpoint");
            var record = wanted.Record is null ? null : await RecordAsync(wanted.Record, cancel);
            var now = clock.Now();
            // A patient who is not there is like one without a relation: nothing will ever be told, and nothing is said now.
            var terms = new SubscriptionTerms(software.System.Id, software.System.Name, wanted.Endpoint, wanted.Xml, wanted.Record is null ? null : record ?? RecordId.None, wanted.Categories, wanted.Reason, known?.Terms.MadeAt ?? now, wanted.Until) { Filter = wanted.Filter, Program = caller.ThroughProgramOf };
            var next = new Subscription(known?.Id ?? Ids.New(clock), caller.Person!.Value, caller.Institution!.Value, (known?.Version ?? 0) + 1, off ? SubscriptionState.Off : SubscriptionState.Requested, known?.Sent ?? 0, terms);
            next.Put(batch, keys);
            return next;
        }, cancel);

    /// <summary>The caller's own, oldest first.</summary>
    public Task<Outcome<List<Subscription>>> ListAsync(Caller caller, CancellationToken cancel) =>
        AsAsync<List<Subscription>>(caller, "list", (entered, own, batch) => Task.FromResult<Outcome<List<Subscription>>>(own), cancel);

    /// <summary>Ends it; what was not told yet is not told any more.</summary>
    public Task<Outcome<Done>> RemoveAsync(Caller caller, Guid id, CancellationToken cancel) =>
        AsAsync<Done>(caller, "unsubscribe", (entered, own, batch) =>
        {
            if (own.Find(s => s.Id == id) is null) return Task.FromResult<Outcome<Done>>(Refusals.NotFound);
            batch.Add("DELETE FROM subscription_events WHERE subscription_id = @id", ("id", id)).Add("DELETE FROM subscriptions WHERE subscription_id = @id", ("id", id));
            return Task.FromResult<Outcome<Done>>(new Done());
        }, cancel);

    private async Task<Outcome<T>> AsAsync<T>(Caller caller, string what, Func<CallerEntered, List<Subscription>, Batch, Task<Outcome<T>>> act, CancellationToken cancel)
    {
        var entered = await callers.EnterAsync(caller, AccessAction.Search, JournalActions.Subscribe, cancel, detail: what);
        if (entered.Refusal is not null) return entered.Refusal;
        var batch = new Batch();
        var outcome = caller is { Kind: CallerKind.Professional, Person: not null, Institution: not null }
            ? await act(entered, await OwnAsync(caller, cancel), batch)
            : caller.Kind == CallerKind.System ? Refusals.SystemMayNot : Refusals.RoleMayNot;
        var kept = outcome.Succeeded ? batch : new Batch();
        journal.Add(kept, outcome.Refusal is { } refusal ? entered.Entry with { Permitted = false, Rule = refusal.Id } : entered.Entry, null);
        try
        {
            await database.CommitAsync(kept, cancel);
        }
        catch (SheetChangedException)
        {
            return Refusals.VersionStale;
        }
        return outcome;
    }

    private async Task<List<Subscription>> OwnAsync(Caller caller, CancellationToken cancel) =>
        [.. (await database.QueryAsync(row => Subscription.Read(row, keys), $"SELECT {Subscription.Columns} FROM subscriptions s WHERE s.person_id = @person AND s.institution_id = @institution ORDER BY s.subscription_id", cancel,
            ("person", caller.Person!.Value), ("institution", caller.Institution!.Value))).OfType<Subscription>()];

    private async Task<RegisteredClient?> SoftwareAsync(Caller caller, CancellationToken cancel) =>
        caller.Through is { } through ? (await clients.ListAsync(cancel)).FirstOrDefault(c => c.System.Id == through) : null;

    private async Task<RecordId?> RecordAsync(RecordRef named, CancellationToken cancel)
    {
        var found = named switch
        {
            RecordRef.ById id => await database.QueryAsync(row => row.Guid(0), "SELECT record_id FROM records WHERE record_id = @record", cancel, ("record", id.Id)),
            RecordRef.ByToken token => await database.QueryAsync(row => row.GuidOrNull(0) ?? Guid.Empty, "SELECT p.record_id FROM person_tokens t JOIN persons p ON p.person_id = t.person_id WHERE t.token = @token", cancel, ("token", token.Token)),
            _ => [],
        };
        return found.Count > 0 && found[0] != Guid.Empty ? new RecordId(found[0]) : null;
    }

    /// <summary>Notifications go where the agency registered the software to be: the origin of one of its redirect addresses.</summary>
    private static bool MaySendTo(ClientRow client, string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var target)
        && client.RedirectList.Any(r => Uri.TryCreate(r, UriKind.Absolute, out var known) && known.Scheme == target.Scheme && known.Authority == target.Authority);
}
