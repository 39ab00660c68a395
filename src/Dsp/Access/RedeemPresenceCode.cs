using System.Security.Cryptography;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>A care context that was opened or prolonged.</summary>
public sealed record OpenedCareContext(Guid Id, RecordId Record, CareContextKind Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>
/// A professional redeems the code a patient gave: an individual context, bound to this person at this place. Whatever is
/// wrong (code, patient, record closed or blocked), the answer is the same; the journal keeps the true reason. Failures count
/// per redeemer: five an hour, twenty a day.
/// </summary>
public sealed class RedeemPresenceCode(AccessGate gate, Database database, JournalWriter journal, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private const int MostPerHour = 5;
    private const int MostPerDay = 20;

    public async Task<Outcome<OpenedCareContext>> RunAsync(Caller caller, RecordRef record, string code, CancellationToken cancel)
    {
        if (caller is not { Kind: CallerKind.Professional, Person: { } redeemer })
        {
            // Systems and holders redeem nothing; the rules about the caller say so and journal it.
            var action = caller.Kind == CallerKind.System ? AccessAction.ManageRights : AccessAction.RegisterContext;
            return (await gate.EnterAsync(new AccessRequest(caller, new RecordRef.Nobody(), action, JournalActions.RedeemCode), cancel)).Refusal!;
        }
        var attempt = Ids.New(clock);
        if (!await MayTryAsync(redeemer, attempt, cancel))
        {
            await JournalTooManyAsync(caller, cancel);
            return Refusals.TooManyAttempts;
        }
        var outcome = await gate.ActAsync<OpenedCareContext>(new AccessRequest(caller, record, AccessAction.RegisterContext, JournalActions.RedeemCode),
            permit => RedeemAsync(permit, redeemer, attempt, code, cancel), cancel);
        if (outcome.Refusal is not { } refusal) return outcome;
        if (refusal.Kind == RefusalKind.NotFound) return Refusals.CodeRefused;
        // What is wrong with the caller, or a race, is no failed code.
        if (refusal != Refusals.CodeRefused) await ForgetAsync(redeemer, attempt, cancel);
        return refusal;
    }

    private async Task<Outcome<OpenedCareContext>> RedeemAsync(Permit permit, PersonId redeemer, Guid attempt, string code, CancellationToken cancel)
    {
        var token = keys.CodeToken(permit.Record, PresenceCodeText.Normalised(code));
        PresenceCode? found = null;
        // Every code is compared, so that the time says nothing.
        foreach (var candidate in permit.Sheet.Codes)
        {
            var fits = CryptographicOperations.FixedTimeEquals(candidate.Token, token) | CryptographicOperations.FixedTimeEquals(candidate.QrToken ?? candidate.Token, token);
            if (fits && candidate.ExpiresAt > permit.Now) found = candidate;
        }
        if (found is null) return Refusals.CodeRefused;

        var context = new CareContext(Ids.New(clock), CareContextKind.Individual, redeemer, permit.Caller.Institution, permit.Now, permit.Now + TimeSpan.FromDays(found.Days), found.Categories)
        {
            Name = permit.Facts.Actor.Professional?.Name,
            InstitutionName = permit.Facts.Actor.Institution?.Name,
        };
        var batch = new Batch();
        AddForget(batch, redeemer, attempt);
        RelationHints.Begin(batch, redeemer.Value, permit.Record, context.Id, context.StartsAt, context.EndsAt);
        var next = permit.Sheet with { Contexts = CareContexts.With(permit, context), Codes = [.. permit.Sheet.Codes.Where(c => c.Id != found.Id && c.ExpiresAt > permit.Now)] };
        permit.Entry = permit.Entry with { Context = "individual", ContextId = context.Id };
        await permit.ChangeSheetAsync(next, batch, cancel);
        return CareContexts.Opened(permit, context);
    }

    /// <summary>
    /// The attempt counts before anything is compared, and stops counting when it succeeds: however many are sent at once, no
    /// more than the limit ever reach a code.
    /// </summary>
    private async Task<bool> MayTryAsync(PersonId redeemer, Guid attempt, CancellationToken cancel)
    {
        var now = clock.Now();
        await database.CommitAsync(new Batch()
            .Add("DELETE FROM code_failures WHERE redeemer_id = @redeemer AND failed_at <= @day", ("redeemer", redeemer), ("day", now - TimeSpan.FromDays(1)))
            .Add("INSERT INTO code_failures (redeemer_id, failure_id, failed_at) VALUES (@redeemer, @attempt, @now)", ("redeemer", redeemer), ("attempt", attempt), ("now", now)), cancel);
        var times = await database.QueryAsync(row => row.Instant(0), "SELECT failed_at FROM code_failures WHERE redeemer_id = @redeemer", cancel, ("redeemer", redeemer));
        var may = times.Count <= MostPerDay && times.Count(t => t > now - TimeSpan.FromHours(1)) <= MostPerHour;
        // An attempt that is not let through is not counted either: waiting an hour is always enough.
        if (!may) await ForgetAsync(redeemer, attempt, cancel);
        return may;
    }

    /// <summary>No record is meant: the attempt never came as far as one.</summary>
    private Task JournalTooManyAsync(Caller caller, CancellationToken cancel)
    {
        var batch = new Batch();
        journal.Add(batch, new JournalEntry
        {
            Id = Ids.New(clock), Record = RecordId.None, At = clock.Now(), Action = JournalActions.RedeemCode, Person = caller.Person, Institution = caller.Institution,
            Software = caller.Software, Permitted = false, Rule = Refusals.TooManyAttempts.Id, Call = caller.Call,
        }, null);
        return database.CommitAsync(batch, cancel);
    }

    private Task ForgetAsync(PersonId redeemer, Guid attempt, CancellationToken cancel)
    {
        var batch = new Batch();
        AddForget(batch, redeemer, attempt);
        return database.CommitAsync(batch, cancel);
    }

    private static void AddForget(Batch batch, PersonId redeemer, Guid attempt) =>
        batch.Add("DELETE FROM code_failures WHERE redeemer_id = @redeemer AND failure_id = @attempt", ("redeemer", redeemer), ("attempt", attempt));
}
