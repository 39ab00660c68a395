using System.Diagnostics;
using System.Text.Json;
using Dsp.Tests.Support;

namespace Dsp.Tests.SignIn;

/// <summary>Clients by other people, from npm, in a process of their own: a script of tests/Dsp.Browser.Tests/smart that reads its task and says what it got as one line of JSON.</summary>
internal static class NodeClients
{
    private static readonly SemaphoreSlim Preparing = new(1);

    public static async Task<JsonElement> RunAsync(string script, string task)
    {
        var folder = Repository.PathOf("tests", "Dsp.Browser.Tests", "smart");
        await Preparing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            // Packages that were added since this machine last prepared the folder are missing there.
            if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")) || File.GetLastWriteTimeUtc(Path.Combine(folder, "node_modules", ".package-lock.json")) < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
                await NodeAsync("npm", folder, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], null);
        }
        finally
        {
            Preparing.Release();
        }
        return JsonDocument.Parse((await NodeAsync("node", folder, [script], task)).Trim().Split('\n')[^1]).RootElement;
    }

    private static async Task<string> NodeAsync(string program, string folder, string[] words, string? input)
    {
        var start = new ProcessStartInfo(program, words) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await complained}");
    }
}
