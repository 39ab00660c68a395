using System.Globalization;
using System.Xml.Linq;
using Dsp.Interop.Pdf;
using Hl7.Fhir.Model;

namespace Dsp.Demo.Content;

/// <summary>What is said about a document beside its content.</summary>
internal sealed record DemoSpec(string Key, string Holder, string Author, string? System, int Day, string Category, DemoCode Type, string Language, string Title)
{
    public TimeOnly? Time { get; init; }

    public string Format { get; init; } = "urn:ihe:iti:xds:2017:mimeTypeSufficient";

    public string? Replaces { get; init; }

    public string Confidentiality { get; init; } = "N";

    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyList<string>? MaskedFromAllBut { get; init; }
}

/// <summary>Collects the documents of one demo day and makes their bytes.</summary>
internal sealed class DemoShelf(DateOnly demoDay)
{
    private static readonly TimeZoneInfo Luxembourg = TimeZoneInfo.FindSystemTimeZoneById("Europe/Luxembourg");
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr-LU");

    public DateOnly DemoDay { get; } = demoDay;

    public IReadOnlyDictionary<string, DemoHolder> Holders { get; } = DemoPeople.Holders(demoDay);

    public List<DemoDocument> Documents { get; } = [];

    public void AddCda(DemoSpec spec, params IReadOnlyList<XElement> sections) =>
        Add(spec, "text/xml", DemoCda.Write(this, spec, sections));

    public void AddPdf(DemoSpec spec, params IReadOnlyList<PdfBlock> blocks) =>
        Add(spec, "application/pdf", DemoPdf.Write(this, spec, blocks));

    public void AddScan(DemoSpec spec, string picture) =>
        Add(spec, "application/pdf", DemoScan.Write(picture, spec.Title));

    public void AddFhir(DemoSpec spec, Bundle bundle) =>
        Add(spec, "application/fhir+json", DemoFhir.Write(bundle));

    public DateTimeOffset Created(DemoSpec spec)
    {
        var local = DemoDay.AddDays(spec.Day).ToDateTime(spec.Time ?? new TimeOnly(10, 0));
        return new DateTimeOffset(local, Luxembourg.GetUtcOffset(local));
    }

    /// <summary>The OID of a document, without "urn:oid:".</summary>
    public string Oid(string key)
    {
        var parts = key.Split('-');
        return string.Create(CultureInfo.InvariantCulture, $"{DemoPeople.DocumentRoot}.{DemoDay:yyyyMMdd}.{parts[0]}.{parts.Length}");
    }

    /// <summary>A day of the story in French words, "3 juin 2025".</summary>
    public string Day(int offset) => DemoDay.AddDays(offset).ToString("d MMMM yyyy", French);

    /// <summary>The year of a day of the story.</summary>
    public string Year(int offset) => DemoDay.AddDays(offset).Year.ToString(CultureInfo.InvariantCulture);

    private void Add(DemoSpec spec, string mimeType, byte[] bytes) => Documents.Add(new DemoDocument(
        int.Parse(spec.Key.Split('-')[0], CultureInfo.InvariantCulture),
        spec.Key,
        spec.Holder,
        spec.Author,
        spec.System,
        spec.Day,
        spec.Time,
        spec.Category,
        spec.Type,
        spec.Format,
        mimeType,
        spec.Language,
        spec.Title,
        Created(spec),
        "urn:oid:" + Oid(spec.Key),
        bytes)
    {
        Replaces = spec.Replaces,
        Confidentiality = spec.Confidentiality,
        Labels = spec.Labels,
        MaskedFromAllBut = spec.MaskedFromAllBut,
    });
}

/// <summary>The documents of the demo story.</summary>
public static class DemoDocuments
{
    /// <summary>
    /// Every document for a given day of the demo, in the order of the story's numbers. The same day gives the same bytes.
    /// Number 42 appears twice: as deposited for the wrong twin, and again for the right one.
    /// </summary>
    public static IReadOnlyList<DemoDocument> All(DateOnly demoDay)
    {
        var shelf = new DemoShelf(demoDay);
        EmmaDocuments.AddTo(shelf);
        EmmaLaboratory.AddTo(shelf);
        EmmaReports.AddTo(shelf);
        ChildrenDocuments.AddTo(shelf);
        MarieJoseeDocuments.AddTo(shelf);
        OtherDocuments.AddTo(shelf);
        return [.. shelf.Documents.OrderBy(d => d.Number).ThenBy(d => d.Key.Length)];
    }
}
