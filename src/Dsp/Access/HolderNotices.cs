using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// What an act on access tells the holder: a notice in the record, sealed under its key and shown in the portal, and a neutral
/// message in the outbox that says nothing but that there is something to read (security 6).
/// </summary>
internal static class HolderNotices
{
    public static void Tell(Batch batch, Permit permit, ServiceKeys keys, Guid id, NoticeKind kind, params (string Name, string? Value)[] values)
    {
        new Notice(id, kind, permit.Now) { Values = values.Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value!) }.AddTo(batch, permit.Key);
        Outbox.Add(batch, keys, new OutboxMessage(id, OutboxChannel.Neutral, permit.Sheet.Holder, permit.Record, kind, permit.Now) { Notice = id });
    }

    /// <summary>A case for the institution's officer: who opened what, when; no content.</summary>
    public static void AskForReview(Batch batch, Permit permit, ServiceKeys keys, Guid id, CareContext context) =>
        Outbox.Add(batch, keys, new OutboxMessage(id, OutboxChannel.Review, null, permit.Record, NoticeKind.EmergencySelfOpened, permit.Now)
        {
            Values = new Dictionary<string, string>
            {
                ["institution"] = context.Institution?.ToString() ?? "", ["person"] = context.Person?.ToString() ?? "", ["context"] = Ids.Text(context.Id),
            },
        });
}
