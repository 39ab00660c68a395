using System.Net;
using System.Security.Cryptography.X509Certificates;
using Dsp.Access;
using Dsp.Accounts;
using Dsp.Server;
using Dsp.Server.Portal;
using Dsp.Server.SignIn.Cards;
using Dsp.Server.Tls;
using Dsp.Tests.Accounts;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dsp.Tests.SignIn;

/// <summary>The process ending TLS itself, with a name that asks for cards, one for software, and two issuers of cards.</summary>
internal sealed class CardWorld : IAsyncDisposable
{
    private CardWorld(RunningServer server, TestIssuer issuer, TestIssuer other, TestHolder emma, TestAccount account) =>
        (Server, Issuer, Other, Emma, Account) = (server, issuer, other, emma, account);

    public RunningServer Server { get; }

    /// <summary>Trusted, like <see cref="Other"/>.</summary>
    public TestIssuer Issuer { get; }

    public TestIssuer Other { get; }

    public TestHolder Emma { get; }

    public TestAccount Account { get; }

    public World World => Server.World;

    /// <summary>Answers to the name localhost; the portal's is 127.0.0.1.</summary>
    public string CardBase => Server.Base.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public static async Task<CardWorld> StartAsync(Store store = Store.Sqlite, bool issuerAnswers = true, Func<ServerSettings, ServerSettings>? change = null)
    {
        var world = await World.CreateAsync(store);
        var (issuer, other) = (new TestIssuer("Cartes A", world.Clock, issuerAnswers), new TestIssuer("Cartes B", world.Clock));
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        var port = TestTls.FreePort();
        var folder = TestTls.ServerFolder(Path.Combine(world.Folder, "tls"), other, "127.0.0.1", "localhost");
        var server = await RunningServer.StartAsync(world, s =>
        {
            var settings = s with
            {
                Listen = $"https://127.0.0.1:{port}",
                PublicBase = $"https://127.0.0.1:{port}",
                Tls = new TlsSettings { Folder = folder, CardBase = new Uri($"https://localhost:{port}") },
                Cards = new CardSettings { Issuers = TestTls.IssuerFolder(Path.Combine(world.Folder, "issuers"), issuer, other), Policies = [TestIssuer.OnACard] },
            };
            return change?.Invoke(settings) ?? settings;
        }, Routes);
        return new CardWorld(server, issuer, other, emma, account);
    }

    /// <summary>What certificate the connection of a request carries.</summary>
    private static void Routes(WebApplication app) => app.MapGet("/test/certificate", (HttpContext context) => context.Connection.ClientCertificate?.SerialNumber ?? "none");

    /// <summary>A card bound to Emma's account, as the account page binds it.</summary>
    public async Task<X509Certificate2> BoundCardAsync(string? serial = null)
    {
        var card = Issuer.Issue("CN=Emma", serial);
        var proof = (await Server.Get<CardCheck>().RunAsync(card, World.Cancel)).Proof;
        Assert.NotNull(proof);
        var signedIn = await World.SignInAsync(Account);
        Assert.Null((await World.Get<AddFactor>().RunAsync(World.CallerOf(signedIn.Value), proof, World.Cancel)).Refusal);
        return card;
    }

    public CardBrowser Browser(X509Certificate2? card = null) => new(this, card);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Issuer.Dispose();
        Other.Dispose();
    }
}

/// <summary>A browser with a card in its reader: it shows the card wherever it is asked for one.</summary>
internal sealed class CardBrowser : IDisposable
{
    private readonly HttpClient http;

    private readonly CookieContainer cookies = new();
    private readonly Uri portal;

    public CardBrowser(CardWorld world, X509Certificate2? card)
    {
        portal = new Uri(world.Server.Base);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        handler.SslOptions.RemoteCertificateValidationCallback = TestTls.AnyServer;
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => card!;
        http = new HttpClient(handler) { BaseAddress = new Uri(world.Server.Base) };
    }

    /// <summary>What this browser keeps for the portal.</summary>
    public string Cookies => cookies.GetCookieHeader(portal);

    /// <summary>One request; redirects are not followed.</summary>
    public async Task<Seen> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Seen.OfAsync(answer, address);
    }

    public async Task<Seen> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await http.PostAsync(address, body, TestContext.Current.CancellationToken);
        return await Seen.OfAsync(answer, address);
    }

    /// <summary>From the sign-in page to the card's name; not back yet.</summary>
    public async Task<string> ProofAddressAsync(params (string Name, string Value)[] headers)
    {
        var asked = await GetAsync("/fr/connexion/carte");
        Assert.Equal(302, asked.Status);
        var shown = await GetAsync(asked.Location!, headers);
        Assert.Equal(302, shown.Status);
        return shown.Location!;
    }

    /// <summary>The whole way: to the card's name and back.</summary>
    public async Task<Seen> SignInAsync() => await GetAsync(await ProofAddressAsync());

    public void Dispose() => http.Dispose();
}
