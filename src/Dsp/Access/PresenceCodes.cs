using System.Security.Cryptography;
using Dsp.Codes;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>What the holder is shown once; the platform keeps keyed hashes only.</summary>
/// <param name="Code">Eight symbols to be said or typed, with the patient's number.</param>
/// <param name="QrToken">128 bits for a QR code; says nothing about anybody. The QR's address carries the record's id beside it.</param>
/// <param name="ExpiresAt">Redeemable until then; ten minutes.</param>
/// <param name="Days">How long the access it opens will last.</param>
public sealed record CreatedPresenceCode(Guid Id, RecordId Record, string Code, string QrToken, DateTimeOffset ExpiresAt, int Days);

/// <summary>
/// The holder makes a code for the professional at hand (RGD 6.12.2019 annex 1(3): communication of an identifier). One use,
/// ten minutes, 1 to 15 days of access, narrowed to categories where the holder says so.
/// </summary>
public sealed class CreatePresenceCode(AccessGate gate, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    private const int MostOutstanding = 20;

    /// <param name="record">Null: the caller's own record.</param>
    /// <param name="days">1 to 15; null: 15, the legal maximum.</param>
    /// <param name="categories">Null: what the matrix allows.</param>
    public async Task<Outcome<CreatedPresenceCode>> RunAsync(Caller caller, RecordId? record, int? days, IReadOnlyList<DataCategory>? categories, CancellationToken cancel)
    {
        var most = (int)Deadlines.IndividualContextMaximum.TotalDays;
        if (days is < 1 || days > most)
            return Refusals.InvalidMetadata.Because($"A presence code opens access for 1 to {most} days (RGD 6.12.2019 annex 1(3)).").At("days");
        if (categories is { Count: 0 })
            return Refusals.InvalidMetadata.Because("Name at least one category, or none at all for what the law allows.").At("categories");
        var reference = record is { } r ? new RecordRef.ById(r) : await Acts.OwnRecordAsync(database, caller, cancel);
        return await gate.ActAsync<CreatedPresenceCode>(new AccessRequest(caller, reference, AccessAction.ManageRights, JournalActions.CreateCode), async permit =>
        {
            var (code, qr) = (PresenceCodeText.NewCode(), PresenceCodeText.NewQrToken());
            var made = new PresenceCode(Ids.New(clock), keys.CodeToken(permit.Record, code), permit.Now, permit.Now + Deadlines.PresenceCodeLife, days ?? most, categories, keys.CodeToken(permit.Record, qr));
            // Expired codes go; a holder who presses the button again and again keeps the newest.
            var codes = permit.Sheet.Codes.Where(c => c.ExpiresAt > permit.Now).TakeLast(MostOutstanding - 1).Append(made);
            await permit.ChangeSheetAsync(permit.Sheet with { Codes = [.. codes] }, new Batch(), cancel);
            return new CreatedPresenceCode(made.Id, permit.Record, code, qr, made.ExpiresAt, made.Days);
        }, cancel);
    }
}

/// <summary>Symbols of presence codes: 32 that are not taken for one another (no 0, 1, I, O).</summary>
internal static class PresenceCodeText
{
    public const string Symbols = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int CodeLength = 8;
    private const int QrBytes = 16;

    public static string NewCode() => RandomNumberGenerator.GetString(Symbols, CodeLength);

    public static string NewQrToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(QrBytes));

    /// <summary>As typed: case, spaces and hyphens do not matter in a code.</summary>
    public static string Normalised(string typed)
    {
        var text = string.Concat(typed.Where(c => !char.IsWhiteSpace(c) && c != '-'));
        return text.Length == CodeLength ? text.ToUpperInvariant() : text.ToLowerInvariant();
    }
}
