using System.Globalization;
using Dsp.Clinical;
using Dsp.Codes;

namespace Dsp.Interop.Facts;

/// <summary>
/// A FHIR document Bundle (IPS, EPS, laboratory, discharge, imaging report) → facts: every clinical resource once, with the
/// section that lists it; and a statement for every section that says why it is empty.
/// </summary>
internal sealed class FhirFactReader
{
    private static readonly HashSet<string> Imaging = ["imaging", "RAD", "18748-4"];
    private readonly FhirBundle bundle;
    private readonly FhirStatementReader statements;
    private readonly DataCategory document;
    private readonly FactAuthor? author;
    private readonly List<Fact> facts = [];
    private int leftOut;
    private bool cut;

    private FhirFactReader(FhirElement source, DataCategory document)
    {
        this.document = document;
        bundle = new FhirBundle(source);
        statements = new FhirStatementReader(bundle);
        author = bundle.Composition is { } c ? statements.AuthorOf(c["author"], c, FhirValues.Date(c["date"])) : null;
    }

    /// <param name="source">A Bundle of type document.</param>
    public static FactSheet Read(FhirElement source, DataCategory document)
    {
        var reader = new FhirFactReader(source, document);
        reader.Run();
        return new FactSheet(reader.facts, new ReadingReport(LeftOut: reader.leftOut, Cut: reader.cut, Author: reader.author));
    }

    private void Run()
    {
        foreach (var (code, title, reason, section) in bundle.Empty)
            if (CdaTables.OfSection(code) is { } kind)
                Add(new Fact { Kind = kind, Statement = AbsentCodes.OfReason(reason), Code = new Concept(Absent: reason), Text = FhirValues.Cut(FhirNarrative.TextOf(section), Fact.LongestText), Author = author, Start = reason == "nilknown" ? author?.At : null, Place = new FactPlace("Composition", code, title) }, false);
        foreach (var (url, resource) in bundle.Resources)
        {
            Resource(resource, resource.Text("id") is { } id ? $"{resource.Type}/{id}" : url ?? resource.Type!);
            // Contained results are results; other contained resources only explain the one that holds them.
            foreach (var contained in resource.All("contained"))
                if (contained.Type == "Observation" && resource.Type is "DiagnosticReport" or "Observation") Resource(contained, $"{resource.Type}/{resource.Text("id")}#{contained.Text("id")}");
        }
    }

    private void Resource(FhirElement r, string path)
    {
        if (FhirStatementReader.IsInError(r))
        {
            leftOut++;
            return;
        }
        var (section, title) = bundle.SectionOf(r);
        var place = new FactPlace(path, section, title, r["identifier"]?.Text("value") is { Length: <= 200 } identifier ? identifier : null);
        var imaging = document == DataCategory.MedicalImaging || r.All("category").SelectMany(c => c.All("coding")).Any(c => Imaging.Contains(c.Text("code") ?? "")) || r.Type == "ImagingStudy";
        var number = 0;
        foreach (var fact in statements.Read(r, CdaTables.OfSection(section), document))
        {
            number++;
            Add(fact with
            {
                Panel = fact.Panel ?? bundle.PanelOf(r),
                Author = fact.Author ?? author,
                Text = fact.Text ?? FhirValues.Cut(FhirNarrative.TextOf(r), Fact.LongestText),
                Place = number == 1 ? place : place with { Path = path + "/" + number.ToString(CultureInfo.InvariantCulture) },
            }, imaging);
        }
    }

    private void Add(Fact fact, bool imaging)
    {
        if (facts.Count >= FactSheet.MostFacts) cut = true;
        else facts.Add(fact with { Category = FactCategories.Of(fact.Kind, fact.Stage, imaging ? DataCategory.MedicalImaging : document) });
    }
}

/// <summary>The narrative of a resource or section as plain words.</summary>
internal static class FhirNarrative
{
    public static string? TextOf(FhirElement resource) => resource["text"]?["div"]?.Value is { } div ? Strip(div) : null;

    /// <summary>Takes the tags out and reads the character references; what is no markup stays as it is.</summary>
    public static string Strip(string xhtml)
    {
        if (!xhtml.Contains('<', StringComparison.Ordinal)) return System.Net.WebUtility.HtmlDecode(xhtml);
        var words = new System.Text.StringBuilder(xhtml.Length / 2);
        var inside = false;
        foreach (var c in xhtml)
        {
            if (c == '<')
            {
                inside = true;
                words.Append(' ');
            }
            else if (c == '>') inside = false;
            else if (!inside) words.Append(c);
        }
        return System.Net.WebUtility.HtmlDecode(words.ToString());
    }
}
