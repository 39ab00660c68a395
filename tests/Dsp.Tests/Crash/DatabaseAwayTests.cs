using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Npgsql;

namespace Dsp.Tests.Crash;

/// <summary>The database goes away and comes back under a running process: a PostgreSQL of the test's own, stopped and started again.</summary>
[Trait("Store", "PostgreSql")]
public sealed class DatabaseAwayTests
{
    private static readonly byte[] Small = Encoding.UTF8.GetBytes("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>Bilan</title></ClinicalDocument>");
    private static readonly byte[] Large = [.. Enumerable.Range(0, 150_000).Select(i => (byte)(i * 31))];

    [Fact]
    public async Task While_the_database_is_away_every_door_says_so_and_when_it_is_back_all_works_without_a_restart()
    {
        using var postgres = World.NewPostgresServer();
        await using var cast = await StartAsync(postgres);
        var cookie = await Doors.CookieAsync(cast);
        var (small, large) = (await cast.DepositedAsync(Small), await cast.DepositedAsync(Large, "Scanner", "application/pdf"));
        await cast.OpenContextAsync();
        Assert.Equal(200, (await cast.Server.GetAsync("/fr", null, ("Cookie", cookie))).Status);
        var late = Bundles.Provide(cast.Emma.Number!, [4, 5, 6], "Pendant la panne");
        var lateLarge = Bundles.Provide(cast.Emma.Number!, [.. Large, 7], "Pendant la panne", "application/pdf");

        postgres.StopAtOnce();
        await Doors.AssertUnavailableAsync(cast, small, cookie);
        Doors.Unavailable(await cast.DepositAsync(cast.Lab, late));
        Doors.Unavailable(await cast.DepositAsync(cast.Lab, lateLarge));
        postgres.StartAgain();

        await ReadyAgainAsync(cast);
        Assert.Equal(Small, await ReadAsync(cast, small));
        Assert.Equal(Large, await ReadAsync(cast, large));
        Assert.Equal(2, await CountAsync(cast));
        foreach (var bundle in new[] { late, lateLarge }) Assert.Equal(200, (await cast.DepositAsync(cast.Lab, bundle)).Status);
        Assert.Equal(4, await CountAsync(cast));
        Assert.Equal(200, (await cast.Server.GetAsync("/fr", null, ("Cookie", cookie))).Status);
        Assert.Equal(200, (await cast.Server.GetAsync($"/api/records/{cast.Record}/history", cast.Holder)).Status);
        await SealedAsync(cast);
        await AtRest.AssertCleanAsync(cast.Server.World, cast.Server.World.Platform.Settings);
    }

    [Fact]
    public async Task A_deposit_whose_database_goes_away_after_its_bytes_were_kept_leaves_nothing_but_what_the_sweep_takes()
    {
        using var postgres = World.NewPostgresServer();
        FaultyContentStore? contents = null;
        await using var cast = await StartAsync(postgres, store => contents = store);
        var bundle = Bundles.Provide(cast.Emma.Number!, Large, "Scanner", "application/pdf");
        contents!.AfterKeeping = postgres.StopAtOnce;
        Doors.Unavailable(await cast.DepositAsync(cast.Lab, bundle));
        contents.AfterKeeping = null;
        postgres.StartAgain();

        await ReadyAgainAsync(cast);
        Assert.Equal(0, await cast.Server.World.CountAsync("documents"));
        Assert.Equal(1, await cast.Server.World.CountAsync("content_intents"));
        Assert.Equal(200, (await cast.DepositAsync(cast.Lab, bundle)).Status);
        Assert.Equal(1, await AtRest.AssertCleanAsync(cast.Server.World, cast.Server.World.Platform.Settings));
    }

    [Fact]
    public async Task Sessions_cut_in_mid_load_give_a_clear_error_or_the_whole_answer_never_half_a_document()
    {
        using var postgres = World.NewPostgresServer();
        await using var cast = await StartAsync(postgres);
        await cast.OpenContextAsync();
        var kept = new ConcurrentDictionary<string, byte[]>();
        kept[await cast.DepositedAsync(Small)] = Small;
        kept[await cast.DepositedAsync(Large, "Scanner", "application/pdf")] = Large;
        var refused = new ConcurrentBag<string>();
        var errors = 0;
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var bytes = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(3) == 0 ? 90_000 : 4_000);
                var bundle = Bundles.Provide(cast.Emma.Number!, bytes, "Bilan", "application/pdf");
                var deposited = await cast.DepositAsync(cast.Lab, bundle);
                if (deposited.Status == 200) kept[KillWorld.DocumentOf(deposited.Bytes)] = bytes;
                else refused.Add(bundle);
                var found = await cast.SearchAsync(cast.DoctorToken);
                var (id, whole) = kept.ElementAt(RandomNumberGenerator.GetInt32(kept.Count));
                var read = await cast.Server.GetAsync("/fhir/Binary/" + id, cast.DoctorToken, ("Accept", "*/*"));
                if (read.Status == 200) Assert.Equal(whole, read.Bytes);
                foreach (var answer in new[] { deposited, found, read }.Where(a => a.Status != 200))
                {
                    Doors.Unavailable(answer);
                    Interlocked.Increment(ref errors);
                }
            }
        }, TestContext.Current.CancellationToken)).ToArray();
        var cut = await CutAsync(cast.Server.World.Platform.Settings.Database, TimeSpan.FromSeconds(4));
        await stop.CancelAsync();
        await Task.WhenAll(load);

        TestContext.Current.SendDiagnosticMessage($"{cut} sessions cut, {kept.Count} documents kept, {errors} answers were DSP-5004");
        Assert.True(cut > 0 && errors > 0 && kept.Count > 2, $"{cut} cut, {errors} errors, {kept.Count} kept");
        // Whoever got the error sends the same message again: once in the record, whatever became of the first.
        foreach (var bundle in refused) await AgainAsync(cast, bundle);
        foreach (var (id, bytes) in kept) Assert.Equal(bytes, await ReadAsync(cast, id));
        Assert.Equal(kept.Count + refused.Count, await cast.Server.World.CountAsync("documents"));
        await SealedAsync(cast);
        await AtRest.AssertCleanAsync(cast.Server.World, cast.Server.World.Platform.Settings);
    }

    private static async Task<Cast> StartAsync(PostgresServer postgres, Action<FaultyContentStore>? faults = null)
    {
        var world = await World.CreateAsync(Store.Postgres, database: postgres.CreateDatabase());
        var contents = new FaultyContentStore(world.Platform.ContentStore);
        faults?.Invoke(contents);
        return await Cast.StartAsync(world, s => s with { Jobs = true }, b => contents.Into(b, world.Platform), Doors.MapSignIn);
    }

    /// <summary>Ends every session of our process, again and again.</summary>
    private static async Task<long> CutAsync(string database, TimeSpan time)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var cut = 0L;
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < time;)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 150), TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'dsp' AND datname = current_database()", connection);
            cut += (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }
        return cut;
    }

    private static async Task AgainAsync(Cast cast, string bundle)
    {
        var answer = await cast.DepositAsync(cast.Lab, bundle);
        for (var i = 0; i < 30 && answer.Status == 503; i++) answer = await cast.DepositAsync(cast.Lab, bundle);
        Assert.True(answer.Status == 200, answer.Whole);
    }

    /// <summary>The probe tells the balancer; it may take one look at a dead connection first.</summary>
    private static async Task ReadyAgainAsync(Cast cast)
    {
        for (var i = 0; i < 50; i++)
        {
            if ((await cast.Server.GetAsync("/health/ready")).Status == 200) return;
            await Task.Delay(100, cast.Server.World.Cancel);
        }
        Assert.Fail("The process did not become ready again.");
    }

    /// <summary>
    /// The job that seals the journal came back by itself: a lease it could not give back ends after half a minute, and
    /// after failures it waits for up to a minute.
    /// </summary>
    private static async Task SealedAsync(Cast cast)
    {
        for (var i = 0; i < 1200 && await cast.Server.World.CountAsync("journal_unsealed") > 0; i++) await Task.Delay(100, cast.Server.World.Cancel);
        Assert.Equal(0, await cast.Server.World.CountAsync("journal_unsealed"));
    }

    private static async Task<byte[]> ReadAsync(Cast cast, string id)
    {
        var read = await cast.Server.GetAsync("/fhir/Binary/" + id, cast.DoctorToken, ("Accept", "*/*"));
        Assert.True(read.Status == 200, read.Whole);
        return read.Bytes;
    }

    private static async Task<int> CountAsync(Cast cast)
    {
        var found = await cast.SearchAsync(cast.DoctorToken, "&_total=accurate");
        Assert.True(found.Status == 200, found.Whole);
        return found.Json.GetProperty("total").GetInt32();
    }
}
