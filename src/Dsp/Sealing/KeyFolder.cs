using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Dsp.Sealing;

/// <summary>Holds key-encryption keys outside the database, in numbered epochs; never hands one out.</summary>
public interface IKeyProvider
{
    /// <summary>The epoch new keys are wrapped under.</summary>
    int CurrentEpoch { get; }

    /// <summary>Wraps a 32-byte key under an epoch; the associated data must be the same when unwrapping.</summary>
    byte[] Wrap(int epoch, ReadOnlySpan<byte> key, ReadOnlySpan<byte> associated);

    /// <exception cref="SealBrokenException">Wrong epoch, wrong associated data, altered bytes, or the epoch is destroyed.</exception>
    byte[] Unwrap(int epoch, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> associated);
}

/// <summary>
/// The default key provider: a folder of <c>epoch-NNNN.key</c> files, mode 0600, each 32 random bytes in base64 under a
/// version line. It must never lie below the data folder (but for the demo) nor in a backup of it. Destroying an epoch's
/// file makes everything wrapped under it unreadable in every copy.
/// </summary>
public sealed class KeyFolder : IKeyProvider
{
    private const string Header = "dsp-key-epoch-v1";
    private readonly string folder;
    private readonly ConcurrentDictionary<int, byte[]> epochs = new();
    private int current;

    private KeyFolder(string folder) => this.folder = folder;

    /// <summary>The newest epoch in the folder; one that another process began is seen at once, so that nothing is wrapped under a retired one.</summary>
    public int CurrentEpoch
    {
        get
        {
            while (File.Exists(FileOf(folder, current + 1)))
            {
                Load(FileOf(folder, current + 1));
                current++;
            }
            return current;
        }
    }

    public IReadOnlyCollection<int> Epochs => [.. epochs.Keys.Order()];

    /// <summary>When the epoch after this one began: from then on nothing new was wrapped under it. Null for the current one.</summary>
    public DateTimeOffset? RetiredAt(int epoch)
    {
        var next = FileOf(folder, epoch + 1);
        return File.Exists(next) ? new DateTimeOffset(File.GetLastWriteTimeUtc(next), TimeSpan.Zero) : null;
    }

    /// <summary>Opens an existing folder.</summary>
    /// <exception cref="InvalidOperationException">No epoch there, or a file that is not one; the message says which.</exception>
    public static KeyFolder Open(string path)
    {
        var provider = new KeyFolder(path);
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.EnumerateFiles(path, "epoch-*.key").Order(StringComparer.Ordinal))
                provider.Load(file);
        }
        if (provider.epochs.IsEmpty) throw new InvalidOperationException($"No key epoch in the key folder. Run 'dsp init', or restore the folder from its own safe copy.");
        provider.current = provider.epochs.Keys.Max();
        return provider;
    }

    /// <summary>Makes the folder with its first epoch; an existing one is opened.</summary>
    public static KeyFolder OpenOrCreate(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFiles(path, "epoch-*.key").Any()) return Open(path);
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        WriteEpoch(path, 1);
        return Open(path);
    }

    /// <summary>Begins a new epoch; keys wrapped from now on use it. Durable when it returns.</summary>
    public int BeginEpoch()
    {
        var next = CurrentEpoch + 1;
        WriteEpoch(folder, next);
        return CurrentEpoch;
    }

    /// <summary>Destroys a retired epoch. The current one is refused.</summary>
    public void DestroyEpoch(int epoch)
    {
        if (epoch == CurrentEpoch) throw new InvalidOperationException("The current epoch cannot be destroyed.");
        var file = FileOf(folder, epoch);
        File.WriteAllText(file, new string('0', 64));
        File.Delete(file);
        if (epochs.TryRemove(epoch, out var key)) CryptographicOperations.ZeroMemory(key);
    }

    public byte[] Wrap(int epoch, ReadOnlySpan<byte> key, ReadOnlySpan<byte> associated) =>
        Sealed.Seal(KeyOf(epoch), key, associated);

    public byte[] Unwrap(int epoch, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> associated) =>
        Sealed.Open(KeyOf(epoch), wrapped, associated);

    private byte[] KeyOf(int epoch)
    {
        if (epochs.TryGetValue(epoch, out var key)) return key;
        // Begun by another process since this one started.
        if (!File.Exists(FileOf(folder, epoch))) throw new SealBrokenException($"Key epoch {epoch} is not in the key folder");
        Load(FileOf(folder, epoch));
        return epochs[epoch];
    }

    private void Load(string file)
    {
        var lines = File.ReadAllLines(file);
        var name = Path.GetFileNameWithoutExtension(file);
        if (lines.Length < 2 || lines[0] != Header || !int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            throw new InvalidOperationException($"{Path.GetFileName(file)} is not a key epoch.");
        var key = Convert.FromBase64String(lines[1]);
        if (key.Length != 32) throw new InvalidOperationException($"{Path.GetFileName(file)} does not hold 32 bytes.");
        epochs[epoch] = key;
    }

    private static void WriteEpoch(string folder, int epoch)
    {
        var file = FileOf(folder, epoch);
        // Written under another name: a process that looks meanwhile sees a whole epoch or none.
        var unfinished = file + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        {
            using var writer = new StreamWriter(stream);
            writer.WriteLine(Header);
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: false);
    }

    private static string FileOf(string folder, int epoch) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D4}.key"));
}
