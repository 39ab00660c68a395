using System.Globalization;
using Dsp.Clinical;
using Dsp.Interop.Pdf;

namespace Dsp.Interop.Ips;

/// <summary>
/// The patient summary as a tagged PDF, for paper and for whoever reads no FHIR: the same lines, words and reservations as the
/// text of the document Bundle. Pure: the same summary in the same language gives the same bytes.
/// </summary>
public static class SummaryPdf
{
    private sealed record Words(string Tag, string Person, string Born, string Number, string Made, string None, Func<int, int, string> Page);

    private static readonly Dictionary<string, Words> Languages = new(StringComparer.Ordinal)
    {
        ["fr"] = new("fr-LU", "Personne", "Date de naissance", "Numéro d’identification", "Composé le", "non documenté", (p, n) => $"page {p} sur {n}"),
        ["de"] = new("de-LU", "Person", "Geburtsdatum", "Identifikationsnummer", "Erstellt am", "nicht dokumentiert", (p, n) => $"Seite {p} von {n}"),
        ["en"] = new("en", "Person", "Date of birth", "Identification number", "Made on", "not documented", (p, n) => $"page {p} of {n}"),
        ["lb"] = new("lb-LU", "Persoun", "Gebuertsdatum", "Matricule", "Gemaach de", "net dokumentéiert", (p, n) => $"Säit {p} vun {n}"),
        ["pt"] = new("pt-PT", "Pessoa", "Data de nascimento", "Número de identificação", "Feito em", "não documentado", (p, n) => $"página {p} de {n}"),
    };

    /// <param name="language">fr, de, en, lb or pt, with or without a region; anything else is French.</param>
    /// <returns>PDF 1.7 with a structure tree: a heading for each section, a table of its lines with the source of each.</returns>
    public static byte[] Write(PatientSummary summary, string language)
    {
        var tag = language.Split('-')[0].ToLowerInvariant();
        var words = Languages.GetValueOrDefault(tag) ?? Languages["fr"];
        var texts = IpsTexts.For(CultureInfo.GetCultureInfo(Languages.ContainsKey(tag) ? tag : "fr"));
        var wording = new IpsWording(texts);
        var holder = summary.Holder.Details;
        var name = string.Join(' ', new[] { IpsValues.Words(holder.Family), IpsValues.Words(holder.Given) }.OfType<string>());
        return PdfWriter.Write(new PdfDocument(texts.Title, words.Tag, summary.At,
        [
            new PdfHeading(1, texts.Title),
            new PdfFields(
            [
                (words.Person, name.Length > 0 ? name : words.None),
                (words.Born, holder.BirthDate is { } birth ? Date(birth, texts) : words.None),
                (words.Number, holder.NationalNumber ?? words.None),
                (words.Made, wording.Day(summary.At)),
            ]),
            new PdfParagraph(texts.MayBeIncomplete, Bold: true),
            new PdfParagraph(new IpsNarrative(texts, wording).Counts(summary)),
            .. summary.Parts.Where(IpsSections.IsShown).SelectMany(part => Section(part, texts, wording)),
        ])
        {
            Header = name,
            Footer = $"{texts.Title} · {wording.Day(summary.At)}",
            PageNumber = words.Page,
        });
    }

    private static IEnumerable<PdfBlock> Section(SummaryPart part, IpsTexts texts, IpsWording wording)
    {
        yield return new PdfHeading(2, texts.Sections[IpsSections.CodeOf(part)]);
        if (part.NotDocumented) yield return new PdfParagraph(texts.NotDocumented);
        if (part.Entries.Count > 0)
            yield return new PdfTable([texts.What, texts.Details, texts.Source], [.. part.Entries.Select(e => (IReadOnlyList<string>)[wording.Name(e.Shown), string.Join("; ", wording.Details(e)), wording.Sources(e)])]);
        if (part.Denials.Count > 0)
        {
            yield return new PdfParagraph(texts.Quoted);
            yield return new PdfList([.. part.Denials.Select(d => wording.Quotation(d))]);
        }
        if (part.Silences.Count > 0) yield return new PdfList([.. part.Silences.Select(wording.Silence).Distinct()]);
    }

    private static string Date(Identity.PartialDate date, IpsTexts texts) =>
        DateOnly.TryParseExact(date.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString(texts.Labels.DatePattern, texts.Labels.Culture) : date.ToString();
}
