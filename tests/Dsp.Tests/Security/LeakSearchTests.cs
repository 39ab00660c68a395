using System.IO.Compression;
using System.Text;
using Dsp.Tests.Demo;
using Dsp.Tests.Support;

namespace Dsp.Tests.Security;

/// <summary>
/// A copy of the data folder, of the database and of the logs says neither what nor whose: after a played story and the
/// acceptance checks none of its words, titles, codes, names, numbers and queries is found, in no encoding.
/// </summary>
public sealed class LeakSearchTests
{
    /// <summary>What is looked for: titles, clinical words, type codes, holders' names and numbers, a query. Directories are public and in clear.</summary>
    private static readonly string[] Words =
    [
        "WEBERSCHEID", "Weberscheid", "STEMERANGE", "FRIDEMONTEL", "VALDARNOITE", "KERSCHENFELS", "HOLZWÄCHTERN", "BRANNOCHTLY", "QUINTELHO",
        "1984031299114", "2010060899109", "1961101899131", "1975012399118", "1940090499187", "1979071499127",
        "apixaban", "Apixaban", "pénicilline", "HbA1c", "keine Blutung", "Consultation de psychiatrie", "sertraline", "Analyse de sang", "Passage aux urgences",
        "contraception", "11502-2", "18842-5", "34111-5", "68604-8", "patient.identifier", "DocumentReference",
    ];

    [Theory, EveryStore]
    public async Task Nothing_of_the_story_is_found_in_what_lies_at_rest_or_in_the_log(Store store)
    {
        var folder = DemoProcess.NewFolder();
        var database = store == Store.Postgres ? PostgresServer.NewDatabase() : null;
        string log;
        using (var demo = await DemoProcess.StartAsync(folder, database))
        {
            // The announcement names the demo's people on purpose; what the server says afterwards is its log.
            var announced = demo.Said.Length;
            Shared.Require("acceptance", "run.mjs");
            Assert.Equal(0, (await demo.CheckAsync("story")).Code);
            demo.Stop();
            log = demo.Said[announced..];
        }
        if (database is not null)
        {
            await using var connection = new Npgsql.NpgsqlConnection(database);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var checkpoint = new Npgsql.NpgsqlCommand("CHECKPOINT", connection);
            await checkpoint.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // story.json lists the demo's people for its sign-in page: the one file that names them, and only of a demo.
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not ("story.json" or "demo.json"));
        if (database is not null) files = files.Concat(Directory.EnumerateFiles(PostgresServer.Folder, "*", SearchOption.AllDirectories));
        var found = new List<string>();
        foreach (var file in files)
        {
            if (await ReadAsync(file) is { } bytes) found.AddRange(Search(bytes).Select(w => $"{Path.GetFileName(file)}: {w}"));
        }
        found.AddRange(Search(Encoding.UTF8.GetBytes(log)).Select(w => "log: " + w));

        Assert.Empty(found.Distinct(StringComparer.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_search_finds_a_word_in_every_encoding_it_looks_into()
    {
        var noise = Encoding.ASCII.GetBytes(new string('x', 1000));
        foreach (var (name, bytes) in Planted("xx Analyse de sang yy"))
            Assert.True(Search([.. noise, .. bytes, .. noise]).Any(w => w.Contains("Analyse de sang", StringComparison.Ordinal)), name);
        Assert.Empty(Search(noise));
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Planted(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return ("utf-8", utf8);
        yield return ("utf-16", Encoding.Unicode.GetBytes(text));
        for (var shift = 0; shift < 3; shift++) yield return ($"base64 shifted by {shift}", Encoding.ASCII.GetBytes(Convert.ToBase64String([.. new byte[shift], .. utf8])));
        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return ("hex, lower case", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(utf8);
        yield return ("gzip", packed.ToArray());
    }

    private static async Task<byte[]?> ReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return copy.ToArray();
        }
        catch (IOException)
        {
            // A file of the running database that is gone by now.
            return null;
        }
    }

    private static List<string> Search(byte[] bytes)
    {
        var found = new List<string>();
        foreach (var word in Words)
            foreach (var (encoding, needle) in Needles(word))
                if (bytes.AsSpan().IndexOf(needle) >= 0) found.Add($"{word} ({encoding})");
        for (var at = 0; (at = IndexOf(bytes, [0x1f, 0x8b, 0x08], at)) >= 0; at++)
            if (Unpack(bytes.AsSpan(at).ToArray()) is { } unpacked) found.AddRange(Search(unpacked).Select(w => w + " in gzip"));
        return found;
    }

    private static int IndexOf(byte[] bytes, ReadOnlySpan<byte> needle, int from)
    {
        var found = bytes.AsSpan(from).IndexOf(needle);
        return found < 0 ? -1 : from + found;
    }

    /// <summary>What every piece of text that holds the word must hold: the whole word, or its middle where base64 mixes its ends.</summary>
    private static IEnumerable<(string Encoding, byte[] Needle)> Needles(string word)
    {
        var utf8 = Encoding.UTF8.GetBytes(word);
        yield return ("utf-8", utf8);
        yield return ("utf-16", Encoding.Unicode.GetBytes(word));
        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        for (var shift = 0; shift < 3; shift++)
        {
            var text = Convert.ToBase64String([.. new byte[shift], .. utf8]);
            var start = shift == 0 ? 0 : 4;
            var end = ((shift + utf8.Length) / 3) * 4;
            // Shorter middles would be found by chance in sealed bytes written as base64.
            if (end - start >= 8) yield return ("base64", Encoding.ASCII.GetBytes(text[start..end]));
        }
    }

    private static byte[]? Unpack(byte[] bytes)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var output = new MemoryStream();
            var buffer = new byte[8192];
            int read;
            while (output.Length < 1_000_000 && (read = gzip.Read(buffer)) > 0) output.Write(buffer, 0, read);
            return output.Length > 0 ? output.ToArray() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
