using System.Text.Json;
using Dsp.Access;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Dsp.Tests.SignIn;

/// <summary>A person lets a software act: the code flow, its page, and what is tried against both.</summary>
public sealed class AuthorizationTests
{
    private const string All = "openid fhirUser offline_access launch launch/patient patient/DocumentReference.rs patient/Binary.r patient/Patient.rs user/DocumentReference.crs user/Binary.r user/Patient.rs ITI-67";
    private const string Read = "openid fhirUser offline_access launch/patient patient/DocumentReference.rs patient/Patient.rs";

    [Theory, EveryStore]
    public async Task A_holder_lets_an_app_read_the_own_record(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var app = await world.RegisterAsync("app", All, confidential: false);
        var asked = new CodeRequest(world, app, Read);
        using var browser = new TestBrowser(world);

        // Not signed in: to the sign-in page, and back to the question afterwards.
        Assert.Contains("/connexion", (await browser.GetAsync(asked.Address)).Address, StringComparison.Ordinal);
        await browser.SignInAsync(EmmaOf(world));
        var page = await browser.GetAsync(asked.Address);
        Assert.True(page.Status == 200, page.Text);
        Assert.Contains("lab-nord", page.Text, StringComparison.Ordinal);
        Assert.Contains("Laboratoire Nord (fictif)", page.Text, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' http://127.0.0.1:9;", page.Policy, StringComparison.Ordinal);
        var back = await browser.SubmitAsync(page, ("decision", "allow"));
        Assert.StartsWith(SoftwareWorld.Redirect, back.Location, StringComparison.Ordinal);
        Assert.Equal(["state-1", world.Server.Base + "/"], [back["state"], back["iss"]]);
        var issued = await app.RedeemAsync(back["code"]!, asked.Verifier);

        Assert.True(issued.Status == 200, issued.Text);
        Assert.Equal(world.Cast.Record, issued.Json.GetProperty("patient").GetString());
        Assert.Equal($"{world.Server.Fhir}/Patient/{world.Cast.Record}", new JsonWebToken(issued.Json.GetProperty("id_token").GetString()).GetPayloadValue<string>("fhirUser"));
        var token = issued.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await world.Cast.SearchAsync(token)).Status);
        Assert.Equal(200, (await world.Server.GetAsync("/fhir/Patient/" + world.Cast.Record, token)).Status);
        // A scope for one type opens no other, and none for acts.
        Assert.Contains("DSP-3002", (await world.Server.GetAsync($"/fhir/Binary/{Guid.CreateVersion7():D}", token)).Text, StringComparison.Ordinal);
        Assert.Contains("DSP-3002", (await world.Server.PostJsonAsync("/api/presence-codes", token, "{}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Server.Log, l => l.Contains(token, StringComparison.Ordinal) || l.Contains(back["code"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_question_gives_no_code()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));

        var back = await browser.SubmitAsync(await browser.GetAsync(new CodeRequest(world, app, Read).Address), ("decision", "deny"));

        Assert.Equal(["access_denied", null, "state-1"], [back["error"], back["code"], back["state"]]);
    }

    [Fact]
    public async Task A_form_from_elsewhere_allows_nothing()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));
        var asked = new CodeRequest(world, app, Read);
        var page = await browser.GetAsync(asked.Address);

        // Everything an attacker's page can know, but not the page's own mark.
        var forged = await browser.PostAsync("/fr/autoriser", [.. asked.Parameters, ("decision", "allow")]);
        var reference = System.Text.RegularExpressions.Regex.Match(page.Text, "name=\"request_uri\" value=\"([^\"]+)\"").Groups[1].Value;
        var byReference = await browser.PostAsync("/fr/autoriser", ("client_id", "app"), ("request_uri", System.Net.WebUtility.HtmlDecode(reference)), ("decision", "allow"));

        // The first becomes a question like any other; the second is refused.
        Assert.Equal(["/fr/autoriser", null], [new Uri(forged.Location!).AbsolutePath, forged["code"]]);
        Assert.Equal("400 ", $"{byReference.Status} {byReference.Location}");
        Assert.NotEmpty(reference);
    }

    [Theory]
    [InlineData("redirect_uri", "http://127.0.0.1:9/back/")]
    [InlineData("redirect_uri", "http://127.0.0.1:9/back?x=1")]
    [InlineData("redirect_uri", "http://127.0.0.1:9/back#x")]
    [InlineData("redirect_uri", "http://127.0.0.1:9/back/../evil")]
    [InlineData("redirect_uri", "http://127.0.0.1:9@evil.example/back")]
    [InlineData("redirect_uri", "https://evil.example/back")]
    [InlineData("redirect_uri", "//evil.example/back")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "HTTP://127.0.0.1:9/back")]
    [InlineData("redirect_uri", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", null)]
    public async Task Nobody_is_led_to_an_address_that_is_not_registered(string name, string? value)
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));

        var seen = await browser.GetAsync(new CodeRequest(world, app, Read).With(name, value).Address);

        Assert.Null(seen.Location);
        Assert.Equal(400, seen.Status);
    }

    [Theory]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    [InlineData("aud", null, "invalid_request")]
    [InlineData("aud", "https://elsewhere.example/fhir", "invalid_request")]
    [InlineData("scope", "patient/Observation.rs", "invalid_scope")]
    [InlineData("scope", "patient/DocumentReference.rs?date=gt2020", "invalid_scope")]
    [InlineData("scope", "patient/*.rs", "invalid_scope")]
    [InlineData("scope", "openid dsp.act.*", "invalid_scope")]
    [InlineData("scope", "launch patient/DocumentReference.rs", "invalid_request")]
    [InlineData("scope", null, "invalid_scope")]
    public async Task A_request_with_something_weaker_is_refused(string name, string? value, string error)
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));

        var seen = await browser.GetAsync(new CodeRequest(world, app, Read).With(name, value).Address);

        Assert.Equal(error, seen["error"] ?? (seen.Text.Contains(error, StringComparison.Ordinal) ? error : seen.Text));
        Assert.Null(seen["code"]);
    }

    [Fact]
    public async Task A_code_is_good_once_and_for_who_asked_for_it()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        var other = await world.RegisterAsync("other", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));
        var asked = new CodeRequest(world, app, Read);

        Assert.Equal("invalid_grant", Error(await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier + "x")));
        Assert.Equal("invalid_grant", Error(await other.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)));
        Assert.Equal("invalid_grant", Error(await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier, "http://127.0.0.1:9/other")));
        var late = await CodeAsync(browser, asked);
        world.Server.World.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("invalid_grant", Error(await app.RedeemAsync(late, asked.Verifier)));
        var code = await CodeAsync(browser, asked);
        var issued = await app.RedeemAsync(code, asked.Verifier);
        var token = issued.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await world.Cast.SearchAsync(token)).Status);

        // Somebody has a copy: what was issued for it ends too.
        Assert.Equal("invalid_grant", Error(await app.RedeemAsync(code, asked.Verifier)));
        Assert.Equal(401, (await world.Cast.SearchAsync(token)).Status);
    }

    [Theory, EveryStore]
    public async Task A_refresh_token_that_comes_back_ends_everything(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));
        var asked = new CodeRequest(world, app, Read);
        var first = (await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("refresh_token").GetString()!;

        var second = await app.RefreshAsync(first);
        Assert.True(second.Status == 200, second.Text);
        Assert.Equal(world.Cast.Record, second.Json.GetProperty("patient").GetString());
        var token = second.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await world.Cast.SearchAsync(token)).Status);
        Assert.Equal("invalid_grant", Error(await app.RefreshAsync(second.Json.GetProperty("refresh_token").GetString()!, "patient/DocumentReference.rs user/DocumentReference.c")));

        Assert.Equal("invalid_grant", Error(await app.RefreshAsync(first)));

        Assert.Equal(401, (await world.Cast.SearchAsync(token)).Status);
        Assert.Equal("invalid_grant", Error(await app.RefreshAsync(second.Json.GetProperty("refresh_token").GetString()!)));
    }

    [Fact]
    public async Task Of_two_that_refresh_at_once_one_at_most_gets_in()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));
        // Who comes first is chance: often enough, two lie between the library's check and ours.
        for (var round = 0; round < 12; round++)
        {
            var asked = new CodeRequest(world, app, Read);
            var token = (await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("refresh_token").GetString()!;

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => app.RefreshAsync(token))));

            Assert.InRange(answers.Count(a => a.Status == 200), 0, 1);
        }
    }

    [Fact]
    public async Task A_refresh_token_dies_with_the_sign_in_it_rests_on()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));
        var asked = new CodeRequest(world, app, Read);
        var token = (await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("refresh_token").GetString()!;

        world.Server.World.Clock.Advance(TimeSpan.FromHours(11));
        var later = await app.RefreshAsync(token);
        Assert.True(later.Status == 200, later.Text);
        world.Server.World.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal("invalid_grant", Error(await app.RefreshAsync(later.Json.GetProperty("refresh_token").GetString()!)));
    }

    [Theory, EveryStore]
    public async Task A_suspended_software_is_out_with_every_persons_token(Store store)
    {
        await using var world = await SoftwareWorld.StartAsync(store);
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = await SignedInAsync(world, EmmaOf(world));
        var asked = new CodeRequest(world, app, Read);
        var issued = await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier);
        var token = issued.Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await world.Cast.SearchAsync(token)).Status);
        var system = (await world.Server.World.Platform.Clients.FindAsync("app", world.Server.World.Cancel))!.System.Id;

        Assert.True((await world.Server.World.Operation<SuspendSystem>().RunAsync(await world.Server.World.AgentAsync(), system, true, world.Server.World.Cancel)).Succeeded);

        Assert.Contains("DSP-3007", (await world.Cast.SearchAsync(token)).Text, StringComparison.Ordinal);
        Assert.Equal("invalid_client", Error(await app.RefreshAsync(issued.Json.GetProperty("refresh_token").GetString()!)));
        Assert.Equal(400, (await browser.GetAsync(asked.Address)).Status);
    }

    [Fact]
    public async Task A_doctors_app_for_one_patient_opens_no_other()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        await world.Cast.OpenContextAsync();
        using var browser = await SignedInAsync(world, world.Cast.Doctor);
        var asked = new CodeRequest(world, app, "launch/patient patient/DocumentReference.rs patient/Patient.rs");
        var token = (await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("access_token").GetString()!;
        Assert.Equal(200, (await world.Server.GetAsync("/fhir/Patient/" + world.Cast.Record, token)).Status);
        Assert.Equal(1, await DepositedAsync(world, token));

        var claude = await world.Server.World.ActiveAsync(WorldPeople.Claude, "SCHRAMM", "Claude");
        var code = await world.Server.PostJsonAsync("/api/presence-codes", world.Server.Token(CallerKind.Person, claude.Person.Value), "{}");
        var opened = await world.Server.PostJsonAsync("/api/care-contexts", world.Cast.DoctorToken, $$"""{"person":{"nationalId":"{{claude.Number}}"},"kind":"individual","presenceCode":"{{code.Json.GetProperty("code").GetString()}}"}""");
        Assert.True(opened.Status == 201, opened.Text);

        Assert.Equal(200, (await world.Server.GetAsync($"/fhir/Patient/{claude.Record}", world.Cast.DoctorToken)).Status);
        Assert.Equal(404, (await world.Server.GetAsync($"/fhir/Patient/{claude.Record}", token)).Status);
    }

    [Fact]
    public async Task A_person_of_one_hospital_gets_nothing_through_anothers_program()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var registered = await world.Server.PostJsonAsync("/api/care-contexts", world.Cast.Hospital, $$"""{"nationalId":"{{world.Cast.Emma.Number}}","kind":"emergency"}""");
        Assert.True(registered.Status is 200 or 201, registered.Text);
        using var browser = await SignedInAsync(world, world.Cast.Emergency);
        async Task<Answer> ThroughAsync(string system)
        {
            var app = await world.RegisterAsync("app-" + system, All, confidential: false, system: system);
            var asked = new CodeRequest(world, app, "user/DocumentReference.rs");
            return await world.Cast.SearchAsync((await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("access_token").GetString()!);
        }

        Assert.Equal(200, (await ThroughAsync("hospital")).Status);
        var other = await ThroughAsync("lab-nord");
        Assert.Equal(403, other.Status);
        Assert.Contains(Refusals.ChannelNotAttested.Id, other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_says_for_other_servers_who_it_speaks_for()
    {
        await using var world = await SoftwareWorld.StartAsync();
        using var browser = await SignedInAsync(world, world.Cast.Doctor);
        var app = await world.RegisterAsync("app", All, confidential: false);
        var asked = new CodeRequest(world, app, "user/DocumentReference.rs");
        var person = Said((await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("access_token").GetString()!);
        var lab = await world.RegisterAsync("lab-nord", "system/DocumentReference.crs");
        var token = (await lab.AskAsync("system/DocumentReference.rs")).Json.GetProperty("access_token").GetString()!;
        var told = (await lab.SendAsync("/oauth/introspect", ("token", token))).Json.GetProperty("extensions").GetProperty("ihe_iua");

        Assert.Equal(["THILLARAY Armel", "Cabinet Thillaray (fictif)", "DOC", "TREAT"],
            [Text(person, "subject_name"), Text(person, "subject_organization"), Text(person.GetProperty("subject_role")[0], "code"), Text(person.GetProperty("purpose_of_use")[0], "code")]);
        Assert.Equal("Laboratoire Nord (fictif)", Text(told, "subject_organization"));
        Assert.Equal("lab-nord", Text(Said(token), "subject_name"));

        static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
        static JsonElement Said(string token) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement.GetProperty("extensions").GetProperty("ihe_iua");
    }

    [Fact]
    public async Task A_public_software_refreshes_without_its_name_and_a_confidential_one_does_not()
    {
        await using var world = await SoftwareWorld.StartAsync();
        using var browser = await SignedInAsync(world, EmmaOf(world));
        foreach (var (confidential, status) in new[] { (false, 200), (true, 401) })
        {
            var app = await world.RegisterAsync(confidential ? "server-app" : "app", All, confidential);
            var asked = new CodeRequest(world, app, Read);
            var token = (await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("refresh_token").GetString()!;
            var answer = await app.PostAsync("/oauth/token", null, ("grant_type", "refresh_token"), ("refresh_token", token));
            Assert.True(answer.Status == status, answer.Text);
        }
    }

    [Fact]
    public async Task A_limit_to_a_category_holds()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        await world.Cast.OpenContextAsync();
        using var browser = await SignedInAsync(world, world.Cast.Doctor);
        var result = await world.Cast.DepositedAsync("<a/>"u8.ToArray());
        var image = await world.Cast.DepositedImageAsync("%PDF-1.4"u8.ToArray());

        var asked = new CodeRequest(world, app, "user/DocumentReference.rs?category=MedicalImaging user/Binary.r");
        var token = (await app.RedeemAsync(await CodeAsync(browser, asked), asked.Verifier)).Json.GetProperty("access_token").GetString()!;

        Assert.Equal(2, (await world.Cast.SearchAsync(world.Cast.DoctorToken, "&_total=accurate")).Json.GetProperty("total").GetInt32());
        Assert.Equal(1, (await world.Cast.SearchAsync(token, "&_total=accurate")).Json.GetProperty("total").GetInt32());
        foreach (var place in new[] { "/fhir/Binary/", "/fhir/DocumentReference/" })
        {
            Assert.Equal(200, (await world.Server.GetAsync(place + image, token)).Status);
            Assert.Equal(404, (await world.Server.GetAsync(place + result, token)).Status);
        }
    }

    [Fact]
    public async Task Who_signed_in_weakly_gives_nothing()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var app = await world.RegisterAsync("app", All, confidential: false);
        using var browser = new TestBrowser(world);
        await browser.SignInAsync(EmmaOf(world), weak: true);

        Assert.Contains("/connexion", (await browser.GetAsync(new CodeRequest(world, app, Read).Address)).Address, StringComparison.Ordinal);
        Assert.Equal("login_required", (await browser.GetAsync(new CodeRequest(world, app, Read).With("prompt", "none").Address))["error"]);
    }

    [Theory]
    [InlineData("dsp_kind")]
    [InlineData("client_id")]
    [InlineData("sub")]
    public async Task A_token_without_a_persons_claim_proves_nothing(string claim)
    {
        await using var world = await SoftwareWorld.StartAsync();
        var key = world.Server.Get<SigningKey>();
        var now = world.Server.World.Clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = world.Cast.Emma.Person.ToString(), ["client_id"] = "app", ["scope"] = "patient/*.rs", ["dsp_kind"] = "person", ["auth_time"] = world.Server.World.Clock.GetUtcNow().ToUnixTimeSeconds(), ["amr"] = new[] { "mfa" } };
        string Sign() => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new Microsoft.IdentityModel.Tokens.SecurityTokenDescriptor
        {
            Issuer = world.Server.Base + "/", Audience = "urn:dsp:api", TokenType = "at+jwt", IssuedAt = now, NotBefore = now, Expires = now.AddMinutes(5), Claims = claims, SigningCredentials = key.Credentials,
        });
        Assert.Equal(200, (await world.Cast.SearchAsync(Sign())).Status);

        claims.Remove(claim);

        Assert.Equal(401, (await world.Cast.SearchAsync(Sign())).Status);
    }

    [Fact]
    public async Task A_token_without_strength_or_time_of_a_sign_in_reads_nothing()
    {
        await using var world = await SoftwareWorld.StartAsync();
        var key = world.Server.Get<SigningKey>();
        var now = world.Server.World.Clock.GetUtcNow().UtcDateTime;
        foreach (var claims in new[] { new Dictionary<string, object> { ["amr"] = new[] { "mfa" } }, new Dictionary<string, object> { ["auth_time"] = world.Server.World.Clock.GetUtcNow().ToUnixTimeSeconds() } })
        {
            foreach (var (name, value) in new Dictionary<string, object> { ["sub"] = world.Cast.Emma.Person.ToString(), ["client_id"] = "app", ["scope"] = "patient/*.rs", ["dsp_kind"] = "person" }) claims[name] = value;
            var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new Microsoft.IdentityModel.Tokens.SecurityTokenDescriptor
            {
                Issuer = world.Server.Base + "/", Audience = "urn:dsp:api", TokenType = "at+jwt", IssuedAt = now, NotBefore = now, Expires = now.AddMinutes(5), Claims = claims, SigningCredentials = key.Credentials,
            });
            Assert.Contains("DSP-3009", (await world.Cast.SearchAsync(token)).Text, StringComparison.Ordinal);
        }
    }

    private static async Task<int> DepositedAsync(SoftwareWorld world, string token)
    {
        await world.Cast.DepositedAsync("<a/>"u8.ToArray());
        return (await world.Cast.SearchAsync(token)).Json.GetProperty("entry").GetArrayLength();
    }

    internal static Caller EmmaOf(SoftwareWorld world) => new() { Kind = CallerKind.Person, Person = world.Cast.Emma.Person };

    internal static async Task<TestBrowser> SignedInAsync(SoftwareWorld world, Caller caller)
    {
        var browser = new TestBrowser(world);
        await browser.SignInAsync(caller);
        return browser;
    }

    internal static async Task<string> CodeAsync(TestBrowser browser, CodeRequest asked)
    {
        var page = await browser.GetAsync(asked.Address);
        Assert.True(page.Status == 200, page.Text);
        var back = await browser.SubmitAsync(page, ("decision", "allow"));
        return back["code"] ?? throw new InvalidOperationException($"{back.Status} {back.Location} {back.Text}");
    }

    private static string? Error(Answer answer) => answer.Text.StartsWith('{') && answer.Json.TryGetProperty("error", out var error) ? error.GetString() : $"{answer.Status} {answer.Text}";
}
