using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dsp.Access;
using Dsp.Accounts;
using Dsp.Tests.Accounts;
using Dsp.Tests.Support;

namespace Dsp.Tests.SignIn;

/// <summary>Signing in with a card, over TLS that the process ends itself; and every certificate and proof that is none.</summary>
public sealed class CardTests
{
    [Theory, EveryStore]
    public async Task A_card_that_belongs_to_an_account_signs_in(Store store)
    {
        await using var world = await CardWorld.StartAsync(store);
        using var browser = world.Browser(await world.BoundCardAsync());

        var seen = await browser.SignInAsync();

        Assert.Equal("302 /fr", $"{seen.Status} {seen.Location}");
        var page = await browser.GetAsync("/fr/compte");
        Assert.Equal(200, page.Status);
        Assert.Contains("Carte professionnelle", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_proves_a_factor_again_and_can_be_added()
    {
        await using var world = await CardWorld.StartAsync();
        using var browser = world.Browser(await world.BoundCardAsync());
        await browser.SignInAsync();
        world.World.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.EndsWith("/fr/confirmer", (await browser.GetAsync("/fr/connexion/carte?pour=ajouter")).Location, StringComparison.Ordinal);
        var back = await browser.GetAsync((await browser.GetAsync((await browser.GetAsync("/fr/connexion/carte?pour=confirmer")).Location!)).Location!);
        Assert.Equal("/fr/connexion/carte?pour=ajouter", back.Location);
        var added = await browser.GetAsync((await browser.GetAsync((await browser.GetAsync(back.Location!)).Location!)).Location!);

        // The same card again: it belongs to an account already.
        Assert.Contains("déjà liée", WebUtility.HtmlDecode(added.Text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unbound", "n’ouvre aucun compte")]
    [InlineData("same number of another issuer", "n’ouvre aucun compte")]
    [InlineData("stranger", "n’est pas reconnu")]
    [InlineData("stranger with the issuer's name", "n’est pas reconnu")]
    [InlineData("expired", "n’est plus valable")]
    [InlineData("not yet", "n’est plus valable")]
    [InlineData("for servers", "pas celui d’une carte")]
    [InlineData("not on a card", "pas celui d’une carte")]
    [InlineData("revoked", "bloquée")]
    [InlineData("none", "Aucune carte")]
    public async Task No_other_certificate_signs_in(string which, string words)
    {
        await using var world = await CardWorld.StartAsync();
        const string serial = "0A11B2";
        using var bound = await world.BoundCardAsync(serial);
        using var stranger = new TestIssuer("Étranger", world.World.Clock);
        using var namesake = new TestIssuer("Cartes A", world.World.Clock);
        if (which == "revoked")
        {
            world.Issuer.Revoke(bound);
            // A list is good until its issuer's next one.
            world.World.Clock.Advance(TimeSpan.FromHours(2));
        }
        using var card = which switch
        {
            "unbound" => world.Issuer.Issue("CN=Emma"),
            "same number of another issuer" => world.Other.Issue("CN=Emma", serial),
            "stranger" => stranger.Issue("CN=Emma", serial),
            "stranger with the issuer's name" => namesake.Issue("CN=Emma", serial),
            "expired" => world.Issuer.Issue("CN=Emma", serial, since: TimeSpan.FromDays(800), until: TimeSpan.FromMinutes(-1)),
            "not yet" => world.Issuer.Issue("CN=Emma", serial, since: TimeSpan.FromDays(-2)),
            "for servers" => world.Issuer.Issue("CN=Emma", serial, purpose: "1.3.6.1.5.5.7.3.1"),
            "not on a card" => world.Issuer.Issue("CN=Emma", serial, policy: "0.4.0.2042.1.3"),
            "revoked" => bound,
            _ => null,
        };
        using var browser = world.Browser(card);

        var seen = await browser.SignInAsync();

        Assert.Equal(403, seen.Status);
        Assert.Contains(words, WebUtility.HtmlDecode(seen.Text), StringComparison.Ordinal);
        Assert.Equal(302, (await browser.GetAsync("/fr/compte")).Status);
        // Whoever signs a certificate writes into it where to ask about it: a stranger's sends this process nowhere.
        Assert.Equal(0, stranger.Asked + namesake.Asked);
    }

    [Fact]
    public async Task Where_the_issuer_does_not_answer_nobody_is_signed_in()
    {
        await using var silent = await CardWorld.StartAsync(issuerAnswers: false);
        using var card = silent.Issuer.Issue("CN=Emma");
        using var browser = silent.Browser(card);

        Assert.Contains("ne répond pas", WebUtility.HtmlDecode((await browser.SignInAsync()).Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_without_its_key_ends_the_handshake()
    {
        await using var world = await CardWorld.StartAsync();
        using var card = await world.BoundCardAsync();
        // The same certificate, with a key of the thief's own.
        using var stolen = X509CertificateLoader.LoadCertificate(card.RawData);
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<ArgumentException>(() => stolen.CopyWithPrivateKey(own));
        // So it can only be spoken of: in the header a proxy would write, which is not believed from here.
        using var browser = world.Browser();

        var seen = await browser.GetAsync(await browser.ProofAddressAsync(("Client-Cert", $":{Convert.ToBase64String(card.RawData)}:")));

        Assert.Contains("Aucune carte", WebUtility.HtmlDecode(seen.Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_is_good_once_in_its_browser_for_a_minute()
    {
        await using var world = await CardWorld.StartAsync();
        var card = await world.BoundCardAsync();
        using var emma = world.Browser(card);
        using var other = world.Browser();
        using var late = world.Browser(card);

        var address = await emma.ProofAddressAsync();
        await other.GetAsync("/fr/connexion/carte");
        Assert.Equal(403, (await other.GetAsync(address)).Status);
        Assert.Equal(403, (await emma.GetAsync(address[..^6] + "AAAAAA")).Status);
        var first = await emma.GetAsync("/fr/connexion/carte");
        var proof = (await emma.GetAsync(first.Location!)).Location!;
        // The question was asked anew: what answered the earlier one is stale.
        Assert.Equal(403, (await emma.GetAsync(address)).Status);
        var copied = emma.Cookies;
        Assert.Equal("/fr", (await emma.GetAsync(proof)).Location);
        Assert.Equal(403, (await emma.GetAsync(proof)).Status);
        // Whoever has a copy of the browser's cookie and of the address comes too late.
        using var thief = world.Browser();
        Assert.Contains("dsp-card=", copied, StringComparison.Ordinal);
        Assert.Equal(403, (await thief.GetAsync(proof, ("Cookie", copied))).Status);

        var waits = await late.ProofAddressAsync();
        world.World.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(403, (await late.GetAsync(waits)).Status);
        Assert.Equal(403, (await late.GetAsync("/fr/connexion/carte/retour?preuve=abc")).Status);
        Assert.Equal(403, (await late.GetAsync("/fr/connexion/carte/retour")).Status);
    }

    [Fact]
    public async Task The_cards_name_answers_nothing_else_and_the_portals_is_never_asked_for_a_certificate()
    {
        await using var world = await CardWorld.StartAsync();
        var card = await world.BoundCardAsync();
        using var browser = world.Browser(card);

        foreach (var path in new[] { "/", "/fr/connexion", "/fhir/metadata", "/api/openapi.json", "/health/live", "/oauth/token", "/test/certificate", "/Carte" })
            Assert.Equal(421, (await browser.GetAsync(world.CardBase + path)).Status);
        Assert.Equal(421, (await browser.GetAsync("/carte?etat=" + new string('A', 43))).Status);
        Assert.Equal(404, (await browser.GetAsync(world.CardBase + "/carte?etat=x")).Status);
        Assert.Equal("none", (await browser.GetAsync("/test/certificate")).Text);
        Assert.Contains("max-age=", await StrictAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_shown_for_one_session_is_not_taken_in_another()
    {
        await using var world = await CardWorld.StartAsync();
        var card = await world.BoundCardAsync();
        using var browser = world.Browser(card);
        await browser.SignInAsync();
        var proof = (await browser.GetAsync((await browser.GetAsync("/fr/connexion/carte?pour=confirmer")).Location!)).Location!;
        Assert.True((await world.World.Get<EndOwnSessions>().RunAsync(world.World.CallerOf((await world.World.SignInAsync(world.Account)).Value), null, world.World.Cancel)).Succeeded);

        Assert.Equal(403, (await browser.GetAsync(proof)).Status);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable CA5397, SYSLIB0039 // Old versions are asked for to see them refused.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore CA5397, SYSLIB0039
    public async Task Tls_begins_at_1_2(SslProtocols version, bool spoken)
    {
        await using var world = await CardWorld.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", new Uri(world.Server.Base).Port, world.World.Cancel);
        await using var stream = new SslStream(socket.GetStream(), false, TestTls.AnyServer);
        var options = new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = version };

        var failed = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(options, world.World.Cancel));

        Assert.Equal(spoken, failed is null);
        if (spoken) Assert.Equal(version, stream.SslProtocol);
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_up_without_a_restart()
    {
        await using var world = await CardWorld.StartAsync();
        async Task<string> ShownAsync()
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", new Uri(world.Server.Base).Port, world.World.Cancel);
            await using var stream = new SslStream(socket.GetStream(), false, TestTls.AnyServer);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, world.World.Cancel);
            return stream.RemoteCertificate!.GetSerialNumberString();
        }
        var before = await ShownAsync();
        TestTls.ServerFolder(Path.Combine(world.World.Folder, "tls"), world.Other, "127.0.0.1", "localhost");
        Assert.Equal(before, await ShownAsync());
        world.World.Clock.Advance(TimeSpan.FromSeconds(61));
        var after = await ShownAsync();
        Assert.NotEqual(before, after);

        // A file that cannot be read leaves what was in use.
        await File.WriteAllTextAsync(Path.Combine(world.World.Folder, "tls", "localhost.crt"), "half a fi", world.World.Cancel);
        world.World.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(after, await ShownAsync());
    }

    private static async Task<string> StrictAsync(CardWorld world)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = TestTls.AnyServer } };
        using var http = new HttpClient(handler);
        using var answer = await http.GetAsync(new Uri(world.Server.Base + "/fr/connexion"), world.World.Cancel);
        return string.Join(' ', answer.Headers.GetValues("Strict-Transport-Security"));
    }
}
