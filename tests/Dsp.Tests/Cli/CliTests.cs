using Dsp.Cli;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Cli;

/// <summary>An operator makes an installation, fills it, proves it and looks after its keys, by commands alone.</summary>
public sealed class CliTests
{
    [Theory, EveryStore]
    public async Task An_installation_is_made_filled_and_proved(Store store)
    {
        using var cli = new CliWorld(store);
        await cli.FillAsync();
        Assert.Contains("nothing was changed", await cli.DoAsync("init"), StringComparison.Ordinal);
        Assert.Contains("already", await cli.DoAsync("migrate"), StringComparison.Ordinal);
        Assert.Contains("Clean", await cli.DoAsync("verify"), StringComparison.Ordinal);
        Assert.Contains("0 orphans", await cli.DoAsync("sweep"), StringComparison.Ordinal);
        Assert.Contains("0 cases are open", await cli.DoAsync("cases"), StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("cases", "settle", "0000-0000")).Code);
        Assert.Contains("Nobody's access is stopped", await cli.DoAsync("stopped"), StringComparison.Ordinal);
        Assert.Contains("Nothing was found", await cli.DoAsync("reports"), StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("reports", "--days", "0")).Code);
        Assert.Equal(2, (await cli.RunAsync("stopped", "lift", Guid.NewGuid().ToString(), "--agent", "1")).Code);

        // The same file again changes nothing; a replayed feed creates nobody a second time.
        Assert.Contains("1 unchanged", await cli.DoAsync("import", "institutions", Path.Combine(cli.Folder, "institutions.csv")), StringComparison.Ordinal);
        Assert.Contains("1 of them sent before", await cli.DoAsync("import", "affiliations", Path.Combine(cli.Folder, "feed.ndjson")), StringComparison.Ordinal);
        await using var platform = await cli.OpenAsync();
        Assert.Equal(1, (await platform.Database.QueryAsync(r => r.Long(0), "SELECT COUNT(*) FROM records", cli.Cancel))[0]);
    }

    [Fact]
    public async Task Whether_scans_are_read_is_told_without_an_installation()
    {
        using var cli = new CliWorld(Store.Sqlite);
        var (code, said) = await cli.RunAsync("worker");
        Assert.Equal(said.Contains("not", StringComparison.Ordinal) ? ExitCode.Findings : ExitCode.Fine, code);
        Assert.Contains("Text of PDF: read", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_stands_elsewhere_than_declared_is_told()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.DoAsync("init");
        Assert.Contains("No residency is declared", (await cli.RunAsync("check-config")).Said, StringComparison.Ordinal);
        cli.Set("DSP_RESIDENCYHOSTS", "10.1.0.0/16");
        Assert.DoesNotContain("residency", (await cli.RunAsync("check-config")).Said, StringComparison.OrdinalIgnoreCase);
        // Nobody answers there (RFC 5737): where it stands is told all the same.
        cli.Set("DSP_DATABASE", "Host=192.0.2.1;Timeout=1");
        var (code, said) = await cli.RunAsync("check-config");
        Assert.Equal(1, code);
        Assert.Contains("The database stands on 192.0.2.1.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_cannot_be_taken_is_told_and_ends_the_import_with_one()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.DoAsync("init");
        var (code, said) = await cli.RunAsync("import", "professionals", cli.FileOf("p.csv", "register_id,family,given,profession,licence_from", "90,Biolay,Solange,astrologue,2005-01-01"));
        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("line 2", said, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task Rotated_keys_open_everything_and_the_former_epoch_may_go(Store store)
    {
        using var cli = new CliWorld(store);
        await cli.FillAsync();
        Assert.Contains("Epoch 2 has begun", await cli.DoAsync("keys", "rotate"), StringComparison.Ordinal);
        Assert.Contains("Clean", await cli.DoAsync("verify"), StringComparison.Ordinal);

        var (early, why) = await cli.RunAsync("keys", "destroy", "1");
        Assert.Equal(ExitCode.Refused, early);
        Assert.Contains("--before-horizon", why, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, (await cli.RunAsync("keys", "destroy", "2", "--before-horizon")).Code);
        await cli.DoAsync("keys", "destroy", "1", "--before-horizon");

        Assert.False(File.Exists(Path.Combine(cli.Keys, "epoch-0001.key")));
        Assert.Contains("Clean", await cli.DoAsync("verify"), StringComparison.Ordinal);
        await using var platform = await cli.OpenAsync();
        var token = Dsp.Identity.Identifiers.TokenOf(platform.Keys, Dsp.Identity.Identifiers.NationalNumber, "1984031299114", new DateOnly(2026, 1, 1))!;
        Assert.Equal("Emma", (await platform.People.FindByTokenAsync(platform.Database, token, cli.Cancel))!.Details.Given);
    }

    [Theory, EveryStore]
    public async Task A_working_server_opens_what_was_rewrapped_beside_it(Store store)
    {
        using var cli = new CliWorld(store);
        await cli.FillAsync();
        await using var server = await cli.OpenAsync();
        await cli.DoAsync("keys", "rotate");

        Assert.Equal(2, server.KeyProvider.CurrentEpoch);
        var sent = await new Dsp.Records.SendDueLetters(server.Database, server.Clockwork, server.People, server.Keys, server.Leases, server.Clock).RunAsync(cli.Cancel);
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task A_journal_somebody_wrote_past_is_found_and_ends_with_one()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.FillAsync();
        await using (var platform = await cli.OpenAsync())
        {
            while (await new Dsp.Journal.JournalSealer(platform.Database, platform.Keys, platform.Sink, platform.Clock).SealOnceAsync(cli.Cancel) > 0) { }
            await platform.Database.CommitAsync(new Batch().Add("DELETE FROM journal_bodies"), cli.Cancel);
        }
        var (code, said) = await cli.RunAsync("verify");
        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("FOUND BodyMissing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_below_the_data_are_refused()
    {
        using var cli = new CliWorld(Store.Sqlite);
        cli.Set("DSP_KEYFOLDER", Path.Combine(cli.Data, "keys"));
        var (code, said) = await cli.RunAsync("init");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("below the data folder", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.Data));
    }

    [Fact]
    public async Task A_lost_key_folder_is_said_and_never_replaced_by_a_new_one()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.DoAsync("init");
        Directory.Delete(cli.Keys, recursive: true);
        var (code, said) = await cli.RunAsync("init");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Restore the key folder", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.Keys));
    }

    [Fact]
    public async Task A_command_that_writes_waits_for_the_server_and_then_says_so()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.DoAsync("init");
        using (SqliteLock.TryTake(cli.Database))
        {
            Assert.Equal(ExitCode.Busy, (await cli.RunAsync("keys", "rotate")).Code);
            await cli.DoAsync("verify");
        }
        await cli.DoAsync("keys", "rotate");
    }

    [Fact]
    public async Task Tokens_are_signed_on_a_demo_only()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.DoAsync("init");
        var (code, said) = await cli.RunAsync("token", "--kind", "agent", "--subject", "019ecf71-c401-7167-a64e-da3cd916330d");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("stamped 'real'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_is_checked_and_each_finding_explained()
    {
        using var cli = new CliWorld(Store.Sqlite);
        await cli.DoAsync("init");
        cli.Set("DSP_RESIDENCYHOSTS", "db.example.lu");
        // A machine without bubblewrap or tesseract has that to consider.
        var scans = (await Dsp.Interop.Workers.Sandbox.StateAsync(cli.Cancel)).Missing;
        Assert.Contains(scans is null ? "Nothing was found" : "0 wrong, 1 to consider", await cli.DoAsync("check-config"), StringComparison.Ordinal);

        File.SetUnixFileMode(Path.Combine(cli.Keys, "epoch-0001.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var (code, said) = await cli.RunAsync("check-config");
        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("epoch-0001.key can be opened by other users", said, StringComparison.Ordinal);
        Assert.Contains("chmod 600", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_setting_is_named()
    {
        using var said = new StringWriter();
        var code = await CommandTree.RunAsync(["verify"], new Surroundings(said, said, _ => null, TimeProvider.System), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("DSP_DATAFOLDER", said.ToString(), StringComparison.Ordinal);
    }
}
