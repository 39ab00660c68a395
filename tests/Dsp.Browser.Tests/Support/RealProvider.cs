using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Dsp.Server;
using Dsp.Server.SignIn.Providers;

namespace Dsp.Browser.Tests.Support;

/// <summary>An OpenID Connect provider by other people (npm oidc-provider) on a loopback port, run by node; our side proves itself to it by key.</summary>
public sealed class RealProvider : IAsyncDisposable
{
    private readonly Process process;

    private RealProvider(Process process, string issuer, string listen, string key) => (this.process, Issuer, this.listen, this.key) = (process, issuer, listen, key);

    private readonly string listen;
    private readonly string key;

    public string Issuer { get; }

    public static async Task<RealProvider> StartAsync(string emma)
    {
        var folder = Path.Combine(Folder(), "provider");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
            await install.WaitForExitAsync();
        }
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(false).Q;
        var listen = $"http://127.0.0.1:{FreePort()}";
        var process = Process.Start(new ProcessStartInfo("node", ["provider.mjs"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new
        {
            client = "dsp-portal", redirect = listen + "/connexion/retour/eid",
            key = new { kty = "EC", crv = "P-256", kid = "portal-1", use = "sig", alg = "ES256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
            people = new Dictionary<string, object> { ["emma"] = new { number = emma, acr = "two" }, ["emma-with-a-password"] = new { number = emma, acr = "one" }, ["somebody"] = new { number = "1999113088803", acr = "two" } },
        }));
        await process.StandardInput.FlushAsync();
        var issuer = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException("The provider did not start: is tests/Dsp.Browser.Tests/provider installed?");
        return new RealProvider(process, issuer, listen, own.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The settings of a portal that knows this provider.</summary>
    public ServerSettings Settings(ServerSettings usual)
    {
        File.WriteAllText(Path.Combine(usual.KeyFolder, "eid.pem"), key);
        return usual with
        {
            Listen = listen,
            SignIn = usual.SignIn with
            {
                Providers = [new IdentityProvider { Key = "eid", Name = "eID", Issuer = Issuer, ClientId = "dsp-portal", ClientKeyFile = "eid.pem", ClientKeyId = "portal-1", Scopes = "openid number", NumberClaim = "national_number", StrongAcr = ["two"], Internal = true }],
            },
        };
    }

    /// <summary>Its clock goes with the test's.</summary>
    public async Task AdvanceAsync(TimeSpan ahead)
    {
        await process.StandardInput.WriteLineAsync(ahead.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        await process.StandardInput.FlushAsync();
        await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
        process.Dispose();
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dsp.Browser.Tests.csproj"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests' folder was not found.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
