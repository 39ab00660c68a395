using System.Text.Json;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Tests.Cli;
using Dsp.Tests.Support;

namespace Dsp.Tests.Demo;

/// <summary>The demo from outside: what it promises in demo.json, what it refuses to touch, and the acceptance checks on both databases.</summary>
[Trait("Tier", "Normal")]
public sealed class DemoTests
{
    private static readonly (string Key, string Kind, string[] Given)[] Promised =
    [
        ("emma", "holder", ["name", "personId", "nationalId", "recordId", "token"]),
        ("noah", "minor", ["nationalId", "recordId"]),
        ("dr-thill", "professional", ["group", "personId", "institutionId", "place", "role", "token"]),
        ("dr-reuter", "professional", ["group", "personId", "institutionId", "place", "token"]),
        ("dr-other", "professional", ["group", "personId", "place", "role", "token"]),
        ("pharma", "professional", ["group", "personId", "token"]),
        ("nurse", "professional", ["group", "personId", "place", "token"]),
        ("lab-nord", "system", ["responsible", "token"]),
        ("hospital", "system", ["responsible", "token"]),
        ("affiliation-authority", "system", ["token"]),
        ("agent", "agent", ["token"]),
    ];

    [Theory, EveryStore]
    public async Task The_demo_keeps_its_contract_and_the_acceptance_checks_hold(Store store)
    {
        Shared.Require("acceptance", "run.mjs");
        var folder = DemoProcess.NewFolder();
        var database = store == Store.Postgres ? PostgresServer.NewDatabase() : null;
        using (var demo = await DemoProcess.StartAsync(folder, database))
        {
            KeepsItsContract(demo.Contract);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(demo.File));
            var (code, said) = await demo.CheckAsync("story", "roundtrip", "discovery", "fhir-json");
            Assert.True(code == 0, said + demo.Said);
            // This check allows one second for one answer; other tests have the machine too, so it is asked up to three times.
            for (var attempt = 0; attempt < 3 && (attempt == 0 || code != 0); attempt++) (code, said) = await demo.CheckAsync("ips");
            Assert.True(code == 0, said + demo.Said);
            // A second visitor finds the same demo.
            Assert.Equal(0, (await demo.CheckAsync("story")).Code);
            Assert.Equal(0, demo.Stop());
            Assert.False(File.Exists(demo.File));
        }
        await ProvesItsJournalAsync(folder, database);
        await StartsAgainWithTheSamePeopleAsync(folder, database);
        Directory.Delete(folder, recursive: true);
    }

    private static void KeepsItsContract(JsonElement contract)
    {
        var address = contract.GetProperty("base").GetString()!;
        Assert.StartsWith("http://127.0.0.1:", address, StringComparison.Ordinal);
        Assert.Equal(address + "/fhir", contract.GetProperty("fhir").GetString());
        var people = contract.GetProperty("people").EnumerateArray().ToDictionary(p => p.GetProperty("key").GetString()!);
        foreach (var (key, kind, given) in Promised)
        {
            Assert.Equal(kind, people[key].GetProperty("kind").GetString());
            foreach (var name in given) Assert.False(string.IsNullOrEmpty(people[key].GetProperty(name).GetString()), $"{key} has no {name}");
        }
        Assert.Equal("1984031299114", people["emma"].GetProperty("nationalId").GetString());
        Assert.DoesNotContain(people.Values, p => p.TryGetProperty("nationalId", out var number) && number.GetString() == "1999113088803");
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(people["emma"].GetProperty("token").GetString()!.Split('.')[1])).RootElement;
        Assert.True(claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64() >= 7 * 24 * 3600);
        Assert.Contains("dsp.act.*", claims.GetProperty("scope").GetString(), StringComparison.Ordinal);
        Assert.Contains("mfa", claims.GetProperty("amr").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal("urn:dsp:demo", claims.GetProperty("iss").GetString());
    }

    private static async Task ProvesItsJournalAsync(string folder, string? database)
    {
        using var cli = new CliWorld(Store.Sqlite);
        cli.Set("DSP_DATAFOLDER", folder);
        cli.Set("DSP_KEYFOLDER", Path.Combine(folder, "keys"));
        cli.Set("DSP_SINKFILE", Path.Combine(folder, "journal.heads"));
        if (database is not null) cli.Set("DSP_DATABASE", database);
        Assert.Contains("Clean", await cli.DoAsync("verify"), StringComparison.Ordinal);
    }

    private static async Task StartsAgainWithTheSamePeopleAsync(string folder, string? database)
    {
        using var again = await DemoProcess.StartAsync(folder, database);
        KeepsItsContract(again.Contract);
        Assert.DoesNotContain("Playing", again.Said, StringComparison.Ordinal);
        Assert.Equal(0, (await again.CheckAsync("story")).Code);
    }

    [Fact]
    public async Task Fresh_touches_no_folder_without_the_mark()
    {
        var folder = DemoProcess.NewFolder();
        Directory.CreateDirectory(folder);
        var letter = Path.Combine(folder, "letter.txt");
        await File.WriteAllTextAsync(letter, "precious", TestContext.Current.CancellationToken);
        var (code, said) = await DemoProcess.RefusedAsync(folder, null, "--fresh");
        Assert.Equal(1, code);
        Assert.Contains("not a demo's", said, StringComparison.Ordinal);
        Assert.Equal([letter], Directory.EnumerateFileSystemEntries(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Theory, EveryStore]
    public async Task Fresh_touches_no_database_without_the_stamp(Store store)
    {
        using var real = new CliWorld(store);
        await real.FillAsync();
        var folder = store == Store.Postgres ? DemoProcess.NewFolder() : real.Data;
        // The worst case on SQLite: somebody copied the mark into a real data folder.
        if (store == Store.Sqlite) await File.WriteAllTextAsync(Path.Combine(folder, "dsp-demo-folder"), "", TestContext.Current.CancellationToken);
        var (code, said) = await DemoProcess.RefusedAsync(folder, store == Store.Postgres ? real.Database : null, "--fresh");
        Assert.Equal(1, code);
        Assert.Contains("no stamp 'demo'", said, StringComparison.Ordinal);
        Assert.Contains("Clean", await real.DoAsync("verify"), StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task A_real_server_refuses_the_demos_database(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Platform.OpenAsync(world.Platform.Settings with { Demo = false }, TimeProvider.System, world.Cancel));
        Assert.Contains("stamped 'demo'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emptied_PostgreSQL_demo_starts_from_nothing()
    {
        var database = PostgresServer.NewDatabase();
        var folder = DemoProcess.NewFolder();
        using (await DemoProcess.StartAsync(folder, database)) { }
        using (var fresh = await DemoProcess.StartAsync(folder, database, "--fresh"))
            Assert.Contains("Playing", fresh.Said, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
        // Another folder has other keys: without --fresh the database is left alone.
        var (code, said) = await DemoProcess.RefusedAsync(DemoProcess.NewFolder(), database);
        Assert.Equal(1, code);
        Assert.Contains("--fresh", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_document_of_the_story_is_where_it_belongs_after_the_keys_were_rotated()
    {
        var folder = DemoProcess.NewFolder();
        using (await DemoProcess.StartAsync(folder, null)) { }
        using var cli = new CliWorld(Store.Sqlite);
        cli.Set("DSP_DATAFOLDER", folder);
        cli.Set("DSP_KEYFOLDER", Path.Combine(folder, "keys"));
        cli.Set("DSP_SINKFILE", Path.Combine(folder, "journal.heads"));
        await cli.DoAsync("keys", "rotate");
        await cli.DoAsync("keys", "destroy", "1", "--before-horizon");
        Assert.Contains("Clean", await cli.DoAsync("verify"), StringComparison.Ordinal);
        using var demo = await DemoProcess.StartAsync(folder, null);
        var emma = demo.Contract.GetProperty("people").EnumerateArray().First(p => p.GetProperty("key").GetString() == "emma");
        using var client = new Visitor();
        var (status, body) = await client.GetAsync($"{demo.Contract.GetProperty("fhir").GetString()}/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4%7C1984031299114&_total=accurate&_count=200", emma.GetProperty("token").GetString()!);
        Assert.Equal(200, status);
        // 19 documents, one of them replaced since.
        Assert.Equal(18, body.GetProperty("total").GetInt32());
        foreach (var entry in body.GetProperty("entry").EnumerateArray())
        {
            var url = entry.GetProperty("resource").GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!;
            Assert.Equal(200, await client.StatusAsync(new Uri(new Uri(demo.Contract.GetProperty("fhir").GetString() + "/"), url).ToString(), emma.GetProperty("token").GetString()!));
        }
        demo.Stop();
        Directory.Delete(folder, recursive: true);
    }
}
