using Dsp.Access;
using Dsp.Interop.Pcf;
using Dsp.Records;

namespace Dsp.Server.Fhir;

/// <summary>From a choice that a Consent asks for to the act that makes, changes or ends it: the acts of portal and /api, and no other.</summary>
internal sealed class ConsentActs(
    AddToCircle addToCircle, RemoveFromCircle removeFromCircle, BlockFromRecord block, Unblock unblock, MaskItem mask, Unmask unmask,
    ObjectToDeposit objectTo, WithdrawObjection withdraw, AllowCountry allow, ForbidCountry forbid, CloseRecord close, ReopenRecord reopen)
{
    /// <returns>The id of the choice; the same choice again answers the first.</returns>
    public async Task<Outcome<Guid>> MakeAsync(Caller caller, RecordId record, WantedChoice wanted, CancellationToken cancel)
    {
        if (wanted.Ended) return Refusals.ConsentFixed.Because("A choice that has ended is not made. Send it with status active.").At("Consent.status");
        var made = wanted.Kind switch
        {
            ChoiceKind.Circle => await addToCircle.RunAsync(caller, record, wanted.Actor, wanted.Until, cancel),
            ChoiceKind.Block => await block.RunAsync(caller, record, wanted.Actor, wanted.AcknowledgedRisk, cancel),
            ChoiceKind.Mask => await mask.RunAsync(caller, record, wanted.Document!.Value, wanted.FromEveryone ? MaskFrom.Everyone(wanted.Except) : MaskFrom.One(wanted.Actor), wanted.AcknowledgedRisk, cancel),
            ChoiceKind.Objection => await objectTo.RunAsync(caller, record, ObjectionOf(wanted), wanted.AcknowledgedRisk, cancel),
            ChoiceKind.Country => await allow.RunAsync(caller, record, wanted.Country!, cancel),
            _ => Refusals.ConsentFixed.Because("A record has one general choice. Change it by update.").At("Consent.policy"),
        };
        return Told(made, caller);
    }

    /// <summary>Only the end of a circle and the answer of the general choice can change; everything can end.</summary>
    public async Task<Outcome<Done>> ChangeAsync(Caller caller, KnownChoice known, WantedChoice wanted, CancellationToken cancel)
    {
        var (record, choice) = (known.Of.Record, known.Version.Choice);
        if (!wanted.IsAbout(choice)) return Refusals.ConsentFixed.At("Consent.provision");
        if (wanted.Ended) return choice.EndedAt is null ? await EndAsync(caller, known, cancel) : new Done();
        if (choice.EndedAt is not null) return Refusals.ConsentFixed.Because("A choice that was taken back does not come back. Make another.").At("Consent.status");
        if (choice.Kind == ChoiceKind.General) return await AnswerAsync(caller, known, wanted, cancel);
        if (choice.Kind != ChoiceKind.Circle || wanted.EndsLike(choice)) return new Done();
        var prolonged = await addToCircle.RunAsync(caller, record, wanted.Actor, wanted.Until, cancel, m => m?.Id == choice.Id && m.EndsAt == choice.Until);
        return Told(prolonged, caller) is { Succeeded: false, Refusal: var refusal } ? refusal : new Done();
    }

    public async Task<Outcome<Done>> EndAsync(Caller caller, KnownChoice known, CancellationToken cancel)
    {
        var (record, choice) = (known.Of.Record, known.Version.Choice);
        if (choice.EndedAt is not null) return new Done();
        return Told(choice.Kind switch
        {
            ChoiceKind.Circle => await removeFromCircle.RunAsync(caller, record, choice.Id, cancel),
            ChoiceKind.Block => await unblock.RunAsync(caller, record, choice.Id, cancel),
            ChoiceKind.Mask => await unmask.RunAsync(caller, record, choice.Id, cancel),
            ChoiceKind.Objection => await withdraw.RunAsync(caller, record, choice.Id, cancel),
            ChoiceKind.Country => await forbid.RunAsync(caller, record, choice.Id, cancel),
            _ => Refusals.ConsentFixed.Because("The general choice does not end: an update closes the record (deny) or reopens it (permit).").At("Consent.status"),
        }, caller);
    }

    /// <summary>The general choice: deny closes, permit reopens; what already is so stays.</summary>
    private async Task<Outcome<Done>> AnswerAsync(Caller caller, KnownChoice known, WantedChoice wanted, CancellationToken cancel)
    {
        var (choice, waits) = (known.Version.Choice, known.Version.Choice.WaitsAt(known.Of.At));
        // The end of the waiting, sent back as it was read, changes nothing; no other end can be kept.
        if (wanted.Until is { } until)
            return waits && wanted.Denied && choice.OpensAt is { } opens && Instants.Text(opens) == Instants.Text(until) ? new Done() : Refusals.ConsentInexact.Because("A record is closed until it is reopened (RGD 6.12.2019 art. 4).").At("Consent.provision.period.end");
        if (wanted.Denied == choice.Closed is not null && !waits) return new Done();
        // Nobody but the holder, by activating the account, shortens the waiting; before the letter there is nothing to close.
        if (waits && (!wanted.Denied || choice.LetterDue)) return Refusals.StateForbids;
        var record = new RecordRef.ById(known.Of.Record);
        var done = wanted.Denied ? await close.RunAsync(caller, record, cancel, wanted.AcknowledgedRisk) : await reopen.RunAsync(caller, record, cancel);
        return Told(done, caller) is { Succeeded: false, Refusal: var refusal } ? refusal : new Done();
    }

    private static ObjectionTo ObjectionOf(WantedChoice wanted) =>
        new() { Order = wanted.Order, Author = wanted.Person, Institution = wanted.Institution, Category = wanted.Category, From = wanted.From, To = wanted.To };

    /// <summary>The gate says that a scope is missing; which one, and where it is to be had, is said here.</summary>
    private static Outcome<T> Told<T>(Outcome<T> outcome, Caller caller) =>
        !outcome.Succeeded && outcome.Refusal.Id == Refusals.ScopeMissing.Id && !caller.MayAct ? Refusals.ActsNotGranted : outcome;
}
