using System.Security.Cryptography;
using System.Text;

namespace Dsp.Sealing;

/// <summary>
/// One record's key, open. Only a permit carries one. Every purpose has its own sub-key
/// (HKDF-SHA256, info = <c>dsp/record/v1/{purpose}</c>), every content its own (<see cref="ContentKey"/>).
/// </summary>
public sealed class RecordKey
{
    private readonly byte[] key;
    private readonly Dictionary<string, byte[]> purposes = new(StringComparer.Ordinal);

    private RecordKey(RecordId record, byte[] key) => (Record, this.key) = (record, key);

    public RecordId Record { get; }

    /// <summary>A new random key for a new record.</summary>
    internal static RecordKey Create(RecordId record) => new(record, RandomNumberGenerator.GetBytes(32));

    /// <summary>Opens the wrapped key that stands in the record's row.</summary>
    internal static RecordKey Unwrap(IKeyProvider provider, RecordId record, int epoch, byte[] wrapped) =>
        new(record, provider.Unwrap(epoch, wrapped, Place(record, epoch)));

    internal byte[] Wrap(IKeyProvider provider, int epoch) => provider.Wrap(epoch, key, Place(Record, epoch));

    /// <summary>Seals one field of one row of this record.</summary>
    internal byte[] Seal(string table, Guid row, string field, long version, ReadOnlySpan<byte> plain) =>
        Sealed.Seal(KeyFor(table), plain, Sealed.Place(table, Record.Value, row, field, version));

    /// <exception cref="SealBrokenException">The bytes were not sealed for this place.</exception>
    internal byte[] Open(string table, Guid row, string field, long version, ReadOnlySpan<byte> bytes) =>
        Sealed.Open(KeyFor(table), bytes, Sealed.Place(table, Record.Value, row, field, version));

    /// <summary>The key that seals one content once; the salt stands only in the document's sealed row.</summary>
    internal byte[] ContentKey(ContentId content, ReadOnlySpan<byte> salt)
    {
        Span<byte> info = stackalloc byte[14 + 16 + 16];
        Encoding.ASCII.GetBytes("dsp/content/v1", info);
        Record.Value.TryWriteBytes(info[14..], bigEndian: true, out _);
        content.Value.TryWriteBytes(info[30..], bigEndian: true, out _);
        var output = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, output, salt, info);
        return output;
    }

    private byte[] KeyFor(string purpose)
    {
        lock (purposes)
        {
            if (purposes.TryGetValue(purpose, out var known)) return known;
            var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.ASCII.GetBytes("dsp/record/v1/" + purpose));
            purposes.Add(purpose, derived);
            return derived;
        }
    }

    private static byte[] Place(RecordId record, int epoch) => Sealed.Place("records", record.Value, record.Value, "key", epoch);
}
