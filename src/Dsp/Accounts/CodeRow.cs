using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>What a letter's code is for.</summary>
internal enum CodePurpose
{
    /// <summary>Begins an activation, or a recovery.</summary>
    First,
    /// <summary>Opens what the first one began.</summary>
    Second,
    /// <summary>Stops it.</summary>
    Stop,
}

/// <summary>One code of a letter: one use, five tries, three months; kept as a keyed hash.</summary>
internal sealed record CodeRow(PersonId Person, Guid Id, CodePurpose Purpose, byte[] Code, Guid? IssuedBy, DateTimeOffset MadeAt, DateTimeOffset ValidFrom, DateTimeOffset EndsAt, int Tries, DateTimeOffset? UsedAt)
{
    public const string Columns = "c.person_id, c.code_id, c.purpose, c.code, c.issued_by, c.made_at, c.valid_from, c.ends_at, c.tries, c.used_at, c.mac";

    public static byte[] TokenOf(ServiceKeys keys, PersonId person, CodePurpose purpose, string typed) => keys.Token("letter-code", person.ToString(), purpose.ToString(), LetterCodes.Normalised(typed));

    public bool MayBeTriedAt(DateTimeOffset now) => UsedAt is null && now >= ValidFrom && now < EndsAt && Tries < AccountTerms.CodeTries;

    public static CodeRow? Read(Row row, ServiceKeys keys)
    {
        if (!Enum.TryParse<CodePurpose>(row.Text(2), out var purpose)) return null;
        var read = new CodeRow(new(row.Guid(0)), row.Guid(1), purpose, row.Bytes(3), row.GuidOrNull(4), row.Instant(5), row.Instant(6), row.Instant(7), row.Int(8), row.InstantOrNull(9));
        return keys.RowMacFits(row.Bytes(10), "activation_codes", read.Authenticated()) ? read : null;
    }

    /// <summary>Makes a code and its row; only the letter ever has it in clear.</summary>
    public static (CodeRow Row, string Code) New(Batch batch, ServiceKeys keys, TimeProvider clock, PersonId person, CodePurpose purpose, DateTimeOffset from, Guid? by)
    {
        var code = LetterCodes.NewForALetter();
        var row = new CodeRow(person, Ids.New(clock), purpose, TokenOf(keys, person, purpose, code), by, clock.Now(), from, Deadlines.AddMonths(from, AccountTerms.CodeMonths), 0, null);
        batch.Add(
            "INSERT INTO activation_codes (person_id, code_id, purpose, code, issued_by, made_at, valid_from, ends_at, tries, used_at, mac) VALUES (@person, @id, @purpose, @code, @by, @made, @from, @ends, 0, NULL, @mac)",
            ("person", person), ("id", row.Id), ("purpose", purpose.ToString()), ("code", row.Code), ("by", by), ("made", row.MadeAt), ("from", row.ValidFrom), ("ends", row.EndsAt), ("mac", row.Mac(keys)));
        return (row, code);
    }

    /// <summary>Replaces the row where nobody tried it meanwhile.</summary>
    public void Change(Batch batch, ServiceKeys keys, CodeRow after) =>
        batch.Add(new Statement("UPDATE activation_codes SET tries = @tries, used_at = @used, ends_at = @ends, mac = @mac WHERE person_id = @person AND code_id = @id AND tries = @before AND used_at IS NULL",
            [("tries", (long)after.Tries), ("used", after.UsedAt), ("ends", after.EndsAt), ("mac", after.Mac(keys)), ("person", Person), ("id", Id), ("before", (long)Tries)])
        { Changes = 1 });

    private byte[] Mac(ServiceKeys keys) => keys.RowMac("activation_codes", Authenticated());

    private object?[] Authenticated() => [Person.Value, Id, Purpose.ToString(), Convert.ToHexString(Code), IssuedBy, MadeAt, ValidFrom, EndsAt, (long)Tries, UsedAt];
}

/// <summary>All codes of a person.</summary>
internal static class Codes
{
    public static Slot<CodeRow?> Query(Batch batch, ServiceKeys keys, PersonId person) =>
        batch.Query(row => CodeRow.Read(row, keys), $"SELECT {CodeRow.Columns} FROM activation_codes c WHERE c.person_id = @person ORDER BY c.made_at, c.code_id", ("person", person));

    public static async Task<IReadOnlyList<CodeRow>> OfAsync(Database database, ServiceKeys keys, PersonId person, CancellationToken cancel)
    {
        var batch = new Batch();
        var slot = Query(batch, keys, person);
        await database.ReadAsync(batch, cancel);
        return [.. slot.Rows.OfType<CodeRow>()];
    }

    /// <summary>Ends what is live, and takes back the letters that have not left.</summary>
    public static void End(Batch batch, ServiceKeys keys, IEnumerable<CodeRow> codes, DateTimeOffset now)
    {
        foreach (var code in codes.Where(c => c.UsedAt is null && c.EndsAt > now))
        {
            code.Change(batch, keys, code with { EndsAt = now });
            Notices.Outbox.Withdraw(batch, code.Id);
        }
    }
}
