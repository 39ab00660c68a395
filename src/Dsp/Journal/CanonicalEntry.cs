using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Journal;

/// <summary>
/// The canonical bytes of an entry: <c>dsp/journal/v1</c>, then every field in a fixed order, each length-prefixed (absent:
/// length −1), then what later versions say, in pairs of name and value. The commitment is HMAC-SHA256 under a random 32-byte salt, so that it says nothing once salt and body are
/// destroyed. Golden vectors hold the form.
/// </summary>
public static class CanonicalEntry
{
    public const int SaltLength = 32;
    private const string Header = "dsp/journal/v1";

    public static byte[] Write(JournalEntry entry)
    {
        var output = new List<byte>(512);
        Put(output, Header);
        Put(output, Ids.Text(entry.Id));
        Put(output, entry.Record.ToString());
        Put(output, Number(Instants.ToMicroseconds(entry.At)));
        Put(output, entry.Action);
        Put(output, entry.Person?.ToString());
        Put(output, entry.PersonName);
        Put(output, entry.Profession);
        Put(output, entry.Institution?.ToString());
        Put(output, entry.InstitutionName);
        Put(output, entry.Software);
        Put(output, entry.Automatic ? "1" : "0");
        Put(output, entry.OnBehalfOf?.ToString());
        Put(output, Number(entry.Documents.Count));
        foreach (var document in entry.Documents) Put(output, document.ToString());
        Put(output, entry.Query);
        Put(output, entry.Context);
        Put(output, entry.ContextId is { } c ? Ids.Text(c) : null);
        Put(output, entry.Permitted ? "1" : "0");
        Put(output, entry.Rule);
        Put(output, entry.Detail);
        Put(output, entry.SheetVersion is { } v ? Number(v) : null);
        Put(output, Ids.Text(entry.Origin));
        Put(output, Number(entry.Number));
        Put(output, Number(entry.SettledBelow));
        Put(output, Number(entry.Abandoned.Count));
        foreach (var number in entry.Abandoned) Put(output, Number(number));
        PutMore(output, entry);
        return [.. output];
    }

    /// <summary>What came later stands after everything else, as names and values: an entry without it has the bytes it always had, and a reader passes over names it does not know.</summary>
    private static void PutMore(List<byte> output, JournalEntry entry)
    {
        var pairs = (entry.Call?.Pairs ?? []).Append(("submission", entry.Submission?.ToString())).Where(p => p.Item2 is not null).ToList();
        if (pairs.Count == 0) return;
        Put(output, CallFacts.Form);
        Put(output, Number(pairs.Count));
        foreach (var (name, value) in pairs)
        {
            Put(output, name);
            Put(output, value);
        }
    }

    /// <exception cref="InvalidDataException">Not canonical bytes of a known version.</exception>
    public static JournalEntry Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (reader.Text() != Header) throw new InvalidDataException("Not a journal entry of a known version");
        var id = Guid.ParseExact(reader.Text()!, "D");
        var record = new RecordId(Guid.ParseExact(reader.Text()!, "D"));
        var at = Instants.FromMicroseconds(reader.Long()!.Value);
        var action = reader.Text()!;
        var person = reader.Id();
        var personName = reader.Text();
        var profession = reader.Text();
        var institution = reader.Id();
        var institutionName = reader.Text();
        var software = reader.Text();
        var automatic = reader.Text() == "1";
        var onBehalfOf = reader.Id();
        var documents = new DocumentId[reader.Long()!.Value];
        for (var i = 0; i < documents.Length; i++) documents[i] = new DocumentId(reader.Id()!.Value);
        var entry = new JournalEntry
        {
            Id = id,
            Record = record,
            At = at,
            Action = action,
            Person = person is { } p ? new PersonId(p) : null,
            PersonName = personName,
            Profession = profession,
            Institution = institution is { } i2 ? new InstitutionId(i2) : null,
            InstitutionName = institutionName,
            Software = software,
            Automatic = automatic,
            OnBehalfOf = onBehalfOf is { } b ? new PersonId(b) : null,
            Documents = documents,
            Query = reader.Text(),
            Context = reader.Text(),
            ContextId = reader.Id(),
            Permitted = reader.Text() == "1",
            Rule = reader.Text()!,
            Detail = reader.Text(),
            SheetVersion = reader.Long(),
            Origin = reader.Id()!.Value,
            Number = reader.Long()!.Value,
            SettledBelow = reader.Long()!.Value,
            Abandoned = reader.Longs(),
        };
        var more = reader.Pairs(CallFacts.Form);
        return more.Count == 0 ? entry : entry with { Call = CallFacts.Of(more), Submission = more.TryGetValue("submission", out var set) ? new SubmissionId(Guid.ParseExact(set, "D")) : null };
    }

    /// <summary>Only what verification needs: identity, time and the run's numbers.</summary>
    internal static NumberedEntry ReadNumbers(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (reader.Text() != Header) throw new InvalidDataException("Not a journal entry of a known version");
        var (entry, record, at) = (reader.Id()!.Value, reader.Id()!.Value, reader.Long()!.Value);
        reader.Skip(9); // action to onBehalfOf
        reader.Skip((int)reader.Long()!.Value);
        reader.Skip(7); // query to sheet version
        return new NumberedEntry(entry, record, at, reader.Id()!.Value, reader.Long()!.Value, reader.Long()!.Value, reader.Longs());
    }

    /// <summary>What stands in <c>journal_entries</c>: HMAC-SHA256(salt, canonical bytes).</summary>
    public static byte[] Commitment(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> canonical) => HMACSHA256.HashData(salt, canonical);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Put(List<byte> output, string? text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        output.AddRange(length);
        if (text is not null) output.AddRange(Encoding.UTF8.GetBytes(text));
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> rest = bytes;

        public string? Text() => Next(out var text) ? Encoding.UTF8.GetString(text) : null;

        public void Skip(int fields)
        {
            while (fields-- > 0) Next(out _);
        }

        /// <returns>False for an absent field.</returns>
        private bool Next(out ReadOnlySpan<byte> text)
        {
            text = default;
            if (rest.Length < 4) throw new InvalidDataException("The journal entry is cut");
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[4..];
            if (length < 0) return false;
            if (length > rest.Length) throw new InvalidDataException("The journal entry is cut");
            text = rest[..length];
            rest = rest[length..];
            return true;
        }

        public Guid? Id() => Next(out var text) ? System.Buffers.Text.Utf8Parser.TryParse(text, out Guid id, out _) ? id : throw new InvalidDataException("Not an id") : null;

        public long[] Longs()
        {
            var longs = new long[Long()!.Value];
            for (var i = 0; i < longs.Length; i++) longs[i] = Long()!.Value;
            return longs;
        }

        /// <summary>Names and values to the end; none where nothing, or another form, follows.</summary>
        public Dictionary<string, string> Pairs(string form)
        {
            var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
            if (rest.IsEmpty || Text() != form) return pairs;
            for (var left = Long()!.Value; left > 0; left--) pairs[Text()!] = Text()!;
            return pairs;
        }

        public long? Long() => Next(out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}
