using Dsp.Access;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>What every closing does, whoever asks: the sheet is archived as it is, the holder gets a confirmation, a referring function ends.</summary>
internal static class Closing
{
    /// <returns>The closed sheet; the batch holds the notices and what ends with the record's openness.</returns>
    public static AccessSheet Apply(Permit permit, Batch batch, ServiceKeys keys, TimeProvider clock, ClosureReason reason, PersonId? by, string? note)
    {
        var sheet = permit.Sheet;
        var next = sheet with { State = RecordState.Closed, Closure = new Closure(permit.Now, reason, sheet.StateAt(permit.Now), by, note) };
        if (reason != ClosureReason.Death)
            RecordNotices.Tell(permit, batch, keys, NoticeKind.Closed, new Dictionary<string, string> { ["reason"] = reason.ToString(), ["until"] = Instants.Text(next.Closure.DestroyFrom) }, Ids.New(clock));
        return EndReferring(permit, batch, keys, clock, next, reason);
    }

    /// <summary>Closing ends the referring function on the first of the next month; patient, doctor and health fund are told (RGD 15.11.2011 art. 2). Death ends it at once.</summary>
    private static AccessSheet EndReferring(Permit permit, Batch batch, ServiceKeys keys, TimeProvider clock, AccessSheet next, ClosureReason reason)
    {
        if (next.Referring is not { } referring || (referring.Until is { } ended && ended <= permit.Now)) return next;
        var until = reason == ClosureReason.Death ? permit.Now : Deadlines.StartOf(Deadlines.FirstOfNextMonth(permit.Now));
        var values = new Dictionary<string, string> { ["person"] = referring.Name, ["until"] = Instants.Text(until) };
        if (reason != ClosureReason.Death) RecordNotices.Tell(permit, batch, keys, NoticeKind.ReferringDoctorEnded, values, Ids.New(clock));
        Outbox.Add(batch, keys, new OutboxMessage(Ids.New(clock), OutboxChannel.Neutral, referring.Person, permit.Record, NoticeKind.ReferringDoctorEnded, permit.Now));
        Outbox.Add(batch, keys, new OutboxMessage(Ids.New(clock), OutboxChannel.HealthFund, null, permit.Record, NoticeKind.ReferringDoctorEnded, permit.Now)
        {
            Values = new Dictionary<string, string>(values) { ["holder"] = permit.Sheet.Holder.ToString(), ["doctor"] = referring.Person.ToString() },
        });
        return next with { Referring = referring with { Until = until } };
    }
}
