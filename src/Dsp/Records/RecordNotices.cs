using Dsp.Access;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>What a record's holder is told, put into the commit of the act itself.</summary>
public static class RecordNotices
{
    /// <summary>
    /// For every professional's reading: where the holder never activated the record, the first one leaves one notice and one
    /// message (R6; RGD 6.12.2019 art. 3(3)); later ones add nothing. The sheet stays as it is.
    /// </summary>
    public static void FirstAccess(Permit permit, Batch batch, ServiceKeys keys)
    {
        if (permit.Caller.Kind != CallerKind.Professional || permit.Sheet.ActivatedAt is not null || permit.Sheet.FirstProfessionalAccessTold) return;
        var id = Outbox.IdFor(keys, NoticeKind.FirstProfessionalAccess, permit.Record.ToString());
        var values = new Dictionary<string, string> { ["at"] = Instants.Text(permit.Now) };
        if (permit.Facts.Actor.Professional is { } professional) values["person"] = professional.Name;
        if (permit.Facts.Actor.Institution is { } institution) values["institution"] = institution.Name;
        Tell(permit, batch, keys, NoticeKind.FirstProfessionalAccess, values, id);
    }

    /// <summary>Keeps a notice in the record and leaves the neutral message for its holder.</summary>
    internal static void Tell(Permit permit, Batch batch, ServiceKeys keys, NoticeKind kind, IReadOnlyDictionary<string, string> values, Guid id)
    {
        new Notice(id, kind, permit.Now) { Values = values }.AddTo(batch, permit.Key);
        Outbox.Add(batch, keys, new OutboxMessage(id, OutboxChannel.Neutral, permit.Sheet.Holder, permit.Record, kind, permit.Now) { Notice = id });
    }

    /// <summary>
    /// Adds the letter to the batch and answers the sheet on which it is sent: from then T1 runs, unless the record was opened
    /// on request. Null where it was sent before or the record is closed.
    /// </summary>
    internal static AccessSheet? Letter(Permit permit, Batch batch, ServiceKeys keys, PersonDetails holder, Guid id)
    {
        var sheet = permit.Sheet;
        if (sheet.LetterSentAt is not null || sheet.State == RecordState.Closed) return null;
        var next = sheet with { LetterSentAt = permit.Now, State = sheet.State == RecordState.Created ? RecordState.PendingWindow : sheet.State };
        CreationLetter.Compose(id, permit.Now, holder.Language, sheet.CreatedAt, holder.EHealthId ?? "", next.OpensAt).AddTo(batch, permit.Key);
        Outbox.Add(batch, keys, new OutboxMessage(id, OutboxChannel.Post, sheet.Holder, permit.Record, NoticeKind.CreationLetter, permit.Now) { Notice = id });
        return next;
    }
}
