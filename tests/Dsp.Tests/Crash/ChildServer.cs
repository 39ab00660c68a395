using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dsp.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>The server as a process of its own, on free ports, ended by its own id.</summary>
internal sealed class ChildServer : IDisposable
{
    /// <summary>The name under which the process takes tokens.</summary>
    public const string Issuer = "https://dsp.example/";

    private readonly Process process;

    private ChildServer(Process process, string address)
    {
        this.process = process;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    /// <summary>Starts it on the world's database and keys and waits until it is ready.</summary>
    public static async Task<ChildServer> StartAsync(World world)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Dsp.Server.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in Settings(world, address)) start.Environment["DSP_" + name] = value;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => said.Enqueue(e.Data);
        process.ErrorDataReceived += (_, e) => said.Enqueue(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ChildServer(process, address);
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(60) && !process.HasExited)
        {
            try
            {
                using var answer = await server.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        server.Dispose();
        throw new InvalidOperationException("The server did not become ready:\n" + string.Join('\n', said));
    }

    /// <summary>As the kernel ends a process: SIGKILL, nothing is finished.</summary>
    public void KillAtOnce()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        KillAtOnce();
        Http.Dispose();
        process.Dispose();
    }

    private static IEnumerable<(string, string)> Settings(World world, string address)
    {
        yield return ("ISSUER", Issuer);
        yield return ("LISTEN", address);
        yield return ("CONTENTLISTEN", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        yield return (nameof(ServerSettings.DataFolder).ToUpperInvariant(), KillWorld.DataOf(world));
        yield return ("KEYFOLDER", world.Platform.Settings.KeyFolder);
        yield return ("DATABASE", world.Platform.Settings.Database);
        yield return ("SINKFILE", world.Platform.Settings.SinkFile);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
