using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Server;
using Dsp.Server.SignIn;
using Dsp.Storage;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>An installation for a server process: a holder, a laboratory, their tokens, and what the server acknowledged.</summary>
internal sealed class KillWorld : IAsyncDisposable
{
    private readonly World world;
    private readonly string laboratory;
    private readonly string holderToken;
    private int unavailable;

    private KillWorld(World world, TestHolder holder, string laboratory, string holderToken) => (this.world, Holder, this.laboratory, this.holderToken) = (world, holder, laboratory, holderToken);

    public World World => world;
    public TestHolder Holder { get; }

    /// <summary>Documents for which the server said 200, with the hash of what was sent.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>How many deposits were told that the store is away.</summary>
    public int Unavailable => unavailable;

    public static string DataOf(World world) => Path.Combine(world.Folder, "data");

    /// <param name="database">A database of the test's own.</param>
    public static async Task<KillWorld> CreateAsync(Store store, string? database = null)
    {
        var world = await World.CreateAsync(store, TimeProvider.System.GetUtcNow(), database);
        var holder = await world.ActiveAsync();
        var place = await world.InstitutionAsync("Laboratoire Nord (fictif)", InstitutionKind.Collective);
        var biologist = await world.ProfessionalAsync(place, "Biolay", "Solange", "pharmacien biologiste", MatrixGroup.BIO);
        var system = await world.SystemAsync(place, biologist.Person);
        // The program refuses a demo's database: from here on it is an ordinary one.
        await world.RunAsync(new Batch().Add("UPDATE installation SET value = 'real' WHERE name = 'stamp'"));
        var settings = new ServerSettings { DataFolder = DataOf(world), KeyFolder = world.Platform.Settings.KeyFolder, Issuer = ChildServer.Issuer };
        using var key = new SigningKey(settings, world.Platform.Keys);
        var issuer = new SmallIssuer(settings, key, TimeProvider.System);
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
                    if (!answer.IsSuccessStatusCode)
                    {
                        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                        Interlocked.Increment(ref unavailable);
                        // As the answer asks, but sooner.
                        await Task.Delay(20, stop);
                        continue;
                    }
                    var body = await answer.Content.ReadAsByteArrayAsync(stop);
                    Acknowledged[DocumentOf(body)] = Convert.ToHexString(SHA256.HashData(bytes));
                }
                catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
                {
                    // Not acknowledged: it may be there or not.
                    if (e is SocketException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) return;
                }
            }
        }, CancellationToken.None)));

    /// <summary>Until so many were acknowledged.</summary>
    public async Task WaitForAsync(int acknowledged)
    {
        for (var since = TimeProvider.System.GetTimestamp(); Acknowledged.Count < acknowledged; await Task.Delay(10, world.Cancel))
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(60), $"{Acknowledged.Count} acknowledged, {unavailable} unavailable");
    }

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

    /// <summary>The test's own connections died with the database server; the first use finds it out and drops them.</summary>
    public async Task LetGoAsync()
    {
        try
        {
            await world.CountAsync("leases");
        }
        catch (StorageUnavailableException)
        {
            // Found out.
        }
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

    /// <summary>See <see cref="AtRest"/>. Nothing runs meanwhile.</summary>
    /// <returns>How many orphans the sweep removed.</returns>
    public Task<int> AssertCleanAsync() => AtRest.AssertCleanAsync(world, world.Platform.Settings with { ContentFolder = Path.Combine(DataOf(world), "content"), Demo = false });

    public ValueTask DisposeAsync() => world.DisposeAsync();
}
