using System.Diagnostics;
using System.Globalization;

namespace Dsp.Interop.Workers;

/// <summary>What this machine can do with untrusted bytes.</summary>
/// <param name="Isolated">bubblewrap starts here; without it no native program reads a document.</param>
/// <param name="Languages">What tesseract recognises inside the sandbox; empty: no recognition.</param>
/// <param name="Pages">poppler can draw the pages of a PDF inside the sandbox.</param>
/// <param name="Missing">What is missing, for whoever runs the machine; null: nothing.</param>
public sealed record SandboxState(bool Isolated, IReadOnlyList<string> Languages, bool Pages, string? Missing)
{
    public bool ReadsScans => Isolated && Languages.Count > 0;
}

/// <summary>
/// Command lines for processes that meet untrusted bytes: bubblewrap with every namespace unshared, no network, no folder of
/// this machine but a read-only /usr and the worker's own files, a private /tmp in memory, a cleared environment, nobody as
/// user, and limits on everything.
/// </summary>
public static class Sandbox
{
    private const string Bubblewrap = "/usr/bin/bwrap";
    private static readonly SemaphoreSlim Looking = new(1);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);
    private static (SandboxState State, long At)? known;

    /// <summary>What was found when it was last looked; null before that.</summary>
    public static SandboxState? Known => known?.State;

    /// <summary>Looks once, and again after ten minutes where something was missing: a package may have been installed.</summary>
    public static async Task<SandboxState> StateAsync(CancellationToken cancel)
    {
        if (known is { } fresh && (fresh.State.Missing is null || Stopwatch.GetElapsedTime(fresh.At) < Again)) return fresh.State;
        await Looking.WaitAsync(cancel);
        try
        {
            if (known is { } other && (other.State.Missing is null || Stopwatch.GetElapsedTime(other.At) < Again)) return other.State;
            var state = await LookAsync(cancel);
            known = (state, Stopwatch.GetTimestamp());
            return state;
        }
        finally
        {
            Looking.Release();
        }
    }

    private static async Task<SandboxState> LookAsync(CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Bubblewrap)) return new SandboxState(false, [], false, "bubblewrap is not installed: scans are not read, and PDF text is read in a process without a sandbox.");
        var limits = new WorkerLimits();
        try
        {
            var started = await TryAsync([.. Command(limits, limits.TextTime), "practise"], cancel);
            if (started.Exit != 0) return new SandboxState(false, [], false, "bubblewrap does not start on this machine (user namespaces may be switched off): scans are not read, and PDF text is read in a process without a sandbox.");
            var languages = File.Exists("/usr/bin/tesseract") ? (await TryAsync([.. Around(limits, limits.TextTime), "tesseract", "--list-langs"], cancel)).Output.Split('\n').Select(l => l.Trim()).Where(l => l.Length == 3 && l != "osd").ToList() : [];
            var pages = File.Exists("/usr/bin/pdftoppm");
            var missing = languages.Count == 0 ? "tesseract-ocr is not installed: scans are not read." : pages ? null : "poppler-utils is not installed: pages of a PDF that are pictures are not read.";
            return new SandboxState(true, languages, pages, missing);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            return new SandboxState(false, [], false, "The worker does not start on this machine: scans are not read.");
        }
    }

    private static async Task<(int Exit, string Output)> TryAsync(IReadOnlyList<string> command, CancellationToken cancel)
    {
        using var process = Process.Start(Start(command))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        _ = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output);
    }

    internal static ProcessStartInfo Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment.Clear();
        return start;
    }

    /// <summary>The worker inside the sandbox; its own arguments follow.</summary>
    internal static IEnumerable<string> Command(WorkerLimits limits, TimeSpan time) =>
        [.. Around(limits, time), Path.Combine(WorkerFiles.Runtime, "dotnet"), "/worker/Dsp.Worker.dll"];

    /// <summary>The worker as a process of its own without a sandbox: for its memory-safe reading of PDF text only.</summary>
    internal static IEnumerable<string> Plain(WorkerLimits limits, TimeSpan time) =>
    [
        "/usr/bin/env", "-i", .. Environment(limits).SelectMany(e => new[] { e.Name + "=" + e.Value }),
        // No number of processes: outside a user namespace the kernel counts every thread of the server's user, and the reader would not start.
        .. File.Exists("/usr/bin/prlimit") ? Limits(limits, time, processes: null) : [],
        Path.Combine(WorkerFiles.Runtime, "dotnet"), WorkerFiles.Program,
    ];

    /// <summary>Everything before the program: for tests, any program.</summary>
    internal static IEnumerable<string> Around(WorkerLimits limits, TimeSpan time)
    {
        // As root, bubblewrap's nobody would still be root to the limit on processes: become nobody first.
        if (System.Environment.IsPrivilegedProcess) foreach (var part in (string[])["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]) yield return part;
        foreach (var part in (string[])
        [
            Bubblewrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "worker",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
            // Its own mount and writable where nothing forbids it: /dev/shm would be a second folder, without a size.
            "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--size", limits.Files.ToString(CultureInfo.InvariantCulture), "--tmpfs", "/tmp", "--ro-bind", WorkerFiles.Alone, "/worker",
        ]) yield return part;
        if (!WorkerFiles.Runtime.StartsWith("/usr/", StringComparison.Ordinal)) foreach (var part in (string[])["--ro-bind", WorkerFiles.Runtime, WorkerFiles.Runtime]) yield return part;
        // What tesseract's libraries look up in the standard places.
        foreach (var part in (string[])["--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--remount-ro", "/", "--chdir", "/tmp", "--clearenv"]) yield return part;
        foreach (var (name, value) in Environment(limits)) foreach (var part in (string[])["--setenv", name, value]) yield return part;
        yield return "--";
        foreach (var part in Limits(limits, time, limits.Processes)) yield return part;
    }

    /// <param name="processes">Counted inside the sandbox's own user namespace: threads of the reader, tools, nothing else.</param>
    private static IEnumerable<string> Limits(WorkerLimits limits, TimeSpan time, int? processes) =>
    [
        "/usr/bin/prlimit",
        .. processes is { } most ? ["--nproc=" + most.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        "--fsize=" + limits.Files.ToString(CultureInfo.InvariantCulture),
        "--data=" + limits.Memory.ToString(CultureInfo.InvariantCulture),
        "--cpu=" + ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        "--nofile=256", "--core=0", "--", "/usr/bin/nice", "-n", "10", "/usr/bin/choom", "-n", "1000", "--",
    ];

    private static IEnumerable<(string Name, string Value)> Environment(WorkerLimits limits) =>
    [
        ("PATH", "/usr/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8"), ("TMPDIR", "/tmp"), ("OMP_THREAD_LIMIT", "1"),
        ("DOTNET_ROOT", WorkerFiles.Runtime),
        ("DOTNET_GCHeapHardLimit", limits.Heap.ToString("x", CultureInfo.InvariantCulture)),
        // Its code pages are a file the size limit would forbid.
        ("DOTNET_EnableWriteXorExecute", "0"),
        ("DOTNET_EnableDiagnostics", "0"), ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0"),
    ];
}
