using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dsp.Tests.Support;

namespace Dsp.Tests.Demo;

/// <summary>The demo as a process on free ports, with a folder of its own; ended by its own id.</summary>
public sealed class DemoProcess : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);
    private readonly StringBuilder said = new();
    private readonly Process process;

    private DemoProcess(string folder, Process process) => (Folder, this.process) = (folder, process);

    public string Folder { get; }
    public string File => Path.Combine(Folder, "demo.json");
    public string Said { get { lock (said) return said.ToString(); } }

    /// <summary>What demo.json says.</summary>
    public JsonElement Contract => JsonDocument.Parse(System.IO.File.ReadAllBytes(File)).RootElement;

    public static string NewFolder() => Path.Combine(Path.GetTempPath(), "dsp-demo-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));

    /// <summary>Starts it and waits until it answers; what it says where it ends before that is the failure.</summary>
    public static async Task<DemoProcess> StartAsync(string folder, string? database, params string[] more)
    {
        var demo = Begin(folder, database, more);
        var since = TimeProvider.System.GetTimestamp();
        while (!System.IO.File.Exists(demo.File))
        {
            if (demo.process.HasExited || TimeProvider.System.GetElapsedTime(since) > Longest)
            {
                demo.Stop();
                Assert.Fail("The demo did not start:\n" + demo.Said);
            }
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        return demo;
    }

    /// <summary>Starts it where it must refuse.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public static async Task<(int Code, string Said)> RefusedAsync(string folder, string? database, params string[] more)
    {
        using var demo = Begin(folder, database, more);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Longest);
        await demo.process.WaitForExitAsync(limit.Token);
        return (demo.process.ExitCode, demo.Said);
    }

    private static DemoProcess Begin(string folder, string? database, string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { Path.Combine(AppContext.BaseDirectory, "Dsp.Demo.dll"), "--port", "0", "--data", folder }.Concat(database is null ? [] : ["--database", database]).Concat(more))
            start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        var demo = new DemoProcess(folder, process);
        process.OutputDataReceived += demo.Hear;
        process.ErrorDataReceived += demo.Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return demo;
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (said) said.AppendLine(line.Data);
    }

    /// <summary>As Ctrl-C stops it.</summary>
    /// <returns>The exit code.</returns>
    public int Stop()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!process.WaitForExit(15_000)) process.Kill();
        }
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        Stop();
        process.Dispose();
    }

    /// <summary>The acceptance checks of the shared material, by Node.js.</summary>
    /// <returns>Exit code and output.</returns>
    public async Task<(int Code, string Said)> CheckAsync(params string[] checks)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { Shared.Require("acceptance", "run.mjs"), File }.Concat(checks)) start.ArgumentList.Add(word);
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, await output + await error);
    }
}
