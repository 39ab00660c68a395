using System.Text.Json;
using Dsp.Accounts;
using Dsp.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>Passkeys in a real Chromium, with the virtual authenticator of its developer tools, under the pages' own policy.</summary>
public sealed class PasskeyTests(Chromium chromium) : PortalTests(chromium)
{
    /// <summary>A passkey belongs to a name: there is none for an address in figures.</summary>
    private string Named => World.Base.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    [Fact]
    public async Task A_passkey_is_made_signs_in_by_button_and_by_itself_and_confirms()
    {
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: true);
        var (authenticator, session) = await AuthenticatorAsync(emma, verified: true);
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await emma.Page.GotoAsync(Named + "/fr/connexion");
        await Assertions.Expect(emma.Button("Se connecter avec une clé d’accès")).ToBeVisibleAsync();
        await AccountPeople.SignInAsync(emma, account);
        await emma.Page.GotoAsync(Named + "/fr/compte/cle");
        await emma.Page.Locator("#nom").FillAsync("mon téléphone");
        await emma.Button("Créer une clé d’accès sur cet appareil").ClickAsync();
        await emma.SeesAsync("Le nouveau moyen de se connecter est enregistré");
        await emma.SeesAsync("Clé d’accès, mon téléphone");

        // Until the button is pressed nothing answers by itself.
        await session.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new() { ["authenticatorId"] = authenticator, ["enabled"] = false });
        await SignOutAsync(emma);
        await emma.Page.GotoAsync(Named + "/fr/connexion");
        await Assertions.Expect(emma.Button("Se connecter avec une clé d’accès")).ToBeVisibleAsync();
        await session.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new() { ["authenticatorId"] = authenticator, ["enabled"] = true });
        await emma.Button("Se connecter avec une clé d’accès").ClickAsync();
        await Assertions.Expect(emma.Page).ToHaveURLAsync(Named + "/fr", new() { Timeout = 30_000 });

        World.Clock.Advance(TimeSpan.FromMinutes(6));
        await emma.Page.GotoAsync(Named + "/fr/compte/mot-de-passe");
        await emma.Button("Confirmer avec une clé d’accès").ClickAsync();
        await Assertions.Expect(emma.Page).ToHaveURLAsync(Named + "/fr/compte/mot-de-passe", new() { Timeout = 30_000 });

        // Conditional: the authenticator answers as soon as the page asks.
        await SignOutAsync(emma);
        await emma.Page.GotoAsync(Named + "/fr/connexion");
        await Assertions.Expect(emma.Page).ToHaveURLAsync(Named + "/fr", new() { Timeout = 30_000 });
        Assert.Empty(emma.Complaints);
    }

    [Fact]
    public async Task A_device_that_does_not_verify_its_user_makes_no_passkey()
    {
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: true);
        await AuthenticatorAsync(emma, verified: false);
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await emma.Page.GotoAsync(Named + "/fr/connexion");
        await AccountPeople.SignInAsync(emma, account);
        await emma.Page.GotoAsync(Named + "/fr/compte/cle");
        await emma.Button("Créer une clé d’accès sur cet appareil").ClickAsync();
        await emma.SeesAsync("Cela n’a pas marché sur cet appareil");
    }

    [Fact]
    public async Task An_answer_that_was_used_signs_nobody_in_again()
    {
        await using var emma = await Visitor.OpenAsync(Chromium, World, script: true);
        await AuthenticatorAsync(emma, verified: true);
        var account = await AccountPeople.OpenedAsync(World, World.Emma.Person, PortalWorld.EmmaNumber);
        await emma.Page.GotoAsync(Named + "/fr/connexion");
        await AccountPeople.SignInAsync(emma, account);
        await emma.Page.GotoAsync(Named + "/fr/compte/cle");
        await emma.Button("Créer une clé d’accès sur cet appareil").ClickAsync();
        await emma.SeesAsync("est enregistré");
        await SignOutAsync(emma);
        string? answered = null;
        var question = "";
        emma.Page.Request += (_, request) =>
        {
            if (request.Method != "POST" || !request.Url.Contains("handler=Passkey", StringComparison.Ordinal)) return;
            answered = request.PostData;
            question = request.Headers.GetValueOrDefault("cookie", "");
        };
        await emma.Page.GotoAsync(Named + "/fr/connexion");
        await Assertions.Expect(emma.Page).ToHaveURLAsync(Named + "/fr", new() { Timeout = 30_000 });
        Assert.NotNull(answered);
        await SignOutAsync(emma);
        var again = await emma.Page.APIRequest.PostAsync(Named + "/fr/connexion?handler=Passkey", new APIRequestContextOptions
        {
            Data = answered, Headers = new Dictionary<string, string> { ["content-type"] = "application/x-www-form-urlencoded", ["cookie"] = question }, MaxRedirects = 0,
        });
        Assert.NotEqual(302, again.Status);
    }

    private async Task SignOutAsync(Visitor visitor)
    {
        await visitor.Page.GotoAsync(Named + "/fr/compte");
        await visitor.Page.Locator("form[action$='/deconnexion'] button").First.ClickAsync();
        await visitor.SeesAsync("Vous êtes déconnecté");
    }

    private static async Task<(string Id, ICDPSession Session)> AuthenticatorAsync(Visitor visitor, bool verified)
    {
        var session = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        await session.SendAsync("WebAuthn.enable");
        var made = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = verified, ["automaticPresenceSimulation"] = true,
            },
        });
        return (made!.Value.GetProperty("authenticatorId").GetString()!, session);
    }
}
