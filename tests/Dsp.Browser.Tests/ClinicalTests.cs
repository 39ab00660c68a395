using Dsp.Browser.Tests.Support;
using Dsp.Codes;
using Dsp.Documents;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>What the documents say, as patients and professionals find it: results, summary, treatments, search, signing.</summary>
public sealed class ClinicalTests(Chromium chromium) : PortalTests(chromium)
{
    private string Record => $"/fr/pro/dossiers/{World.EmmaRecord}";

    protected override async Task<PortalWorld> StartAsync()
    {
        var world = await PortalWorld.StartAsync();
        await world.DepositClinicalAsync();
        return world;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_patient_sees_a_value_in_words_on_its_range_and_over_time(bool script)
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script);
        await emma.GoAsync("/fr");
        await emma.Link("Mes résultats").ClickAsync();
        await emma.SeesAsync("3 analyses ou mesures");
        await emma.Link("HbA1c").First.ClickAsync();
        await emma.SeesAsync("Moyenne du sucre dans le sang sur 3 mois");
        Assert.Equal("7,4 %", await emma.Page.Locator(".dsp-val").InnerTextAsync());
        await emma.SeesAsync("Au-dessus des valeurs de référence du laboratoire");
        // Three values in per cent share the curve, the one in mmol/mol has a page of its own.
        Assert.Equal(3, await emma.Page.Locator(".dsp-trend .dsp-dot").CountAsync());
        Assert.Equal(3, await emma.Page.Locator("main tbody tr").CountAsync());
        Assert.DoesNotMatch("HbA1c|4548", emma.Page.Url);
        await emma.Link("HbA1c en mmol/mol").ClickAsync();
        Assert.Equal("51 mmol/mol", await emma.Page.Locator(".dsp-val").InnerTextAsync());
        await emma.SeesAsync("Une seule valeur : il n’y a pas encore d’évolution à montrer.");
        Assert.Equal(0, await emma.Page.Locator(".dsp-trend").CountAsync());
    }

    [Fact]
    public async Task The_list_puts_what_is_out_of_range_first_where_asked()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        await emma.GoAsync("/fr/resultats?ordre=hors");
        var places = await emma.Page.Locator("main .dsp-list .dsp-pill").AllInnerTextsAsync();
        Assert.Equal(["Au-dessus", "Au-dessus", "Au-dessus"], places.Select(p => p.Split(' ')[0]));
        await emma.GoAsync("/fr/resultats");
        Assert.Equal(4, await emma.Page.Locator("h2.dsp-day").CountAsync());
    }

    [Fact]
    public async Task Summary_treatments_and_vaccines_name_their_sources_and_say_that_they_may_be_incomplete()
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        await emma.GoAsync("/fr/resume");
        await emma.SeesAsync("Pénicilline");
        await emma.SeesAsync("Fibrillation auriculaire");
        await emma.SeesAsync("Aucun médecin référent n’a encore signé de résumé.");
        await emma.SeesAsync("peut être incomplet");
        await emma.Page.Locator("main .dsp-list__m a").First.ClickAsync();
        await emma.SeesAsync("Lettre au cardiologue");
        foreach (var language in new[] { "fr", "de", "en", "lb", "pt" })
        {
            var pdf = await emma.Page.APIRequest.GetAsync($"{World.Base}/fr/resume?handler=Pdf&langue={language}");
            Assert.Equal("application/pdf", pdf.Headers["content-type"]);
            Assert.StartsWith("attachment", pdf.Headers["content-disposition"], StringComparison.Ordinal);
            Assert.StartsWith("%PDF-1.7", System.Text.Encoding.ASCII.GetString((await pdf.BodyAsync())[..8]), StringComparison.Ordinal);
        }
        await emma.GoAsync("/fr/traitements");
        await emma.SeesAsync("Apixaban 5 mg");
        await emma.SeesAsync("En cours");
        await emma.GoAsync("/fr/vaccins");
        await emma.SeesAsync("GR-26-117");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Words_are_found_in_what_documents_say_and_stand_in_no_address(bool script)
    {
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script);
        await emma.GoAsync("/fr/recherche");
        await emma.Button("Chercher").ClickAsync();
        await emma.SeesAsync("Écrivez au moins une lettre ou un chiffre.");
        await emma.Page.GetByRole(AriaRole.Searchbox).FillAsync("PENICILLINE choc");
        await emma.Button("Chercher").ClickAsync();
        await emma.SeesAsync("1 document contient ces mots.");
        await emma.SeesAsync("Pénicilline : choc anaphylactique");
        Assert.DoesNotContain("enicilline", emma.Page.Url, StringComparison.OrdinalIgnoreCase);
        await emma.Page.GetByRole(AriaRole.Searchbox).FillAsync("coqueluche");
        await emma.Button("Chercher").ClickAsync();
        await emma.SeesAsync("Aucun document ne contient ces mots.");
    }

    [Fact]
    public async Task The_referring_doctor_signs_without_typing_again_and_the_next_version_replaces_the_first()
    {
        await using var thill = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: false);
        await thill.GoAsync(Record);
        await thill.SeesAsync("Pénicilline");
        await thill.Link("Mettre à jour et signer").ClickAsync();
        var metformin = thill.Page.GetByLabel("Metformine 850 mg", new PageGetByLabelOptions { Exact = false });
        await metformin.UncheckAsync();
        await thill.Page.Locator("#rubrique-0").SelectOptionAsync("Problem");
        await thill.Page.Locator("#note-0").FillAsync("Diabète de type 2");
        await thill.Page.Locator("#depuis-0").FillAsync("demain");
        await thill.Button("Signer et publier").ClickAsync();
        await thill.SeesAsync("Écrivez une année ou un jour qui existe");
        Assert.False(await thill.Page.GetByLabel("Metformine 850 mg", new PageGetByLabelOptions { Exact = false }).IsCheckedAsync());
        await thill.Page.Locator("#depuis-0").FillAsync("2019");
        await thill.Button("Signer et publier").ClickAsync();
        await thill.SeesAsync("Le résumé est signé et publié.");
        await thill.SeesAsync("Version 1, signée par THILLARAY Armel");
        var box = thill.Page.Locator("section[aria-labelledby=summary]");
        await Assertions.Expect(box).ToContainTextAsync("Diabète de type 2");
        await Assertions.Expect(box).Not.ToContainTextAsync("Metformine");
        // The pharmacist's categories have items of their own.
        await thill.SeesAsync("Allergies du résumé patient");
        await thill.SeesAsync("Traitements du résumé patient");

        await thill.GoAsync(Record + "/resume/signer");
        await thill.Button("Signer et publier").ClickAsync();
        await thill.SeesAsync("Version 2, signée par THILLARAY Armel");
        Assert.Equal(1, await thill.Page.Locator(".dsp-list__t", new PageLocatorOptions { HasText = "Allergies du résumé patient" }).CountAsync());

        // The patient sees the signed version, and what was left out behind a link.
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        await emma.GoAsync("/fr/resume");
        await emma.SeesAsync("Version 2, signée par THILLARAY Armel");
        await emma.SeesNotAsync("Metformine");
        await emma.Link("Voir tout ce que disent les documents").ClickAsync();
        await emma.SeesAsync("Metformine 850 mg");
    }

    [Fact]
    public async Task Two_versions_signed_at_once_are_both_kept_in_view()
    {
        await using var first = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: false);
        await using var second = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: false);
        await first.GoAsync(Record + "/resume/signer");
        await second.GoAsync(Record + "/resume/signer");
        await first.Button("Signer et publier").ClickAsync();
        await first.SeesAsync("Le résumé est signé et publié.");
        await second.Button("Signer et publier").ClickAsync();
        await second.SeesAsync("Une autre version a été signée pendant que vous écriviez.");
        await second.Button("Signer et publier").ClickAsync();
        await second.SeesAsync("Version 2, signée par");
    }

    [Fact]
    public async Task Nobody_but_the_referring_doctor_signs()
    {
        await using var reuter = await Visitor.SignedInAsync(Chromium, World, World.Reuter, script: false);
        await OpenInEmergencyAsync(reuter);
        await reuter.GoAsync(Record);
        await reuter.SeesNotAsync("Mettre à jour et signer");
        var answer = await reuter.Page.GotoAsync(World.Base + Record + "/resume/signer");
        Assert.Equal(403, answer!.Status);
    }

    [Fact]
    public async Task The_emergency_sheet_says_first_what_must_be_known_and_names_what_is_not_documented()
    {
        await using var reuter = await Visitor.SignedInAsync(Chromium, World, World.Reuter, script: false);
        await OpenInEmergencyAsync(reuter);
        await reuter.GoAsync(Record + "/urgence");
        await Assertions.Expect(reuter.Page.Locator(".dsp-call--danger")).ToContainTextAsync("Pénicilline");
        await Assertions.Expect(reuter.Page.Locator(".dsp-call--danger")).ToContainTextAsync("Non documenté");
        await Assertions.Expect(reuter.Page.Locator(".dsp-allergy")).ToContainTextAsync("Pénicilline");
        await reuter.SeesAsync("Apixaban 5 mg");
        await Assertions.Expect(reuter.Page.Locator("section[aria-labelledby=labs]")).ToContainTextAsync("haut ↑");
        await reuter.SeesAsync("Lettre au cardiologue");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Before_an_exam_is_ordered_the_page_says_what_of_it_exists(bool script)
    {
        await using var thill = await Visitor.SignedInAsync(Chromium, World, World.Thill, script);
        await thill.GoAsync(Record);
        await thill.Link("Avant de prescrire : cet examen existe-t-il déjà ?").ClickAsync();
        await thill.Button("Voir ce qui existe").ClickAsync();
        await thill.SeesAsync("Écrivez l’examen");
        await thill.Field("Examen à prescrire").FillAsync("Hémoglobine glyquée");
        await thill.Button("Voir ce qui existe").ClickAsync();
        // Of four reports two lie within ninety days.
        await thill.SeesAsync("2 examens comparables existent déjà.");
        await thill.SeesAsync("7,4 %");
        Assert.DoesNotContain("glyqu", thill.Page.Url, StringComparison.OrdinalIgnoreCase);
        await thill.Field("Examen à prescrire").FillAsync("2160-0");
        await thill.Button("Voir ce qui existe").ClickAsync();
        await thill.SeesAsync("Rien de comparable dans les documents que vous pouvez lire.");
    }

    [Fact]
    public async Task A_corrected_result_is_marked_for_whoever_read_the_former_one()
    {
        await using var thill = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: false);
        await thill.GoAsync(Record + "/analyses");
        await thill.SeesAsync("7,4 %");
        await World.CorrectLatestAsync("7.1");

        await thill.GoAsync(Record + "/analyses");
        await thill.SeesAsync("7,1 %");
        await thill.SeesNotAsync("7,4 %");
        await thill.SeesAsync("Version corrigée");
        await thill.Link("HbA1c").First.ClickAsync();
        await thill.SeesAsync("Vous aviez lu la version précédente.");
        await thill.Page.Locator("a", new PageLocatorOptions { HasText = "Voir la version précédente" }).First.ClickAsync();
        await thill.SeesAsync("Bilan biologique");

        // Somebody who had not read it learns that it is a new version, and nothing of anybody's reading.
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: false);
        await emma.GoAsync("/fr/resultats");
        await emma.Link("HbA1c").First.ClickAsync();
        await emma.SeesAsync("Version corrigée");
        await emma.SeesNotAsync("Vous aviez lu");
    }

    [Theory]
    [InlineData("fr")]
    public Task The_pages_of_what_documents_say_are_without_fault(string language) => WalkAsync(language);

    [Theory]
    [Trait("Tier", "Long")]
    [InlineData("de")]
    [InlineData("en")]
    [InlineData("lb")]
    [InlineData("pt")]
    public Task So_they_are_in_the_other_languages(string language) => WalkAsync(language);

    private async Task WalkAsync(string language)
    {
        var faults = new List<string>();
        await using var emma = await Visitor.SignedInAsync(Chromium, World, World.Emma, script: true);
        foreach (var (name, path) in new[] { ("resultats", "/resultats"), ("resultats-hors", "/resultats?ordre=hors"), ("resume", "/resume"), ("traitements", "/traitements"), ("vaccins", "/vaccins"), ("recherche", "/recherche") })
        {
            await emma.GoAsync($"/{language}{path}");
            await emma.WidthsAsync("patient-" + name, language, faults);
        }
        await emma.GoAsync($"/{language}/resultats");
        await emma.Page.Locator("main .dsp-list__t a").First.ClickAsync();
        await emma.WidthsAsync("patient-resultat", language, faults);
        await emma.GoAsync($"/{language}/recherche");
        await emma.Page.GetByRole(AriaRole.Searchbox).FillAsync("hba1c");
        await emma.Page.Locator("main form button").Last.ClickAsync();
        await emma.WidthsAsync("patient-recherche-trouve", language, faults);

        await using var thill = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: true);
        foreach (var (name, path) in new[] { ("dossier", ""), ("analyses", "/analyses"), ("resume", "/resume"), ("signer", "/resume/signer"), ("recherche", "/recherche"), ("fiche", "/urgence"), ("prescrire", "/prescrire") })
        {
            await thill.GoAsync($"/{language}/pro/dossiers/{World.EmmaRecord}{path}");
            await thill.WidthsAsync("pro-" + name, language, faults);
        }
        await AsksAndErrsAsync(thill, language, faults);
        await thill.GoAsync($"/{language}/pro/dossiers/{World.EmmaRecord}/analyses");
        await thill.Page.Locator("main tbody a").First.ClickAsync();
        await thill.WidthsAsync("pro-analyse", language, faults);
        await using var reuter = await Visitor.SignedInAsync(Chromium, World, World.Reuter, script: true);
        await OpenInEmergencyAsync(reuter);
        await reuter.GoAsync($"/{language}/pro/dossiers/{World.EmmaRecord}/urgence");
        await reuter.WidthsAsync("urgence-fiche-pleine", language, faults);
        lock (World.Faults) faults.AddRange(World.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>An order with what exists of it; signing with a mistake, with nothing, and beside somebody who signs at the same time.</summary>
    private async Task AsksAndErrsAsync(Visitor thill, string language, List<string> faults)
    {
        var record = $"/{language}/pro/dossiers/{World.EmmaRecord}";
        await thill.GoAsync(record + "/prescrire");
        await thill.Page.Locator("main form input[type=text]").First.FillAsync("4548-4");
        await thill.Page.Locator("main form button").First.ClickAsync();
        await Assertions.Expect(thill.Page.Locator("main")).ToContainTextAsync(language == "en" ? "7.4" : "7,4");
        await thill.WidthsAsync("pro-prescrire-existe", language, faults);

        await thill.GoAsync(record + "/resume/signer");
        await thill.Page.Locator("#note-0").FillAsync("Diabète de type 2");
        await thill.Page.Locator("#depuis-0").FillAsync("demain");
        await SignAsync(thill);
        await Assertions.Expect(thill.Page.Locator(".govuk-error-summary")).ToBeVisibleAsync();
        await thill.WidthsAsync("pro-signer-faux", language, faults);
        await thill.GoAsync(record + "/resume/signer");
        foreach (var line in await thill.Page.Locator("main form input[type=checkbox]").AllAsync()) await line.UncheckAsync();
        await SignAsync(thill);
        await Assertions.Expect(thill.Page.Locator(".govuk-error-summary a[href='#garder']")).ToBeVisibleAsync();
        await thill.WidthsAsync("pro-signer-rien", language, faults);
        await thill.GoAsync(record + "/resume/signer");
        await using (var second = await Visitor.SignedInAsync(Chromium, World, World.Thill, script: false))
        {
            await second.GoAsync(record + "/resume/signer");
            await SignAsync(second);
        }
        await SignAsync(thill);
        await Assertions.Expect(thill.Page.Locator("main .govuk-error-summary, main .dsp-call--danger, main .dsp-call").First).ToBeVisibleAsync();
        await thill.WidthsAsync("pro-signer-autre-version", language, faults);
    }

    private static Task SignAsync(Visitor thill) => thill.Page.Locator("main form:has(input[name=offert]) button[type=submit], main form:has(input[name=offert]) button:not([type])").Last.ClickAsync();

    private static async Task OpenInEmergencyAsync(Visitor reuter)
    {
        await reuter.GoAsync($"/fr/pro/urgence/{reuter.World.Emma.Person}");
        await reuter.Page.Locator("input[name=motif]").First.CheckAsync();
        await reuter.Page.Locator(".govuk-button--warning").ClickAsync();
    }
}
