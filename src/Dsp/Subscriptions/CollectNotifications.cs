using System.Buffers.Binary;
using Dsp.Storage;

namespace Dsp.Subscriptions;

/// <summary>
/// Finds out who is to be told of which new document: documents that came in since the last turn, in records with a relation to a
/// subscriber. A deposit does nothing for it. Relations here are hints; rights are asked when the notification leaves.
/// </summary>
public sealed class CollectNotifications(Database database, Leases leases, TimeProvider clock) : IOperation
{
    /// <summary>
    /// So long after its id was made a document may still become visible: ids carry the time they were made, commits come later and
    /// clocks of nodes differ. Each turn looks back this far; what is known already is there once.
    /// </summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LeaseLife = TimeSpan.FromMinutes(1);
    private const int Page = 500;
    private const string Scan = "documents";

    /// <returns>How many notifications were found.</returns>
    public async Task<long> RunAsync(CancellationToken cancel)
    {
        if ((await database.QueryAsync(row => row.Long(0), "SELECT COUNT(*) FROM subscriptions WHERE status IN ('Requested', 'Active')", cancel))[0] == 0) return 0;
        await using var lease = await leases.TakeAsync("collect-notifications", LeaseLife, cancel);
        if (lease is null) return 0;
        var now = clock.Now();
        var former = await database.QueryAsync(row => row.Guid(0), "SELECT after_id FROM subscription_scan WHERE name = @name", cancel, ("name", Scan));
        // The first turn tells of nothing that was there before.
        var from = former.Count > 0 ? First(TimeOf(former[0]) - LookBack) : First(now);
        for (var found = 0L; ;)
        {
            var documents = await database.QueryAsync(row => row.Guid(0), "SELECT object_id FROM object_ids WHERE object_id > @from AND kind = 'document' ORDER BY object_id LIMIT @most", cancel, ("from", from), ("most", (long)Page));
            var whole = documents.Count < Page;
            var batch = lease.Hold(new Batch());
            foreach (var one in documents.Count == 0 ? [] : await SubscribedAsync(from, documents[^1], now, cancel))
            {
                // What was there before the relation is not new in it.
                if (one.Since > TimeOf(one.Document)) continue;
                found++;
                batch.Add(
                    """
                    INSERT INTO subscription_events (subscription_id, document_id, record_id, found_at, due_at, tries) VALUES (@subscription, @document, @record, @now, @now, 0)
                    ON CONFLICT (subscription_id, document_id) DO NOTHING
                    """, ("subscription", one.Subscription), ("document", one.Document), ("record", one.Record), ("now", now));
            }
            batch.Add("INSERT INTO subscription_scan (name, after_id) VALUES (@name, @after) ON CONFLICT (name) DO UPDATE SET after_id = @after", ("name", Scan), ("after", whole ? First(now) : documents[^1]));
            await database.CommitAsync(batch, cancel);
            if (whole) return found;
            from = documents[^1];
        }
    }

    private async Task<IReadOnlyList<Candidate>> SubscribedAsync(Guid from, Guid to, DateTimeOffset now, CancellationToken cancel) =>
        await database.QueryAsync(row => new Candidate(row.Guid(0), row.Guid(1), row.Guid(2), row.Instant(3)),
            """
            SELECT s.subscription_id, o.object_id, o.record_id, MIN(h.starts_at)
            FROM   object_ids o
                   JOIN relations_by_actor h ON h.record_id = o.record_id AND h.starts_at <= @now AND (h.ends_at IS NULL OR h.ends_at > @now)
                   JOIN subscriptions s ON (s.person_id = h.actor_id OR s.institution_id = h.actor_id) AND s.status IN ('Requested', 'Active')
            WHERE  o.object_id > @from AND o.object_id <= @to AND o.kind = 'document'
            GROUP  BY s.subscription_id, o.object_id, o.record_id
            """, cancel, ("now", now), ("from", from), ("to", to));

    /// <summary>The lowest id of an instant (RFC 9562 §5.7: 48 bits of Unix milliseconds).</summary>
    private static Guid First(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
    }

    /// <param name="Since">Since when the oldest relation that stands begins.</param>
    private sealed record Candidate(Guid Subscription, Guid Document, Guid Record, DateTimeOffset Since);
}
