using Dsp.Codes;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>What the holder objects to before it is deposited; every given part must match.</summary>
public sealed record ObjectionTo
{
    /// <summary>The order whose result is meant.</summary>
    public string? Order { get; init; }
    public PersonId? Author { get; init; }
    public InstitutionId? Institution { get; init; }
    public DataCategory? Category { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }

    internal bool IsEmpty => Order is null && Author is null && Institution is null && Category is null;
}

/// <summary>
/// The holder objects to a deposit during care (RGD 6.12.2019 art. 6(3) al. 2), in person, or through a professional who has
/// a relation and writes the wish down.
/// </summary>
public sealed class ObjectToDeposit(AccessGate gate, TimeProvider clock) : IOperation
{
    /// <returns>The id of the objection.</returns>
    public async Task<Outcome<Guid>> RunAsync(Caller caller, RecordId record, ObjectionTo to, string? acknowledgedRisk, CancellationToken cancel)
    {
        if (to.IsEmpty) return Refusals.MissingMetadata.Because("Say what must not be deposited: the order, the author, the institution or the category.").At("order");
        if (to.To < to.From) return Refusals.InvalidMetadata.Because("The end of the period lies before its beginning.").At("to");
        return await gate.ActAsync<Guid>(Wishes.Request(caller, record, JournalActions.ObjectToDeposit), async permit =>
        {
            var objection = new DepositObjection(Ids.New(clock), to.Order, to.Author, to.Institution, to.Category, to.From, to.To, permit.Now);
            permit.Entry = Wishes.Entry(permit, Acts.Detail(to.Category?.ToString(), to.Order, acknowledgedRisk));
            await permit.ChangeSheetAsync(permit.Sheet with { Objections = [.. permit.Sheet.Objections, objection] }, new Batch(), cancel);
            return objection.Id;
        }, cancel);
    }
}

/// <summary>The holder takes an objection back.</summary>
public sealed class WithdrawObjection(AccessGate gate) : IOperation
{
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, Guid objection, CancellationToken cancel) =>
        gate.ManageAsync<Done>(caller, record, JournalActions.WithdrawObjection, async permit =>
        {
            if (permit.Sheet.Objections.All(o => o.Id != objection)) return Refusals.NotFound;
            await permit.ChangeSheetAsync(permit.Sheet with { Objections = [.. permit.Sheet.Objections.Where(o => o.Id != objection)] }, new Batch(), cancel);
            return new Done();
        }, cancel);
}

/// <summary>The holder asks a professional for a deposit; it is due within 15 days (RGD 6.12.2019 art. 9(2)).</summary>
public sealed class RequestDeposit(AccessGate gate, Database database, Dsp.Sealing.ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="what">In the holder's words.</param>
    public async Task<Outcome<DepositRequest>> RunAsync(Caller caller, RecordId record, PersonId professional, string what, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(what)) return Refusals.MissingMetadata.Because("Say what is asked for.").At("what");
        var name = await ActorRef.Of(professional).NameAsync(database, keys, cancel);
        return await gate.ActAsync<DepositRequest>(Wishes.Request(caller, record, JournalActions.RequestDeposit), async permit =>
        {
            if (name is null) return ActorRef.NotListed;
            var asked = new DepositRequest(Ids.New(clock), professional, what, permit.Now, permit.Now + Deadlines.DepositOnRequest);
            permit.Entry = Wishes.Entry(permit, Acts.Detail(name, what));
            await permit.ChangeSheetAsync(permit.Sheet with { Requests = [.. permit.Sheet.Requests, asked] }, new Batch(), cancel);
            return asked;
        }, cancel);
    }
}

file static class Wishes
{
    /// <summary>The holder changes rights; a professional writes the wish down and must have a relation.</summary>
    public static AccessRequest Request(Caller caller, RecordId record, string journalAction) =>
        new(caller, new RecordRef.ById(record), caller.Kind == CallerKind.Person ? AccessAction.ManageRights : AccessAction.RecordWish, journalAction);

    public static JournalEntry Entry(Permit permit, string detail) =>
        permit.Entry with { Detail = detail, OnBehalfOf = permit.Facts.IsHolder ? permit.Entry.OnBehalfOf : permit.Sheet.Holder };
}
