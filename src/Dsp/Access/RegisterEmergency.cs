using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// An emergency department registers a patient. By its attested system: 24 h and 15 days (RGD 6.12.2019 annex 1(3)). By a
/// listed member alone: at most 24 h, with a reason, and always reviewed. The holder is told of both. A blocked, closed or
/// absent record answers alike: care without waiting for it.
/// </summary>
public sealed class RegisterEmergency(AccessGate gate, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="admission">The department's number for this visit; a system always has one.</param>
    /// <param name="reason">Why; required of a member.</param>
    public async Task<Outcome<OpenedCareContext>> RunAsync(Caller caller, RecordRef record, string? admission, string? reason, CancellationToken cancel)
    {
        var self = caller.Kind == CallerKind.Professional;
        if (self && string.IsNullOrWhiteSpace(reason))
            return Refusals.MissingMetadata.Because("Say why: the reason is kept, shown to the patient and reviewed.").At("reason");
        var request = new AccessRequest(caller, record, AccessAction.RegisterEmergency, JournalActions.OpenContext) { Detail = Acts.Detail(admission, reason) };
        return await gate.ActAsync<OpenedCareContext>(request, async permit =>
        {
            var life = self ? Deadlines.SelfOpenedEmergency : Deadlines.EmergencyContext;
            var place = CareContexts.PlaceOf(permit)!.Value;
            var context = new CareContext(Ids.New(clock), CareContextKind.Emergency, self ? caller.Person : null, place, permit.Now, permit.Now + life, Admission: admission, SelfOpened: self)
            {
                Name = permit.Facts.Actor.Professional?.Name,
                InstitutionName = permit.Facts.Actor.Institution?.Name,
            };
            var batch = new Batch();
            RelationHints.Begin(batch, place.Value, permit.Record, context.Id, context.StartsAt, context.EndsAt);
            HolderNotices.Tell(batch, permit, keys, Ids.New(clock), self ? NoticeKind.EmergencySelfOpened : NoticeKind.EmergencyRegistered,
                ("person", context.Name), ("institution", context.InstitutionName), ("reason", reason), ("until", Instants.Text(context.EndsAt)));
            if (self) HolderNotices.AskForReview(batch, permit, keys, Ids.New(clock), context);
            permit.Entry = permit.Entry with { Context = "emergency", ContextId = context.Id };
            var next = permit.Sheet with { Contexts = CareContexts.With(permit, context) };
            await permit.ChangeSheetAsync(next, batch, cancel);
            return CareContexts.Opened(permit, context);
        }, cancel);
    }
}
