using System.Globalization;
using System.Text;

namespace Dsp.Journal;

/// <summary>
/// The sink outside the database: a text file to which each signed head is appended and made durable, one a line:
/// <c>size time chain signature</c> (time in microseconds, bytes in hex). Whoever rewrites the database cannot make it fit
/// the sink again; place it where the database's administrators do not write.
/// </summary>
public sealed class JournalSink(string file)
{
    /// <summary>The last head published; null where nothing was.</summary>
    /// <exception cref="InvalidDataException">A line that is no head: the file was altered.</exception>
    public JournalHead? Last()
    {
        if (!File.Exists(file)) return null;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // A line has about 220 bytes: the end of the file is enough.
        var tail = new byte[Math.Min(stream.Length, 4096)];
        stream.Seek(-tail.Length, SeekOrigin.End);
        stream.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf((byte)'\n');
        if (end < 0) return null;
        var begin = tail.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
        return Parse(Encoding.ASCII.GetString(tail.AsSpan(begin, end - begin)));
    }

    /// <summary>Every head in the order of publishing. A last line without its end is what a crash left, and counts as not written.</summary>
    public IEnumerable<JournalHead> Heads()
    {
        if (!File.Exists(file)) yield break;
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.ASCII);
        var text = new StringBuilder();
        for (var c = reader.Read(); c >= 0; c = reader.Read())
        {
            if (c != '\n')
            {
                text.Append((char)c);
                continue;
            }
            yield return Parse(text.ToString());
            text.Clear();
        }
    }

    /// <summary>Durable when it returns.</summary>
    public void Append(JournalHead head)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(EndOfLastLine(stream));
        stream.Seek(0, SeekOrigin.End);
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{head.Size} {Instants.ToMicroseconds(head.SignedAt)} {Convert.ToHexStringLower(head.Chain)} {Convert.ToHexStringLower(head.Signature)}\n")));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>A crash while appending leaves a line without its end; the head is still in the database and is appended anew.</summary>
    private static long EndOfLastLine(FileStream stream)
    {
        for (var end = stream.Length; end > 0; end--)
        {
            stream.Seek(end - 1, SeekOrigin.Begin);
            if (stream.ReadByte() == '\n') return end;
        }
        return 0;
    }

    private static JournalHead Parse(string line)
    {
        var parts = line.Split(' ');
        if (parts.Length != 4
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            throw new InvalidDataException("The journal's sink holds a line that is no head");
        try
        {
            return new JournalHead(size, Instants.FromMicroseconds(at), Convert.FromHexString(parts[2]), Convert.FromHexString(parts[3]));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("The journal's sink holds a line that is no head", e);
        }
    }
}
