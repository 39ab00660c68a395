using Dsp.Access;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Subscriptions;

/// <summary>One notification to leave: ids alone, no health content (DSUBm ITI-112, id-only).</summary>
/// <param name="Documents">The documents it tells of, with their number since the subscription began; empty: a handshake.</param>
public sealed record Notification(Subscription Subscription, IReadOnlyList<(long Number, DocumentId Document, DateTimeOffset At)> Documents);

/// <summary>Takes a notification to its address.</summary>
public interface INotificationChannel
{
    /// <returns>Whether the address took it.</returns>
    Task<bool> SendAsync(Notification notification, CancellationToken cancel);
}

/// <summary>
/// Tells subscribers what is new. Whether the person may read the document is decided now, by the gate's rules, and journalled
/// before it leaves (security 3); what they may not is forgotten without a word. An address that does not answer is asked again
/// later and later, and given up after three days.
/// </summary>
public sealed class SendNotifications(Database database, ClockGate gate, IItemSource items, ServiceKeys keys, Leases leases, TimeProvider clock) : IOperation
{
    /// <summary>An address that did not answer for so long is given up.</summary>
    public static readonly TimeSpan GivenUp = TimeSpan.FromDays(3);

    private static readonly TimeSpan LeaseLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);
    private const int Together = 20;

    /// <returns>How many notifications left.</returns>
    public async Task<long> RunAsync(INotificationChannel channel, CancellationToken cancel)
    {
        if ((await database.QueryAsync(row => row.Long(0), "SELECT COUNT(*) FROM subscriptions WHERE status IN ('Requested', 'Active')", cancel))[0] == 0) return 0;
        await using var lease = await leases.TakeAsync("send-notifications", LeaseLife, cancel);
        if (lease is null) return 0;
        var now = clock.Now();
        var left = 0L;
        foreach (var subscription in await RunningAsync(cancel))
        {
            if (!subscription.RunsAt(now)) continue;
            if (await SendAsync(channel, lease, subscription, now, cancel)) left++;
        }
        await database.CommitAsync(lease.Hold(new Batch()).Add("DELETE FROM subscription_events WHERE settled_at < @then", ("then", now - Remembered)), cancel);
        return left;
    }

    private async Task<bool> SendAsync(INotificationChannel channel, Lease lease, Subscription subscription, DateTimeOffset now, CancellationToken cancel)
    {
        var due = await DueAsync(subscription, now, cancel);
        var handshake = subscription.State == SubscriptionState.Requested;
        if (handshake ? subscription.Terms.NextTry is { } next && now < next : due.Count == 0) return false;
        var told = new List<Event>();
        if (!handshake)
            foreach (var one in due)
                if (await MayBeToldAsync(subscription, one, cancel)) told.Add(one);
        if (!handshake && told.Count == 0)
        {
            await SettleAsync(lease, subscription, due, now, cancel);
            return false;
        }
        var taken = await channel.SendAsync(new Notification(subscription, [.. told.Select((e, i) => (subscription.Sent + i + 1, e.Document, e.FoundAt))]), cancel);
        var failing = taken ? (DateTimeOffset?)null : subscription.Terms.FailingSince ?? now;
        var state = taken ? SubscriptionState.Active : failing + GivenUp <= now ? SubscriptionState.Error : subscription.State;
        var terms = subscription.Terms with { FailingSince = failing, NextTry = taken ? null : now + WaitOf((long)Math.Log2(1 + (now - failing!.Value).TotalMinutes)) };
        var batch = lease.Hold(new Batch());
        (subscription with { Version = subscription.Version + 1, State = state, Sent = subscription.Sent + (taken ? told.Count : 0), Terms = terms }).Put(batch, keys);
        if (taken && !handshake) Settled(batch, subscription, due, now);
        else if (!handshake)
            foreach (var one in due)
                batch.Add("UPDATE subscription_events SET tries = @tries, due_at = @due WHERE subscription_id = @id AND document_id = @document",
                    ("tries", one.Tries + 1), ("due", now + WaitOf(one.Tries)), ("id", subscription.Id), ("document", one.Document));
        await database.CommitAsync(batch, cancel);
        return taken;
    }

    /// <summary>The decision for this person at this place, as if asked now; its line in the journal is durable before it is told.</summary>
    private async Task<bool> MayBeToldAsync(Subscription subscription, Event one, CancellationToken cancel)
    {
        if (subscription.Terms.Record is { } only && only != one.Record) return false;
        using var permit = await gate.EnterToNotifyAsync(one.Record, cancel);
        if (permit is null) return false;
        // Nothing was shown to anybody until the permit is spent; a "no" leaves no trace of somebody who asked for nothing.
        permit.Faulted = true;
        var subscriber = new Caller
        {
            Kind = CallerKind.Professional, Person = subscription.Person, Institution = subscription.Institution, Strong = true, AuthenticatedAt = permit.Now,
            Through = subscription.Terms.Software, ThroughProgramOf = subscription.Terms.Program, Software = subscription.Terms.SoftwareName,
        };
        var batch = new Batch();
        var actor = new ActorQuery(batch, subscriber, keys, [], deposit: false);
        var item = items.One(one.Document).Query(batch, new RecordRef.ById(one.Record));
        await database.ReadAsync(batch, cancel);
        var facts = item.Open(permit.Key, permit.Sheet);
        if (facts is null || (subscription.Terms.Categories is { } categories && !categories.Contains(facts.Category))) return false;
        var who = actor.Facts(permit.Now);
        var decision = AccessRules.Decide(new AccessFacts(who, permit.Record, permit.Sheet, AccessAction.Read, facts, permit.Now));
        // Whoever deposited it knows it already.
        if (!decision.Permitted || decision.Rule.Id == "6-author") return false;
        permit.Entry = permit.Entry with
        {
            Person = subscription.Person,
            PersonName = who.Professional?.Name,
            Profession = who.Professional?.Profession,
            Institution = who.Institution?.Id,
            InstitutionName = who.Institution?.Name,
            Software = subscription.Terms.SoftwareName,
            Documents = [one.Document],
            Rule = decision.Rule.Id,
        };
        await permit.SpendAsync(new Batch(), cancel);
        return true;
    }

    private async Task<IReadOnlyList<Subscription>> RunningAsync(CancellationToken cancel) =>
        [.. (await database.QueryAsync(row => Subscription.Read(row, keys), $"SELECT {Subscription.Columns} FROM subscriptions s WHERE s.status IN ('Requested', 'Active') ORDER BY s.subscription_id", cancel)).OfType<Subscription>()];

    private async Task<IReadOnlyList<Event>> DueAsync(Subscription subscription, DateTimeOffset now, CancellationToken cancel) =>
        await database.QueryAsync(row => new Event(new(row.Guid(0)), new(row.Guid(1)), row.Instant(2), row.Long(3)),
            "SELECT document_id, record_id, found_at, tries FROM subscription_events WHERE subscription_id = @id AND settled_at IS NULL AND due_at <= @now ORDER BY document_id LIMIT @most", cancel,
            ("id", subscription.Id), ("now", now), ("most", (long)Together));

    private async Task SettleAsync(Lease lease, Subscription subscription, IReadOnlyList<Event> events, DateTimeOffset now, CancellationToken cancel)
    {
        var batch = lease.Hold(new Batch());
        Settled(batch, subscription, events, now);
        await database.CommitAsync(batch, cancel);
    }

    /// <summary>Settled rows stay for a day: the next look back finds the same documents.</summary>
    private static void Settled(Batch batch, Subscription subscription, IReadOnlyList<Event> events, DateTimeOffset now)
    {
        foreach (var one in events) batch.Add("UPDATE subscription_events SET settled_at = @now WHERE subscription_id = @id AND document_id = @document", ("now", now), ("id", subscription.Id), ("document", one.Document));
    }

    private static TimeSpan WaitOf(long tries) => TimeSpan.FromMinutes(Math.Pow(2, Math.Min(tries, 9))) is var wait && wait < LongestWait ? wait : LongestWait;

    private sealed record Event(DocumentId Document, RecordId Record, DateTimeOffset FoundAt, long Tries);
}
