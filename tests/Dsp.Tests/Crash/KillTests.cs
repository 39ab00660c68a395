using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Dsp.Access;
using Dsp.Benchmarks;
using Dsp.Journal;
using Dsp.Server.SignIn;
using Dsp.Tests.Support;
using Dsp.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Dsp.Tests.Crash;

/// <summary>The real server, killed with SIGKILL in a storm of deposits. Recovery is the normal start.</summary>
public sealed class KillTests
{
    private static readonly int[] Sizes = [300, 20_000, 150_000];

    [Theory, EveryStore]
    public async Task Killed_in_a_storm_every_acknowledged_document_reads_back_and_nothing_is_half_done(Store store)
    {
        var cancel = TestContext.Current.CancellationToken;
        if (store == Store.Postgres) _ = World.NewPostgresDatabase();
        await using var world = await BenchWorld.CreateAsync(store == Store.Postgres ? "postgres" : "sqlite", 5);
        using var issuer = ServerProcess.Issuer(world);
        var token = issuer.Issue(new TokenRequest(CallerKind.System, world.Laboratory.System!.Value.Value, TokenRequest.UsualScopes(CallerKind.System)));
        var acknowledged = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        var rounds = Tiers.Current switch { Tier.Long => 20, Tier.Quick => 1, _ => 3 };

        for (var round = 0; round < rounds; round++)
        {
            using var server = await ServerProcess.StartAsync(world);
            var before = acknowledged.Count;
            var storm = Enumerable.Range(0, 8).Select(caller => Task.Run(() => DepositUntilItDiesAsync(server, world, token, caller, acknowledged), cancel)).ToArray();
            // A cold process first loads its code: the storm has begun when some were acknowledged.
            for (var waited = 0; acknowledged.Count < before + 5 && waited < 300; waited++) await Task.Delay(100, cancel);
            await Task.Delay(RandomNumberGenerator.GetInt32(50, 900), cancel);
            server.Kill();
            await Task.WhenAll(storm);
            Assert.True(acknowledged.Count > before, "nothing was acknowledged before the kill");
        }

        using (var server = await ServerProcess.StartAsync(world))
        {
            foreach (var (location, hash) in acknowledged)
            {
                using var answer = await server.Client.SendAsync(Request(HttpMethod.Get, "/fhir/" + location, token), cancel);
                Assert.True(answer.IsSuccessStatusCode, $"{location}: {(int)answer.StatusCode}");
                Assert.Equal(hash, SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(cancel)));
            }
        }
        await NothingHalfDoneAsync(world, cancel);
    }

    private static async Task DepositUntilItDiesAsync(ServerProcess server, BenchWorld world, string token, int caller, ConcurrentDictionary<string, byte[]> acknowledged)
    {
        try
        {
            for (var i = caller; ; i++)
            {
                var content = RandomNumberGenerator.GetBytes(Sizes[i % Sizes.Length]);
                var request = Request(HttpMethod.Post, "/fhir", token);
                request.Content = new ByteArrayContent(BenchWorld.Bundle(world.Records[i % world.Records.Count], content)) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };
                using var answer = await server.Client.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(answer.IsSuccessStatusCode, text);
                acknowledged[BinaryOf(text)] = SHA256.HashData(content);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The server is gone: what was not acknowledged is owed to nobody.
        }
    }

    private static string BinaryOf(string response)
    {
        using var json = JsonDocument.Parse(response);
        return json.RootElement.GetProperty("entry").EnumerateArray()
            .Select(e => e.GetProperty("response").GetProperty("location").GetString()!)
            .First(l => l.Contains("Binary/", StringComparison.Ordinal)).Split("/_history")[0];
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string token)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd(path.Contains("Binary", StringComparison.Ordinal) ? "*/*" : "application/fhir+json");
        return request;
    }

    private static async Task NothingHalfDoneAsync(BenchWorld world, CancellationToken cancel)
    {
        var platform = world.Platform;
        await new ContentVault(platform.Database, platform.ContentStore, new MovedClock(DateTimeOffset.UtcNow + TimeSpan.FromHours(2))).SweepOrphansAsync(cancel);
        async Task<long> CountAsync(string sql) => (await platform.Database.QueryAsync(r => r.Long(0), sql, cancel))[0];

        Assert.Equal(0, await CountAsync("SELECT COUNT(*) FROM content_intents"));
        Assert.Equal(0, await CountAsync("SELECT COUNT(*) FROM contents c WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = c.record_id AND d.content_id = c.content_id)"));
        var documents = await CountAsync("SELECT COUNT(*) FROM documents");
        Assert.Equal(documents, await CountAsync("SELECT COUNT(*) FROM submission_sets"));
        Assert.Equal(2 * documents, await CountAsync("SELECT COUNT(*) FROM object_ids"));
        Assert.Equal(2 * documents, await CountAsync("SELECT COUNT(*) FROM unique_ids"));
        var known = (await platform.Database.QueryAsync(r => r.Guid(0), "SELECT content_id FROM documents", cancel)).ToHashSet();
        await foreach (var (_, content) in platform.ContentStore.ListAsync(cancel)) Assert.Contains(content.Value, known);

        var sealer = new JournalSealer(platform.Database, platform.Keys, platform.Sink, platform.Clock);
        while (await sealer.SealOnceAsync(cancel) > 0)
        {
            // Until nothing waits.
        }
        var services = new ServiceCollection();
        foreach (var part in platform.Parts)
            for (var type = part.GetType(); type is not null && type != typeof(object); type = type.BaseType)
                foreach (var known2 in type.GetInterfaces().Append(type)) services.AddSingleton(known2, part);
        await using var provider = services.BuildServiceProvider();
        var report = await ActivatorUtilities.CreateInstance<VerifyJournal>(provider).RunAsync(cancel);
        Assert.Empty(report.Findings);
    }
}
