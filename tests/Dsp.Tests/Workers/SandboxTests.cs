using System.Diagnostics;
using System.Text;
using Dsp.Interop.Workers;

namespace Dsp.Tests.Workers;

/// <summary>What a program can do inside the sandbox that has been taken over by the document it reads: nothing.</summary>
public sealed class SandboxTests
{
    private static readonly WorkerLimits Small = new() { Memory = 256L * 1024 * 1024, Files = 32L * 1024 * 1024 };
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_reaches_no_network_not_even_this_machine()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        // The same call outside arrives: the test can fail.
        Assert.Contains("arrived", (await OutsideAsync($"exec 3<>/dev/tcp/127.0.0.1/{port} && echo arrived")).Output, StringComparison.Ordinal);

        var inside = await InsideAsync($"(exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null && echo arrived; grep -vc lo: /proc/net/dev; (exec 3<>/dev/udp/1.1.1.1/53) 2>/dev/null && echo out; true");

        Assert.Equal("2", inside.Output.Trim());
        Assert.False(listener.Pending() && inside.Output.Contains("arrived", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_sees_and_signals_no_other_process()
    {
        var inside = await InsideAsync($"for p in /proc/[0-9]*; do cat $p/cmdline | tr '\\0' ' '; echo; done; kill -0 {Environment.ProcessId} 2>/dev/null && echo sig''nalled; true");

        Assert.DoesNotContain("Dsp.Tests", inside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("signalled", inside.Output, StringComparison.Ordinal);
        Assert.Contains("bash", inside.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_no_key_folder_no_home_no_environment_and_writes_nothing_of_this_machine()
    {
        var keys = Directory.CreateTempSubdirectory("dsp-keys-").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "epoch-1.key"), "SECRET", Cancel);
        // Readable for everybody of this machine: the walls alone must hide it.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(keys, (UnixFileMode)0x1ED);
            File.SetUnixFileMode(Path.Combine(keys, "epoch-1.key"), (UnixFileMode)0x1A4);
        }
        Environment.SetEnvironmentVariable("DSP_TEST_SECRET", "SECRET-OF-THE-ENVIRONMENT");
        try
        {
            Assert.Contains("SECRET", (await OutsideAsync($"cat {keys}/*")).Output, StringComparison.Ordinal);

            var inside = await InsideAsync($"cat {keys}/* /etc/shadow /etc/passwd 2>/dev/null; cat /proc/1/environ; env; ls -a / /tmp /worker; echo x > /usr/x; echo x > /worker/x; echo x > /x; echo x > /dev/x; echo x > /dev/shm/x; echo x > /dev/null; true");

            Assert.DoesNotContain("SECRET", inside.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", inside.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("appsettings", inside.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("home", inside.Output.Split('\n'));
            Assert.Equal(5, inside.Errors.Split('\n').Count(l => l.Contains("Read-only file system", StringComparison.Ordinal) || l.Contains("Permission denied", StringComparison.Ordinal)));
            Assert.False(File.Exists("/usr/x"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("DSP_TEST_SECRET", null);
            Directory.Delete(keys, recursive: true);
        }
    }

    [Fact]
    public async Task It_is_nobody_without_capabilities_and_cannot_make_itself_a_new_world()
    {
        var inside = await InsideAsync("id -u; grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; unshare -U true 2>/dev/null && echo unshared; mount -t tmpfs x /tmp 2>/dev/null && echo mounted; true");

        Assert.Contains("65534", inside.Output, StringComparison.Ordinal);
        Assert.Contains("0000000000000000", inside.Output, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", inside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("unshared", inside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("mounted", inside.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fork_bomb_stops_at_its_number_and_leaves_nobody()
    {
        // Each line is a process that lived; 500 are asked for.
        var (_, output, errors) = await InsideAsync("for i in $(seq 500); do (echo alive; exec sleep 55.5) & done 2>&1; true", new WorkerLimits { Processes = 20 });

        Assert.InRange(output.Split('\n').Count(l => l == "alive"), 1, 20);
        Assert.Contains("Resource temporarily unavailable", output + errors, StringComparison.Ordinal);
        await NobodyAsync("sleep\055.5");
    }

    [Fact]
    public async Task A_memory_bomb_is_ended_alone_and_in_company()
    {
        var alone = await WorkerAsync("tail /dev/zero", Small, TimeSpan.FromSeconds(30));
        var company = await WorkerAsync("for i in 1 2 3 4 5 6 7 8; do (head -c 100000000 /dev/zero | tail | sleep 44.4) & done; sleep 44.4", Small, TimeSpan.FromSeconds(30));

        // The limit of the system or the eye from outside, whichever is first.
        Assert.Contains(alone.Text.Problem, (string[])["reader-stopped", "memory-limit"]);
        Assert.Equal("memory-limit", company.Text.Problem);
        Assert.InRange(company.Took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await NobodyAsync("sleep\044.4");
    }

    [Fact]
    public async Task What_never_ends_is_ended_and_what_fills_the_disk_is_stopped()
    {
        var endless = await WorkerAsync("sleep 33.3", Small, TimeSpan.FromSeconds(2));
        var disk = await InsideAsync("head -c 100000000 /dev/zero > /tmp/a; ls -l /tmp/a | cut -d' ' -f5", Small);
        var flood = await WorkerAsync("yes", Small with { Letters = 1000 }, TimeSpan.FromSeconds(30));

        Assert.Equal("time-limit", endless.Text.Problem);
        Assert.InRange(endless.Took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        Assert.InRange(long.Parse(disk.Output.Trim(), System.Globalization.CultureInfo.InvariantCulture), 0, Small.Files);
        Assert.Equal("too-many-letters", flood.Text.Problem);
        await NobodyAsync("sleep\033.3");
    }

    [Fact]
    public async Task Without_the_sandbox_no_number_of_processes_is_set_since_it_would_count_the_servers_own()
    {
        var command = Sandbox.Plain(Small, TimeSpan.FromMinutes(1)).ToList();

        Assert.DoesNotContain(command, c => c.StartsWith("--nproc", StringComparison.Ordinal));
        Assert.Contains(command, c => c.StartsWith("--data=", StringComparison.Ordinal));
        Assert.Contains("--nproc=64", Sandbox.Around(Small, TimeSpan.FromMinutes(1)));
        Assert.Equal(0, (await OutsideAsync(string.Join(' ', command.TakeWhile(c => !c.EndsWith("/dotnet", StringComparison.Ordinal))) + " true")).Exit);
    }

    [Theory]
    [InlineData("""{"done":true,"problem":"<b>call me</b>","pages":1,"scans":1}""", "reader-stopped", 1, 1)]
    [InlineData("""{"done":true,"problem":"waiting","pages":-5,"scans":-5}""", "reader-stopped", 0, 0)]
    [InlineData("""{"done":true,"problem":"no-text","pages":2000000000,"scans":2000000000}""", "no-text", 500, 50)]
    [InlineData("""{"done":true,"problem":null,"pages":3,"scans":0}""", null, 3, 0)]
    public async Task What_a_reader_says_of_itself_is_kept_within_the_limits_alone(string said, string? problem, int pages, int scans)
    {
        var read = await OfLinesAsync(new WorkerLimits(), """{"text":"abc"}""", said);

        Assert.Equal(new WorkerText("abc", problem, pages, scans), read);
        Assert.Equal(new WorkerText("ab", "too-many-letters"), await OfLinesAsync(new WorkerLimits { Letters = 2 }, """{"text":"abc"}""", said));
    }

    [Fact]
    public void Files_of_the_worker_that_were_swept_are_copied_again()
    {
        var first = WorkerFiles.Fresh(null);
        Assert.Equal(first, WorkerFiles.Fresh(first));
        File.Delete(Path.Combine(first, "Dsp.Worker.dll"));

        var second = WorkerFiles.Fresh(first);
        Directory.Delete(second, recursive: true);
        var third = WorkerFiles.Fresh(second);

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.True(File.Exists(Path.Combine(third, "Dsp.Worker.dll")));
        Directory.Delete(first, recursive: true);
        Directory.Delete(third, recursive: true);
    }

    private static Task<WorkerText> OfLinesAsync(WorkerLimits limits, params string[] lines) =>
        ReaderProcess.RunAsync(["/usr/bin/printf", "%s\\n", .. lines], default, limits, TimeSpan.FromSeconds(20), Cancel);

    /// <summary>No process outside still runs this command.</summary>
    private static async Task NobodyAsync(string command)
    {
        for (var tries = 0; tries < 50; tries++)
        {
            if (!Directory.GetDirectories("/proc").Any(p => CommandOf(p).Contains(command, StringComparison.Ordinal))) return;
            await Task.Delay(100, Cancel);
        }
        Assert.Fail("A process of the sandbox has outlived it.");
    }

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static async Task<(WorkerText Text, TimeSpan Took)> WorkerAsync(string script, WorkerLimits limits, TimeSpan time)
    {
        await NeedAsync();
        var watch = Stopwatch.StartNew();
        var text = await ReaderProcess.RunAsync([.. Sandbox.Around(limits, time), "bash", "-c", script], default, limits, time, Cancel);
        return (text, watch.Elapsed);
    }

    private static async Task<(int Exit, string Output, string Errors)> InsideAsync(string script, WorkerLimits? limits = null)
    {
        await NeedAsync();
        return await RunAsync(Sandbox.Start([.. Sandbox.Around(limits ?? new WorkerLimits(), TimeSpan.FromMinutes(1)), "bash", "-c", script]));
    }

    private static Task<(int Exit, string Output, string Errors)> OutsideAsync(string script) =>
        RunAsync(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true });

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        // A child that still holds the output must not hold the test.
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Skips where bubblewrap does not start; under CI it fails: there the sandbox must be real.</summary>
    internal static async Task NeedAsync()
    {
        var state = await Sandbox.StateAsync(Cancel);
        if (!state.Isolated && Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip(state.Missing!);
        Assert.True(state.Isolated, state.Missing);
    }
}
