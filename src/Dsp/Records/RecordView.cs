using Dsp.Access;

namespace Dsp.Records;

/// <summary>A record's state as its holder and the agency see it, at one instant.</summary>
/// <param name="OpensAt">The end of T1, while it runs.</param>
/// <param name="DestroyFrom">T6, while closed: reopening is possible until then.</param>
public sealed record RecordView(
    RecordId Record, PersonId Holder, RecordState State, DateTimeOffset CreatedAt, DateTimeOffset? LetterSentAt, DateTimeOffset? OpensAt, DateTimeOffset? ActivatedAt,
    DateTimeOffset? ClosedAt, ClosureReason? ClosedFor, DateTimeOffset? DestroyFrom, bool Voluntary)
{
    internal static RecordView Of(RecordId record, AccessSheet sheet, DateTimeOffset now)
    {
        var state = sheet.StateAt(now);
        return new RecordView(record, sheet.Holder, state, sheet.CreatedAt, sheet.LetterSentAt, state == RecordState.PendingWindow ? sheet.OpensAt : null, sheet.ActivatedAt,
            sheet.Closure?.At, sheet.Closure?.Reason, sheet.Closure?.DestroyFrom, sheet.Voluntary);
    }
}
