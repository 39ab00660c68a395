using System.Diagnostics;
using System.Globalization;
using Dsp.Journal;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>The disk is full, at each place where something is written: a clear error, nothing half stored, and the next deposit works.</summary>
public sealed class DiskFullTests
{
    private static readonly byte[] Large = [.. Enumerable.Range(0, 150_000).Select(i => (byte)(i * 31))];

    [Theory, EveryStore]
    public async Task A_deposit_that_the_full_content_store_cannot_keep_is_refused_and_leaves_nothing(Store store)
    {
        var world = await World.CreateAsync(store);
        var contents = new FaultyContentStore(world.Platform.ContentStore);
        await using var cast = await Cast.StartAsync(world, extend: b => contents.Into(b, world.Platform));
        var bundle = Bundles.Provide(cast.Emma.Number!, Large, "Scanner", "application/pdf");

        contents.BeforeKeeping = () => throw FaultyContentStore.DiskFull();
        Doors.Unavailable(await cast.DepositAsync(cast.Lab, bundle));
        await AssertNothingAsync(world);
        // A small one needs no room there.
        await cast.DepositedAsync([1, 2, 3]);

        contents.BeforeKeeping = null;
        var id = await AcceptedAsync(cast, bundle);
        Assert.Equal(Large, (await cast.Server.GetAsync("/fhir/Binary/" + id, cast.Holder, ("Accept", "*/*"))).Bytes);
        Assert.Equal(0, await AtRest.AssertCleanAsync(world, world.Platform.Settings));
    }

    [Theory, EveryStore]
    public async Task A_content_store_that_cannot_be_read_at_this_moment_is_told_before_the_first_byte(Store store)
    {
        var world = await World.CreateAsync(store);
        var contents = new FaultyContentStore(world.Platform.ContentStore);
        await using var cast = await Cast.StartAsync(world, extend: b => contents.Into(b, world.Platform));
        var id = await cast.DepositedAsync(Large, "Scanner", "application/pdf");

        contents.BeforeReading = () => throw new IOException("Input/output error", 5);
        Doors.Unavailable(await cast.Server.GetAsync("/fhir/Binary/" + id, cast.Holder, ("Accept", "*/*")));
        contents.BeforeReading = null;
        Assert.Equal(Large, (await cast.Server.GetAsync("/fhir/Binary/" + id, cast.Holder, ("Accept", "*/*"))).Bytes);
    }

    [Fact]
    public async Task A_content_folder_on_a_disk_that_is_full_keeps_no_part_of_a_document()
    {
        var world = await World.CreateAsync(Store.Sqlite);
        using var disk = SmallDisk.Mount(world.Platform.Settings.ContentFolder, "400k");
        await using var cast = await Cast.StartAsync(world);
        var kept = await cast.DepositedAsync(Large, "Scanner", "application/pdf");
        var bundle = Bundles.Provide(cast.Emma.Number!, [.. Large, .. Large, .. Large], "Scanner", "application/pdf");

        Doors.Unavailable(await cast.DepositAsync(cast.Lab, bundle));
        Assert.Equal(1, await world.CountAsync("documents"));
        Assert.Equal(0, await world.CountAsync("content_intents"));
        Assert.Single(Directory.EnumerateFiles(world.Platform.Settings.ContentFolder, "*", SearchOption.AllDirectories));
        Assert.Equal(Large, (await cast.Server.GetAsync("/fhir/Binary/" + kept, cast.Holder, ("Accept", "*/*"))).Bytes);

        disk.Resize("4m");
        await AcceptedAsync(cast, bundle);
        Assert.Equal(0, await AtRest.AssertCleanAsync(world, world.Platform.Settings));
    }

    [Fact]
    public async Task A_full_embedded_database_refuses_what_it_cannot_keep_and_takes_it_when_there_is_room()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var world = cast.Server.World;
        var first = await cast.DepositedAsync([1, 2, 3]);
        var bundles = Enumerable.Range(0, 8).Select(i => Bundles.Provide(cast.Emma.Number!, [.. Large.AsSpan(0, 60_000), (byte)i], "Bilan", "application/pdf")).ToList();
        var journal = await world.CountAsync("journal_entries");

        await PagesAsync(world, 1);
        // Together, so that they wait in one group of the writer.
        foreach (var answer in await Task.WhenAll(bundles.Select(b => cast.DepositAsync(cast.Lab, b)))) Doors.Unavailable(answer);
        await AssertNothingAsync(world, documents: 1);
        Assert.Equal(journal, await world.CountAsync("journal_entries"));

        await PagesAsync(world, 1_000_000);
        foreach (var bundle in bundles) await AcceptedAsync(cast, bundle);
        Assert.Equal(new byte[] { 1, 2, 3 }, (await cast.Server.GetAsync("/fhir/Binary/" + first, cast.Holder, ("Accept", "*/*"))).Bytes);
        Assert.Equal(0, await AtRest.AssertCleanAsync(world, world.Platform.Settings));
    }

    [Theory, EveryStore]
    public async Task A_sink_that_cannot_be_written_stops_no_deposit_raises_an_alarm_and_is_made_up_for(Store store)
    {
        var world = await World.CreateAsync(store);
        await using var cast = await Cast.StartAsync(world, s => s with { Jobs = true });
        await cast.DepositedAsync([1]);
        await SealedAsync(world);
        var sink = world.Platform.Settings.SinkFile;
        var before = await File.ReadAllTextAsync(sink, world.Cancel);
        // A folder in the file's place cannot be written, whoever runs the test.
        File.Move(sink, sink + ".kept");
        Directory.CreateDirectory(sink);

        var id = await cast.DepositedAsync([2]);
        await UntilAsync(world, () => world.Platform.Alarms.Recent.Any(a => a is { Kind: "job-failed", Subject: "seal-journal" }));
        Assert.Equal(200, (await cast.Server.GetAsync("/fhir/Binary/" + id, cast.Holder, ("Accept", "*/*"))).Status);

        Directory.Delete(sink);
        File.Move(sink + ".kept", sink);
        await UntilAsync(world, () => new JournalSink(sink).Last()?.Size is { } size && size == Entries(world));
        Assert.StartsWith(before, await File.ReadAllTextAsync(sink, world.Cancel), StringComparison.Ordinal);
        Assert.Equal(0, await AtRest.AssertCleanAsync(world, world.Platform.Settings));
    }

    /// <summary>How many pages the writer's file may have: fewer than it has means that it cannot grow.</summary>
    private static Task PagesAsync(World world, int most) => world.Platform.Database.RunScriptAsync(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {most}"), world.Cancel);

    private static long Entries(World world) => world.CountAsync("journal_entries").GetAwaiter().GetResult();

    private static async Task AssertNothingAsync(World world, int documents = 0)
    {
        Assert.Equal(documents, await world.CountAsync("documents"));
        Assert.Equal(documents, await world.CountAsync("contents"));
        Assert.Equal(documents, await world.CountAsync("submission_sets"));
        Assert.Equal(0, await world.CountAsync("content_intents"));
        await AtRest.AssertRowsAgreeAsync(world);
        if (Directory.Exists(world.Platform.Settings.ContentFolder)) Assert.Empty(Directory.EnumerateFiles(world.Platform.Settings.ContentFolder, "*", SearchOption.AllDirectories));
    }

    private static async Task<string> AcceptedAsync(Cast cast, string bundle)
    {
        var answer = await cast.DepositAsync(cast.Lab, bundle);
        Assert.True(answer.Status == 200, answer.Whole);
        return KillWorld.DocumentOf(answer.Bytes);
    }

    private static Task SealedAsync(World world) => UntilAsync(world, () => world.CountAsync("journal_unsealed").GetAwaiter().GetResult() == 0);

    private static async Task UntilAsync(World world, Func<bool> done)
    {
        for (var i = 0; i < 300 && !done(); i++) await Task.Delay(100, world.Cancel);
        Assert.True(done());
    }

    /// <summary>A disk of a few pages, mounted where only root may: elsewhere the test is skipped.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string folder;

        private SmallDisk(string folder) => this.folder = folder;

        public static SmallDisk Mount(string folder, string size)
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder) != 0) Assert.Skip("Mounting a small disk takes root on Linux.");
            return new SmallDisk(folder);
        }

        public void Resize(string size) => Assert.Equal(0, Run("mount", "-o", "remount,size=" + size, folder));

        public void Dispose() => Run("umount", "-l", folder);

        private static int Run(string file, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
