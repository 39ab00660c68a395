using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Dsp.Demo.Content;
using Dsp.Storage;
using Dsp.Tests.Demo;
using Dsp.Tests.Support;

namespace Dsp.Tests.Security;

/// <summary>Whoever copies the disk reads nothing of a patient (security §1): data folder, database files and logs are searched after a played story.</summary>
[Trait("Tier", "Normal")]
public sealed class LeakSearchTests
{
    /// <summary>Typed into a search by this test alone; it may be written nowhere.</summary>
    private const string Query = "Zwetschgenkuerbis";

    private static readonly string[] Words = ["apixaban", "Apixaban", "Pénicilline", "Metformine", "Bisoprolol", "Fibrillation auriculaire", "ClinicalDocument", Query];

    [Theory, EveryStore]
    public async Task Nothing_of_the_played_story_stands_on_disk_or_in_the_log(Store store)
    {
        var folder = DemoProcess.NewFolder();
        var database = store == Store.Postgres ? World.NewPostgresDatabase() : null;
        var traces = new Traces(WordsOfTheStory());
        string said;
        using (var demo = await DemoProcess.StartAsync(folder, database))
        {
            await AskAsync(demo);
            // While it runs, so that the write-ahead log is searched as well.
            Assert.Empty(Search(traces, FilesOf(folder)));
            demo.Stop();
            said = string.Join('\n', demo.Said.Split('\n').Where(l => l.Length > 5 && l[4] == ':'));
        }
        Assert.Empty(Search(traces, FilesOf(folder)));
        Assert.Empty(traces.In(Encoding.UTF8.GetBytes(said)));
        if (database is not null) Assert.Empty(Search(traces, await FilesOfPostgresAsync(database)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_search_finds_a_planted_word_in_every_form()
    {
        const string word = "WEBERSCHEID";
        var traces = new Traces([word]);
        var utf8 = Encoding.UTF8.GetBytes(word);
        byte[] Among(byte[] inner) => [.. "noise 1 "u8, .. inner, .. " noise 2"u8];
        byte[] Packed(Func<Stream, Stream> pack)
        {
            using var into = new MemoryStream();
            using (var stream = pack(into)) stream.Write(Among(utf8));
            return into.ToArray();
        }

        Assert.Empty(traces.In("nothing of the kind"u8.ToArray()));
        var planted = new List<(string Form, byte[] Bytes)>
        {
            ("UTF-8", utf8), ("UTF-16 LE", Encoding.Unicode.GetBytes(word)), ("UTF-16 BE", Encoding.BigEndianUnicode.GetBytes(word)),
            ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8))), ("HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8))),
            ("gzip", Packed(s => new GZipStream(s, CompressionLevel.Optimal))), ("zlib", Packed(s => new ZLibStream(s, CompressionLevel.Optimal))),
        };
        for (var before = 0; before < 3; before++) planted.Add(("base64+" + before, Encoding.ASCII.GetBytes(Convert.ToBase64String([.. new byte[before], .. utf8, 7, 7]))));
        foreach (var (form, bytes) in planted) Assert.True(traces.In(Among(bytes)).Any(), form);
        Assert.NotEmpty(traces.In(Packed(s => new DeflateStream(s, CompressionLevel.Optimal))));
    }

    private static IEnumerable<string> WordsOfTheStory()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var open = DemoPeople.Professionals.Values.Select(p => p.Family).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var holders = DemoPeople.Holders(today).Values;
        var documents = DemoDocuments.All(today);
        return Words
            .Concat(holders.Select(h => h.Family).Where(f => !open.Contains(f)))
            .Concat(holders.Select(h => h.NationalId).OfType<string>())
            .Concat(documents.Select(d => d.Title).Where(t => t.Length >= 8))
            .Concat(documents.Select(d => d.UniqueId))
            .Concat(documents.Select(d => d.Type.Code).Where(c => c.Length >= 7));
    }

    private static async Task AskAsync(DemoProcess demo)
    {
        var people = demo.Contract.GetProperty("people").EnumerateArray().ToDictionary(p => p.GetProperty("key").GetString()!);
        var address = demo.Contract.GetProperty("base").GetString()!;
        using var http = new HttpClient();
        foreach (var who in new[] { "dr-thill", "dr-other", "emma" })
        {
            foreach (var path in new[] { "/fhir/DocumentReference?status=current&patient.identifier=urn:oid:1.3.182.4.4%7C1984031299114", "/fhir/Patient?identifier=urn:oid:1.3.182.4.4%7C1984031299114", "/fhir/Patient?family=" + Query, "/fhir/" + Query })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address + path);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", people[who].GetProperty("token").GetString());
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.NotEqual(500, (int)answer.StatusCode);
            }
        }
    }

    /// <summary>All but the keys and the two files by which the demo hands its invented people out; an installation has neither.</summary>
    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(Path.Combine(folder, "keys"), StringComparison.Ordinal) && Path.GetFileName(f) is not ("demo.json" or "story.json"));

    /// <summary>The server's whole folder but the databases of other tests.</summary>
    private static async Task<List<string>> FilesOfPostgresAsync(string connection)
    {
        await using var database = Database.Open(connection);
        await database.RunScriptAsync("CHECKPOINT", TestContext.Current.CancellationToken);
        var mine = (await database.QueryAsync(r => r.Text(0), "SELECT oid::text FROM pg_database WHERE datname = current_database()", TestContext.Current.CancellationToken))[0];
        var data = Path.Combine(PostgresServer.Folder, "data");
        var files = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(Path.Combine(data, "base") + "/", StringComparison.Ordinal) || f.StartsWith(Path.Combine(data, "base", mine) + "/", StringComparison.Ordinal)).ToList();
        Assert.Contains(files, f => f.Contains("pg_wal", StringComparison.Ordinal));
        return files;
    }

    private static List<string> Search(Traces traces, IEnumerable<string> files)
    {
        var found = new List<string>();
        foreach (var file in files)
        {
            byte[] bytes;
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                bytes = new byte[stream.Length];
                _ = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            }
            catch (FileNotFoundException)
            {
                // A running database server takes files of its own away; what is gone tells nothing.
                continue;
            }
            found.AddRange(traces.In(bytes).Select(t => $"{Path.GetFileName(file)}: {t}"));
        }
        return found;
    }
}
