using System.Globalization;
using System.Security.Cryptography;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Journal;

/// <summary>An event that waits to be sent.</summary>
/// <param name="Entry">What of the entry leaves; null where the row is not what was sealed.</param>
public sealed record WaitingAudit(Guid Id, JournalEntry? Entry);

/// <summary>
/// Events on their way to a collector outside (ITI-20): a row in the commit of each journal entry, only where a collector is
/// configured, deleted when its end has answered. A row holds what leaves and no more (<see cref="Outward"/>), sealed under the
/// installation's key: no job can open a record's own journal, and none needs to.
/// </summary>
public sealed class AuditFeed(Database database, ServiceKeys keys)
{
    private const string Table = "audit_feed";
    private const int Together = 25;

    internal static readonly string[] Columns = ["entry_id", "written_at", "sealed"];

    internal static void Add(Batch batch, ServiceKeys keys, JournalEntry entry) =>
        batch.Add("INSERT INTO audit_feed (entry_id, written_at, sealed) VALUES (@entry, @at, @sealed)", ("entry", entry.Id), ("at", entry.At), ("sealed", Seal(keys, entry)));

    internal static byte[] Seal(ServiceKeys keys, JournalEntry entry) => keys.SealNobody(Table, entry.Id, CanonicalEntry.Write(Outward(entry)));

    /// <summary>The oldest that wait, by their ids.</summary>
    public async Task<IReadOnlyList<WaitingAudit>> NextAsync(int most, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => (Id: row.Guid(0), Sealed: row.Bytes(1)), "SELECT entry_id, sealed FROM audit_feed ORDER BY entry_id LIMIT @most", cancel, ("most", (long)most));
        return [.. rows.Select(r => new WaitingAudit(r.Id, Open(r.Id, r.Sealed)))];
    }

    /// <summary>Since when the oldest waits; null where nothing does.</summary>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancel) =>
        await database.QueryAsync(row => row.Instant(0), "SELECT written_at FROM audit_feed ORDER BY entry_id LIMIT 1", cancel) is [var oldest] ? oldest : null;

    /// <summary>Removes what was answered for, while the lease holds: who lost it removes nothing, and another sends it again.</summary>
    /// <exception cref="SheetChangedException">The lease was lost.</exception>
    public async Task SentAsync(Lease lease, IReadOnlyList<Guid> ids, CancellationToken cancel)
    {
        var batch = lease.Hold(new Batch());
        var at = 0;
        for (; at + Together <= ids.Count; at += Together) batch.Add(DeleteMany, [.. Enumerable.Range(0, Together).Select(i => ("e" + i.ToString(CultureInfo.InvariantCulture), (object?)ids[at + i]))]);
        for (; at < ids.Count; at++) batch.Add("DELETE FROM audit_feed WHERE entry_id = @entry", ("entry", ids[at]));
        await database.CommitAsync(batch, cancel);
    }

    private static readonly string DeleteMany = $"DELETE FROM audit_feed WHERE entry_id IN ({string.Join(", ", Enumerable.Range(0, Together).Select(i => "@e" + i.ToString(CultureInfo.InvariantCulture)))})";

    /// <summary>
    /// What of an entry leaves the installation (decision 0016): who, when, which act, on which record and documents, with which
    /// outcome. Not: what was searched for, the words of a detail, the rule a record decided by, the names of holders and relatives, and which
    /// right a holder changed about whom.
    /// </summary>
    public static JournalEntry Outward(JournalEntry entry)
    {
        var rights = AboutRights.Contains(entry.Action);
        return entry with
        {
            Action = rights ? Rights : entry.Action,
            PersonName = entry.Profession is null or "holder" or "representative" or "proxy" ? null : entry.PersonName,
            Documents = rights ? [] : entry.Documents,
            Query = entry.Action == JournalActions.SearchText ? null : AuditQueryText.Outward(entry.Query),
            Context = rights ? null : entry.Context,
            ContextId = null,
            Rule = entry.Record == RecordId.None && !rights ? entry.Rule : "",
            Detail = entry.Action == JournalActions.Operate ? entry.Detail : null,
            SheetVersion = null,
        };
    }

    /// <summary>The one name under which acts on rights leave.</summary>
    public const string Rights = "rights";

    private static readonly HashSet<string> AboutRights = new(StringComparer.Ordinal)
    {
        JournalActions.CreateCode, JournalActions.RedeemCode, JournalActions.AddToCircle, JournalActions.RemoveFromCircle, JournalActions.Block, JournalActions.Unblock, JournalActions.Mask, JournalActions.Unmask,
        JournalActions.ObjectToDeposit, JournalActions.WithdrawObjection, JournalActions.RequestDeposit, JournalActions.SetVisibility, JournalActions.Classify, JournalActions.Representative, JournalActions.ReferringDoctor,
        JournalActions.Activate, JournalActions.Object, JournalActions.Close, JournalActions.Reopen, JournalActions.QuestionAccess, JournalActions.AskDecision,
    };

    private JournalEntry? Open(Guid id, byte[] bytes)
    {
        try
        {
            return CanonicalEntry.Read(keys.OpenNobody(Table, id, bytes));
        }
        catch (Exception e) when (e is SealBrokenException or CryptographicException or InvalidDataException)
        {
            return null;
        }
    }
}
