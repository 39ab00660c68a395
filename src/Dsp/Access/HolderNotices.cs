using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// What an act on access tells the holder: a notice in the record, sealed under its key and shown in the portal, and a neutral
/// message in the outbox that says nothing but that there is something to read (security 6).
/// </summary>
internal static class HolderNotices
{
    /// <summary>An emergency department registered the holder (annex 1(3); domain 1.9).</summary>
    public const string EmergencyRegistered = "emergencyRegistered";

    /// <summary>A member of an emergency department opened the record, with the reason given.</summary>
    public const string EmergencySelfOpened = "emergencySelfOpened";

    /// <summary>The institution's officer reviews a self-opened emergency, always.</summary>
    public const string EmergencyReview = "emergencyReview";

    /// <summary>A professional used a record its holder never activated (RGD 6.12.2019 art. 3(3)).</summary>
    public const string FirstProfessionalAccess = "firstProfessionalAccess";

    public static void Tell(Batch batch, Permit permit, ServiceKeys keys, TimeProvider clock, string kind, params (string Name, string? Value)[] values)
    {
        var notice = new NoticeBody(Ids.New(clock), kind, permit.Now, values.Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value!));
        batch.Add("INSERT INTO notices (record_id, notice_id, kind, sent_at, sealed) VALUES (@record, @notice, 'message', @at, @sealed)",
            ("record", permit.Record), ("notice", notice.Id), ("at", permit.Now),
            ("sealed", permit.Key.Seal("notices", notice.Id, "content", 0, JsonSerializer.SerializeToUtf8Bytes(notice, HolderNoticeJson.Default.NoticeBody))));
        Send(batch, keys, permit.Now, new MessageBody(Ids.New(clock), "neutral", permit.Sheet.Holder, permit.Record, kind, permit.Now) { Notice = notice.Id });
    }

    /// <summary>A case for the institution's officer: who opened what, when; no content.</summary>
    public static void AskForReview(Batch batch, Permit permit, ServiceKeys keys, TimeProvider clock, CareContext context) =>
        Send(batch, keys, permit.Now, new MessageBody(Ids.New(clock), "review", null, permit.Record, EmergencyReview, permit.Now)
        {
            Values = new Dictionary<string, string>
            {
                ["institution"] = context.Institution?.ToString() ?? "", ["person"] = context.Person?.ToString() ?? "", ["context"] = Ids.Text(context.Id),
            },
        });

    private static void Send(Batch batch, ServiceKeys keys, DateTimeOffset now, MessageBody message) =>
        // The record stands in the sealed message alone: a copy of this table says nothing about anybody.
        batch.Add("INSERT INTO outbox (message_id, record_id, kind, due_at, sent_at, sealed) VALUES (@id, NULL, 'message', @due, NULL, @sealed)",
            ("id", message.Id), ("due", now), ("sealed", keys.SealIdentity("outbox", message.Id, 0, JsonSerializer.SerializeToUtf8Bytes(message, HolderNoticeJson.Default.MessageBody))));
}

internal sealed record NoticeBody(Guid Id, string Kind, DateTimeOffset SentAt, IReadOnlyDictionary<string, string> Values);

internal sealed record MessageBody(Guid Id, string Channel, PersonId? To, RecordId? Record, string Kind, DateTimeOffset DueAt)
{
    public Guid? Notice { get; init; }
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(IdJson.Record), typeof(IdJson.Person)])]
[JsonSerializable(typeof(NoticeBody))]
[JsonSerializable(typeof(MessageBody))]
internal sealed partial class HolderNoticeJson : JsonSerializerContext;
