using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dsp.Server.Tls;
using Dsp.Tests.Support;

namespace Dsp.Tests.SignIn;

/// <summary>Software that shows its certificate on its own TLS connection (RFC 8705), without a proxy between.</summary>
public sealed class MutualTlsTests
{
    [Fact]
    public async Task A_bound_token_is_good_on_a_connection_with_its_certificate_only()
    {
        var port = TestTls.FreePort();
        var systems = $"https://localhost:{port}";
        var world = await World.CreateAsync(Store.Sqlite);
        using var issuer = new TestIssuer("Serveurs", world.Clock);
        var folder = TestTls.ServerFolder(Path.Combine(world.Folder, "tls"), issuer, "127.0.0.1", "localhost");
        await using var software = await SoftwareWorld.StartAsync(world, s => s with
        {
            Listen = $"https://127.0.0.1:{port}",
            PublicBase = $"https://127.0.0.1:{port}",
            Tls = new TlsSettings { Folder = folder, SystemsBase = new Uri(systems) },
        });
        using var own = issuer.Issue("CN=lab");
        using var stranger = issuer.Issue("CN=lab");
        var lab = await software.RegisterAsync("lab-nord", "system/DocumentReference.crs system/Binary.r", certificate: Convert.ToBase64String(own.RawData));
        var told = (await software.Server.GetAsync("/.well-known/oauth-authorization-server")).Json.GetProperty("mtls_endpoint_aliases").GetProperty("token_endpoint").GetString()!;
        Assert.Equal(systems + "/oauth/token", told);

        async Task<(int Status, string Text)> AskAsync(string address, X509Certificate2? shown) =>
            await SendAsync(shown, new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "system/DocumentReference.rs"), .. lab.Proof(null).Select(p => KeyValuePair.Create(p.Item1, p.Item2))]),
            });
        async Task<int> SearchAsync(string at, string token, X509Certificate2? shown)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"{at}/fhir/DocumentReference?patient.identifier={Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + software.Cast.Emma.Number)}&status=current");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return (await SendAsync(shown, request)).Status;
        }

        Assert.Equal(401, (await AskAsync(told, null)).Status);
        var refused = await AskAsync(told, stranger);
        Assert.True(refused.Status == 401, refused.Text);
        // The main name asks nobody for a certificate, so it sees none.
        Assert.Equal(401, (await AskAsync(software.TokenUrl, own)).Status);
        var issued = await AskAsync(told, own);
        Assert.True(issued.Status == 200, issued.Text);
        var token = JsonDocument.Parse(issued.Text).RootElement.GetProperty("access_token").GetString()!;
        Assert.Equal(200, await SearchAsync(systems, token, own));
        Assert.Equal(401, await SearchAsync(systems, token, stranger));
        Assert.Equal(401, await SearchAsync(systems, token, null));
        Assert.Equal(401, await SearchAsync(software.Server.Base, token, own));
        // A browser would be asked for a certificate here: no page is answered.
        Assert.Equal(421, (await SendAsync(own, new HttpRequestMessage(HttpMethod.Get, systems + "/fr/connexion"))).Status);
    }

    private static async Task<(int Status, string Text)> SendAsync(X509Certificate2? shown, HttpRequestMessage request)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = TestTls.AnyServer, LocalCertificateSelectionCallback = (_, _, _, _, _) => shown! } };
        using var http = new HttpClient(handler);
        using (request)
        {
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
