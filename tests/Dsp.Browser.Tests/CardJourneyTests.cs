using System.Security.Cryptography.X509Certificates;
using Dsp.Browser.Tests.Support;
using Dsp.Server.SignIn.Cards;
using Dsp.Server.Tls;
using Dsp.Tests.Support;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>A card in a real Chromium: a real client certificate over TLS that the server ends, with and without script.</summary>
public sealed class CardJourneyTests(Chromium chromium) : PortalTests(chromium)
{
    private TestIssuer issuer = null!;

    private string CardBase => World.Base.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    protected override async Task<PortalWorld> StartAsync()
    {
        var port = TestTls.FreePort();
        return await PortalWorld.StartAsync((settings, folder, clock) =>
        {
            issuer = new TestIssuer("Cartes A", clock);
            return settings with
            {
                Listen = $"https://127.0.0.1:{port}",
                PublicBase = $"https://127.0.0.1:{port}",
                Tls = new TlsSettings { Folder = TestTls.ServerFolder(Path.Combine(folder, "tls"), issuer, "127.0.0.1", "localhost"), CardBase = new Uri($"https://localhost:{port}") },
                Cards = new CardSettings { Issuers = TestTls.IssuerFolder(Path.Combine(folder, "issuers"), issuer), Policies = [TestIssuer.OnACard] },
            };
        });
    }

    protected override ValueTask EndAsync()
    {
        issuer?.Dispose();
        return base.EndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_card_is_added_signs_in_and_confirms(bool script)
    {
        using var card = issuer.Issue("CN=Emma");
        await using var emma = await Visitor.OpenAsync(Chromium, World, script, card: Shown(card));
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);

        await emma.GoAsync("/fr/connexion");
        await emma.Button("Se connecter avec une carte professionnelle").PressAsync("Enter");
        await emma.SeesAsync("Cette carte n’ouvre aucun compte");
        await emma.Link("Autres moyens de se connecter").PressAsync("Enter");
        await AccountPeople.SignInAsync(emma, account);
        await emma.GoAsync("/fr/compte");
        await emma.Link("Ajouter ma carte professionnelle").PressAsync("Enter");
        await emma.SeesAsync("Le nouveau moyen de se connecter est enregistré");
        await emma.SeesAsync("Carte professionnelle");

        await emma.Button("Se déconnecter").First.ClickAsync();
        await emma.GoAsync("/fr/connexion");
        await emma.Button("Se connecter avec une carte professionnelle").PressAsync("Enter");
        await Assertions.Expect(emma.Page).ToHaveURLAsync(World.Base + "/fr", new() { Timeout = 30_000 });

        World.Clock.Advance(TimeSpan.FromMinutes(6));
        await emma.GoAsync("/fr/compte/contact");
        await emma.Button("Confirmer avec ma carte").PressAsync("Enter");
        await Assertions.Expect(emma.Page).ToHaveURLAsync(World.Base + "/fr/compte/contact", new() { Timeout = 30_000 });
        Assert.Empty(emma.Complaints);
    }

    [Fact]
    public async Task Without_a_card_the_page_says_what_to_do_in_every_language_and_width()
    {
        var faults = new List<string>();
        foreach (var width in new[] { 320, 390, 1280 })
        {
            await using var nobody = await Visitor.OpenAsync(Chromium, World, script: true, width: width, insecure: true);
            foreach (var language in new[] { "fr", "de", "en", "lb", "pt" })
            {
                await nobody.GoAsync($"/{language}/connexion/carte");
                Assert.StartsWith($"{World.Base}/{language}/connexion/carte/retour", nobody.Page.Url, StringComparison.Ordinal);
                faults.AddRange(await nobody.FaultsOfPageAsync($"{language} {width}"));
                if (language is "fr" or "de" && Environment.GetEnvironmentVariable("DSP_SCREENSHOTS") is { Length: > 0 } folder)
                {
                    await nobody.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"card-{language}-{width}.png"), FullPage = true });
                    await nobody.GoAsync($"/{language}/connexion");
                    await nobody.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"sign-in-{language}-{width}.png"), FullPage = true });
                }
            }
        }
        Assert.Empty(faults);
    }

    private ClientCertificate Shown(X509Certificate2 card) => new() { Origin = CardBase, Pfx = card.Export(X509ContentType.Pfx), Passphrase = "" };
}
