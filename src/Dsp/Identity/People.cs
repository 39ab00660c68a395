using System.Globalization;
using System.Text;
using System.Text.Json;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>A person to be added: the row and its look-up tokens, the unique ones apart.</summary>
internal sealed record NewPerson(PersonId Id, RecordId? Record, PersonDetails Details);

/// <summary>
/// People as they lie at rest: one sealed value per person, found only through keyed tokens (every identifier ever held; birth
/// date; family ‖ given ‖ gender folded). An identifier's token is unique, which makes one person of concurrent registrations.
/// </summary>
public sealed class People(ServiceKeys keys)
{
    private const string Columns = "p.person_id, p.record_id, p.version, p.sealed";
    private const string OfIdentifier = "identifier";

    /// <summary>Adds the query for one person to a batch; open what the slot gives with <see cref="Open"/>.</summary>
    public Slot<SealedPerson> Query(Batch batch, PersonId person) =>
        batch.Query(SealedPerson.Read, $"SELECT {Columns} FROM persons p WHERE p.person_id = @person", ("person", person));

    public Slot<SealedPerson> QueryByToken(Batch batch, byte[] token) =>
        batch.Query(SealedPerson.Read, $"SELECT {Columns} FROM person_tokens t JOIN persons p ON p.person_id = t.person_id WHERE t.token = @token AND t.kind = 'identifier'", ("token", token));

    /// <summary>At most six people with this name and birth date: a sixth says that the search was not strict enough.</summary>
    internal Slot<SealedPerson> QueryByNameAndBirth(Batch batch, string family, string given, Gender gender, PartialDate birth) =>
        batch.Query(SealedPerson.Read,
            $"""
            SELECT {Columns}
            FROM   person_tokens n
                   JOIN person_tokens b ON b.person_id = n.person_id AND b.token = @birth
                   JOIN persons p ON p.person_id = n.person_id
            WHERE  n.token = @name
            ORDER  BY p.person_id
            LIMIT  6
            """, ("name", NameToken(family, given, gender)), ("birth", BirthToken(birth)));

    /// <summary>Who was born on this day, as far as it is known so; one more than <paramref name="most"/> says that there are more.</summary>
    internal Slot<SealedPerson> QueryByBirth(Batch batch, PartialDate birth, int most) => QueryByLookUp(batch, BirthToken(birth), most);

    /// <summary>Who has this name, present or of birth; one more than <paramref name="most"/> says that there are more.</summary>
    internal Slot<SealedPerson> QueryByName(Batch batch, string family, string given, Gender gender, int most) => QueryByLookUp(batch, NameToken(family, given, gender), most);

    private static Slot<SealedPerson> QueryByLookUp(Batch batch, byte[] token, int most) =>
        batch.Query(SealedPerson.Read,
            $"""
            SELECT {Columns}
            FROM   person_tokens t JOIN persons p ON p.person_id = t.person_id
            WHERE  t.token = @token AND t.kind <> 'identifier'
            ORDER  BY p.person_id
            LIMIT  @most
            """, ("token", token), ("most", (long)most + 1));

    /// <exception cref="SealBrokenException">The row is not what was sealed.</exception>
    public Person Open(SealedPerson row) =>
        new(row.Id, row.Record, row.Version,
            JsonSerializer.Deserialize(keys.OpenIdentity("persons", row.Id.Value, row.Version, row.Bytes), PersonJson.Default.PersonDetails) ?? throw new SealBrokenException("The person is empty"));

    public async Task<Person?> FindAsync(Database database, PersonId person, CancellationToken cancel)
    {
        var batch = new Batch();
        var slot = Query(batch, person);
        await database.ReadAsync(batch, cancel);
        return slot.First is { } row ? Open(row) : null;
    }

    public async Task<Person?> FindByTokenAsync(Database database, byte[] token, CancellationToken cancel)
    {
        var batch = new Batch();
        var slot = QueryByToken(batch, token);
        await database.ReadAsync(batch, cancel);
        return slot.First is { } row ? Open(row) : null;
    }

    internal void Add(Batch batch, NewPerson person) => AddAll(batch, [person]);

    /// <summary>Unique tokens go in their own order, so that two feeds with the same people wait for each other and never for both.</summary>
    internal void AddAll(Batch batch, IReadOnlyList<NewPerson> people)
    {
        var rows = new ManyRows("persons", ["person_id", "record_id", "version", "sealed"]);
        var unique = new List<(byte[] Token, PersonId Person)>(people.Count * 2);
        var plain = TokenRows();
        foreach (var person in people)
        {
            rows.Add(person.Id, person.Record, 1L, Seal(person.Id, 1, person.Details));
            foreach (var identifier in person.Details.Identifiers) unique.Add((Identifiers.TokenOf(keys, identifier), person.Id));
            foreach (var (kind, token) in LookUps(person.Details)) plain.Add(token, person.Id, kind);
        }
        var identifiers = TokenRows();
        foreach (var (token, person) in unique.OrderBy(u => u.Token, Bytewise)) identifiers.Add(token, person, OfIdentifier);
        identifiers.AddTo(batch);
        rows.AddTo(batch);
        plain.AddTo(batch);
    }

    /// <summary>Replaces a person's value where it still has the version read; names, birth date and identifiers are re-indexed as they changed.</summary>
    /// <param name="moved">The identifiers' tokens are moved here by <see cref="Move"/>; none is added.</param>
    internal void Change(Batch batch, Person before, PersonDetails after, bool moved = false)
    {
        batch.Add(new Statement("UPDATE persons SET version = @next, sealed = @sealed WHERE person_id = @person AND version = @version",
            [("next", before.Version + 1), ("sealed", Seal(before.Id, before.Version + 1, after)), ("person", before.Id), ("version", before.Version)])
        { Changes = 1 });
        var known = before.Details.Identifiers.Select(i => (i.System, i.Value)).ToHashSet();
        var identifiers = TokenRows();
        foreach (var identifier in after.Identifiers.Where(i => !moved && !known.Contains((i.System, i.Value)))) identifiers.Add(Identifiers.TokenOf(keys, identifier), before.Id, OfIdentifier);
        identifiers.AddTo(batch);
        var old = LookUps(before.Details).ToList();
        var now = LookUps(after).ToList();
        if (old.Select(t => Convert.ToHexString(t.Token)).SequenceEqual(now.Select(t => Convert.ToHexString(t.Token)), StringComparer.Ordinal)) return;
        batch.Add("DELETE FROM person_tokens WHERE person_id = @person AND kind <> 'identifier'", ("person", before.Id));
        var plain = TokenRows();
        foreach (var (kind, token) in now) plain.Add(token, before.Id, kind);
        plain.AddTo(batch);
    }

    /// <summary>Lets identifiers lead to another person; a race with another change of them fails the batch.</summary>
    internal void Move(Batch batch, IEnumerable<PersonIdentifier> identifiers, PersonId from, PersonId to)
    {
        foreach (var token in identifiers.Select(i => Identifiers.TokenOf(keys, i)).Order(Bytewise))
            batch.Add(new Statement("UPDATE person_tokens SET person_id = @to WHERE token = @token AND person_id = @from AND kind = 'identifier'", [("to", to), ("token", token), ("from", from)]) { Changes = 1 });
    }

    /// <summary>Says which record a person has, or that there is none any more.</summary>
    internal static void SetRecord(Batch batch, PersonId person, RecordId? record, RecordId? instead) =>
        batch.Add(new Statement(instead is null
                ? "UPDATE persons SET record_id = @record WHERE person_id = @person AND record_id IS NULL"
                : "UPDATE persons SET record_id = @record WHERE person_id = @person AND record_id = @instead",
            instead is null ? [("record", record), ("person", person)] : [("record", record), ("person", person), ("instead", instead)])
        { Changes = 1 });

    private byte[] Seal(PersonId person, long version, PersonDetails details) =>
        keys.SealIdentity("persons", person.Value, version, JsonSerializer.SerializeToUtf8Bytes(details, PersonJson.Default.PersonDetails));

    private IEnumerable<(string Kind, byte[] Token)> LookUps(PersonDetails details)
    {
        if (details.MergedInto is not null) yield break;
        if (details.BirthDate is { } birth) yield return ("birth", BirthToken(birth));
        yield return ("name", NameToken(details.Family, details.Given, details.Gender));
        if (details.BirthName is { } own && Fold(own) != Fold(details.Family)) yield return ("name", NameToken(own, details.Given, details.Gender));
    }

    private byte[] BirthToken(PartialDate birth) => keys.Token("birth", birth.ToString());

    private byte[] NameToken(string family, string given, Gender gender) => keys.Token("name", Fold(family), Fold(given), gender.ToString());

    /// <summary>Letters and digits alone, without accents, upper case: "Bächelborn", "BACHELBORN" and "Bachel-born" are one.</summary>
    internal static string Fold(string text)
    {
        // Plain ASCII is the common case of a million-line feed.
        var ascii = System.Text.Ascii.IsValid(text);
        var source = ascii ? text : Expand(text).Normalize(NormalizationForm.FormD);
        var folded = new StringBuilder(source.Length);
        foreach (var c in source)
            if (char.IsLetterOrDigit(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) folded.Append(char.ToUpperInvariant(c));
        return folded.ToString();
    }

    private static string Expand(string text) =>
        text.Replace("ß", "ss", StringComparison.Ordinal).Replace("œ", "oe", StringComparison.Ordinal).Replace("Œ", "OE", StringComparison.Ordinal)
            .Replace("æ", "ae", StringComparison.Ordinal).Replace("Æ", "AE", StringComparison.Ordinal).Replace("ø", "o", StringComparison.Ordinal).Replace("Ø", "O", StringComparison.Ordinal);

    private static ManyRows TokenRows() => new("person_tokens", ["token", "person_id", "kind"]);

    internal static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
}

/// <summary>A person's row, still sealed.</summary>
public sealed record SealedPerson(PersonId Id, RecordId? Record, long Version, byte[] Bytes)
{
    internal static SealedPerson Read(Row row) => ReadAt(row, 0);

    internal static SealedPerson ReadAt(Row row, int at) =>
        new(new(row.Guid(at)), row.GuidOrNull(at + 1) is { } r ? new RecordId(r) : null, row.Long(at + 2), row.Bytes(at + 3));
}
