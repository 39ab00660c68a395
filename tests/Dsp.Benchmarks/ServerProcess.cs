using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dsp.Server;
using Dsp.Server.SignIn;

namespace Dsp.Benchmarks;

/// <summary>The server as its own process, so that its CPU is measured apart from the generator's.</summary>
public sealed class ServerProcess : IDisposable
{
    private const string IssuerName = "https://dsp.example/";

    private readonly Process process;

    private ServerProcess(Process process, string address, HttpClient client) => (this.process, Address, Client) = (process, address, client);

    public int Id => process.Id;
    public string Address { get; }
    public HttpClient Client { get; }

    public static async Task<ServerProcess> StartAsync(BenchWorld world)
    {
        var port = FreePort();
        var address = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo("dotnet", [typeof(ServerHost).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in Settings(world, address)) start.Environment["DSP_" + name] = value;
        var process = Process.Start(start)!;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, e) => said.Enqueue(e.Data);
        process.ErrorDataReceived += (_, e) => said.Enqueue(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = BenchOptions.Connections, UseProxy = false }) { BaseAddress = new Uri(address) };
        for (var i = 0; ; i++)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return new ServerProcess(process, address, client);
            }
            catch (HttpRequestException) when (i < 200 && !process.HasExited)
            {
                // Not listening yet.
            }
            if (i > 200 || process.HasExited) throw new InvalidOperationException("The server did not become ready:\n" + string.Join('\n', said.TakeLast(20)));
            await Task.Delay(50);
        }
    }

    /// <summary>Tokens of the server's own issuer, made from the same sealed signing key.</summary>
    public static SmallIssuer Issuer(BenchWorld world)
    {
        var settings = TokenSettings(world);
        return new SmallIssuer(settings, new SigningKey(settings, world.Platform.Keys), TimeProvider.System);
    }

    /// <summary>The server's settings as far as tokens depend on them.</summary>
    public static ServerSettings TokenSettings(BenchWorld world) =>
        new() { DataFolder = Path.Combine(world.Folder, "data"), KeyFolder = Path.Combine(world.Folder, "keys"), Issuer = IssuerName };

    private static IEnumerable<(string, string)> Settings(BenchWorld world, string address)
    {
        yield return ("LISTEN", address);
        yield return ("CONTENTLISTEN", $"http://127.0.0.1:{FreePort()}");
        yield return ("DATAFOLDER", Path.Combine(world.Folder, "data"));
        yield return ("KEYFOLDER", Path.Combine(world.Folder, "keys"));
        yield return ("DATABASE", world.Platform.Settings.Database);
        yield return ("SINKFILE", world.Platform.Settings.SinkFile);
        yield return ("ISSUER", IssuerName);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public void Kill()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Client.Dispose();
        Kill();
        process.Dispose();
    }
}
