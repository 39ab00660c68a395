using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// A collectivité de santé registers that a patient entered: 45 days for its members, each within the own profession's
/// rights (RGD 6.12.2019 annex 1(3)). By its system, or by a member through its attested program. The same admission
/// registered again answers as the first time.
/// </summary>
public sealed class RegisterAdmission(AccessGate gate, TimeProvider clock) : IOperation
{
    public Task<Outcome<OpenedCareContext>> RunAsync(Caller caller, RecordRef record, string? admission, CancellationToken cancel) =>
        gate.ActAsync<OpenedCareContext>(new AccessRequest(caller, record, AccessAction.RegisterAdmission, JournalActions.OpenContext) { Detail = admission }, async permit =>
        {
            var place = CareContexts.PlaceOf(permit)!.Value;
            // What the holder ended does not begin anew under the same number.
            if (admission is not null && CareContexts.OfAdmission(permit.Sheet, place, admission)?.RevokedAt is not null) return Refusals.NotFound;
            var known = permit.Sheet.Contexts.FirstOrDefault(c => c.Kind == CareContextKind.Institution && c.Institution == place && c.IsValidAt(permit.Now) && c.Admission == admission);
            if (known is not null)
            {
                permit.Entry = permit.Entry with { Context = "institution", ContextId = known.Id };
                await permit.SpendAsync(new Batch(), cancel);
                return CareContexts.Opened(permit, known);
            }
            var context = new CareContext(Ids.New(clock), CareContextKind.Institution, null, place, permit.Now, permit.Now + Deadlines.InstitutionContext,
                Admission: admission, SelfOpened: permit.Caller.Kind == CallerKind.Professional)
            {
                Name = permit.Facts.Actor.Professional?.Name,
                InstitutionName = permit.Facts.Actor.Institution?.Name,
            };
            var batch = new Batch();
            RelationHints.Begin(batch, place.Value, permit.Record, context.Id, context.StartsAt, context.EndsAt);
            permit.Entry = permit.Entry with { Context = "institution", ContextId = context.Id };
            var next = permit.Sheet with { Contexts = CareContexts.With(permit, context) };
            await permit.ChangeSheetAsync(next, batch, cancel);
            return CareContexts.Opened(permit, context);
        }, cancel);
}
