using Dsp.Accounts;
using Dsp.Browser.Tests.Support;
using Dsp.Notices;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>Signing in, activating, recovering and the own account, in a real browser: without script where the way allows, with the keyboard alone.</summary>
public sealed class AccountJourneyTests(Chromium chromium) : PortalTests(chromium)
{
    [Fact]
    public async Task Without_script_a_person_activates_waits_for_the_second_letter_and_signs_in()
    {
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: false);
        await emma.GoAsync("/fr/recuperation");
        await emma.Page.Locator("#identifiant").FillAsync(PortalWorld.EmmaNumber);
        await emma.Button("Demander une lettre").ClickAsync();
        await emma.SeesAsync("Nous ne disons pas ici si c’est le cas");

        await emma.GoAsync("/fr/activation");
        await emma.Page.Locator("#identifiant").FillAsync(PortalWorld.EmmaNumber);
        await emma.Page.Locator("#code").FillAsync(await AccountPeople.CodeAsync(World, NoticeKind.ActivationCode, World.Emma.Person));
        await emma.Button("Continuer").ClickAsync();
        await emma.SeesAsync("Étape 2 sur 3");
        await emma.Page.Locator("#courriel").FillAsync("emma@example.org");
        await emma.Page.Locator("input[name=conditions]").CheckAsync();
        await emma.Button("Continuer").ClickAsync();
        await emma.SeesAsync("Étape 3 sur 3");
        var key = KeyOf(await emma.Page.Locator(".dsp-key").InnerTextAsync());
        var account = new SomeAccount(World.Emma.Person, PortalWorld.EmmaNumber, "Tournesol violet sur le toit", key);
        await emma.Page.Locator("#secret").FillAsync(account.Password);
        await emma.Page.Locator("#repete").FillAsync(account.Password);
        await emma.Page.Locator("#code").FillAsync(Totp.CodeAt(key, World.Clock.GetUtcNow()));
        await emma.Button("Terminer l’activation").ClickAsync();
        await emma.SeesAsync("pas encore ouvert");

        await emma.GoAsync("/fr/connexion");
        await AccountPeople.SignInAsync(emma, account);
        Assert.Equal("/fr/activation/suite", PathOf(emma));
        World.Clock.Advance(TimeSpan.FromDays(3.1));
        await emma.Page.Locator("#identifiant").FillAsync(account.Login);
        await emma.Page.Locator("#code").FillAsync(await AccountPeople.CodeAsync(World, NoticeKind.SecondCode, World.Emma.Person));
        await emma.Button("Ouvrir mon compte").ClickAsync();
        await emma.SeesAsync("Votre compte est ouvert");
        await AccountPeople.SignInAsync(emma, account);
        Assert.Equal("/fr", PathOf(emma));
        await emma.SeesAsync("Emma");
    }

    [Fact]
    public async Task A_wrong_attempt_looks_the_same_whoever_is_meant()
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await using var someone = await Visitor.OpenAsync(Chromium, World, script: false);
        async Task<string> PageAfterAsync(string login)
        {
            await someone.GoAsync("/fr/connexion");
            await AccountPeople.SignInAsync(someone, account with { Login = login }, "000000", "wrong password, long");
            return (await someone.TextAsync()) + await someone.Page.Locator("#identifiant").GetAttributeAsync("value").ContinueWith(v => v.Result == login ? " kept" : " lost", TaskScheduler.Default);
        }
        Assert.Equal(await PageAfterAsync(account.Login), await PageAfterAsync("1999113088803"));
        Assert.Contains("n’est pas bon", await someone.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_ends_the_session_before_and_a_planted_cookie_gains_nothing()
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        // Somebody plants the cookie of a session of their own before the person signs in.
        await using var planted = await Visitor.SignedInAsync(Chromium, World, World.Other, script: false);
        var before = (await planted.Page.Context.CookiesAsync()).Single(c => c.Name == "dsp-session").Value;
        await planted.GoAsync("/fr/connexion");
        await AccountPeople.SignInAsync(planted, account);
        var after = (await planted.Page.Context.CookiesAsync()).Single(c => c.Name == "dsp-session").Value;
        Assert.NotEqual(before, after);
        await planted.Page.Context.AddCookiesAsync([new Cookie { Name = "dsp-session", Value = before, Url = World.Base }]);
        await planted.GoAsync("/fr/pro");
        Assert.Equal("/fr/connexion", PathOf(planted));
    }

    [Fact]
    public async Task A_sign_in_posted_by_another_site_is_refused()
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: false);
        var form = emma.Page.APIRequest.CreateFormData();
        form.Append("identifiant", account.Login);
        form.Append("secret", account.Password);
        form.Append("code", AccountPeople.NextCode(World, account));
        var answer = await emma.Page.APIRequest.PostAsync(World.Base + "/fr/connexion", new APIRequestContextOptions { Form = form, MaxRedirects = 0 });
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain(await emma.Page.Context.CookiesAsync(), c => c.Name == "dsp-session");
    }

    [Theory]
    [InlineData("//evil.example/fr")]
    [InlineData("/\\evil.example/fr")]
    [InlineData("/fr/connexion?returnUrl=https://evil.example")]
    public async Task Signing_in_never_leads_to_another_site(string asked)
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: true);
        await emma.Page.GotoAsync(World.Base + asked);
        const string Elsewhere = "/fr/connexion?returnUrl=https%3A%2F%2Fevil.example&ReturnUrl=%2F%2Fevil.example";
        await emma.GoAsync(Elsewhere);
        // The form keeps nothing of the address; as if it did.
        await emma.Page.EvaluateAsync("address => { document.querySelector('form[method=post]').action = address; }", Elsewhere);
        await AccountPeople.SignInAsync(emma, account);
        Assert.Equal("/fr", PathOf(emma));
    }

    [Fact]
    public async Task Closing_asks_for_a_fresh_code_and_leads_back()
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: false);
        await emma.GoAsync("/fr/connexion");
        await AccountPeople.SignInAsync(emma, account);
        World.Clock.Advance(TimeSpan.FromMinutes(6));
        await emma.GoAsync("/fr/compte/fermer?etape=effet");
        Assert.Equal("/fr/confirmer", PathOf(emma));
        await emma.Page.Locator("#code").FillAsync("000000");
        await emma.Button("Continuer").ClickAsync();
        Assert.Equal("/fr/confirmer", PathOf(emma));
        await emma.Page.Locator("#code").FillAsync(AccountPeople.NextCode(World, account));
        await emma.Button("Continuer").ClickAsync();
        Assert.Equal("/fr/compte/fermer?etape=effet", PathOf(emma));
    }

    [Fact]
    public async Task A_person_sees_the_own_sessions_and_ends_another_one()
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await using var lost = await Visitor.OpenAsync(Chromium, World, script: false);
        await lost.GoAsync("/fr/connexion");
        await AccountPeople.SignInAsync(lost, account);
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: false);
        await emma.GoAsync("/fr/connexion");
        await AccountPeople.SignInAsync(emma, account);
        await emma.GoAsync("/fr/compte");
        await emma.SeesAsync("cette session");
        await emma.Page.Locator("form[action*='handler=End'] button").First.ClickAsync();
        await emma.SeesAsync("La session est terminée");
        await lost.GoAsync("/fr/menu");
        Assert.Equal("/fr/connexion", PathOf(lost));
        await lost.SeesAsync("Votre session n’est plus valable");
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    public Task The_pages_of_accounts_are_without_fault(string language) => WalkAsync(language);

    [Theory]
    [Trait("Tier", "Long")]
    [InlineData("en")]
    [InlineData("lb")]
    [InlineData("pt")]
    public Task So_they_are_in_the_other_languages(string language) => WalkAsync(language);

    private async Task WalkAsync(string language)
    {
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: true);
        var faults = new List<string>();
        async Task LookAsync(string name, string path)
        {
            await emma.GoAsync($"/{language}{path}");
            await emma.WidthsAsync(name, language, faults);
        }
        foreach (var (name, path) in new[] { ("connexion", "/connexion"), ("activation", "/activation"), ("activation-fait", "/activation/fait"), ("activation-suite", "/activation/suite"), ("activation-arreter", "/activation/arreter"), ("recuperation", "/recuperation") })
            await LookAsync(name, path);
        await emma.GoAsync($"/{language}/connexion");
        await AccountPeople.SignInAsync(emma, account, "000000", "wrong password, long");
        await Assertions.Expect(emma.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
        await emma.WidthsAsync("connexion-faux", language, faults);
        await emma.GoAsync($"/{language}/connexion");
        await AccountPeople.SignInAsync(emma, account);
        await Assertions.Expect(emma.Page.Locator("form[action*='deconnexion']").First).ToBeAttachedAsync();
        foreach (var (name, path) in new[] { ("compte", "/compte"), ("compte-contact", "/compte/contact"), ("compte-mot-de-passe", "/compte/mot-de-passe"), ("compte-application", "/compte/application"), ("compte-cle", "/compte/cle"), ("confirmer", "/confirmer") })
            await LookAsync(name, path);
        lock (World.Faults) faults.AddRange(World.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>The key as a person would type it into the application.</summary>
    private static byte[] KeyOf(string text)
    {
        const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var (bytes, buffer, bits) = (new List<byte>(), 0, 0);
        foreach (var c in text.Where(c => c != ' '))
        {
            (buffer, bits) = ((buffer << 5) | Base32.IndexOf(c, StringComparison.Ordinal), bits + 5);
            if (bits < 8) continue;
            bytes.Add((byte)(buffer >> (bits -= 8)));
            buffer &= (1 << bits) - 1;
        }
        return [.. bytes];
    }

    private string PathOf(Visitor visitor) => visitor.Page.Url[World.Base.Length..];
}
