using System.Globalization;
using System.Text;
using Dsp.Interop.Cda;
using Xunit;

namespace Dsp.Tests.Cda;

public sealed class CdaRenderingTests
{
    private static readonly CdaRendering French = CdaRendering.In(CultureInfo.GetCultureInfo("fr-LU"));

    [Fact]
    public void The_header_shows_who_when_and_for_whom_in_the_readers_language()
    {
        var document = Read(CdaDocuments.WithText("x"));

        var french = CdaHtml.Render(document, French);
        Assert.Contains("<h1 class=\"govuk-heading-l\" lang=\"fr-LU\">Bilan</h1>", french, StringComparison.Ordinal);
        Assert.Contains("18 novembre 2026, 08:30", french, StringComparison.Ordinal);
        Assert.Contains("Emma WEBERSCHEID", french, StringComparison.Ordinal);
        Assert.Contains("12 mars 1984", french, StringComparison.Ordinal);
        Assert.Contains("Numéro d’identification national</dt><dd class=\"govuk-summary-list__value\">1984031299114", french, StringComparison.Ordinal);
        Assert.Contains("Dr Armel Thillaray (18 novembre 2026)", french, StringComparison.Ordinal);
        Assert.Contains("Laboratoire (fictif)", french, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fr", "18 novembre 2026", "féminin")]
    [InlineData("de", "18. November 2026", "weiblich")]
    [InlineData("en", "18 November 2026", "female")]
    [InlineData("lb", "18. November 2026", "weiblech")]
    [InlineData("pt", "18 de novembro de 2026", "feminino")]
    public void Labels_and_dates_follow_the_reader_and_the_content_keeps_its_language(string language, string date, string sex)
    {
        var html = CdaHtml.Render(Read(CdaDocuments.WithText("x")), CultureInfo.GetCultureInfo(language));

        Assert.Contains($"<article class=\"dsp-cda\" lang=\"{language}\">", html, StringComparison.Ordinal);
        Assert.Contains("<div class=\"dsp-cda-body\" lang=\"fr-LU\">", html, StringComparison.Ordinal);
        Assert.Contains(date, html, StringComparison.Ordinal);
        Assert.Contains(sex, html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_are_nested_at_any_depth_with_headings_that_stop_at_the_sixth_level()
    {
        var inner = string.Concat(Enumerable.Range(1, 9).Select(i => $"<section><title>Niveau {i}</title><text>t</text><component>")) + "<section><title>Fond</title></section>"
            + string.Concat(Enumerable.Range(1, 9).Select(_ => "</component></section>"));
        var html = CdaHtml.Render(Read(CdaDocuments.WithSections(inner)), French);

        Assert.Contains("<h2 class=\"govuk-heading-m\">Niveau 1</h2>", html, StringComparison.Ordinal);
        Assert.Contains("<h3 class=\"govuk-heading-s\">Niveau 2</h3>", html, StringComparison.Ordinal);
        Assert.Contains("<h6 class=\"govuk-heading-s\">Fond</h6>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_keeps_head_foot_spans_and_caption()
    {
        var html = Html("""
            <table border="1"><caption>Hématologie</caption><tfoot><tr><td colspan="2">fin</td></tr></tfoot><thead><tr><th>Analyse</th><th>Valeur</th></tr></thead>
            <tbody><tr><th>Hb</th><td rowspan="2" align="right">13,1</td></tr><tr><td>Ht</td></tr></tbody></table>
            """);

        Assert.Contains("<caption class=\"govuk-table__caption govuk-table__caption--s\">Hématologie</caption>", html, StringComparison.Ordinal);
        Assert.Contains("<th class=\"govuk-table__header\" scope=\"col\">Analyse</th>", html, StringComparison.Ordinal);
        Assert.Contains("<th class=\"govuk-table__header\" scope=\"row\">Hb</th>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"govuk-table__cell dsp-cda-right\" rowspan=\"2\">13,1</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"govuk-table__cell\" colspan=\"2\">fin</td>", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("Analyse", StringComparison.Ordinal) < html.IndexOf("fin</td>", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_nest_and_keep_their_marks()
    {
        var html = Html("""<list listType="ordered" styleCode="LittleAlpha"><caption>Traitement</caption><item>un<list><item>un un</item></list></item></list>""");

        Assert.Contains("<ol class=\"govuk-list govuk-list--number\" type=\"a\">", html, StringComparison.Ordinal);
        Assert.Contains("<li>un<ul class=\"govuk-list govuk-list--bullet\">", html, StringComparison.Ordinal);
        Assert.Contains("Traitement", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Styles_breaks_sub_and_sup_are_kept_and_other_styles_dropped()
    {
        var html = Html("""CO<sub>2</sub> 10<sup>9</sup>/l<br/><content styleCode="Bold Italics xRed">gras</content><content revised="delete">ancien</content>""");

        Assert.Contains("CO<sub>2</sub> 10<sup>9</sup>/l<br><strong><em>gras</em></strong><del>ancien</del>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("xRed", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_footnote_is_a_numbered_note_at_the_end_of_its_section()
    {
        var html = Html("""Valeur<footnote ID="f1">Contrôlée deux fois</footnote> et encore<footnoteRef IDREF="f1"/>""");

        Assert.Contains("Valeur<sup><a class=\"govuk-link\" href=\"#cda-note-1\">1</a></sup> et encore<sup><a class=\"govuk-link\" href=\"#cda-note-1\">1</a></sup>", html, StringComparison.Ordinal);
        Assert.Contains("<li id=\"cda-note-1\">1. Contrôlée deux fois</li>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_place_of_the_document_works_and_an_address_elsewhere_is_only_text()
    {
        var html = Html("""<linkHtml href="#suite">voir</linkHtml> <linkHtml href="https://example.org/x">le site</linkHtml><paragraph ID="suite">Suite</paragraph>""");

        Assert.Contains("<a class=\"govuk-link\" href=\"#cda-1\">voir</a>", html, StringComparison.Ordinal);
        Assert.Contains("<p class=\"govuk-body\" id=\"cda-1\">Suite</p>", html, StringComparison.Ordinal);
        Assert.Contains("le site (https://example.org/x)", html, StringComparison.Ordinal);
        Assert.Null(ActiveHtml.In(html));
    }

    [Fact]
    public void An_image_inside_the_text_becomes_a_note_and_its_bytes_can_be_linked()
    {
        var bytes = CdaDocuments.WithSections("""
            <section><title>Imagerie</title><text>Voir <renderMultiMedia referencedObject="MM1"><caption>Coupe 3</caption></renderMultiMedia></text>
            <entry><observationMedia ID="MM1"><value mediaType="image/png" representation="B64">iVBORw0KGgo=</value></observationMedia></entry></section>
            """);
        var document = Read(bytes);

        Assert.Contains("Image ou fichier joint : MM1 (image/png)</span> Coupe 3", CdaHtml.Render(document, French), StringComparison.Ordinal);
        Assert.Equal(8, document.Media["MM1"].Bytes!.Value.Length);
        var linked = CdaHtml.Render(document, French with { AttachmentAddress = _ => "/contenu/1" });
        Assert.Contains("<a class=\"govuk-link\" href=\"/contenu/1\">", linked, StringComparison.Ordinal);
        Assert.Contains("Coupe 3", CdaText.Render(document, CdaLabels.French), StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_of_coded_data_alone_and_an_empty_one_say_so()
    {
        var html = CdaHtml.Render(Read(CdaDocuments.WithSections("""
            <section><title>A</title><entry><act/></entry></section></component><component>
            <section nullFlavor="NI"><title>B</title></section></component><component>
            <section languageCode="x"><languageCode code="de-LU"/><title>C</title><text>Haus</text></section>
            """)), French);

        Assert.Contains("Cette partie ne contient pas de texte lisible, seulement des données codées.", html, StringComparison.Ordinal);
        Assert.Contains("La source indique qu’il n’y a pas d’information pour cette partie.", html, StringComparison.Ordinal);
        Assert.Contains("<section class=\"dsp-cda-section\" lang=\"de-LU\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_elements_we_do_not_know_is_kept()
    {
        var html = Html("<blink>important</blink><table><tr>perdu ?<td>cellule</td></tr></table>");

        Assert.Contains("important", html, StringComparison.Ordinal);
        Assert.Contains("perdu ?", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pdf_body_is_offered_by_link_and_never_framed()
    {
        var pdf = Encoding.ASCII.GetBytes("%PDF-1.7 corps");
        var document = Read(CdaDocuments.WithBody($"<nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">\n {Convert.ToBase64String(pdf)} </text></nonXMLBody>"));

        Assert.Equal("application/pdf", document.Body!.MediaType);
        Assert.Equal(pdf, document.Body.Bytes!.Value.ToArray());
        var html = CdaHtml.Render(document, French with { AttachmentAddress = a => a.MediaType == "application/pdf" ? "/contenu/abc" : null });
        Assert.Contains("<a class=\"govuk-link\" href=\"/contenu/abc\">Ouvrir ce contenu</a>", html, StringComparison.Ordinal);
        Assert.Null(ActiveHtml.In(html));
    }

    [Fact]
    public void A_plain_text_body_is_shown_and_a_referenced_one_is_named()
    {
        var plain = CdaHtml.Render(Read(CdaDocuments.WithBody("<nonXMLBody><text mediaType=\"text/plain\">Ligne 1\nLigne &lt;2&gt;</text></nonXMLBody>")), French);
        var elsewhere = CdaHtml.Render(Read(CdaDocuments.WithBody("<nonXMLBody><text mediaType=\"application/pdf\"><reference value=\"http://x.example/a.pdf\"/></text></nonXMLBody>")), French);

        Assert.Contains("<p class=\"govuk-body\">Ligne &lt;2&gt;</p>", plain, StringComparison.Ordinal);
        Assert.Contains("Ce contenu n’est pas joint au document. (http://x.example/a.pdf)", elsewhere, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_nothing_in_its_title_and_has_one_main_part()
    {
        var page = CdaHtml.Page(Read(CdaDocuments.WithText("x")), French, "/assets/dsp.css");

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("<title>DSP</title>", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"fr\"", page, StringComparison.Ordinal);
        Assert.Contains("<main class=\"govuk-main-wrapper\" id=\"main\">", page, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CdaHtml.Page(Read(CdaDocuments.WithText("x")), French, "https://elsewhere.example/a.css"));
    }

    [Fact]
    public void The_plain_text_has_rows_items_and_lines()
    {
        var text = CdaText.Render(Read(CdaDocuments.WithText("<paragraph>Un<br/>deux</paragraph><list><item>a</item></list><table><tr><td>Hb</td><td>13,1</td></tr></table>")), CdaLabels.French);

        Assert.Contains("Titre\nUn\ndeux\n- a\nHb | 13,1\n", text, StringComparison.Ordinal);
    }

    private static CdaDocument Read(byte[] bytes)
    {
        Assert.True(CdaReader.TryRead(bytes, out var document, out var problem), problem?.Detail);
        return document;
    }

    private static string Html(string narrative) => CdaHtml.Render(Read(CdaDocuments.WithText(narrative)), French);
}
