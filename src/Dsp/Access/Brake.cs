using System.Globalization;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>How many records this caller opened for the first time within the hour, beside what is usual for them.</summary>
/// <param name="Known">This record is no new one: the caller opened it within thirty days.</param>
/// <param name="Limit">The most within an hour before a factor is asked for again: max(20, five times the own median).</param>
/// <param name="Stopped">Access waits for the agency.</param>
public sealed record BrakeFacts(bool Known, int NewInHour, int Limit, DateTimeOffset? LastAt, bool Stopped)
{
    /// <summary>Below this nobody is asked, whatever is usual.</summary>
    public const int Floor = 20;

    /// <summary>So many times the limit, and access stops.</summary>
    public const int StopFactor = 10;

    private const int UsualFactor = 5;

    /// <summary>One more would be too many.</summary>
    public bool Over => !Known && NewInHour >= Limit;

    /// <summary>One more would be far too many.</summary>
    public bool FarOver => !Known && NewInHour >= Limit * StopFactor;

    /// <summary>The limit by the own past: first openings, counted in the hours in which there were any.</summary>
    internal static int LimitOf(IEnumerable<DateTimeOffset> openings, DateTimeOffset before)
    {
        var hours = openings.Where(at => at < before).GroupBy(at => at.ToUnixTimeSeconds() / 3600).Select(g => g.Count()).Order().ToList();
        return hours.Count == 0 ? Floor : Math.Max(Floor, UsualFactor * hours[hours.Count / 2]);
    }
}

/// <summary>
/// The brake's part of the gate (security 2): whoever opens many more records in an hour than is usual for them proves a factor
/// again; ten times as many, and access waits for the agency. Either is told to the security officer once an hour.
/// </summary>
internal sealed class BrakeQuery
{
    /// <summary>Who was opened before is counted as new again after so long.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private readonly Guid actor;
    private readonly Slot<(long Count, DateTimeOffset? Last, BrakeRow? Row)> counted;

    private BrakeQuery(Batch batch, Guid actor, ServiceKeys keys, DateTimeOffset now)
    {
        this.actor = actor;
        counted = batch.Query(row => (row.Long(0), row.InstantOrNull(1), row.GuidOrNull(2) is null ? null : BrakeRow.Read(row, keys, 2)),
            $"""
            SELECT c.many, c.last, {BrakeRow.Columns}
            FROM   (SELECT COUNT(*) AS many, MAX(o.opened_at) AS last
                    FROM   openings o
                    WHERE  o.actor_id = @actor AND o.opened_at > @since AND o.opened_at > COALESCE((SELECT l.lifted_at FROM brakes l WHERE l.actor_id = @actor), 0)) c
                   LEFT JOIN brakes b ON b.actor_id = @actor
            """, ("actor", actor), ("since", now - Window));
    }

    /// <summary>Whose openings are counted: professionals who open or read, and software that registers; nobody reads the own record too often.</summary>
    /// <returns>Null where nothing is counted.</returns>
    public static Guid? ActorOf(AccessRequest request) => request.Caller switch
    {
        { Kind: CallerKind.Professional, Person: { } person } when request.Action is AccessAction.Search or AccessAction.Read or AccessAction.ReadHistory or AccessAction.RegisterContext or AccessAction.RegisterAdmission or AccessAction.RegisterEmergency => person.Value,
        { Kind: CallerKind.System, System: { } system } when request.Action is AccessAction.RegisterAdmission or AccessAction.RegisterEmergency => system.Value,
        _ => null,
    };

    public static BrakeQuery? For(Batch batch, AccessRequest request, ServiceKeys keys, DateTimeOffset now) =>
        ActorOf(request) is { } actor ? new BrakeQuery(batch, actor, keys, now) : null;

    public async Task<BrakeFacts> FactsAsync(bool known, Database database, DateTimeOffset now, CancellationToken cancel)
    {
        var (count, last, row) = counted.First;
        var stopped = row is not (null or { LiftedAt: not null, Genuine: true });
        // What is usual is looked up only where it matters.
        var limit = known || count < BrakeFacts.Floor ? BrakeFacts.Floor : await LimitAsync(database, now, cancel);
        return new BrakeFacts(known, (int)count, limit, last, stopped);
    }

    /// <summary>The record counts from this commit on.</summary>
    public void Count(Batch batch, RecordId record, DateTimeOffset now) =>
        batch.Add("INSERT INTO openings (actor_id, record_id, opened_at) VALUES (@actor, @record, @now) ON CONFLICT (actor_id, record_id) DO UPDATE SET opened_at = @now", ("actor", actor), ("record", record), ("now", now));

    /// <summary>Tells the officer, and stops access where it was far too many.</summary>
    public void Tell(Batch batch, BrakeFacts facts, ServiceKeys keys, Alarms alarms, DateTimeOffset now)
    {
        if (!facts.Over || facts.Stopped) return;
        var kind = facts.FarOver ? NoticeKind.AccessStopped : NoticeKind.ManyRecordsOpened;
        var hour = (now.ToUnixTimeSeconds() / 3600).ToString(CultureInfo.InvariantCulture);
        Outbox.Add(batch, keys, new OutboxMessage(Outbox.IdFor(keys, kind, Ids.Text(actor), hour), OutboxChannel.Review, null, null, kind, now)
        {
            Values = new Dictionary<string, string> { ["actor"] = Ids.Text(actor), ["opened"] = facts.NewInHour.ToString(CultureInfo.InvariantCulture), ["limit"] = facts.Limit.ToString(CultureInfo.InvariantCulture) },
        });
        if (facts.FarOver) new BrakeRow(actor, now, null, null).Put(batch, keys);
        alarms.Raise(facts.FarOver ? "access-stopped" : "many-records-opened", actor, now);
    }

    private async Task<int> LimitAsync(Database database, DateTimeOffset now, CancellationToken cancel)
    {
        var past = await database.QueryAsync(row => row.Instant(0), "SELECT o.opened_at FROM openings o WHERE o.actor_id = @actor AND o.opened_at > @since", cancel, ("actor", actor), ("since", now - Remembered));
        return BrakeFacts.LimitOf(past, now - Window);
    }
}

/// <summary>Whose access was stopped, and who let them in again.</summary>
internal sealed record BrakeRow(Guid Actor, DateTimeOffset StoppedAt, DateTimeOffset? LiftedAt, string? LiftedBy)
{
    public const string Columns = "b.actor_id, b.stopped_at, b.lifted_at, b.lifted_by, b.mac";

    /// <summary>Its MAC fits; a row that was written by somebody else lifts nothing.</summary>
    public bool Genuine { get; private init; } = true;

    public static BrakeRow Read(Row row, ServiceKeys keys, int at = 0)
    {
        var read = new BrakeRow(row.Guid(at), row.Instant(at + 1), row.InstantOrNull(at + 2), row.TextOrNull(at + 3));
        return read with { Genuine = keys.RowMacFits(row.Bytes(at + 4), "brakes", read.Authenticated) };
    }

    public void Put(Batch batch, ServiceKeys keys) => batch.Add(
        """
        INSERT INTO brakes (actor_id, stopped_at, lifted_at, lifted_by, mac) VALUES (@actor, @stopped, @lifted, @by, @mac)
        ON CONFLICT (actor_id) DO UPDATE SET stopped_at = @stopped, lifted_at = @lifted, lifted_by = @by, mac = @mac
        """,
        ("actor", Actor), ("stopped", StoppedAt), ("lifted", LiftedAt), ("by", LiftedBy), ("mac", keys.RowMac("brakes", Authenticated)));

    public BrakeRow With(DateTimeOffset lifted, string by) => new(Actor, StoppedAt, lifted, by);

    private object?[] Authenticated => [Actor, StoppedAt, LiftedAt, LiftedBy];
}
