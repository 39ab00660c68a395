using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The institution prolongs its context while the patient's presence is prolonged, by 30 days at a time (RGD 6.12.2019 annex
/// 1(3)). A renewal in advance is refused: never are more than 75 days open.
/// </summary>
public sealed class RenewCareContext(AccessGate gate, Database database, ServiceKeys keys) : IOperation
{
    public async Task<Outcome<OpenedCareContext>> RunAsync(Caller caller, Guid context, CancellationToken cancel)
    {
        var record = await CallersContext.RecordOfAsync(database, keys, caller, context, cancel);
        return await gate.ActAsync<OpenedCareContext>(new AccessRequest(caller, record, AccessAction.RegisterContext, JournalActions.RenewContext), async permit =>
        {
            var found = permit.Sheet.Contexts.FirstOrDefault(c => c.Id == context);
            if (found is null || !CareContexts.Belongs(permit, found)) return Refusals.NotFound;
            if (found.Kind != CareContextKind.Institution || !found.IsValidAt(permit.Now) || found.EndsAt - permit.Now > Deadlines.InstitutionContext)
                return Refusals.StateForbids.Because("Only an open context of an institution is renewed, and not in advance.");
            var renewed = found with { EndsAt = found.EndsAt + Deadlines.InstitutionRenewal, Renewals = found.Renewals + 1 };
            var batch = new Batch();
            RelationHints.Move(batch, permit.Record, context, renewed.EndsAt);
            permit.Entry = permit.Entry with { Context = "institution", ContextId = context };
            await permit.ChangeSheetAsync(permit.Sheet with { Contexts = CareContexts.Replaced(permit.Sheet, renewed) }, batch, cancel);
            return CareContexts.Opened(permit, renewed);
        }, cancel);
    }
}

/// <summary>
/// Ends a care context. The professional or the institution registers the end of care: deposits stay possible for 15 days
/// (art. 9(3)). The holder revokes: nothing stays possible, from that instant.
/// </summary>
public sealed class EndCareContext(AccessGate gate, Database database, ServiceKeys keys) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, Guid context, CancellationToken cancel)
    {
        var holder = caller.Kind == CallerKind.Person;
        var record = await CallersContext.RecordOfAsync(database, keys, caller, context, cancel);
        var action = holder ? AccessAction.ManageRights : AccessAction.RegisterContext;
        return await gate.ActAsync<Done>(new AccessRequest(caller, record, action, JournalActions.EndContext), async permit =>
        {
            var found = permit.Sheet.Contexts.FirstOrDefault(c => c.Id == context);
            if (found is null || !(holder || CareContexts.Belongs(permit, found))) return Refusals.NotFound;
            var batch = new Batch();
            permit.Entry = permit.Entry with { Context = Relation.NameOf(found.Kind), ContextId = context, Detail = Acts.Detail(found.Name, found.InstitutionName) };
            var ended = holder
                ? found with { RevokedAt = found.RevokedAt ?? permit.Now }
                // What has ended by itself ended then: the tail does not begin anew.
                : found.IsValidAt(permit.Now) ? found with { EndedAt = permit.Now } : found;
            if (ended == found)
            {
                await permit.SpendAsync(batch, cancel);
                return new Done();
            }
            RelationHints.Remove(batch, permit.Record, context);
            await permit.ChangeSheetAsync(permit.Sheet with { Contexts = CareContexts.Replaced(permit.Sheet, ended) }, batch, cancel);
            return new Done();
        }, cancel);
    }
}

/// <summary>Finds the record of a context that the caller names by its id alone.</summary>
internal static class CallersContext
{
    public static async Task<RecordRef> RecordOfAsync(Database database, ServiceKeys keys, Caller caller, Guid context, CancellationToken cancel)
    {
        var institution = caller.Institution;
        if (caller is { Kind: CallerKind.System, System: { } system })
        {
            var rows = await database.QueryAsync(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s WHERE s.system_id = @system", cancel, ("system", system));
            institution = rows.Count > 0 ? rows[0]?.Institution : null;
        }
        return await RelationHints.RecordOfAsync(database, caller, institution, context, cancel);
    }
}
