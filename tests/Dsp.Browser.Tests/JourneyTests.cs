using Dsp.Access;
using Dsp.Browser.Tests.Support;
using Dsp.Documents;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests;

/// <summary>What people come to do, from sign-in to the end, each with script off and on.</summary>
public sealed class JourneyTests(Chromium chromium) : PortalTests(chromium)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_patient_finds_and_reads_a_document(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.SeesAsync("Bonjour Emma");
        await emma.Link("Mes documents").ClickAsync();
        await emma.SeesAsync("4 documents, du plus récent au plus ancien");
        await emma.Page.GetByRole(AriaRole.Searchbox).FillAsync("sang");
        await emma.Button("Chercher").ClickAsync();
        await emma.SeesAsync("2 documents contiennent ces mots.");
        await emma.Link("Analyse de sang").First.ClickAsync();
        await emma.SeesAsync("Laboratoire du Nord (fictif)");
        await emma.Page.Locator("a[href$='/lecture']").ClickAsync();
        await emma.SeesAsync("7,4 %");
        await NothingWrongAsync(emma);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_comes_once_from_the_origin_without_cookies(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        var answer = await emma.Page.APIRequest.GetAsync($"{World.Base}/fr/documents/{World.Imaging}?handler=File&save=true", new APIRequestContextOptions { MaxRedirects = 0 });
        Assert.Equal(302, answer.Status);
        var address = answer.Headers["location"];
        Assert.StartsWith(World.ContentBase, address, StringComparison.Ordinal);
        var first = await emma.Page.APIRequest.GetAsync(address);
        Assert.Equal(TestDocuments.Pdf, await first.BodyAsync());
        Assert.Equal(404, (await emma.Page.APIRequest.GetAsync(address)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_code_shown_by_the_patient_opens_the_record_for_the_professional_who_had_nothing(bool script)
    {
        await using var other = await SignInAsync(World.Other, script);
        await ChoosePlaceAsync(other, "Cabinet Thillaray (fictif)");
        await other.SeesAsync("Aucun patient pour l’instant");
        await other.GoAsync("/fr/pro/chercher");
        await other.Field("Matricule").FillAsync("1984 0312 991 14");
        await other.Button("Chercher").ClickAsync();
        await other.SeesAsync("WEBERSCHEID Emma");
        await other.Button("C’est ce patient").ClickAsync();
        await other.SeesAsync("Aucun dossier accessible.");
        await other.SeesNotAsync("Analyse de sang");

        await using var emma = await SignInAsync(World.Emma, script);
        await emma.Link("Montrer mon code").ClickAsync();
        await emma.Button("Créer un code").ClickAsync();
        var code = await emma.Page.Locator(".dsp-code").InnerTextAsync();
        Assert.Equal(9, code.Trim().Length);
        Assert.Equal(1, await emma.Page.Locator("svg.dsp-qr").CountAsync());

        await other.Field("Code du patient").FillAsync("2222 2222");
        await other.Button("Ouvrir le dossier").ClickAsync();
        await other.SeesAsync("Le code n’ouvre rien.");
        await other.Field("Code du patient").FillAsync(code);
        await other.Button("Ouvrir le dossier").ClickAsync();
        await other.SeesAsync("Le dossier est ouvert.");
        await other.Link("Analyse de sang").First.ClickAsync();
        await other.SeesAsync("Auteur");

        await emma.GoAsync("/fr/consultations");
        await emma.SeesAsync("MARCHEVAUX Yann a utilisé un code d’accès");
        await emma.SeesAsync("MARCHEVAUX Yann a lu « Analyse de sang »");
        await emma.SeesAsync("Refusé");
        await emma.GoAsync("/fr/acces");
        await emma.Button("Retirer MARCHEVAUX Yann").ClickAsync();
        await emma.SeesAsync("L’accès est retiré.");
        await other.GoAsync($"/fr/pro/dossiers/{World.EmmaRecord}");
        await other.SeesAsync("Aucun dossier accessible.");
        await NothingWrongAsync(emma, other);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_country_is_allowed_by_itself_and_taken_back(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/acces");
        await emma.SeesAsync("Aucun pays étranger ne peut lire votre dossier.");
        await emma.Link("Soins à l’étranger").ClickAsync();
        await emma.Button("Autoriser").ClickAsync();
        await emma.SeesAsync("Choisissez un pays de la liste.");
        await emma.Field("Pays").SelectOptionAsync("PT");
        await emma.Button("Autoriser").ClickAsync();
        await emma.SeesAsync("Le pays est autorisé.");
        await emma.SeesAsync("Pays autorisés (1)");
        await emma.GoAsync("/fr/acces");
        await emma.SeesAsync("Les soignants de ces pays peuvent lire votre dossier : Portugal.");
        await emma.GoAsync("/lb/acces/pays");
        await emma.Button("Net méi erlaben Portugal").ClickAsync();
        await emma.SeesAsync("D’Land ass net méi erlaabt.");
        await emma.SeesAsync("Kee Land ass erlaabt.");
        await emma.GoAsync("/fr/consultations");
        await emma.SeesAsync("Vous avez autorisé un pays à lire votre dossier");
        await NothingWrongAsync(emma);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_document_only_the_patient_sees_leaves_no_trace_for_her_doctor(bool script)
    {
        await using var thill = await SignInAsync(World.Thill, script);
        await thill.Link("WEBERSCHEID Emma").ClickAsync();
        await thill.SeesAsync("4 documents");
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync($"/fr/documents/{World.Imaging}/visibilite");
        await emma.SeesAsync("Il ne saura pas qu’un document est caché.");
        await emma.Field("Moi seulement (et son auteur)").CheckAsync();
        await emma.Button("Enregistrer").ClickAsync();
        await emma.SeesAsync("Votre choix est enregistré.");
        await emma.SeesAsync("Visible uniquement par moi");
        await thill.Page.ReloadAsync();
        await thill.SeesAsync("3 documents");
        await thill.SeesNotAsync("Röntgen");
        await thill.GoAsync($"/fr/pro/dossiers/{World.EmmaRecord}/documents/{World.Imaging}");
        await thill.SeesAsync("Cette page n’existe pas");
        await NothingWrongAsync(emma, thill);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Registered_in_the_emergency_department_the_newest_documents_are_on_one_sheet_and_the_patient_is_told(bool script)
    {
        await using var reuter = await SignInAsync(World.Reuter, script);
        await reuter.Link("Accès d’urgence").ClickAsync();
        await reuter.Field("Matricule").FillAsync(PortalWorld.EmmaNumber);
        await reuter.Button("Chercher").ClickAsync();
        await reuter.Field("Patient inconscient ou confus").CheckAsync();
        await reuter.Button("Ouvrir en urgence").ClickAsync();
        await reuter.SeesAsync("Fiche d’urgence");
        await reuter.SeesAsync("Peut être incomplet : une information absente n’est pas une information négative.");
        await reuter.SeesAsync("Analyse de sang");
        await reuter.SeesAsync("Non documenté");
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.SeesAsync("Votre dossier a été ouvert en urgence");
        await emma.Link("Voir ce qui a été consulté").ClickAsync();
        await emma.SeesAsync("Accès d’urgence : REUTERSANG Ilka a ouvert un accès à votre dossier");
        await emma.SeesAsync("Motif : Patient inconscient ou confus");
        await reuter.Button("Fermer maintenant").ClickAsync();
        await reuter.SeesAsync("L’accès est fermé.");
        await NothingWrongAsync(emma, reuter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closed_and_blocked_records_and_unknown_people_get_one_text_in_an_emergency(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/acces/bloquer");
        await emma.Field("Nom de la personne ou de l’établissement").FillAsync("hopital");
        await emma.Button("Chercher").ClickAsync();
        await emma.Page.Locator(".dsp-list__a a").First.ClickAsync();
        await emma.Button("Bloquer").ClickAsync();
        await emma.SeesAsync("Le blocage est enregistré.");
        await using var reuter = await SignInAsync(World.Reuter, script);
        await reuter.GoAsync("/fr/pro/urgence");
        await reuter.Field("Matricule").FillAsync(PortalWorld.EmmaNumber);
        await reuter.Button("Chercher").ClickAsync();
        await reuter.Field("Patient reçu aux urgences").CheckAsync();
        await reuter.Button("Ouvrir en urgence").ClickAsync();
        await reuter.SeesAsync("Aucun dossier accessible. Soignez sans attendre le DSP.");
        await emma.GoAsync("/fr/acces");
        await emma.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Débloquer" }).ClickAsync();
        await emma.SeesAsync("Le blocage est levé.");
        await NothingWrongAsync(emma, reuter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_takes_the_record_from_everybody_and_reopening_brings_all_back(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.Link("Fermer ou supprimer mon DSP").ClickAsync();
        await emma.Link("Continuer vers la fermeture").Or(emma.Button("Continuer vers la fermeture")).ClickAsync();
        await emma.Button("Fermer mon DSP").ClickAsync();
        await emma.SeesAsync("Cochez la case pour confirmer.");
        await emma.Field("Je veux fermer mon dossier").CheckAsync();
        await emma.Button("Fermer mon DSP").ClickAsync();
        await emma.SeesAsync("Votre DSP est fermé");
        await emma.GoAsync("/fr/documents");
        await emma.SeesAsync("Votre DSP est fermé");
        await using var thill = await SignInAsync(World.Thill, script);
        await thill.SeesAsync("Aucun patient pour l’instant");
        await thill.GoAsync($"/fr/pro/dossiers/{World.EmmaRecord}");
        await thill.SeesAsync("Aucun dossier accessible.");
        await emma.GoAsync("/fr/consultations");
        await emma.SeesAsync("Qui a consulté mon dossier");
        await emma.GoAsync("/fr/compte/rouvrir");
        await emma.Button("Rouvrir mon DSP").ClickAsync();
        await emma.SeesAsync("Votre DSP est rouvert.");
        await thill.GoAsync("/fr/pro");
        await thill.Link("WEBERSCHEID Emma").ClickAsync();
        await thill.SeesAsync("4 documents");
        await NothingWrongAsync(emma, thill);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_patient_asks_what_a_doctor_can_read_before_and_after_hiding_a_document(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/acces");
        await emma.Link("Ce qu’une personne peut lire").ClickAsync();
        await emma.Field("Nom de la personne").FillAsync("thilla");
        await emma.Button("Chercher").ClickAsync();
        // The practice of the same name is no person.
        await emma.SeesAsync("1 résultat");
        await emma.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Choisir" }).First.ClickAsync();
        await emma.SeesAsync("Cette personne peut lire 4 de vos 4 documents.");
        Assert.True((await World.Operation<SetVisibility>().RunAsync(World.CallerOf(World.Emma), World.EmmaRecord, World.Imaging, Visibility.OnlyMe, [], "risk", CancellationToken.None)).Succeeded);
        await emma.Page.ReloadAsync();
        await emma.SeesAsync("Cette personne peut lire 3 de vos 4 documents.");
        await emma.SeesAsync("Ne peut pas lire");
        await emma.GoAsync($"/fr/acces/voir-comme?personne={World.Other.Person}");
        await emma.SeesAsync("Cette personne ne peut lire aucun de vos 4 documents.");
        await NothingWrongAsync(emma);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_patient_questions_a_refused_attempt_and_the_reviewer_finds_the_case(bool script)
    {
        await using var other = await SignInAsync(World.Other, script);
        await other.Page.Locator("input[name=lieu]").First.CheckAsync();
        await other.Button("Continuer").ClickAsync();
        await other.GoAsync($"/fr/pro/dossiers/{World.EmmaRecord}");
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/consultations");
        await emma.SeesAsync("MARCHEVAUX Yann a voulu ouvrir votre dossier");
        await emma.Page.Locator("li", new PageLocatorOptions { HasText = "MARCHEVAUX Yann a voulu ouvrir" }).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Je ne reconnais pas cet accès" }).ClickAsync();
        await emma.SeesAsync("MARCHEVAUX Yann a voulu ouvrir votre dossier");
        await emma.Field("Je ne connais pas cette personne ou cet établissement").CheckAsync();
        await emma.Field("Non").CheckAsync();
        await emma.Button("Envoyer").ClickAsync();
        await emma.SeesAsync("Votre signalement est transmis");
        var open = Assert.Single(await World.Operation<ListReviewCases>().RunAsync(CancellationToken.None));
        await emma.SeesAsync(open.Number);
        Assert.Equal(World.Other.Person.ToString(), open.Values["person"]);
        // Her own line says so, and is nothing to question.
        await emma.GoAsync("/fr/consultations");
        var own = emma.Page.Locator("li", new PageLocatorOptions { HasText = "Vous avez signalé un accès" });
        await Assertions.Expect(own).ToHaveCountAsync(1);
        await Assertions.Expect(own.GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
        await NothingWrongAsync(emma, other);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_bears_another_patients_number_is_asked_about_before_anything_is_kept(bool script)
    {
        var letter = Dsp.Interop.Pdf.PdfWriter.Write(new Dsp.Interop.Pdf.PdfDocument("Lettre", "fr-LU", DateTimeOffset.UnixEpoch, [new Dsp.Interop.Pdf.PdfParagraph("Patient : 1975 01 23 991 18. Consultation.")]));
        var file = new FilePayload { Name = "lettre.pdf", MimeType = "application/pdf", Buffer = letter };
        await using var thill = await SignInAsync(World.Thill, script);
        await thill.Link("WEBERSCHEID Emma").ClickAsync();
        await thill.Button("Verser un document").Or(thill.Link("Verser un document")).ClickAsync();
        await thill.Field("Type").SelectOptionAsync(new SelectOptionValue { Value = "CareReports|11488-4" });
        await thill.Field("Titre").FillAsync("Lettre d’un confrère");
        await thill.Button("Continuer").ClickAsync();
        await thill.Page.Locator("input[type=file]").SetInputFilesAsync(file);
        await thill.Button("Publier").ClickAsync();

        await thill.SeesAsync("Est-ce le bon patient ?");
        await thill.SeesAsync("1975012399118");
        await thill.SeesAsync("WEBERSCHEID Emma");
        await using (var emma = await SignInAsync(World.Emma, script))
        {
            await emma.GoAsync("/fr/documents");
            await emma.SeesNotAsync("Lettre d’un confrère");
        }
        await thill.Page.Locator("input[type=file]").SetInputFilesAsync(file);
        await thill.Button("Oui, publier pour ce patient").ClickAsync();
        await thill.SeesAsync("Le document est versé au dossier.");
        await NothingWrongAsync(thill);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_doctor_deposits_checks_the_patient_after_half_an_hour_and_withdraws(bool script)
    {
        await using var thill = await SignInAsync(World.Thill, script);
        await thill.Link("WEBERSCHEID Emma").ClickAsync();
        await thill.Button("Verser un document").Or(thill.Link("Verser un document")).ClickAsync();
        // Longer than the guard, shorter than the session's idle time.
        await AgeStampAsync(thill);
        await thill.Field("Type").SelectOptionAsync(new SelectOptionValue { Value = "CareReports|11488-4" });
        await thill.Field("Titre").FillAsync("Consultation du matin");
        await thill.Button("Continuer").ClickAsync();
        await thill.SeesAsync("Vérifier avant de publier");
        await thill.SeesAsync("WEBERSCHEID Emma");
        await thill.Page.Locator("input[type=file]").SetInputFilesAsync(Pdf);
        await thill.Field("Prénom du patient").FillAsync("Noah");
        await thill.Field("Trois derniers chiffres du matricule").FillAsync("127");
        await thill.Button("Publier").ClickAsync();
        await thill.SeesAsync("Le prénom ou les chiffres ne vont pas avec ce patient.");
        await thill.Page.Locator("input[type=file]").SetInputFilesAsync(Pdf);
        await thill.Field("Prénom du patient").FillAsync("emma");
        await thill.Field("Trois derniers chiffres du matricule").FillAsync("114");
        await thill.Button("Publier").ClickAsync();
        await thill.SeesAsync("Le document est versé au dossier.");
        await thill.Link("Consultation du matin").First.ClickAsync();
        await thill.Link("Retirer un document").Or(thill.Button("Retirer un document")).ClickAsync();
        await thill.Field("Mauvais patient : ce document concerne une autre personne").CheckAsync();
        await thill.Button("Retirer le document").ClickAsync();
        await thill.SeesAsync("Le document est retiré du dossier.");
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/documents");
        await emma.SeesNotAsync("Consultation du matin");
        await NothingWrongAsync(emma, thill);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_patient_adds_a_document_of_her_own_and_a_wrong_file_is_refused_with_the_allowed_kinds(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/documents/ajouter");
        await emma.Field("Titre").FillAsync("Lunettes");
        await emma.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "lunettes.pdf", MimeType = "application/pdf", Buffer = "plain words"u8.ToArray() });
        await emma.Button("Ajouter").ClickAsync();
        await emma.SeesAsync("ni PDF, ni JPEG, ni PNG");
        await emma.Page.Locator("input[type=file]").SetInputFilesAsync(Pdf);
        await emma.Button("Ajouter").ClickAsync();
        await emma.SeesAsync("Votre document est ajouté.");
        await emma.SeesAsync("Ajouté par moi");
        await NothingWrongAsync(emma);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parent_reads_the_record_of_her_child_under_the_yellow_bar_and_changes_nothing(bool script)
    {
        await using var emma = await SignInAsync(World.Emma, script);
        await emma.GoAsync("/fr/proches");
        await emma.SeesAsync("Noah WEBERSCHEID QUINTELHO");
        await emma.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Ouvrir le dossier" }).ClickAsync();
        Assert.Equal(1, await emma.Page.Locator(".dsp-who--proxy").CountAsync());
        await emma.Link("Documents").First.ClickAsync();
        await emma.SeesAsync("Plan d’action asthme");
        await emma.GoAsync($"/fr/pour/{World.NoahRecord}/acces");
        await emma.SeesAsync("Cette page n’existe pas");
        await emma.GoAsync($"/fr/pour/{World.NoahRecord}/documents");
        await emma.Link("Revenir à mon dossier").ClickAsync();
        await emma.SeesAsync("Bonjour Emma");
        await NothingWrongAsync(emma);
    }

    [Fact]
    public async Task The_way_to_a_document_goes_by_keyboard_alone()
    {
        await using var emma = await SignInAsync(World.Emma, script: true);
        await emma.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("#main", await emma.Page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        await TabToAsync(emma, "Mes documents");
        await emma.Page.Keyboard.PressAsync("Enter");
        await emma.SeesAsync("4 documents");
        await TabToAsync(emma, "Analyse de sang");
        await emma.Page.Keyboard.PressAsync("Enter");
        await emma.SeesAsync("Qui l’a lu");
        await TabToAsync(emma, "Lire");
        await emma.Page.Keyboard.PressAsync("Enter");
        await emma.SeesAsync("7,4 %");
        await NothingWrongAsync(emma);
    }

    [Fact]
    public async Task Signed_out_a_copied_cookie_opens_nothing()
    {
        await using var emma = await SignInAsync(World.Emma, script: false);
        var cookies = await emma.Page.Context.CookiesAsync();
        await emma.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Se déconnecter" }).ClickAsync();
        await emma.SeesAsync("Vous êtes déconnecté");
        await emma.Page.Context.AddCookiesAsync([.. cookies.Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path })]);
        await emma.GoAsync("/fr/documents");
        await emma.SeesNotAsync("Analyse de sang");
        await emma.SeesAsync("Se connecter");
    }

    [Fact]
    public async Task A_refused_attempt_stands_in_the_history_and_says_that_nothing_was_seen()
    {
        var refused = await World.Operation<FindDocuments>().RunAsync(World.CallerOf(World.Other), new RecordRef.ById(World.EmmaRecord), new DocumentSearch(), CancellationToken.None);
        Assert.False(refused.Succeeded);
        await using var emma = await SignInAsync(World.Emma, script: false);
        await emma.GoAsync("/de/consultations");
        await emma.SeesAsync("Abgelehnt: Die Person hat nichts gesehen");
    }

    private static FilePayload Pdf => new() { Name = "befund.pdf", MimeType = "application/pdf", Buffer = TestDocuments.Pdf };

    private Task<Visitor> SignInAsync(Somebody somebody, bool script) => Visitor.SignedInAsync(Chromium, World, somebody, script);

    private static async Task ChoosePlaceAsync(Visitor professional, string place)
    {
        await professional.Field(place).CheckAsync();
        await professional.Button("Continuer").ClickAsync();
    }

    /// <summary>Puts the time at which the record was opened back by an hour, as if the page had been left open.</summary>
    private static async Task AgeStampAsync(Visitor professional)
    {
        var address = new Uri(professional.Page.Url);
        var stamp = long.Parse(address.Query.Split("ouvert=")[1], System.Globalization.CultureInfo.InvariantCulture);
        await professional.Page.GotoAsync(address.GetLeftPart(UriPartial.Path) + "?ouvert=" + (stamp - 3600).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task TabToAsync(Visitor visitor, string words)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await visitor.Page.EvaluateAsync<string>("(document.activeElement?.textContent ?? '').trim()") == words) return;
            await visitor.Page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"The keyboard never reached '{words}'");
    }

    private void Nothing()
    {
        lock (World.Faults) Assert.Empty(World.Faults);
    }

    private Task NothingWrongAsync(params Visitor[] visitors)
    {
        Nothing();
        Assert.All(visitors, v => Assert.Empty(v.Complaints));
        return Task.CompletedTask;
    }
}
