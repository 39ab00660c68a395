using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dsp.Clinical;

namespace Dsp.Interop.Workers;

/// <summary>What a worker handed back.</summary>
/// <param name="Text">The pages that were read, in their order.</param>
/// <param name="Problem">Why there is no more (an id of docs/implementation/facts.md); null: read to the end.</param>
/// <param name="Scans">Pages that were recognised.</param>
/// <param name="Again">The fault may be the machine's: worth another try.</param>
public sealed record WorkerText(string Text, string? Problem, int Pages = 0, int Scans = 0, bool Again = false);

/// <summary>Reads one document in a process of its own, which ends with it; what ever happens to that process happens to nobody else.</summary>
public static class ReaderProcess
{
    /// <summary>Readings at once in this process: the people who wait for pages come first.</summary>
    private static readonly SemaphoreSlim Places = new(Math.Max(2, Environment.ProcessorCount / 2));

    /// <param name="kind"><c>pdf</c>, or <c>picture</c> for PNG and JPEG.</param>
    /// <param name="language">The document's language, BCP 47; recognition tries it first.</param>
    public static async Task<WorkerText> ReadAsync(string kind, ReadOnlyMemory<byte> content, string? language, WorkerLimits limits, bool scans, CancellationToken cancel)
    {
        if (content.Length > limits.Bytes) return new WorkerText("", "too-large");
        await Places.WaitAsync(cancel);
        try
        {
            var sandbox = await Sandbox.StateAsync(cancel);
            var recognise = scans && sandbox.ReadsScans && (kind != "pdf" || sandbox.Pages);
            if (kind != "pdf" && !recognise) return new WorkerText("", "scan-not-read");
            var time = recognise ? limits.ScanTime : limits.TextTime;
            string[] order =
            [
                "read", kind, "--pages=" + Number(limits.Pages), "--letters=" + Number(limits.Letters), "--seconds=" + Number((int)(time.TotalSeconds * 0.8)),
                "--scans=" + Number(limits.Scans), "--tool-memory=" + limits.ToolMemory.ToString(CultureInfo.InvariantCulture), .. recognise ? ["--ocr=" + LanguagesFor(language, sandbox.Languages)] : Array.Empty<string>(),
            ];
            return await RunAsync([.. sandbox.Isolated ? Sandbox.Command(limits, time) : Sandbox.Plain(limits, time), .. order], content, limits, time, cancel);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new WorkerText("", "reader-stopped", Again: true);
        }
        finally
        {
            Places.Release();
        }
    }

    /// <summary>The document's own language first, then those of the country; each more costs time.</summary>
    internal static string LanguagesFor(string? language, IReadOnlyList<string> there)
    {
        var own = language?.Split('-')[0].ToLowerInvariant() switch { "de" => "deu", "fr" => "fra", "en" => "eng", "lb" => "ltz", "pt" => "por", _ => null };
        var wanted = new[] { own, "fra", "deu", own is null ? "eng" : null }.OfType<string>().Distinct(StringComparer.Ordinal).Where(there.Contains).ToList();
        return string.Join('+', wanted.Count > 0 ? wanted : there.Take(1));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    internal static async Task<WorkerText> RunAsync(IReadOnlyList<string> command, ReadOnlyMemory<byte> content, WorkerLimits limits, TimeSpan time, CancellationToken cancel)
    {
        using var process = Process.Start(Sandbox.Start(command))!;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        string? stopped = null;
        void Stop(string why)
        {
            stopped ??= why;
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It ended by itself meanwhile.
            }
        }
        var watch = WatchAsync(process, limits.Memory, time, Stop, ended.Token);
        var errors = DrainAsync(process.StandardError.BaseStream, ended.Token);
        var input = GiveAsync(process, content, ended.Token);
        try
        {
            // Escaped, a letter takes six bytes at most.
            var (output, whole) = await TakeAsync(process.StandardOutput.BaseStream, (limits.Letters * 6L) + (1024 * 1024), cancel);
            if (!whole) Stop("too-many-letters");
            await process.WaitForExitAsync(cancel);
            return Made(output, stopped, limits);
        }
        finally
        {
            if (!process.HasExited) Stop("stopped");
            await ended.CancelAsync();
            await Task.WhenAll(watch, errors, input);
        }
    }

    /// <summary>What a worker wrote, believed within the limits alone: the document may have taken it over.</summary>
    private static WorkerText Made(byte[] output, string? stopped, WorkerLimits limits)
    {
        var text = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                if (json.RootElement.TryGetProperty("done", out _))
                {
                    var problem = json.RootElement.GetProperty("problem").GetString();
                    return new WorkerText(text.ToString(), problem is null || Known(problem) ? problem : "reader-stopped", Math.Clamp(json.RootElement.GetProperty("pages").GetInt32(), 0, limits.Pages), Math.Clamp(json.RootElement.GetProperty("scans").GetInt32(), 0, limits.Scans));
                }
                text.Append(json.RootElement.GetProperty("text").GetString());
                if (text.Length > limits.Letters) return new WorkerText(text.ToString(0, limits.Letters), stopped ?? "too-many-letters");
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // A line that was cut when the process ended, or that no worker of ours writes.
                break;
            }
        }
        return new WorkerText(text.ToString(), stopped ?? "reader-stopped", Again: stopped is null);
    }

    /// <summary>That a text still waits is not for a worker to say: its reader would wait for ever.</summary>
    private static bool Known(string problem) => problem != TextProblems.Waiting && TextProblems.All.Contains(problem);

    private static async Task GiveAsync(Process process, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(content, cancel);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It ended before it had read everything; its output says why.
        }
    }

    private static async Task<(byte[] Bytes, bool Whole)> TakeAsync(Stream from, long most, CancellationToken cancel)
    {
        using var taken = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            if (taken.Length + count > most) return (taken.ToArray(), false);
            taken.Write(buffer, 0, count);
        }
        return (taken.ToArray(), true);
    }

    private static async Task DrainAsync(Stream errors, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        try
        {
            while (await errors.ReadAsync(buffer, cancel) > 0)
            {
                // Native programs quote what they read: none of it may reach a log.
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The process has ended.
        }
    }

    /// <summary>Ends the process when its time is over or all its processes together hold too much: limits of the system count each process alone.</summary>
    private static async Task WatchAsync(Process process, long memory, TimeSpan time, Action<string> stop, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (; !process.HasExited; await Task.Delay(50, cancel))
            {
                if (Stopwatch.GetElapsedTime(started) > time) stop("time-limit");
                else if (ProcessTree.Memory(process.Id) > memory) stop("memory-limit");
            }
        }
        catch (OperationCanceledException)
        {
            // The process has ended.
        }
    }
}
