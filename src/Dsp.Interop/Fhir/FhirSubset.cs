using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Dsp.Interop.Fhir;

/// <summary>
/// Which part of each resource is wanted (FHIR R4 search 3.1.1.5.8 and 3.1.1.5.9): <c>_summary</c> or <c>_elements</c>. Mandatory
/// elements and modifiers stay, and what was left out is said by the tag SUBSETTED.
/// </summary>
public sealed record FhirSubset
{
    private const int MostElements = 64;

    private FhirSubset(string? summary, IReadOnlyList<string> elements) => (Summary, Elements) = (summary, elements);

    /// <summary>true, text, data or count; null where elements are named.</summary>
    public string? Summary { get; }

    public IReadOnlyList<string> Elements { get; }

    /// <summary>Only how many there are.</summary>
    public bool CountsOnly => Summary == "count";

    /// <returns>Null where the whole is wanted; a refusal where the value is not one of FHIR's.</returns>
    public static Outcome<FhirSubset?> Read(string? summary, string? elements)
    {
        if (summary is { Length: > 0 })
        {
            if (summary is not ("true" or "false" or "text" or "data" or "count")) return Refusals.ParameterInvalid.Because("The summary is true, false, text, data or count.").At("_summary");
            // Both together have no meaning that FHIR defines.
            if (elements is { Length: > 0 } && summary != "false") return Refusals.ParameterInvalid.Because("A summary and single elements cannot be asked for together.").At("_elements");
        }
        if (elements is { Length: > 0 })
        {
            // Elements may be named with their type, Patient.name; below the first level nothing is chosen.
            var names = elements.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(e => char.IsAsciiLetterUpper(e[0]) ? e[(e.IndexOf('.', StringComparison.Ordinal) + 1)..] : e).Distinct().ToList();
            if (names.Count is 0 or > MostElements || names.Exists(n => n.Length is 0 or > 64 || !n.All(char.IsAsciiLetterOrDigit))) return Refusals.ParameterInvalid.Because("Elements are named by their first level, separated by commas.").At("_elements");
            return new FhirSubset(null, names);
        }
        return summary is null or "" or "false" ? (FhirSubset?)null : new FhirSubset(summary, []);
    }

    /// <summary>What the serializer leaves out; a new one for each resource written.</summary>
    public Func<SerializationFilter> Filter => Summary switch
    {
        "text" => SerializationFilter.ForText,
        "data" => SerializationFilter.ForData,
        "true" => SerializationFilter.ForSummary,
        "count" => SerializationFilter.ForSummary,
        _ => SerializationFilter.ForElementsFactory(["id", "meta", .. Elements]),
    };

    /// <summary>Marks what is given in part, and takes the entries out where only their number is wanted.</summary>
    public void Mark(Resource resource)
    {
        if (resource is not Bundle bundle)
        {
            Tag(resource);
            return;
        }
        if (CountsOnly)
        {
            bundle.Entry.Clear();
            bundle.Link.RemoveAll(l => l.Relation == "next");
        }
        foreach (var entry in bundle.Entry)
            if (entry.Resource is { } found and not OperationOutcome) Tag(found);
    }

    private static void Tag(Resource resource) =>
        (resource.Meta ??= new Meta()).Tag.Add(new Coding("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "SUBSETTED"));
}
