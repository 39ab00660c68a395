using Dsp.Accounts;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Server;
using Dsp.Storage;
using Dsp.Tests.Accounts;
using Dsp.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Dsp.Tests.SignIn;

/// <summary>Signing in, activating, proving again and connecting by an external identity, page by page.</summary>
public sealed class ProviderJourneyTests
{
    [Theory, EveryStore]
    public async Task A_person_activates_in_one_sitting_and_signs_in_afterwards(Store store)
    {
        await using var world = await ProviderWorld.StartAsync(store);
        var browser = new ProviderBrowser(world);
        var asked = await browser.LeaveAsync(from: "/fr/activation");
        Assert.Equal(FakeProvider.Strong, asked["acr_values"]);
        Assert.Equal("300", asked["max_age"]);
        var page = await browser.ComeBackAsync(asked, world.EmmasIdentity);
        // The conditions are asked for, and what was typed is kept.
        page = await browser.SubmitAsync(page, ("courriel", "emma@example.org"), ("langue", "de"));
        Assert.Contains("Cochez la case", page.Text, StringComparison.Ordinal);
        Assert.Contains("emma@example.org", page.Text, StringComparison.Ordinal);
        Assert.Equal("nobody", await browser.WhoAsync());
        var home = await browser.SubmitAsync(page, ("courriel", "emma@example.org"), ("conditions", "oui"), ("langue", "de"));
        Assert.Equal("/fr", home.Path);
        Assert.Contains("Emma", home.Text, StringComparison.Ordinal);
        Assert.Contains("strong=True", await browser.WhoAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (await browser.GetAsync("/fr/documents")).Status);
        Assert.Contains("Deutsch", (await browser.GetAsync("/fr/compte")).Text, StringComparison.Ordinal);

        var later = new ProviderBrowser(world);
        Assert.Equal("/fr", (await later.ComeBackAsync(await later.LeaveAsync(), world.EmmasIdentity)).Path);
        // A new device is told; the same one again is not.
        Assert.Equal(2, (await world.World.LettersAsync(NoticeKind.NewDevice, world.Emma.Person)).Count(m => m.Values["email"] == "emma@example.org"));
        await later.ComeBackAsync(await later.LeaveAsync(), world.EmmasIdentity);
        Assert.Equal(2, (await world.World.LettersAsync(NoticeKind.NewDevice)).Count);
    }

    [Fact]
    public async Task An_activation_page_sent_twice_activates_once()
    {
        await using var world = await ProviderWorld.StartAsync();
        var browser = new ProviderBrowser(world);
        var page = await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity);
        var draft = browser.Cookies["dsp-identity"];
        await browser.SubmitAsync(page, ("conditions", "oui"));
        Assert.NotEqual("nobody", await browser.WhoAsync());
        var copy = new ProviderBrowser(world);
        copy.Cookies["dsp-identity"] = draft;
        Assert.Equal("/fr/connexion", (await copy.GetAsync("/fr/activation/identite")).Path);
        Assert.Equal("nobody", await copy.WhoAsync());
    }

    [Theory, EveryStore]
    public async Task Somebody_who_has_an_account_connects_the_identity_to_it_and_is_told(Store store)
    {
        await using var world = await ProviderWorld.StartAsync(store);
        var account = await world.World.OpenedAsync(world.Emma);
        var told = (await world.World.LettersAsync(NoticeKind.FactorChanged)).Count;
        var browser = new ProviderBrowser(world);
        var page = await browser.ComeBackAsync(await browser.LeaveAsync(from: "/fr/recuperation"), world.EmmasIdentity);
        Assert.Contains("déjà un compte", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("emma@example.org", page.Text, StringComparison.Ordinal);
        Assert.Equal("/fr", (await browser.SubmitAsync(page)).Path);
        Assert.Equal(told + 1, (await world.World.LettersAsync(NoticeKind.FactorChanged)).Count);
        // What there was before goes on working.
        Assert.True((await world.World.SignInAsync(account)).Succeeded);
    }

    [Theory, EveryStore]
    public async Task An_external_identity_is_the_second_channel_that_opens_what_a_letter_began(Store store)
    {
        await using var world = await ProviderWorld.StartAsync(store);
        var waiting = await world.World.ActivatedAsync(world.Emma);
        Assert.Equal(Refusals.AccountWaits, (await world.World.SignInAsync(waiting)).Refusal);
        var browser = new ProviderBrowser(world);
        var page = await browser.ComeBackAsync(await browser.LeaveAsync(from: "/fr/activation/fait"), world.EmmasIdentity);
        Assert.Equal("/fr", (await browser.SubmitAsync(page, ("attente", "oui"), ("courriel", "emma@example.org"), ("conditions", "oui"))).Path);
        Assert.True((await world.World.SignInAsync(waiting)).Succeeded);
        // The second letter is taken back.
        world.World.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Empty(await world.World.LettersAsync(NoticeKind.SecondCode));
    }

    [Fact]
    public async Task A_step_up_asks_the_provider_for_a_new_proof_of_the_same_person()
    {
        await using var world = await ProviderWorld.StartAsync();
        var browser = await world.ActivatedAsync();
        world.World.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("/fr/confirmer", (await browser.GetAsync("/fr/compte/contact")).Path);
        var asked = await browser.LeaveAsync(from: "/fr/confirmer");
        Assert.Equal(("login", "0"), (asked["prompt"], asked["max_age"]));
        // The provider did not ask again: its session is older than the question.
        var now = world.World.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal("/fr/confirmer", (await browser.ComeBackAsync(asked, world.EmmasIdentity, claims => claims["auth_time"] = now - 90)).Path);
        Assert.Equal("/fr/confirmer", (await browser.GetAsync("/fr/compte/contact")).Path);
        // Somebody else's proof is none.
        var other = await browser.ComeBackAsync(await browser.LeaveAsync(from: "/fr/confirmer"), ("claude-at-eid", WorldPeople.Claude));
        Assert.Equal("/fr/confirmer", other.Path);
        Assert.Contains("n’ouvre aucun compte", other.Text, StringComparison.Ordinal);
        // Nor one that was asked for in another session, even of the same person.
        var elsewhere = new ProviderBrowser(world);
        await elsewhere.ComeBackAsync(await elsewhere.LeaveAsync(), world.EmmasIdentity);
        asked = await browser.LeaveAsync(from: "/fr/confirmer");
        elsewhere.Cookies["dsp-provider"] = browser.Cookies["dsp-provider"];
        Assert.Equal("/fr/confirmer", (await elsewhere.ComeBackAsync(asked, world.EmmasIdentity)).Path);

        Assert.Equal("/fr/compte/contact", (await browser.ComeBackAsync(await browser.LeaveAsync(from: "/fr/confirmer"), world.EmmasIdentity)).Path);
    }

    [Fact]
    public async Task A_sign_in_by_a_session_that_the_provider_had_is_no_fresh_factor()
    {
        await using var world = await ProviderWorld.StartAsync(change: p => p with { MaxAge = TimeSpan.FromMinutes(30) });
        await world.ActivatedAsync();
        var browser = new ProviderBrowser(world);
        var proven = world.World.Clock.GetUtcNow().AddMinutes(-20);
        Assert.Equal("/fr", (await browser.ComeBackAsync(await browser.LeaveAsync(), world.EmmasIdentity, claims => claims["auth_time"] = proven.ToUnixTimeSeconds())).Path);
        Assert.Equal("/fr/confirmer", (await browser.GetAsync("/fr/compte/contact")).Path);
        Assert.Equal(200, (await browser.GetAsync("/fr/documents")).Status);
    }

    [Theory, EveryStore]
    public async Task Connecting_and_removing_an_identity_asks_for_a_fresh_factor_and_for_the_same_person(Store store)
    {
        await using var world = await ProviderWorld.StartAsync(store);
        var browser = await world.ActivatedAsync();
        world.World.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("/fr/confirmer", (await browser.PressAsync("other", "/fr/compte", "Connect")).Path);
        await browser.ComeBackAsync(await browser.LeaveAsync(from: "/fr/confirmer"), world.EmmasIdentity);

        async Task<Shown> ConnectAsync(string? number)
        {
            var asked = await browser.LeaveAsync("other", "/fr/compte", "Connect");
            return await browser.ReturnAsync("other", ("code", world.Other.CodeFor(asked, ("emma-elsewhere", number))), ("state", asked["state"]), ("iss", world.Other.Issuer));
        }
        // Somebody else's identity, slipped into this browser, would be a way in for them; so would one that does not say whose it is.
        Assert.Contains("n’ouvre aucun compte", (await ConnectAsync(WorldPeople.Claude)).Text, StringComparison.Ordinal);
        Assert.Contains("n’ouvre aucun compte", (await ConnectAsync(null)).Text, StringComparison.Ordinal);
        var page = await ConnectAsync(world.Emma.Number);
        Assert.Equal("/fr/compte", page.Path);
        Assert.Contains("Identité électronique, Autre", page.Text, StringComparison.Ordinal);

        var elsewhere = new ProviderBrowser(world);
        var again = await elsewhere.LeaveAsync("other");
        Assert.Equal("/fr", (await elsewhere.ReturnAsync("other", ("code", world.Other.CodeFor(again, ("emma-elsewhere", world.Emma.Number))), ("state", again["state"]), ("iss", world.Other.Issuer))).Path);
    }

    [Fact]
    public async Task A_listed_professional_is_found_by_number_and_signs_in_as_one()
    {
        await using var world = await ProviderWorld.StartAsync();
        var doctor = await world.World.ActiveAsync(WorldPeople.MarieJosee, "THILLARAY", "Armel");
        // The register and the directory of people know the same person.
        await world.World.ProfessionalAsync(await world.World.InstitutionAsync(), person: doctor.Person);
        var browser = new ProviderBrowser(world);
        var page = await browser.ComeBackAsync(await browser.LeaveAsync(), ("thill-at-eid", WorldPeople.MarieJosee));
        Assert.StartsWith("/fr/pro", (await browser.SubmitAsync(page, ("conditions", "oui"))).Path, StringComparison.Ordinal);
        Assert.Contains("Professional", await browser.WhoAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_down_leaves_the_other_ways_and_is_not_asked_all_the_time()
    {
        await using var world = await ProviderWorld.StartAsync();
        world.Provider.Down = true;
        var browser = new ProviderBrowser(world);
        for (var i = 0; i < 3; i++)
        {
            var page = await browser.PressAsync("eid", "/fr/connexion");
            Assert.Equal(200, page.Status);
            Assert.Contains("ne répond pas en ce moment", page.Text, StringComparison.Ordinal);
            Assert.Contains("id=\"identifiant\"", page.Text, StringComparison.Ordinal);
        }
        Assert.Equal(1, world.Provider.Discovered);
        Assert.DoesNotContain(world.Server.Log, line => line.Contains("Fault", StringComparison.Ordinal));
        world.Provider.Down = false;
        world.World.Clock.Advance(TimeSpan.FromSeconds(21));
        await browser.LeaveAsync();
        // Once known, a provider that fails meanwhile is left to, and says so itself.
        world.Provider.Down = true;
        world.World.Clock.Advance(TimeSpan.FromHours(2));
        var asked = await browser.LeaveAsync();
        Assert.Contains("ne répond pas en ce moment", (await browser.ComeBackAsync(asked, world.EmmasIdentity)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_nobody_is_at_leaves_the_other_ways_too()
    {
        await using var world = await ProviderWorld.StartAsync(change: p => p with { Issuer = "http://127.0.0.1:9" });
        var page = await new ProviderBrowser(world).PressAsync("eid", "/fr/connexion");
        Assert.Equal(200, page.Status);
        Assert.Contains("ne répond pas en ce moment", page.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"identifiant\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_or_without_end_is_not_believed()
    {
        await using var world = await ProviderWorld.StartAsync();
        var browser = new ProviderBrowser(world);
        world.Provider.ClaimsIssuer = world.Other.Issuer;
        Assert.Contains("ne répond pas", (await browser.PressAsync("eid", "/fr/connexion")).Text, StringComparison.Ordinal);
        (world.Provider.ClaimsIssuer, world.Provider.Endless) = (null, true);
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("ne répond pas", (await browser.PressAsync("eid", "/fr/connexion")).Text, StringComparison.Ordinal);
        world.Provider.Endless = false;
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.LeaveAsync();
    }

    [Fact]
    public async Task Somebody_who_says_no_at_the_provider_is_told_and_can_go_on()
    {
        await using var world = await ProviderWorld.StartAsync();
        var browser = new ProviderBrowser(world);
        var asked = await browser.LeaveAsync();
        var back = await browser.ReturnAsync("eid", ("error", "access_denied"), ("error_description", "<script>"), ("state", asked["state"]), ("iss", world.Provider.Issuer));
        Assert.Contains("Rien n’a été confirmé", back.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", back.Text, StringComparison.Ordinal);
        asked = await browser.LeaveAsync();
        Assert.Contains("ne répond pas", (await browser.ReturnAsync("eid", ("error", "temporarily_unavailable"), ("state", asked["state"]), ("iss", world.Provider.Issuer))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_proves_anything_is_logged()
    {
        await using var world = await ProviderWorld.StartAsync();
        var browser = new ProviderBrowser(world);
        var asked = await browser.LeaveAsync();
        var code = world.Provider.CodeFor(asked, world.EmmasIdentity, claims => claims["aud"] = "x");
        await browser.ReturnAsync("eid", ("code", code), ("state", asked["state"]), ("iss", world.Provider.Issuer));
        Assert.Contains(world.Provider.Redeemed, form => form["authorization"].StartsWith("Basic ", StringComparison.Ordinal));
        var ours = world.Server.Log.Where(line => line.Contains("Identity provider", StringComparison.Ordinal)).ToList();
        Assert.Equal("1011 Identity provider eid: id_token: aud ", Assert.Single(ours));
        Assert.DoesNotContain(world.Server.Log, line => line.Contains("only-the-file-knows-this", StringComparison.Ordinal) || line.Contains(world.Emma.Number!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fr", "Se connecter avec eID")]
    [InlineData("de", "Mit der eID anmelden")]
    [InlineData("en", "Sign in with eID")]
    [InlineData("lb", "Mat eID umellen")]
    [InlineData("pt", "Iniciar sessão com eID")]
    public async Task The_provider_s_button_comes_first(string language, string words)
    {
        await using var world = await ProviderWorld.StartAsync(change: p => p with { Names = new Dictionary<string, string> { ["de"] = "der eID" } });
        var page = (await new ProviderBrowser(world).GetAsync($"/{language}/connexion")).Text;
        var (button, password) = (page.IndexOf(words, StringComparison.Ordinal), page.IndexOf("id=\"secret\"", StringComparison.Ordinal));
        Assert.True(button > 0 && button < password, page);
    }

    [Fact]
    public void Settings_name_what_is_wrong_and_never_a_secret()
    {
        static ServerSettings Read(params (string Name, string Value)[] more)
        {
            var all = new Dictionary<string, string?> { ["DataFolder"] = "/d", ["KeyFolder"] = "/k", ["Providers:0:Key"] = "eid", ["Providers:0:Name"] = "eID", ["Providers:0:Issuer"] = "https://eid.example", ["Providers:0:ClientId"] = "dsp", ["Providers:0:ClientKeyFile"] = "eid.pem", ["Providers:0:StrongAcr"] = "a b" };
            foreach (var (name, value) in more) all["Providers:0:" + name] = value.Length == 0 ? null : value;
            return ServerSettings.From(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        }
        var read = Assert.Single(Read(("Names:de", "eID (Personalausweis)"), ("StrongAmr", "hwk+pin mfa"), ("Scopes", "profile openid")).SignIn.Providers);
        Assert.Equal("openid profile", read.Scopes);
        Assert.True(read.IsStrong(null, ["mfa"]) && read.IsStrong("b", []) && !read.IsStrong("A", ["hwk"]) && !read.IsStrong(null, []));
        foreach (var (name, value) in new[] { ("Issuer", "http://eid.example"), ("Issuer", "ftp://eid.example"), ("Key", "E/D"), ("StrongAcr", ""), ("ClientSecretFile", "also"), ("MaxAgeMinutes", "61"), ("Internal", "yes"), ("Name", ""), ("ClientId", "") })
            Assert.Contains("Providers:0:" + name.Replace("ClientSecretFile", "ClientKeyFile", StringComparison.Ordinal), Assert.Throws<InvalidOperationException>(() => Read((name, value))).Message, StringComparison.Ordinal);
    }
}
