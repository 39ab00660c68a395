using System.Text.RegularExpressions;
using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;

namespace Dsp.Interop.Fhir;

/// <summary>
/// Narratives that the parser complains of for nothing but the form of an <c>id</c>: XML wants a letter first, tools and guides write
/// UUIDs there. Elements and attributes stay those that FHIR allows.
/// </summary>
internal static partial class Narratives
{
    private const string Complaint = "PVAL115";

    /// <summary>The problems without those about narratives, where every narrative of the message is sound but for its ids.</summary>
    public static IEnumerable<CodedException> Unpardoned(Resource? resource, IEnumerable<CodedException> issues)
    {
        var found = issues.ToList();
        if (resource is null || !found.Exists(i => i.ErrorCode == Complaint)) return found;
        return Of(resource).All(IsSound) ? found.Where(i => i.ErrorCode != Complaint) : found;
    }

    private static bool IsSound(Narrative narrative) =>
        narrative.Div is { } div && XHtml.IsValidNarrativeXhtml(Id().Replace(div, " "), out _, out _);

    private static IEnumerable<Narrative> Of(Base element) =>
        element.EnumerateElements().SelectMany(e => e.Value is Base one ? [one] : e.Value as IEnumerable<Base> ?? []).SelectMany(b => b is Narrative n ? [n] : Of(b));

    [GeneratedRegex("""\sid\s*=\s*(?:"[\w.:-]*"|'[\w.:-]*')""", RegexOptions.None, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Id();
}
