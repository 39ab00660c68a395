using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Server;
using Dsp.Server.SignIn;
using Dsp.Storage;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>An installation for a server process: a holder, a laboratory, their tokens, and what the server acknowledged.</summary>
internal sealed class KillWorld : IAsyncDisposable
{
    private static readonly (string Kind, string Sql)[] Orphans =
    [
        ("document without bytes", "SELECT COUNT(*) FROM documents d WHERE d.size <= 65536 AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.record_id = d.record_id AND c.content_id = d.content_id)"),
        ("content without document", "SELECT COUNT(*) FROM contents c WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = c.record_id AND d.content_id = c.content_id)"),
        ("document without submission", "SELECT COUNT(*) FROM documents d WHERE NOT EXISTS (SELECT 1 FROM submission_sets s WHERE s.record_id = d.record_id AND s.submission_id = d.submission_id)"),
        ("submission without document", "SELECT COUNT(*) FROM submission_sets s WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = s.record_id AND d.submission_id = s.submission_id)"),
        ("document without object id", "SELECT COUNT(*) FROM documents d WHERE NOT EXISTS (SELECT 1 FROM object_ids o WHERE o.object_id = d.document_id AND o.kind = 'document')"),
        ("submission without object id", "SELECT COUNT(*) FROM submission_sets s WHERE NOT EXISTS (SELECT 1 FROM object_ids o WHERE o.object_id = s.submission_id AND o.kind = 'submission')"),
        ("object id of nothing", "SELECT COUNT(*) FROM object_ids o WHERE o.kind IN ('document', 'submission') AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.document_id = o.object_id) AND NOT EXISTS (SELECT 1 FROM submission_sets s WHERE s.submission_id = o.object_id)"),
        ("unique id of nothing", "SELECT COUNT(*) FROM unique_ids u WHERE NOT EXISTS (SELECT 1 FROM object_ids o WHERE o.object_id = u.object_id)"),
        ("object id without unique id", "SELECT COUNT(*) FROM object_ids o WHERE o.kind IN ('document', 'submission') AND NOT EXISTS (SELECT 1 FROM unique_ids u WHERE u.object_id = o.object_id)"),
    ];

    private readonly World world;
    private readonly string laboratory;
    private readonly string holderToken;

    private KillWorld(World world, TestHolder holder, string laboratory, string holderToken) => (this.world, Holder, this.laboratory, this.holderToken) = (world, holder, laboratory, holderToken);

    public World World => world;
    public TestHolder Holder { get; }

    /// <summary>Documents for which the server said 200, with the hash of what was sent.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = new(StringComparer.Ordinal);

    public static string DataOf(World world) => Path.Combine(world.Folder, "data");

    public static async Task<KillWorld> CreateAsync(Store store)
    {
        var world = await World.CreateAsync(store, TimeProvider.System.GetUtcNow());
        var holder = await world.ActiveAsync();
        var place = await world.InstitutionAsync("Laboratoire Nord (fictif)", InstitutionKind.Collective);
        var biologist = await world.ProfessionalAsync(place, "Biolay", "Solange", "pharmacien biologiste", MatrixGroup.BIO);
        var system = await world.SystemAsync(place, biologist.Person);
        // The program refuses a demo's database: from here on it is an ordinary one.
        await world.RunAsync(new Batch().Add("UPDATE installation SET value = 'real' WHERE name = 'stamp'"));
        using var issuer = new SmallIssuer(new ServerSettings { DataFolder = DataOf(world), KeyFolder = world.Platform.Settings.KeyFolder }, world.Platform.Keys, TimeProvider.System);
        string Token(CallerKind kind, Guid subject) => issuer.Issue(new TokenRequest(kind, subject, TokenRequest.UsualScopes(kind)));
        return new KillWorld(world, holder, Token(CallerKind.System, system.System!.Value.Value), Token(CallerKind.Person, holder.Person.Value));
    }

    /// <summary>Deposits from several connections until the server is gone.</summary>
    public Task StormAsync(HttpClient http, int connections, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(async () =>
        {
            for (var n = i; !stop.IsCancellationRequested; n++)
            {
                // Every third goes to the content store.
                var bytes = RandomNumberGenerator.GetBytes(n % 3 == 0 ? 70_000 + RandomNumberGenerator.GetInt32(200_000) : 1 + RandomNumberGenerator.GetInt32(20_000));
                try
                {
                    using var answer = await DepositAsync(http, bytes, stop);
                    if (!answer.IsSuccessStatusCode) continue;
                    var body = await answer.Content.ReadAsByteArrayAsync(stop);
                    Acknowledged[DocumentOf(body)] = Convert.ToHexString(SHA256.HashData(bytes));
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    // Not acknowledged: it may be there or not.
                    if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) return;
                }
            }
        }, CancellationToken.None)));

    public async Task<HttpResponseMessage> DepositAsync(HttpClient http, byte[] bytes, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fhir") { Content = new StringContent(Bundles.Provide(Holder.Number!, bytes, "Bilan", "application/pdf"), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", laboratory);
        return await http.SendAsync(request, cancel);
    }

    public static string DocumentOf(byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
    }

    /// <summary>The hash of a document as the holder reads it.</summary>
    public async Task<string> ReadAsync(HttpClient http, string document)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Binary/" + document);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", holderToken);
        request.Headers.Accept.ParseAdd("application/pdf, */*");
        using var answer = await http.SendAsync(request, world.Cancel);
        var bytes = await answer.Content.ReadAsByteArrayAsync(world.Cancel);
        return answer.IsSuccessStatusCode ? Convert.ToHexString(SHA256.HashData(bytes)) : $"{(int)answer.StatusCode} {Encoding.UTF8.GetString(bytes)}";
    }

    /// <summary>Every acknowledged document and every row of the registry read back over the restarted server.</summary>
    public async Task AssertAllReadBackAsync(HttpClient http)
    {
        foreach (var (document, hash) in Acknowledged) Assert.Equal(hash, await ReadAsync(http, document));
        var all = await world.Platform.Database.QueryAsync(r => r.Guid(0), "SELECT document_id FROM documents", world.Cancel);
        Assert.Subset(all.Select(Ids.Text).ToHashSet(StringComparer.Ordinal), Acknowledged.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var id in all.Select(Ids.Text).Where(d => !Acknowledged.ContainsKey(d)))
            Assert.Matches("^[0-9A-F]{64}$", await ReadAsync(http, id));
    }

    /// <summary>Rows agree with each other; after the sweep so do the files; the journal is proven. Nothing runs meanwhile.</summary>
    /// <returns>How many orphans the sweep removed.</returns>
    public async Task<int> AssertCleanAsync()
    {
        foreach (var (kind, sql) in Orphans)
            Assert.True((await world.Platform.Database.QueryAsync(r => r.Long(0), sql, world.Cancel))[0] == 0, kind);
        var later = new MovedClock(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2));
        var settings = world.Platform.Settings with { ContentFolder = Path.Combine(DataOf(world), "content"), Demo = false };
        await using var platform = await Platform.OpenAsync(settings, later, world.Cancel);
        var swept = await platform.Vault.SweepOrphansAsync(world.Cancel);
        Assert.Equal(0, await world.CountAsync("content_intents"));
        var kept = new HashSet<(Guid, Guid)>();
        await foreach (var (record, content) in platform.ContentStore.ListAsync(world.Cancel)) kept.Add((record.Value, content.Value));
        var named = await platform.Database.QueryAsync(r => (r.Guid(0), r.Guid(1)), "SELECT record_id, content_id FROM documents WHERE size > 65536", world.Cancel);
        Assert.Equal(named.ToHashSet(), kept);
        if (Directory.Exists(settings.ContentFolder)) Assert.Empty(Directory.EnumerateFiles(settings.ContentFolder, "*.part", SearchOption.AllDirectories));
        var sealer = new JournalSealer(platform.Database, platform.Keys, platform.Sink, later);
        while (await sealer.SealOnceAsync(world.Cancel) > 0)
        {
            // Until nothing waits.
        }
        var report = await new VerifyJournal(platform.Database, platform.KeyProvider, platform.Keys, platform.Sink, later).RunAsync(world.Cancel);
        Assert.True(report.Clean, string.Join('\n', report.Findings.Take(10)));
        Assert.Equal(0, report.Waiting);
        return swept;
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();
}
