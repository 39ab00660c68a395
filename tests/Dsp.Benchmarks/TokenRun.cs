using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Server;
using Dsp.Server.SignIn;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Benchmarks;

/// <summary>Tokens: checking one on the way of every FHIR call, issuing one to a software, and the page people sign in at.</summary>
public static class TokenRun
{
    private const string ClientId = "bench";

    /// <summary>More than are remembered, so that each is checked anew.</summary>
    private const int Many = 5_000;

    /// <summary>The check in this process: remembered, and for the first time.</summary>
    public static async Task MicroAsync(BenchTable table, BenchWorld world)
    {
        var settings = ServerProcess.TokenSettings(world);
        var key = new SigningKey(settings, world.Platform.Keys);
        var issuer = ServerProcess.Issuer(world);
        var validator = new TokenValidator(settings, key, new Addresses(settings), TimeProvider.System);
        string New() => issuer.Issue(new TokenRequest(CallerKind.Professional, world.Doctor.Person!.Value.Value, TokenRequest.UsualScopes(CallerKind.Professional)) { Institution = world.Doctor.Institution });
        var one = New();
        if (await validator.ValidateAsync(one, CancellationToken.None) is null) throw new InvalidOperationException("The token is not good");
        Micro.Time(table, "check a token", "< 50 µs", () => validator.ValidateAsync(one, CancellationToken.None).AsTask().GetAwaiter().GetResult() is not null);
        var tokens = Enumerable.Range(0, Many).Select(_ => New()).ToArray();
        var next = 0;
        Micro.Time(table, "check a token, first time", "", () => validator.ValidateAsync(tokens[next++ % Many], CancellationToken.None).AsTask().GetAwaiter().GetResult() is not null);
    }

    /// <summary>Over HTTP: a token by <c>private_key_jwt</c>, and the sign-in page.</summary>
    public static async Task RunAsync(BenchTable table, BenchOptions options, string store)
    {
        if (options.Only is { } only && only is not "tokens") return;
        await using var world = await BenchWorld.CreateAsync(store);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await RegisterAsync(world, key);
        using var server = await ServerProcess.StartAsync(world);
        var signing = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = "k1", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.EcdsaSha384);
        await MeasureAsync("token issue", async (_, _) =>
        {
            using var body = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("scope", "system/DocumentReference.crs"), new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", Assertion(server.Address, signing)),
            ]);
            using var answer = await server.Client.PostAsync("/oauth/token", body);
            return answer.IsSuccessStatusCode;
        });
        await MeasureAsync("sign-in page", async (_, _) =>
        {
            using var answer = await server.Client.GetAsync("/fr/connexion");
            await answer.Content.CopyToAsync(Stream.Null);
            return answer.IsSuccessStatusCode;
        });

        async Task MeasureAsync(string name, Func<int, long, Task<bool>> operation)
        {
            await LoadRun.WarmUpAsync(options, operation, server.Id);
            var phases = new List<Measured>();
            for (var phase = 0; phase < options.Phases; phase++) phases.Add(await Measured.RunAsync(BenchOptions.Connections, options.Phase, operation, server.Id, world.DatabaseProcess));
            var median = Measured.Median(phases);
            table.Add(new BenchRow(store, name, 0) { RatePerSecond = median.Rate, P50Ms = median.P50Ms, P99Ms = median.P99Ms, ServerCpuMs = median.ServerCpuMs, DatabaseCpuMs = world.DatabaseProcess is null ? null : median.DatabaseCpuMs, Errors = median.Errors });
        }
    }

    private static async Task RegisterAsync(BenchWorld world, ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        var line = JsonSerializer.Serialize(new[]
        {
            new Dictionary<string, object>
            {
                ["client_id"] = ClientId, ["system"] = "lab", ["kind"] = "confidential", ["scopes"] = "system/DocumentReference.crs", ["description"] = "Bench", ["tested_from"] = "2025-01-01", ["attested_from"] = "2025-01-01",
                ["keys"] = new { keys = new[] { new { kty = "EC", crv = "P-384", kid = "k1", use = "sig", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) } } },
            },
        });
        using var reader = new StringReader(line);
        var import = new ImportDirectory(world.Platform.Database, world.Platform.Keys, world.Platform.People, world.Platform.Journal, world.Platform.Clock);
        if ((await import.RunAsync(DirectoryKind.Clients, reader, CancellationToken.None)).Rejected is [var rejected, ..]) throw new InvalidOperationException(rejected.Reason);
    }

    private static string Assertion(string address, SigningCredentials signing) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = ClientId, Audience = address + "/oauth/token", IssuedAt = DateTime.UtcNow, Expires = DateTime.UtcNow.AddMinutes(4), TokenType = "JWT", SigningCredentials = signing,
        Claims = new Dictionary<string, object> { ["sub"] = ClientId, ["jti"] = Guid.NewGuid().ToString("N") },
    });
}
