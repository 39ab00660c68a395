using Dsp.Browser.Tests.Support;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>
/// Every page at three widths: no violation of WCAG 2.2 AA or best practice that axe finds, no sideways scroll, a title that
/// says nothing, no word on the console. With DSP_SCREENSHOTS set to a folder, a picture of each is kept there.
/// </summary>
public sealed class PageTests(Chromium chromium) : PortalTests(chromium)
{
    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    public async Task The_pages_of_the_patient_are_without_fault(string language)
    {
        await using (var reuter = await Visitor.SignedInAsync(Chromium, World, World.Reuter, script: true)) await OpenInEmergencyAsync(reuter);
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        await CheckAsync(emma, language, async faults =>
        {
            foreach (var (name, path) in new (string, string)[]
            {
                ("accueil", ""), ("documents", "/documents"), ("documents-filtre", "/documents?categorie=MedicalAnalyses&du=2020-01-01"), ("document", $"/documents/{World.Imaging}"), ("lecture", $"/documents/{World.Analysis}/lecture"),
                ("visibilite", $"/documents/{World.Imaging}/visibilite"), ("ajouter", "/documents/ajouter"), ("acces", "/acces"), ("donner", "/acces/donner"), ("donner-resultats", "/acces/donner?nom=ma"), ("donner-choisi", $"/acces/donner?personne={World.Other.Person}"),
                ("bloquer-choisi", $"/acces/bloquer?personne={World.Other.Person}"), ("code", "/acces/code"), ("pays", "/acces/pays"), ("voir-comme", "/acces/voir-comme?nom=ma"), ("voir-comme-choisi", $"/acces/voir-comme?personne={World.Thill.Person}"), ("consultations", "/consultations"), ("proches", "/proches"), ("menu", "/menu"), ("fermer", "/compte/fermer"), ("fermer-effet", "/compte/fermer?etape=effet"),
                ("proche-accueil", $"/pour/{World.NoahRecord}"), ("proche-documents", $"/pour/{World.NoahRecord}/documents"), ("introuvable", "/nulle-part"),
                ("aide", "/aide"), ("accessibilite", "/accessibilite"), ("donnees", "/protection-des-donnees"), ("erreur", "/aide/erreur"),
            })
                await PageAsync(emma, language, "patient-" + name, path, faults);
            await emma.GoAsync($"/{language}/acces/code");
            await emma.Page.Locator("main form button").ClickAsync();
            await Assertions.Expect(emma.Page.Locator(".dsp-code")).ToBeVisibleAsync();
            await emma.WidthsAsync("patient-code-montre", language, faults);
            await emma.GoAsync($"/{language}/consultations");
            await emma.Page.Locator(".dsp-list__flag .dsp-list__a a").First.ClickAsync();
            await emma.WidthsAsync("patient-signaler", language, faults);
            await emma.Page.Locator("main form button").ClickAsync();
            await Assertions.Expect(emma.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
            await emma.WidthsAsync("patient-signaler-faux", language, faults);
            await emma.Page.Locator("input[name=raison]").First.CheckAsync();
            await emma.Page.Locator("input[name=rappel]").First.CheckAsync();
            await emma.Page.Locator("main form button").ClickAsync();
            await Assertions.Expect(emma.Page.Locator(".govuk-panel")).ToBeVisibleAsync();
            await emma.WidthsAsync("patient-signale", language, faults);
            await emma.GoAsync($"/{language}/acces/pays");
            await emma.Page.Locator("main form button").ClickAsync();
            await Assertions.Expect(emma.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
            await emma.WidthsAsync("patient-pays-faux", language, faults);
            await emma.Page.Locator("select[name=pays]").SelectOptionAsync("BE");
            await emma.Page.Locator("main form button").ClickAsync();
            await Assertions.Expect(emma.Page.Locator("main .dsp-list")).ToBeVisibleAsync();
            await emma.WidthsAsync("patient-pays-choisi", language, faults);
            await emma.GoAsync($"/{language}/documents/ajouter");
            await emma.Page.Locator("main form button").ClickAsync();
            await Assertions.Expect(emma.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
            await emma.WidthsAsync("patient-ajouter-faux", language, faults);
        });
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("en")]
    public async Task The_pages_of_the_professional_are_without_fault(string language)
    {
        await using var thill = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: true);
        var record = $"/pro/dossiers/{World.EmmaRecord}";
        await CheckAsync(thill, language, async faults =>
        {
            foreach (var (name, path) in new (string, string)[]
            {
                ("patients", "/pro"), ("chercher", "/pro/chercher"), ("code", "/pro/code"), ("patient", $"/pro/patients/{World.Emma.Person}"), ("dossier", record), ("dossier-filtre", record + "?categorie=MedicalAnalyses"), ("document", $"{record}/documents/{World.Analysis}"),
                ("lecture", $"{record}/documents/{World.Analysis}/lecture"), ("verser", record + "/verser?ouvert=1"), ("menu", "/pro/menu"), ("sans-relation", $"/pro/dossiers/{World.NoahRecord}"), ("urgence-fiche", record + "/urgence"),
            })
                await PageAsync(thill, language, "pro-" + name, path, faults);
            await thill.GoAsync($"/{language}{record}/verser?ouvert=1");
            await thill.Page.Locator("select[name=type]").SelectOptionAsync(new SelectOptionValue { Value = "CareReports|11488-4" });
            await thill.Page.Locator("input[name=titre]").FillAsync("Consultation");
            await thill.Page.Locator("main form button").ClickAsync();
            await thill.WidthsAsync("pro-verser-verifier", language, faults);
            await thill.GoAsync($"/{language}/pro/chercher");
            await thill.Page.Locator("input[name=matricule]").FillAsync("1984031299115");
            await thill.Page.Locator("main form button").ClickAsync();
            await thill.WidthsAsync("pro-chercher-faux", language, faults);
        });
        await using var other = await Visitor.SignedInAsync(Chromium, World, World.Other, script: true);
        await CheckAsync(other, language, faults => PageAsync(other, language, "pro-lieu", "/pro/lieu", faults));
        await using var reuter = await Visitor.SignedInAsync(Chromium, World, World.Reuter, script: true);
        await CheckAsync(reuter, language, async faults =>
        {
            await PageAsync(reuter, language, "urgence", "/pro/urgence", faults);
            await PageAsync(reuter, language, "urgence-motif", $"/pro/urgence/{World.Emma.Person}", faults);
            await OpenInEmergencyAsync(reuter);
            await PageAsync(reuter, language, "urgence-fiche", record + "/urgence", faults);
        });
    }

    [Fact]
    public async Task The_pages_before_and_after_a_session_are_without_fault()
    {
        await using var nobody = await Visitor.OpenAsync(Chromium, World, script: true);
        await CheckAsync(nobody, "fr", async faults =>
        {
            foreach (var (name, path) in new (string, string)[] { ("connexion", "/connexion"), ("deconnexion", "/deconnexion"), ("aide", "/aide") }) await PageAsync(nobody, "fr", "public-" + name, path, faults);
        });
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        await emma.GoAsync("/fr/compte/fermer?etape=effet");
        await emma.Page.Locator("input[name=accord]").CheckAsync();
        await emma.Page.Locator(".govuk-button--warning").ClickAsync();
        await CheckAsync(emma, "fr", faults => emma.WidthsAsync("patient-ferme", "fr", faults));
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("lb")]
    [InlineData("pt")]
    public async Task A_page_is_in_the_language_of_its_address_and_leads_to_the_other_four(string language)
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        await emma.GoAsync($"/{language}/documents");
        Assert.Equal(language, await emma.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(4, await emma.Page.Locator("a[hreflang]").CountAsync());
        // A foreign title says so.
        var german = emma.Page.Locator("a", new PageLocatorOptions { HasText = "Röntgen Thorax – Befund" }).First;
        Assert.Equal(language == "de" ? null : "de", await german.GetAttributeAsync("lang"));
    }

    [Fact]
    public async Task What_is_wrong_with_a_page_is_found()
    {
        await using var nobody = await Visitor.OpenAsync(Chromium, World, script: true);
        await nobody.Page.SetContentAsync("<title>Résultats de Emma</title><main><h1>DSP</h1><img src='data:,'><div style='width:5000px'>x</div></main>");
        var faults = string.Join('\n', await nobody.FaultsOfPageAsync("page"));
        Assert.Contains("axe image-alt", faults, StringComparison.Ordinal);
        Assert.Contains("axe html-has-lang", faults, StringComparison.Ordinal);
        Assert.Contains("scrolls sideways", faults, StringComparison.Ordinal);
        Assert.Contains("the title says", faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_says_nothing_to_caches_frames_or_other_sites()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        var answer = await emma.Page.GotoAsync(World.Base + "/fr/documents");
        Assert.Contains("no-store", answer!.Headers["cache-control"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["content-security-policy"], StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers["referrer-policy"]);
        var cookie = Assert.Single(await emma.Page.Context.CookiesAsync(), c => c.Name == "dsp-session");
        Assert.True(cookie.HttpOnly);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        var answer = await emma.Page.APIRequest.PostAsync(World.Base + "/fr/acces/code");
        Assert.Equal(400, answer.Status);
    }

    private static async Task CheckAsync(Visitor visitor, string language, Func<List<string>, Task> walk)
    {
        var faults = new List<string>();
        await walk(faults);
        lock (visitor.World.Faults) faults.AddRange(visitor.World.Faults.Select(f => $"{language}: {f}"));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task PageAsync(Visitor visitor, string language, string name, string path, List<string> faults)
    {
        await visitor.GoAsync($"/{language}{path}");
        await visitor.WidthsAsync(name, language, faults);
    }

    private static async Task OpenInEmergencyAsync(Visitor reuter)
    {
        await reuter.GoAsync($"/fr/pro/urgence/{reuter.World.Emma.Person}");
        await reuter.Page.Locator("input[name=motif]").First.CheckAsync();
        await reuter.Page.Locator(".govuk-button--warning").ClickAsync();
    }
}
