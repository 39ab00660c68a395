using System.Globalization;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Why the holder does not recognise an access: chosen, never written, so that no word about care reaches the agency.</summary>
public enum QuestionReason
{
    /// <summary>The person or place is unknown to the holder.</summary>
    Unknown,
    /// <summary>The holder was not in their care at that time.</summary>
    NotInCare,
    /// <summary>The holder did not want this person to look.</summary>
    NotWanted,
}

/// <summary>
/// « Je ne reconnais pas cet accès »: the holder questions one line of the access history. A case for the agency's reviewer
/// waits in the outbox from the same commit on, by ids and without content; the journal keeps that it was asked.
/// </summary>
public sealed class QuestionAccess(AccessGate gate, Database database, ServiceKeys keys, JournalWriter journal) : IOperation
{
    private const string Line = "SELECT b.sealed FROM journal_bodies b WHERE b.record_id = @record AND b.entry_id = @entry";

    /// <param name="callBack">The holder wishes to be called.</param>
    /// <returns>The case's number for the holder and the helpdesk. The same line again answers the same case, which stays as it was.</returns>
    public async Task<Outcome<string>> RunAsync(Caller caller, RecordId record, Guid entry, QuestionReason reason, bool callBack, CancellationToken cancel) =>
        await gate.ActAsync<string>(new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ReadHistory, JournalActions.QuestionAccess), async permit =>
        {
            if (!permit.Facts.IsHolder) return Refusals.RoleMayNot;
            var rows = await database.QueryAsync(row => row.Bytes(0), Line, cancel, ("record", record), ("entry", entry));
            if (rows.Count == 0) return Refusals.NotFound;
            var line = CanonicalEntry.Read(journal.Open(record, entry, rows[0], permit.Key).Canonical);
            var review = new OutboxMessage(Outbox.IdFor(keys, NoticeKind.AccessQuestioned, record.ToString(), Ids.Text(entry)), OutboxChannel.Review, null, record, NoticeKind.AccessQuestioned, permit.Now)
            {
                Values = new Dictionary<string, string>
                {
                    ["entry"] = Ids.Text(entry), ["at"] = Instants.Text(line.At), ["action"] = line.Action, ["person"] = line.Person?.ToString() ?? "",
                    ["institution"] = line.Institution?.ToString() ?? "", ["reason"] = reason.ToString(), ["callBack"] = callBack ? "yes" : "no",
                },
            };
            var number = ReviewCase.NumberOf(review.Id);
            permit.Entry = permit.Entry with { Detail = Acts.Detail(number, reason.ToString(), Ids.Text(entry)) };
            var batch = new Batch();
            Outbox.Add(batch, keys, review);
            await permit.SpendAsync(batch, cancel);
            return number;
        }, cancel);
}

/// <summary>What waits for the agency's reviewer: a self-opened emergency, or a line of the history that its holder questions.</summary>
/// <param name="Values">Ids, instants and chosen reasons; no content.</param>
public sealed record ReviewCase(Guid Id, NoticeKind Kind, RecordId? Record, DateTimeOffset Since, IReadOnlyDictionary<string, string> Values)
{
    public string Number => NumberOf(Id);

    /// <summary>Eight hexadecimal digits in two groups, to be read out.</summary>
    internal static string NumberOf(Guid id) =>
        string.Create(CultureInfo.InvariantCulture, $"{id.ToString("N")[..4]}-{id.ToString("N")[4..8]}").ToUpperInvariant();
}

/// <summary>Lists the open cases, oldest first.</summary>
public sealed class ListReviewCases(Outbox outbox) : IOperation
{
    public async Task<IReadOnlyList<ReviewCase>> RunAsync(CancellationToken cancel) =>
        [.. (await outbox.CasesAsync(cancel)).Select(m => new ReviewCase(m.Id, m.Kind, m.Record, m.DueAt, m.Values))];
}

/// <summary>Takes a case off the list once it was answered.</summary>
public sealed class SettleReviewCase(Outbox outbox, TimeProvider clock) : IOperation
{
    /// <returns>Refused where no open case has this number.</returns>
    public async Task<Outcome<Done>> RunAsync(string number, CancellationToken cancel)
    {
        var waiting = await outbox.CasesAsync(cancel);
        if (waiting.FirstOrDefault(m => string.Equals(ReviewCase.NumberOf(m.Id), number, StringComparison.OrdinalIgnoreCase)) is not { } found) return Refusals.NotFound;
        await outbox.SentAsync(found.Id, clock.Now(), cancel);
        return new Done();
    }
}
