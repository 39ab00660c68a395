using System.Security.Cryptography;
using Dsp.Accounts;
using Dsp.Tests.Accounts;
using Dsp.Tests.Support;

namespace Dsp.Tests.SignIn;

/// <summary>What an attacker does with the way to an identity provider and back. Each was seen to succeed where one line of the product was weakened.</summary>
public sealed class ProviderAttackTests
{
    private const string Refused = "ne correspond à aucune connexion commencée ici";
    private const string NoAccount = "n’ouvre aucun compte";

    /// <summary>Still nobody, on the sign-in page, and told this.</summary>
    private static async Task RefusedAsync(ProviderBrowser browser, Shown seen, string words)
    {
        Assert.Equal("/fr/connexion", seen.Path);
        Assert.Contains(words, seen.Text, StringComparison.Ordinal);
        Assert.Equal("nobody", await browser.WhoAsync());
    }

    [Fact]
    public async Task The_answer_to_another_browser_s_request_signs_nobody_in()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var attacker = new ProviderBrowser(world);
        var asked = await attacker.LeaveAsync();
        // The attacker's own answer, brought by the victim's browser: it would work in the attacker's account.
        var victim = new ProviderBrowser(world);
        await victim.LeaveAsync();
        await RefusedAsync(victim, await victim.ComeBackAsync(asked, world.EmmasIdentity), Refused);
        Assert.Single(world.Provider.Redeemed);
        // The attacker's own browser may go on: nothing of the request was used up.
        Assert.Equal("/fr", (await attacker.ComeBackAsync(asked, world.EmmasIdentity)).Path);
    }

    [Fact]
    public async Task An_answer_nobody_asked_for_signs_nobody_in()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var asked = await new ProviderBrowser(world).LeaveAsync();
        var browser = new ProviderBrowser(world);
        await browser.GetAsync("/fr/connexion");
        await RefusedAsync(browser, await browser.ComeBackAsync(asked, world.EmmasIdentity), Refused);
        await RefusedAsync(browser, await browser.ReturnAsync("eid"), Refused);
        await RefusedAsync(browser, await browser.ReturnAsync("unknown", ("code", "1"), ("state", "2")), Refused);
        Assert.Single(world.Provider.Redeemed);
    }

    [Fact]
    public async Task Another_site_sends_nobody_on_the_way()
    {
        await using var world = await ProviderWorld.StartAsync();
        var browser = await world.ActivatedAsync();
        foreach (var path in new[] { "/fr/connexion?handler=Provider", "/fr/confirmer?handler=Provider", "/fr/compte?handler=Connect" })
        {
            browser.Cookies.Remove("dsp-provider");
            Assert.Equal(400, (await browser.PostAsync(path, ("fournisseur", "other"))).Status);
            Assert.DoesNotContain("dsp-provider", browser.Cookies.Keys);
        }
        // Nor does an address that a link could have.
        await browser.GetAsync("/fr/connexion?handler=Provider&fournisseur=eid");
        Assert.Equal("/fr/connexion", (await browser.GetAsync("/fr/connexion/depart")).Path);
        Assert.DoesNotContain("dsp-provider", browser.Cookies.Keys);
    }

    [Fact]
    public async Task An_answer_is_good_once_even_with_a_copy_of_the_cookie()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var browser = new ProviderBrowser(world);
        var asked = await browser.LeaveAsync();
        var copy = new ProviderBrowser(world);
        foreach (var (name, value) in browser.Cookies) copy.Cookies[name] = value;
        Assert.Equal("/fr", (await browser.ComeBackAsync(asked, world.EmmasIdentity)).Path);
        await RefusedAsync(copy, await copy.ComeBackAsync(asked, world.EmmasIdentity), Refused);
    }

    [Fact]
    public async Task An_earlier_id_token_is_not_taken_for_a_later_request()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var first = await new ProviderBrowser(world).LeaveAsync();
        var browser = new ProviderBrowser(world);
        var asked = await browser.LeaveAsync();
        await RefusedAsync(browser, await browser.ComeBackAsync(asked, world.EmmasIdentity, claims => claims["nonce"] = first["nonce"]!), Refused);
        await RefusedAsync(browser, await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity, claims => claims.Remove("nonce")), Refused);
        Assert.Contains(world.Server.Log, line => line.Contains("id_token: nonce", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_stolen_from_somebody_s_sign_in_is_worth_nothing_in_one_s_own()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var victim = await new ProviderBrowser(world).LeaveAsync();
        var attacker = new ProviderBrowser(world);
        var asked = await attacker.LeaveAsync();
        Task<Shown> InjectAsync() => attacker.ReturnAsync("eid", ("code", world.Provider.CodeFor(victim, world.EmmasIdentity)), ("state", asked["state"]), ("iss", world.Provider.Issuer));
        await RefusedAsync(attacker, await InjectAsync(), Refused);
        Assert.Contains(world.Server.Log, line => line.Contains("token: refused", StringComparison.Ordinal));
        // Even where the provider forgets to look at the verifier, the token says for which request it was made.
        world.Provider.LooksAtVerifier = false;
        asked = await attacker.LeaveAsync();
        await RefusedAsync(attacker, await InjectAsync(), Refused);
        Assert.Contains(world.Server.Log, line => line.Contains("id_token: nonce", StringComparison.Ordinal));
        Assert.All(new[] { victim, asked }, a => Assert.Equal("S256", a["code_challenge_method"]));
    }

    [Fact]
    public async Task The_answer_of_one_provider_is_not_taken_for_another_s()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var browser = new ProviderBrowser(world);
        // Asked the honest one; another one answers, at the honest one's address.
        var asked = await browser.LeaveAsync();
        var code = world.Provider.CodeFor(asked, world.EmmasIdentity);
        await RefusedAsync(browser, await browser.ReturnAsync("eid", ("code", code), ("state", asked["state"]), ("iss", world.Other.Issuer)), Refused);
        // The honest one always names itself: an answer without a name is not its own.
        asked = await browser.LeaveAsync();
        await RefusedAsync(browser, await browser.ReturnAsync("eid", ("code", code), ("state", asked["state"])), Refused);
        // Asked the other one, which led the browser on to the honest one: that one's code would be handed to the other.
        asked = await browser.LeaveAsync("other");
        await RefusedAsync(browser, await browser.ReturnAsync("eid", ("code", code), ("state", asked["state"]), ("iss", world.Other.Issuer)), Refused);
        // The honest one's code has been given to nobody.
        Assert.Single(world.Provider.Redeemed);
        Assert.Empty(world.Other.Redeemed);
    }

    [Fact]
    public async Task A_token_that_the_provider_has_not_signed_for_us_proves_nothing()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = world.World.Clock.GetUtcNow().ToUnixTimeSeconds();
        async Task RefusesAsync(string rule, Action<Dictionary<string, object>>? change, Func<Dictionary<string, object>, string>? sign = null)
        {
            var browser = new ProviderBrowser(world);
            world.Server.Log.Clear();
            var seen = await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity, change, sign);
            Assert.True(await browser.WhoAsync() == "nobody", $"{rule}: signed in");
            Assert.Contains(Refused, seen.Text, StringComparison.Ordinal);
            Assert.True(world.Server.Log.Any(line => line.Contains("Identity provider eid: " + rule, StringComparison.Ordinal)), $"{rule}: {string.Join(" | ", world.Server.Log.Where(l => l.Contains("Identity provider", StringComparison.Ordinal)))}");
        }
        await RefusesAsync("id_token: alg", null, FakeProvider.Unsigned);
        await RefusesAsync("id_token: alg", null, world.Provider.Confused);
        await RefusesAsync("id_token: signature", null, claims => FakeProvider.Sign(claims, stranger, "k1"));
        await RefusesAsync("id_token: key", null, claims => FakeProvider.Sign(claims, stranger, "k2"));
        await RefusesAsync("id_token: signature", null, claims => world.Provider.Sign(claims)[..^8] + "AAAAAAAA");
        await RefusesAsync("id_token: iss", claims => claims["iss"] = world.Other.Issuer);
        await RefusesAsync("id_token: iss", claims => claims["iss"] = world.Provider.Issuer + "/");
        await RefusesAsync("id_token: aud", claims => claims["aud"] = "another-client");
        await RefusesAsync("id_token: aud", claims => claims["aud"] = new[] { FakeProvider.ClientId, "another-client" });
        await RefusesAsync("id_token: azp", claims => claims["azp"] = "another-client");
        await RefusesAsync("id_token: exp", claims => claims["exp"] = now - 61);
        await RefusesAsync("id_token: exp", claims => claims.Remove("exp"));
        await RefusesAsync("id_token: iat", claims => claims["iat"] = now - 61);
        await RefusesAsync("id_token: iat", claims => claims["iat"] = now + 120);
        await RefusesAsync("id_token: auth_time", claims => claims["auth_time"] = now - 400);
        await RefusesAsync("id_token: auth_time", claims => claims.Remove("auth_time"));
        await RefusesAsync("id_token: sub", claims => claims["sub"] = "");
    }

    [Fact]
    public async Task A_level_that_is_not_known_to_mean_two_factors_is_refused_in_plain_words()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        async Task TooWeakAsync(Action<Dictionary<string, object>> change)
        {
            var browser = new ProviderBrowser(world);
            await RefusedAsync(browser, await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity, change), "un seul facteur");
        }
        await TooWeakAsync(claims => claims["acr"] = "urn:example:password");
        await TooWeakAsync(claims => claims.Remove("acr"));
        await TooWeakAsync(claims => claims["acr"] = new[] { FakeProvider.Strong });
        await TooWeakAsync(claims => (claims["acr"], claims["amr"]) = ("0", new[] { "pin", "pwd" }));
        // The same answer where there is no account: nothing is told before the level is known.
        var stranger = new ProviderBrowser(world);
        await RefusedAsync(stranger, await stranger.ComeBackAsync(await stranger.LeaveAsync(), ("nobody", WorldPeople.UnknownNumber), claims => claims["acr"] = "1"), "un seul facteur");

        var strong = new ProviderBrowser(world);
        Assert.Equal("/fr", (await strong.ComeBackAsync(await strong.LeaveAsync(), world.EmmasIdentity, claims => (claims["acr"], claims["amr"]) = ("0", new[] { "hwk", "pin", "user" }))).Path);
    }

    [Fact]
    public async Task An_identity_without_a_number_or_with_one_nobody_has_opens_nothing_and_tells_nothing()
    {
        await using var world = await ProviderWorld.StartAsync();
        async Task<string> ComeAsync(string subject, string? number)
        {
            var browser = new ProviderBrowser(world);
            var seen = await browser.ComeBackAsync(await browser.LeaveAsync(), (subject, number));
            await RefusedAsync(browser, seen, NoAccount);
            return seen.Text[seen.Text.IndexOf("<main", StringComparison.Ordinal)..].Replace(browser.Cookies["dsp-form"], "", StringComparison.Ordinal);
        }
        var unknown = await ComeAsync("x", WorldPeople.UnknownNumber);
        string Main(string page) => System.Text.RegularExpressions.Regex.Replace(page, "value=\"[^\"]{60,}\"", "");
        Assert.Equal(Main(unknown), Main(await ComeAsync("x", null)));
        Assert.Equal(Main(unknown), Main(await ComeAsync("x", "not a number")));
        // What the provider merely calls somebody is no number that it has verified.
        Assert.Equal(Main(unknown), Main(await ComeAsync(world.Emma.Number!, null)));
        await world.ActivatedAsync();
        // Emma has an account now; without her number nobody learns so.
        Assert.Equal(Main(unknown), Main(await ComeAsync("x", null)));
    }

    [Fact]
    public async Task The_number_of_somebody_whose_account_another_identity_is_bound_to_opens_nothing()
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var claude = await world.World.ActiveAsync(WorldPeople.Claude, "SCHRAMM", "Claude");
        // Another subject of the same provider, with Emma's number.
        var second = new ProviderBrowser(world);
        await RefusedAsync(second, await second.ComeBackAsync(await second.LeaveAsync(), ("somebody-else", world.Emma.Number)), NoAccount);
        // Emma's subject, with another person's number: neither Emma's record nor Claude's.
        var first = new ProviderBrowser(world);
        await RefusedAsync(first, await first.ComeBackAsync(await first.LeaveAsync(), ("emma-at-eid", claude.Number)), NoAccount);
        Assert.Equal(["provider-number-other", "provider-number-taken", "provider-number-taken"], world.World.Platform.Alarms.Recent.Select(a => a.Kind).Where(k => k.StartsWith("provider", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("https%3A%2F%2Fevil.example")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("%2F%5Cevil.example")]
    public async Task Coming_back_never_leads_to_another_site(string elsewhere)
    {
        await using var world = await ProviderWorld.StartAsync();
        await world.ActivatedAsync();
        var browser = new ProviderBrowser(world);
        await browser.GetAsync($"/fr/connexion?returnUrl={elsewhere}&ReturnUrl={elsewhere}");
        var asked = await browser.LeaveAsync(from: $"/fr/connexion?returnUrl={elsewhere}");
        Assert.Equal(world.Server.Base + "/connexion/retour/eid", asked["redirect_uri"]);
        var code = world.Provider.CodeFor(asked, world.EmmasIdentity);
        var seen = await browser.GetAsync($"/connexion/retour/eid?code={code}&state={asked["state"]}&iss={Uri.EscapeDataString(world.Provider.Issuer)}&returnUrl={elsewhere}&redirect_uri={elsewhere}");
        Assert.Equal("/fr", seen.Path);
        Assert.All(browser.LedTo, to => Assert.True(to.StartsWith('/') && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal), to));
        // A wanted page that somebody else wrote is not gone to either.
        browser.Cookies["dsp-wanted"] = "aHR0cHM6Ly9ldmlsLmV4YW1wbGU";
        Assert.Equal("/fr", (await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity)).Path);
    }

    [Fact]
    public async Task Signing_in_begins_a_new_session_and_ends_the_one_that_was_planted()
    {
        await using var world = await ProviderWorld.StartAsync();
        var attacker = await world.ActivatedAsync();
        var planted = attacker.Cookies["dsp-session"];
        var victim = new ProviderBrowser(world);
        victim.Cookies["dsp-session"] = planted;
        var before = (await victim.WhoAsync()).Split(' ')[1];
        Assert.Equal("/fr", (await victim.ComeBackAsync(await victim.LeaveAsync(), world.EmmasIdentity)).Path);
        Assert.NotEqual(before, (await victim.WhoAsync()).Split(' ')[1]);
        Assert.NotEqual(planted, victim.Cookies["dsp-session"]);
        // What the attacker still holds is nobody's.
        Assert.Equal("/fr/connexion", (await attacker.GetAsync("/fr/compte")).Path);
    }

    [Fact]
    public async Task A_stolen_letter_s_password_is_not_opened_by_its_victim()
    {
        await using var world = await ProviderWorld.StartAsync();
        // The thief has the letter, and has set up a password and given a mailbox.
        var thief = await world.World.ActivatedAsync(world.Emma, contact: new Contact("thief@example.org"));
        var browser = new ProviderBrowser(world);
        var page = await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity);
        Assert.Contains("Était-ce vous", page.Text, StringComparison.Ordinal);
        // Not answered is not yes.
        page = await browser.SubmitAsync(page, ("courriel", "emma@example.org"), ("conditions", "oui"));
        Assert.Equal("/fr/activation/identite", page.Path);
        Assert.Equal("/fr", (await browser.SubmitAsync(page, ("courriel", "emma@example.org"), ("conditions", "oui"), ("attente", "non"))).Path);
        Assert.Equal(Refusals.SignInFailed, (await world.World.SignInAsync(thief)).Refusal);
        Assert.Contains(world.World.Platform.Alarms.Recent, a => a.Kind == "activation-stopped");
        var emma = new ProviderBrowser(world);
        await emma.ComeBackAsync(await emma.LeaveAsync(), world.EmmasIdentity);
        var account = await emma.GetAsync("/fr/compte");
        Assert.Contains("emma@example.org", account.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("thief@example.org", account.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_information_about_another_subject_is_not_about_this_person()
    {
        await using var world = await ProviderWorld.StartAsync();
        world.Provider.UserInfo = new() { ["sub"] = "somebody-else", ["national_number"] = world.Emma.Number! };
        var browser = new ProviderBrowser(world);
        await RefusedAsync(browser, await browser.ComeBackAsync(await browser.LeaveAsync(), ("emma-at-eid", null)), Refused);
        world.Provider.UserInfo["sub"] = "emma-at-eid";
        Assert.Equal("/fr/activation/identite", (await browser.ComeBackAsync(await browser.LeaveAsync(), ("emma-at-eid", null))).Path);
    }
}
