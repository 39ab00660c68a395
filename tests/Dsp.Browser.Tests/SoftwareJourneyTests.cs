using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dsp.Browser.Tests.Support;
using Dsp.Identity;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>A connected software asks a person, in a real browser: in five languages, without script, with the keyboard alone. And the page where a professional says where they work.</summary>
public sealed class SoftwareJourneyTests(Chromium chromium) : PortalTests(chromium)
{
    private readonly TcpListener app = new(IPAddress.Loopback, 0);

    protected override async Task<PortalWorld> StartAsync()
    {
        app.Start();
        _ = AnswerAsync();
        var world = await PortalWorld.StartAsync();
        var line = JsonSerializer.Serialize(new[]
        {
            new Dictionary<string, object>
            {
                ["client_id"] = "app", ["system"] = "lab-nord", ["kind"] = "public", ["scopes"] = "openid launch/patient patient/Patient.rs patient/DocumentReference.rs patient/Binary.r offline_access",
                ["description"] = "Un carnet de santé sur le téléphone.", ["redirects"] = new[] { Redirect }, ["tested_from"] = "2025-06-01", ["attested_from"] = "2026-01-01",
            },
        });
        using var reader = new StringReader(line);
        Assert.Empty((await world.Operation<ImportDirectory>().RunAsync(DirectoryKind.Clients, reader, default)).Rejected);
        return world;
    }

    protected override ValueTask EndAsync()
    {
        app.Dispose();
        return base.EndAsync();
    }

    private string Redirect => $"http://127.0.0.1:{((IPEndPoint)app.LocalEndpoint).Port}/back";

    private string Question
    {
        get
        {
            var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(new string('v', 43))));
            return $"/oauth/authorize?response_type=code&client_id=app&state=s1&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={Uri.EscapeDataString("openid launch/patient patient/Patient.rs patient/DocumentReference.rs patient/Binary.r")}&code_challenge={challenge}&code_challenge_method=S256";
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_lets_an_app_read_with_the_keyboard_alone(bool script)
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script);
        await emma.GoAsync(Question + "&aud=" + Uri.EscapeDataString(World.Base + "/fhir"));
        await emma.SeesAsync(new Uri(Redirect).Authority);
        // Emma has a child: she says whose record it is.
        await emma.Page.Locator("input[name=patient]").First.FocusAsync();
        await emma.Page.Keyboard.PressAsync("Space");
        await emma.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("allow", await emma.Page.Locator("*:focus").GetAttributeAsync("value"));
        await emma.Page.Keyboard.PressAsync("Enter");
        await emma.Page.WaitForURLAsync(Redirect + "*");

        Assert.Contains("code=", emma.Page.Url, StringComparison.Ordinal);
        Assert.Contains("state=s1", emma.Page.Url, StringComparison.Ordinal);
        Assert.Empty(emma.Complaints);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("lb")]
    [InlineData("pt")]
    public async Task The_question_and_the_choice_of_a_place_are_without_fault(string language)
    {
        var faults = new List<string>();
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        await emma.GoAsync(Question + "&aud=" + Uri.EscapeDataString(World.Base + "/fhir"));
        if (language != "fr") await emma.Page.Locator($"a[hreflang={language}]").First.ClickAsync();
        Assert.Equal(language, await emma.Page.Locator("html").GetAttributeAsync("lang"));
        await emma.WidthsAsync("autoriser", language, faults);

        await using var other = await Visitor.SignedInAsync(Chromium, World, World.Other, script: true);
        await other.GoAsync($"/{language}/pro/lieu");
        await other.WidthsAsync("lieu", language, faults);
        await other.Page.Locator("main form button, main form [role=button]").First.FocusAsync();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>The app, as far as a browser sees it.</summary>
    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var client = await app.AcceptTcpClientAsync();
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[8192]);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\nback"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
