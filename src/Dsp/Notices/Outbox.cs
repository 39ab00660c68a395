using System.Text.Json;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Notices;

/// <summary>How a message leaves.</summary>
public enum OutboxChannel
{
    /// <summary>A letter by post, with the notice's text.</summary>
    Post,
    /// <summary>The constant neutral sentence, by whatever channel the person has; the matter itself is read in the portal.</summary>
    Neutral,
    /// <summary>A declaration to the national health fund (referring doctor).</summary>
    HealthFund,
    /// <summary>A case for a reviewer: a self-opened emergency, an access its holder does not recognise; by ids, without content.</summary>
    Review,
}

/// <summary>One message to leave: to whom, about which notice. Sealed; the clear columns say neither who nor what.</summary>
public sealed record OutboxMessage(Guid Id, OutboxChannel Channel, PersonId? To, RecordId? Record, NoticeKind Kind, DateTimeOffset DueAt)
{
    /// <summary>The notice of the record that a letter carries.</summary>
    public Guid? Notice { get; init; }

    /// <summary>
    /// What a declaration to the health fund says, the codes of an account's letter, or the addresses (<c>email</c>, <c>phone</c>)
    /// that a neutral message goes to in place of the present ones.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

/// <summary>Messages wait here, in the commit of the act they tell of, until a sender takes them.</summary>
public sealed class Outbox(ServiceKeys keys, Database database)
{
    /// <summary>Adds the message to the act's batch; a message of the same id is there once only.</summary>
    internal static void Add(Batch batch, ServiceKeys keys, OutboxMessage message) =>
        // The record stands in the sealed message alone: a copy of this table says nothing about anybody.
        batch.Add("INSERT INTO outbox (message_id, record_id, kind, due_at, sent_at, sealed) VALUES (@id, NULL, @kind, @due, NULL, @sealed) ON CONFLICT (message_id) DO NOTHING",
            ("id", message.Id), ("kind", KindOf(message)), ("due", message.DueAt),
            ("sealed", keys.SealIdentity("outbox", message.Id, 0, JsonSerializer.SerializeToUtf8Bytes(message, NoticeJson.Default.OutboxMessage))));

    /// <summary>An id that the same matter always gets, so that it is told once however often its cause repeats.</summary>
    internal static Guid IdFor(ServiceKeys keys, NoticeKind kind, params ReadOnlySpan<string> matter) =>
        new(keys.Token($"outbox/{kind}", matter).AsSpan(0, 16), bigEndian: true);

    /// <summary>What is due and not sent, oldest first.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> DueAsync(DateTimeOffset now, int most, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => (Id: row.Guid(0), Sealed: row.Bytes(1)),
            "SELECT message_id, sealed FROM outbox WHERE sent_at IS NULL AND due_at <= @now ORDER BY due_at, message_id LIMIT @most", cancel, ("now", now), ("most", (long)most));
        return [.. rows.Select(Open)];
    }

    /// <summary>Every case that waits for a reviewer, oldest first.</summary>
    internal async Task<IReadOnlyList<OutboxMessage>> CasesAsync(CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => (Id: row.Guid(0), Sealed: row.Bytes(1)),
            "SELECT message_id, sealed FROM outbox WHERE sent_at IS NULL AND kind = 'case' ORDER BY due_at, message_id", cancel);
        return [.. rows.Select(Open)];
    }

    /// <summary>Says that a message has left; of a letter with a code nothing stays.</summary>
    public Task SentAsync(Guid message, DateTimeOffset at, CancellationToken cancel) =>
        database.CommitAsync(new Batch()
            .Add("DELETE FROM outbox WHERE message_id = @id AND kind = 'code'", ("id", message))
            .Add("UPDATE outbox SET sent_at = @at WHERE message_id = @id AND sent_at IS NULL", ("at", at), ("id", message)), cancel);

    /// <summary>Takes letters back that have not left: their code is worth nothing any more.</summary>
    internal static void Withdraw(Batch batch, Guid message) =>
        batch.Add("DELETE FROM outbox WHERE message_id = @id AND sent_at IS NULL", ("id", message));

    private OutboxMessage Open((Guid Id, byte[] Sealed) row) => JsonSerializer.Deserialize(keys.OpenIdentity("outbox", row.Id, 0, row.Sealed), NoticeJson.Default.OutboxMessage)!;

    /// <summary>The clear column tells letters, letters with a code, messages and cases from each other and nothing more.</summary>
    private static string KindOf(OutboxMessage message) => message switch
    {
        { Channel: OutboxChannel.Neutral } => "message",
        { Channel: OutboxChannel.Review } => "case",
        { Kind: NoticeKind.ActivationCode or NoticeKind.SecondCode or NoticeKind.StopCode or NoticeKind.CodeList } => "code",
        _ => "letter",
    };
}
