using Dsp.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>How a session ends: announced with script, explained without, and never in the middle of the way back.</summary>
public sealed class SessionTests(Chromium chromium) : PortalTests(chromium)
{
    [Fact]
    public async Task A_patient_left_alone_is_told_why_and_comes_back_to_the_page_asked_for()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        World.Clock.Advance(TimeSpan.FromMinutes(15));
        await emma.GoAsync("/fr/documents");
        await emma.SeesAsync("4 documents");
        World.Clock.Advance(TimeSpan.FromMinutes(16.5));
        await emma.GoAsync("/fr/documents?categorie=MedicalAnalyses");
        Assert.Equal("/fr/connexion", PathOf(emma));
        await emma.SeesAsync("vous n’avez rien demandé pendant un moment");
        await emma.SeesAsync("Ce que vous aviez enregistré est gardé");
        await emma.SeesAsync("après 15 minutes (30 minutes pour un professionnel)");
        await emma.Page.GotoAsync(World.SignInAddress(World.Emma));
        Assert.Equal("/fr/documents?categorie=MedicalAnalyses", PathOf(emma));
        await emma.SeesAsync("2 documents");
        // Once: the next sign-in begins at the start.
        await emma.Page.GotoAsync(World.SignInAddress(World.Emma));
        Assert.Equal("/fr", PathOf(emma));
    }

    [Fact]
    public async Task The_page_of_one_person_is_not_offered_to_the_next_one_at_the_same_screen()
    {
        await using var screen = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: false);
        World.Clock.Advance(TimeSpan.FromMinutes(31.5));
        await screen.GoAsync($"/fr/pro/dossiers/{World.EmmaRecord}");
        await screen.SeesAsync("vous n’avez rien demandé pendant un moment");
        await screen.GoAsync("/fr/documents");
        await screen.Page.GotoAsync(World.SignInAddress(World.Emma));
        Assert.Equal("/fr", PathOf(screen));
    }

    [Fact]
    public async Task A_professional_comes_back_to_the_record_after_choosing_the_place()
    {
        await using var thill = await Visitor.OpenAsync(Chromium, World, script: false);
        await thill.GoAsync($"/fr/pro/dossiers/{World.EmmaRecord}");
        Assert.Equal("/fr/connexion", PathOf(thill));
        await thill.SeesNotAsync("Votre session");
        await thill.SeesAsync("vous revenez à la page demandée");
        await thill.Page.GotoAsync(World.SignInAddress(World.Thill));
        Assert.Equal($"/fr/pro/dossiers/{World.EmmaRecord}", PathOf(thill));
    }

    [Fact]
    public async Task Whatever_happens_in_it_a_session_ends_after_eight_hours()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        for (var quarter = 0; quarter < 32; quarter++)
        {
            World.Clock.Advance(TimeSpan.FromMinutes(14.9));
            await emma.GoAsync("/fr/menu");
            Assert.Equal("/fr/menu", PathOf(emma));
        }
        World.Clock.Advance(TimeSpan.FromMinutes(5));
        await emma.GoAsync("/fr/menu");
        await emma.SeesAsync("elle a atteint sa durée la plus longue");
    }

    [Fact]
    public async Task Without_script_the_page_leaves_by_itself_once_the_session_is_over()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        // The page itself would do it, sixteen minutes from now.
        Assert.Equal("965", await emma.Page.Locator("meta[http-equiv=refresh]").GetAttributeAsync("content"));
        await emma.GoAsync("/fr/aide");
        Assert.Equal(0, await emma.Page.Locator("meta[http-equiv=refresh]").CountAsync());
    }

    [Fact]
    public async Task With_script_a_question_comes_two_minutes_before_and_an_answer_keeps_the_session()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        await emma.Page.Clock.InstallAsync();
        await emma.GoAsync("/fr/documents");
        await PassAsync(emma, 13);
        await Assertions.Expect(Question(emma)).Not.ToBeVisibleAsync();
        await PassAsync(emma, 1.2);
        await Assertions.Expect(Question(emma)).ToBeVisibleAsync();
        await emma.SeesAsync("Votre session va se terminer");
        await Assertions.Expect(Question(emma).GetByRole(AriaRole.Button)).ToHaveCountAsync(1);
        foreach (var width in new[] { 320, 390, 1280 })
        {
            await emma.Page.SetViewportSizeAsync(width, 900);
            Assert.Empty(await emma.FaultsOfPageAsync($"question {width}"));
            if (Environment.GetEnvironmentVariable("DSP_SCREENSHOTS") is { Length: > 0 } folder) await emma.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"session-fr-{width}.png") });
        }
        await emma.Button("Rester connecté").ClickAsync();
        await Assertions.Expect(Question(emma)).Not.ToBeVisibleAsync();
        await PassAsync(emma, 13);
        await emma.GoAsync("/fr/documents");
        await emma.SeesAsync("4 documents");
        Assert.Empty(emma.Complaints);
    }

    [Fact]
    public async Task With_script_a_page_left_alone_ends_at_the_sign_in_page()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        await emma.Page.Clock.InstallAsync();
        await emma.GoAsync("/fr/documents");
        // A slow answer is waited for: it is not asked for again each second.
        var asked = 0;
        await emma.Page.RouteAsync("**/fr/documents", async route =>
        {
            asked++;
            await Task.Delay(TimeSpan.FromSeconds(3));
            await route.ContinueAsync();
        });
        await PassAsync(emma, 16.2);
        await emma.Page.WaitForURLAsync("**/fr/connexion");
        Assert.Equal(1, asked);
        await emma.SeesAsync("vous n’avez rien demandé pendant un moment");
    }

    [Fact]
    public async Task Another_tab_at_work_keeps_the_question_away()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        await emma.Page.Clock.InstallAsync();
        await emma.GoAsync("/fr/documents");
        await PassAsync(emma, 14.2);
        await Assertions.Expect(Question(emma)).ToBeVisibleAsync();
        var second = await emma.Page.Context.NewPageAsync();
        await second.GotoAsync(World.Base + "/fr/menu");
        await Assertions.Expect(Question(emma)).Not.ToBeVisibleAsync();
    }

    private static ILocator Question(Visitor visitor) => visitor.Page.Locator("dialog.dsp-session");

    /// <summary>Time passes for the server and for the browser.</summary>
    private async Task PassAsync(Visitor visitor, double minutes)
    {
        World.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await visitor.Page.Clock.FastForwardAsync((long)TimeSpan.FromMinutes(minutes).TotalMilliseconds);
    }

    private string PathOf(Visitor visitor) => visitor.Page.Url[World.Base.Length..];
}
