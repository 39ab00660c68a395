using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dsp.Storage;

namespace Dsp.Sealing;

/// <summary>
/// The installation's own keys: identity (people's data), look-up (tokens), rows (MACs), codes, journal signature and
/// the entries of no record. Made once, wrapped by the key provider, kept in <c>service_keys</c>; rotation rewraps them.
/// </summary>
public sealed class ServiceKeys : IDisposable
{
    private static readonly string[] Names = ["identity", "lookup", "rows", "codes", "nobody"];
    private readonly Dictionary<string, byte[]> keys;

    private ServiceKeys(Dictionary<string, byte[]> keys, ECDsa journal) => (this.keys, Journal) = (keys, journal);

    /// <summary>Signs journal heads: ECDSA P-256.</summary>
    public ECDsa Journal { get; }

    /// <summary>Opens the keys, making them where the installation is new.</summary>
    public static async Task<ServiceKeys> OpenAsync(Database database, IKeyProvider provider, CancellationToken cancel)
    {
        await MakeMissingAsync(database, provider, cancel);
        var rows = await LoadAsync(database, cancel);
        var opened = rows.ToDictionary(r => r.Name, r => provider.Unwrap(r.Epoch, r.Wrapped, PlaceOf(r.Name, r.Epoch)), StringComparer.Ordinal);
        var journal = ECDsa.Create();
        journal.ImportPkcs8PrivateKey(opened["journal"], out _);
        return new ServiceKeys(opened, journal);
    }

    /// <summary>Wraps every service key under the provider's current epoch.</summary>
    /// <returns>How many were rewrapped.</returns>
    public static async Task<int> RewrapAsync(Database database, IKeyProvider provider, CancellationToken cancel)
    {
        var stale = (await LoadAsync(database, cancel)).Where(r => r.Epoch != provider.CurrentEpoch).ToList();
        if (stale.Count == 0) return 0;
        var batch = new Batch();
        foreach (var row in stale)
        {
            var key = provider.Unwrap(row.Epoch, row.Wrapped, PlaceOf(row.Name, row.Epoch));
            batch.Add("UPDATE service_keys SET epoch = @epoch, wrapped = @wrapped WHERE name = @name",
                ("epoch", provider.CurrentEpoch), ("wrapped", provider.Wrap(provider.CurrentEpoch, key, PlaceOf(row.Name, provider.CurrentEpoch))), ("name", row.Name));
        }
        await database.CommitAsync(batch, cancel);
        return stale.Count;
    }

    /// <summary>Seals one field of a row that belongs to a person or to no record.</summary>
    public byte[] SealIdentity(string table, Guid row, long version, ReadOnlySpan<byte> plain) =>
        Sealed.Seal(keys["identity"], plain, Sealed.Place(table, Guid.Empty, row, "identity", version));

    /// <exception cref="SealBrokenException">The bytes were not sealed for this place.</exception>
    public byte[] OpenIdentity(string table, Guid row, long version, ReadOnlySpan<byte> bytes) =>
        Sealed.Open(keys["identity"], bytes, Sealed.Place(table, Guid.Empty, row, "identity", version));

    internal byte[] SealNobody(string table, Guid row, ReadOnlySpan<byte> plain) =>
        Sealed.Seal(keys["nobody"], plain, Sealed.Place(table, Guid.Empty, row, "body", 0));

    internal byte[] OpenNobody(string table, Guid row, ReadOnlySpan<byte> bytes) =>
        Sealed.Open(keys["nobody"], bytes, Sealed.Place(table, Guid.Empty, row, "body", 0));

    /// <summary>A keyed look-up token: 32 bytes that say nothing without the key. Kind and value are length-prefixed.</summary>
    public byte[] Token(string kind, params ReadOnlySpan<string> values) => Mac("lookup", kind, values);

    /// <summary>A presence code as it is kept.</summary>
    public byte[] CodeToken(RecordId record, string code) => Mac("codes", "presence", [record.ToString(), code]);

    /// <summary>The MAC of a directory row over table, key and every value, in the order of the schema.</summary>
    public byte[] RowMac(string table, params ReadOnlySpan<object?> values)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys["rows"]);
        Append(mac, table);
        foreach (var value in values) Append(mac, Text(value));
        return mac.GetHashAndReset();
    }

    /// <summary>Compares in a time that says nothing.</summary>
    public bool RowMacFits(ReadOnlySpan<byte> found, string table, params ReadOnlySpan<object?> values) =>
        CryptographicOperations.FixedTimeEquals(found, RowMac(table, values));

    /// <summary>Seals a key of the server's own (token signing, data protection).</summary>
    public byte[] SealServerKey(string name, ReadOnlySpan<byte> plain) => Sealed.Seal(keys["identity"], plain, Encoding.UTF8.GetBytes("server-key/" + name));

    public byte[] OpenServerKey(string name, ReadOnlySpan<byte> bytes) => Sealed.Open(keys["identity"], bytes, Encoding.UTF8.GetBytes("server-key/" + name));

    private byte[] Mac(string key, string kind, ReadOnlySpan<string> values)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys[key]);
        Append(mac, kind);
        foreach (var value in values) Append(mac, value);
        return mac.GetHashAndReset();
    }

    private static void Append(IncrementalHash mac, string? text)
    {
        // Null and empty differ: a cut-off date that is removed must not fit.
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        mac.AppendData(length);
        if (text is not null) mac.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "1" : "0",
        Guid id => Ids.Text(id),
        DateTimeOffset at => Instants.ToMicroseconds(at).ToString(CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static async Task MakeMissingAsync(Database database, IKeyProvider provider, CancellationToken cancel)
    {
        var known = (await LoadAsync(database, cancel)).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var epoch = provider.CurrentEpoch;
        var made = Names.Where(n => !known.Contains(n)).Select(n => (Name: n, Key: RandomNumberGenerator.GetBytes(32))).ToList();
        if (!known.Contains("journal"))
        {
            using var journal = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            made.Add(("journal", journal.ExportPkcs8PrivateKey()));
        }
        foreach (var (name, key) in made)
        {
            var batch = new Batch().Add("INSERT INTO service_keys (name, epoch, wrapped) VALUES (@name, @epoch, @wrapped)",
                ("name", name), ("epoch", epoch), ("wrapped", provider.Wrap(epoch, key, PlaceOf(name, epoch))));
            try
            {
                await database.CommitAsync(batch, cancel);
            }
            catch (DuplicateKeyException)
            {
                // Another node made it first; its key is the one that counts.
            }
        }
    }

    private static Task<IReadOnlyList<(string Name, int Epoch, byte[] Wrapped)>> LoadAsync(Database database, CancellationToken cancel) =>
        database.QueryAsync(row => (row.Text(0), row.Int(1), row.Bytes(2)), "SELECT name, epoch, wrapped FROM service_keys ORDER BY name", cancel);

    private static byte[] PlaceOf(string name, int epoch) => Sealed.Place("service_keys", Guid.Empty, Guid.Empty, name, epoch);

    public void Dispose() => Journal.Dispose();
}
