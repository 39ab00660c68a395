using System.Text;
using System.Text.Json;
using Dsp.Clinical;
using Dsp.Codes;

namespace Dsp.Interop.Facts;

/// <summary>The facts and the words of a FHIR document Bundle, of either form.</summary>
public static class FhirFactSheet
{
    /// <summary>Reads JSON; what cannot be read gives an empty sheet whose report says why.</summary>
    /// <param name="document">The category the document was deposited under.</param>
    public static FactSheet ReadJson(ReadOnlyMemory<byte> json, DataCategory document) => Read(() => FhirElement.OfJson(json), document).Sheet;

    internal static (FactSheet Sheet, string Text, FhirElement? Bundle) Read(Func<FhirElement> source, DataCategory document)
    {
        FhirElement bundle;
        try
        {
            bundle = source();
        }
        catch (JsonException)
        {
            return (Unread("Not well-formed JSON, nested too deep, or too large."), "", null);
        }
        if (bundle.Type != "Bundle") return (Unread("Not a FHIR document Bundle."), "", null);
        var sheet = FhirFactReader.Read(bundle, document);
        return (bundle.Text("type") == "document" ? sheet : sheet with { Report = sheet.Report with { Problem = "The Bundle is not of type document." } }, TextOf(bundle), bundle);
    }

    /// <summary>Title, section titles and every narrative, in the order of the Bundle.</summary>
    private static string TextOf(FhirElement bundle)
    {
        var text = new StringBuilder();
        foreach (var resource in bundle.All("entry").Select(e => e["resource"]).OfType<FhirElement>())
        {
            if (text.Length > ContentReader.LongestText) break;
            if (resource.Type == "Composition") Line(text, resource.Text("title"));
            if (resource.Type is not ("Patient" or "Organization" or "Practitioner" or "PractitionerRole")) Line(text, FhirNarrative.TextOf(resource));
            Sections(text, resource);
        }
        return text.ToString();
    }

    private static void Sections(StringBuilder text, FhirElement parent)
    {
        foreach (var section in parent.All("section"))
        {
            Line(text, section.Text("title"));
            Line(text, FhirNarrative.TextOf(section));
            Sections(text, section);
        }
    }

    private static void Line(StringBuilder text, string? words)
    {
        if (Cda.CdaHeaderReader.Clean(words) is { } clean) text.Append(clean).Append('\n');
    }

    private static FactSheet Unread(string reason) => new([], new ReadingReport(reason));
}
