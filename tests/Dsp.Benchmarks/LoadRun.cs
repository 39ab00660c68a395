using System.Net.Http.Headers;
using Dsp.Access;
using Dsp.Server.SignIn;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Benchmarks;

/// <summary>Deposit, search, retrieve and a mix over HTTP, against one database, beside the floor of the same run.</summary>
public static class LoadRun
{
    private const string SearchFloor = "SELECT document_id, sealed_entry, sealed_state, sealed_fhir FROM documents WHERE record_id = $1 ORDER BY added_at DESC LIMIT 20";
    private const string RetrieveFloor = "SELECT sealed FROM contents WHERE record_id = $1 LIMIT 1";

    public static async Task RunAsync(BenchTable table, BenchOptions options, string store)
    {
        await using var world = await BenchWorld.CreateAsync(store);
        await world.GrowAsync(options.Documents[0]);
        await using var floor = new Floor(await FloorDatabaseAsync(store, world));
        var issuer = ServerProcess.Issuer(world);
        var doctor = issuer.Issue(new TokenRequest(CallerKind.Professional, world.Doctor.Person!.Value.Value, TokenRequest.UsualScopes(CallerKind.Professional)) { Institution = world.Doctor.Institution });
        var laboratory = issuer.Issue(new TokenRequest(CallerKind.System, world.Laboratory.System!.Value.Value, TokenRequest.UsualScopes(CallerKind.System)));
        foreach (var documents in options.Documents)
        {
            await world.GrowAsync(documents);
            using var server = await ServerProcess.StartAsync(world);
            var load = new Load(world, server.Client, doctor, laboratory);

            var first = world.Records[0].Value;
            await MeasureAsync("search", load.SearchAsync, () => floor.ReadAsync(first, SearchFloor), 1, "≥ 1,000/s; ≤ 0.9 + 0.6 ms CPU");
            await MeasureAsync("retrieve", load.RetrieveAsync, () => floor.ReadAsync(first, RetrieveFloor), 1, "≥ 1,500/s; ≤ 0.6 + 0.45 ms CPU");
            await MeasureAsync("mixed", load.MixedAsync, null, 1, "");
            // Last: its documents come on top of those that the others were measured at.
            await MeasureAsync("deposit", load.DepositAsync, () => store == "sqlite" ? floor.DepositGroupAsync(first, BenchOptions.Connections) : floor.DepositAsync(first), store == "sqlite" ? BenchOptions.Connections : 1, "≥ 50 % of floor, ≥ 600/s; ≤ 1.5 + 0.9 ms CPU");

            async Task MeasureAsync(string name, Func<int, long, Task<bool>> operation, Func<Task<bool>>? bare, int perBare, string budget)
            {
                if (options.Only is { } only && only != name) return;
                await WarmUpAsync(options, operation, server.Id);
                var ours = new List<Measured>();
                var floors = new List<Measured>();
                for (var phase = 0; phase < options.Phases; phase++)
                {
                    ours.Add(await Measured.RunAsync(BenchOptions.Connections, options.Phase, operation, server.Id, world.DatabaseProcess));
                    if (bare is not null) floors.Add(await Measured.RunAsync(BenchOptions.Connections, options.Phase / 2, (_, _) => bare(), null, null));
                }
                var median = Measured.Median(ours);
                table.Add(new BenchRow(store, name, documents)
                {
                    RatePerSecond = median.Rate,
                    P50Ms = median.P50Ms,
                    P99Ms = median.P99Ms,
                    ServerCpuMs = median.ServerCpuMs,
                    DatabaseCpuMs = world.DatabaseProcess is null ? null : median.DatabaseCpuMs,
                    FloorPerSecond = floors.Count == 0 ? null : Measured.Median(floors).Rate * perBare,
                    Budget = budget,
                    Errors = median.Errors,
                });
            }
        }
    }

    /// <summary>
    /// Until what the operation runs through is compiled with optimisation: a server that has run for seconds spends more on
    /// its compiler than on its work.
    /// </summary>
    internal static async Task WarmUpAsync(BenchOptions options, Func<int, long, Task<bool>> operation, int server)
    {
        var window = TimeSpan.FromSeconds(3);
        var last = double.MaxValue;
        for (var spent = TimeSpan.Zero; spent < options.WarmUp; spent += window)
        {
            var cost = (await Measured.RunAsync(BenchOptions.Connections, window, operation, server, null)).ServerCpuMs;
            if (spent > 2 * window && cost > 0.95 * last) return;
            last = Math.Min(last, cost);
        }
    }

    /// <summary>A database of its own with the same schema, filled so that the floor's reads find as many rows.</summary>
    private static async Task<string> FloorDatabaseAsync(string store, BenchWorld world)
    {
        var connection = store == "postgres" ? PostgresServer.NewDatabase() : Path.Combine(world.Folder, "floor.sqlite");
        await using (var database = Database.Open(connection)) await Migrator.RunAsync(database, TimeProvider.System, CancellationToken.None);
        await using var floor = new Floor(connection);
        for (var i = 0; i < BenchOptions.DocumentsPerRecord; i++) await floor.DepositAsync(world.Records[0].Value);
        return connection;
    }
}

/// <summary>The calls of the load, as a source system and a practice program make them.</summary>
public sealed class Load(BenchWorld world, HttpClient client, string doctor, string laboratory)
{
    private readonly byte[] content = BenchReport.Make(BenchOptions.DocumentBytes);

    public Task<bool> DepositAsync(int caller, long number)
    {
        var body = new ByteArrayContent(BenchWorld.Bundle(Pick(world.Records, caller, number), content));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, "/fhir") { Content = body }, laboratory);
    }

    public Task<bool> SearchAsync(int caller, long number) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/fhir/DocumentReference?patient={Pick(world.Records, caller, number)}&status=current&_count=20"), doctor);

    public Task<bool> RetrieveAsync(int caller, long number) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/fhir/Binary/{Pick(world.Documents, caller, number)}"), doctor);

    /// <summary>One deposit, three searches, six reads of ten.</summary>
    public Task<bool> MixedAsync(int caller, long number) => ((caller + number) % 10) switch
    {
        0 => DepositAsync(caller, number),
        1 or 2 or 3 => SearchAsync(caller, number),
        _ => RetrieveAsync(caller, number),
    };

    private async Task<bool> SendAsync(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd(request.RequestUri!.OriginalString.Contains("Binary", StringComparison.Ordinal) ? "*/*" : "application/fhir+json");
        using var answer = await client.SendAsync(request);
        await answer.Content.CopyToAsync(Stream.Null);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>A walk over all that touches neighbours never: the same for every run.</summary>
    private static T Pick<T>(List<T> from, int caller, long number) => from[(int)(((caller * 7919L) + (number * 104729L)) % from.Count)];
}
