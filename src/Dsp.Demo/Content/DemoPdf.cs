using System.Globalization;
using Dsp.Interop.Pdf;

namespace Dsp.Demo.Content;

/// <summary>A letter as PDF: institution above, the person, the content, the author below.</summary>
internal static class DemoPdf
{
    private sealed record Words(string Patient, string Born, string Number, string Date, string Author, string NoNumber, Func<int, int, string> Page);

    private static readonly Dictionary<string, Words> Languages = new(StringComparer.Ordinal)
    {
        ["fr"] = new("Patient", "Date de naissance", "Numéro d’identification", "Date", "Auteur", "aucun (patient de passage)", (p, n) => $"page {p} sur {n}"),
        ["de"] = new("Patient", "Geburtsdatum", "Identifikationsnummer", "Datum", "Verfasser", "keine", (p, n) => $"Seite {p} von {n}"),
        ["en"] = new("Patient", "Date of birth", "Identification number", "Date", "Author", "none (visitor)", (p, n) => $"page {p} of {n}"),
        ["lb"] = new("Patient", "Gebuertsdatum", "Matricule", "Datum", "Auteur", "keng", (p, n) => $"Säit {p} vun {n}"),
        ["pt"] = new("Doente", "Data de nascimento", "Número de identificação", "Data", "Autor", "nenhum", (p, n) => $"página {p} de {n}"),
    };

    public static byte[] Write(DemoShelf shelf, DemoSpec spec, IReadOnlyList<PdfBlock> blocks)
    {
        var culture = CultureInfo.GetCultureInfo(spec.Language);
        var words = Languages[culture.TwoLetterISOLanguageName];
        var holder = shelf.Holders[spec.Holder];
        var created = shelf.Created(spec);
        DemoPeople.Professionals.TryGetValue(spec.Author, out var author);
        var institution = author is null ? null : DemoPeople.Institutions[author.InstitutionKey];
        var date = created.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture) + (spec.Time is { } time ? time.ToString(", HH:mm", CultureInfo.InvariantCulture) : "");
        var by = author is null ? holder.FullName : $"{author.FullName}, {institution!.Name}";
        return PdfWriter.Write(new PdfDocument(spec.Title, spec.Language, created,
        [
            new PdfHeading(1, spec.Title),
            new PdfFields(
            [
                (words.Patient, holder.Family + " " + holder.Given),
                (words.Born, holder.BirthDate.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)),
                (words.Number, holder.NationalId ?? words.NoNumber),
                (words.Date, date),
                (words.Author, by),
            ]),
            .. blocks,
            new PdfSpace(8),
            new PdfParagraph(by, Bold: true),
        ])
        {
            Author = by,
            Header = institution is null ? holder.FullName : $"{institution.Name}, {institution.Street}, {institution.PostalCode} {institution.City}",
            Footer = $"{holder.Family} {holder.Given} – {spec.Title}",
            PageNumber = words.Page,
        });
    }
}
