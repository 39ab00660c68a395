using Dsp.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>Signing in by an external identity: a real browser, and a real provider by other people.</summary>
public sealed class ProviderTests(Chromium chromium) : PortalTests(chromium)
{
    private RealProvider provider = null!;

    protected override async Task<PortalWorld> StartAsync()
    {
        provider = await RealProvider.StartAsync(PortalWorld.EmmaNumber);
        return await PortalWorld.StartAsync((settings, _, _) => provider.Settings(settings));
    }

    protected override ValueTask EndAsync() => provider is null ? base.EndAsync() : provider.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_person_activates_in_one_sitting_signs_in_proves_again_and_says_no(bool script)
    {
        await using var emma = await Visitor.OpenAsync(Chromium, World, script);
        await emma.GoAsync("/fr/activation");
        await emma.Button("Activer avec eID").ClickAsync();
        await SayAsync(emma, "emma");
        await emma.SeesAsync("eID a confirmé qui vous êtes");
        Assert.Equal("/fr/activation/identite", PathOf(emma));
        await emma.Page.Locator("#courriel").FillAsync("emma@example.org");
        await emma.Page.Locator("input[name=conditions]").CheckAsync();
        await emma.Button("Terminer l’activation").ClickAsync();
        await emma.SeesAsync("Votre compte est ouvert, et vous êtes connecté");
        Assert.Equal("/fr", PathOf(emma));

        // The provider still knows her: no second question, and a new session of ours.
        var before = await SessionAsync(emma);
        await emma.GoAsync("/fr/connexion");
        await emma.Button("Se connecter avec eID").ClickAsync();
        await emma.SeesAsync("Emma");
        Assert.Equal("/fr", PathOf(emma));
        Assert.NotEqual(before, await SessionAsync(emma));

        // An act that asks for a fresh factor: now the provider asks again, and the page asked for comes back.
        World.Clock.Advance(TimeSpan.FromMinutes(6));
        await provider.AdvanceAsync(TimeSpan.FromMinutes(6));
        await emma.GoAsync("/fr/compte/contact");
        await emma.Button("Confirmer avec eID").ClickAsync();
        await SayAsync(emma, "emma");
        await emma.SeesAsync("Modifier où me joindre");
        Assert.Equal("/fr/compte/contact", PathOf(emma));

        await using var weak = await Visitor.OpenAsync(Chromium, World, script);
        await weak.GoAsync("/fr/connexion");
        await weak.Button("Se connecter avec eID").ClickAsync();
        await SayAsync(weak, "emma-with-a-password");
        await weak.SeesAsync("un seul facteur");
        await using var stranger = await Visitor.OpenAsync(Chromium, World, script);
        await stranger.GoAsync("/fr/connexion");
        await stranger.Button("Se connecter avec eID").ClickAsync();
        await SayAsync(stranger, "No");
        await stranger.SeesAsync("Rien n’a été confirmé");
        await stranger.Button("Se connecter avec eID").ClickAsync();
        await SayAsync(stranger, "somebody");
        await stranger.SeesAsync("n’ouvre aucun compte");
        Assert.Empty(World.Faults);
    }

    [Fact]
    public async Task Somebody_with_an_account_connects_an_identity_with_the_keyboard_and_removes_it()
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await provider.AdvanceAsync(World.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow());
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: false);
        await emma.GoAsync("/fr/connexion");
        await AccountPeople.SignInAsync(emma, account);
        await provider.AdvanceAsync(World.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow());
        await emma.GoAsync("/fr/compte");
        await emma.Button("Connecter eID à mon compte").FocusAsync();
        await emma.Page.Keyboard.PressAsync("Enter");
        await SayAsync(emma, "emma");
        await emma.SeesAsync("Le nouveau moyen de se connecter est enregistré");
        await emma.SeesAsync("Identité électronique, eID");
        await emma.Button("Retirer Identité électronique, eID").ClickAsync();
        await emma.SeesAsync("Ce moyen de se connecter est retiré");
        await emma.SeesNotAsync("Identité électronique, eID");
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    public Task The_pages_on_the_way_are_without_fault(string language) => WalkAsync(language);

    [Theory]
    [Trait("Tier", "Long")]
    [InlineData("en")]
    [InlineData("lb")]
    [InlineData("pt")]
    public Task So_they_are_in_the_other_languages(string language) => WalkAsync(language);

    private async Task WalkAsync(string language)
    {
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: true);
        var faults = new List<string>();
        async Task LookAsync(string name, string? path = null)
        {
            if (path is not null) await emma.GoAsync($"/{language}{path}");
            foreach (var width in new[] { 320, 390, 1280 })
            {
                await emma.Page.SetViewportSizeAsync(width, 900);
                faults.AddRange(await emma.FaultsOfPageAsync($"{language} {name} {width}"));
                if (Environment.GetEnvironmentVariable("DSP_SCREENSHOTS") is { Length: > 0 } folder)
                    await emma.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Path.Combine(folder, $"{name}-{language}-{width}.png") });
            }
        }
        await LookAsync("fournisseur-connexion", "/connexion");
        await LookAsync("fournisseur-activation", "/activation");
        await LookAsync("fournisseur-activation-fait", "/activation/fait");
        await LookAsync("fournisseur-recuperation", "/recuperation");
        // The page in between, where the browser does not go on by itself.
        await emma.Page.RouteAsync(provider.Issuer + "/**", route => route.AbortAsync("aborted"));
        await emma.GoAsync($"/{language}/connexion");
        await emma.Page.Locator("form[action*='handler=Provider'] button").ClickAsync();
        await Assertions.Expect(emma.Page.Locator($"a[href^='{provider.Issuer}']")).ToBeVisibleAsync();
        await LookAsync("fournisseur-depart");
        await emma.Page.UnrouteAllAsync();
        await emma.Page.Locator($"a[href^='{provider.Issuer}']").ClickAsync();
        await SayAsync(emma, "emma");
        await Assertions.Expect(emma.Page.Locator("#courriel")).ToBeVisibleAsync();
        await LookAsync("fournisseur-identite");
        await emma.Page.Locator("main form button").ClickAsync();
        await Assertions.Expect(emma.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
        await LookAsync("fournisseur-identite-faux");
        await emma.Page.Locator("input[name=conditions]").CheckAsync();
        await emma.Page.Locator("main form button").ClickAsync();
        await Assertions.Expect(emma.Page.Locator("form[action*='deconnexion']").First).ToBeAttachedAsync();
        await LookAsync("fournisseur-compte", "/compte");
        await LookAsync("fournisseur-confirmer", "/confirmer");
        await emma.Page.Context.ClearCookiesAsync();
        await emma.GoAsync($"/{language}/connexion");
        await emma.Page.Locator("form[action*='handler=Provider'] button").ClickAsync();
        await SayAsync(emma, "emma-with-a-password");
        await Assertions.Expect(emma.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
        await LookAsync("fournisseur-trop-faible");
        lock (World.Faults) faults.AddRange(World.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>The person's answer on the provider's own page.</summary>
    private async Task SayAsync(Visitor visitor, string who)
    {
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Who are you?");
        Assert.StartsWith(provider.Issuer, visitor.Page.Url, StringComparison.Ordinal);
        visitor.Complaints.Clear();
        await visitor.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = who, Exact = true }).ClickAsync();
    }

    private static async Task<string> SessionAsync(Visitor visitor) => (await visitor.Page.Context.CookiesAsync()).Single(c => c.Name == "dsp-session").Value;

    private string PathOf(Visitor visitor) => visitor.Page.Url[World.Base.Length..];
}
