using Dsp.Codes;

namespace Dsp.Interop.Terminology;

/// <summary>One code of a value set with its names.</summary>
/// <param name="Names">By two-letter language; the first is the display where no language is wanted.</param>
public sealed record OwnCode(string System, string Code, IReadOnlyList<(string Language, string Name)> Names)
{
    public string? Name(string? language) => Names.Where(n => n.Language == language).Select(n => n.Name).FirstOrDefault() ?? (Names.Count > 0 ? Names[0].Name : null);
}

/// <summary>A value set of this installation: which codes a field of a document, a profession or a refusal takes.</summary>
/// <param name="Listed">The codes that are named one by one.</param>
/// <param name="Systems">Systems of which more is taken than is listed; such a set is not closed.</param>
public sealed record OwnValueSet(string Id, string Title, string Description, IReadOnlyList<OwnCode> Listed, IReadOnlyList<string> Systems)
{
    /// <summary>For a field of a document: the rule that a deposit meets.</summary>
    public CodedField? Field { get; init; }

    /// <summary>Whether the code is taken: listed, or in the form that a deposit is asked for.</summary>
    /// <param name="system">Null: of whatever system.</param>
    public bool Takes(AffinityDomain domain, string? system, string code) =>
        Listed.Any(c => c.Code == code && (system is null || c.System == system))
        || (Field is { } field && system is not null && Systems.Contains(system) && domain.Accepts(field, new CodedValue(system, code, null)));
}

/// <summary>The value sets of the affinity domain and of this product's own codes (IHE SVCM ITI-95, 97, 99, read only).</summary>
public static class OwnValueSets
{
    private const string Professional = "urn:dsp:profession";
    private const string Group = "urn:dsp:group";

    /// <param name="names">Names of a text key in the languages spoken: <c>category.Syntheses</c>, <c>group.DOC</c>, <c>profession.pharmacien</c>.</param>
    public static IReadOnlyList<OwnValueSet> Of(AffinityDomain domain, Func<string, IReadOnlyList<(string Language, string Name)>> names)
    {
        IReadOnlyList<OwnCode> categories = [.. Enum.GetNames<DataCategory>().Select(c => new OwnCode(AffinityDomain.CategorySystem, c, names("category." + c)))];
        return
        [
            OfField(domain, CodedField.Class, "document-class", "Class of a document", "The 19 data categories of the regulation, or a LOINC class that is mapped to one.", categories, AffinityDomain.LoincSystem),
            OfField(domain, CodedField.Type, "document-type", "Kind of document", "LOINC codes with a name here; every other well-formed LOINC code is taken too.", [.. DocumentTypes.All.OrderBy(t => t.Loinc, StringComparer.Ordinal).Select(t => new OwnCode(AffinityDomain.LoincSystem, t.Loinc, [.. t.Names.Select(n => (n.Key, n.Value))]))], AffinityDomain.LoincSystem),
            OfField(domain, CodedField.Format, "document-format", "Format of a document", "Codes of these systems.", []),
            OfField(domain, CodedField.Facility, "facility-type", "Kind of facility", "Codes of these systems.", []),
            OfField(domain, CodedField.Setting, "practice-setting", "Practice setting", "Codes of these systems.", []),
            OfField(domain, CodedField.Confidentiality, "confidentiality", "Confidentiality", "N, R or V. They are kept and shown; they restrict nobody.",
                [.. domain.SystemsOf(CodedField.Confidentiality).SelectMany(s => new[] { ("N", "normal"), ("R", "restricted"), ("V", "very restricted") }.Select(c => new OwnCode(s, c.Item1, [("en", c.Item2)])))]),
            OfField(domain, CodedField.Handling, "handling", "Choices of the patient at the point of care", "The labels that restrict.",
                [new OwnCode(HandlingLabels.System, HandlingLabels.MinorConfidential, [("en", "Confidential act of a minor")]), new OwnCode(HandlingLabels.System, HandlingLabels.PatientRequest, [("en", "Hidden at the patient's request")])]),
            new("profession", "Professions of the register", "Regulated health professions, each with its column of the access matrix.", [.. Professions.All.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new OwnCode(Professional, p.Name, names("profession." + p.Name)))], []),
            new("matrix-group", "Columns of the access matrix", "RGD 6.12.2019 annex 1(1).", [.. Enum.GetNames<MatrixGroup>().Select(g => new OwnCode(Group, g, names("group." + g)))], []),
            new("refusal", "Refusals", "Every refusal of this server by its stable id.", [.. Refusals.All.Select(r => new OwnCode(Fhir.FhirNames.RefusalSystem, r.Id, [("en", r.Text)]))], []),
        ];
    }

    /// <param name="open">Systems of which every well-formed code is taken; those without listed codes always are.</param>
    private static OwnValueSet OfField(AffinityDomain domain, CodedField field, string id, string title, string description, IReadOnlyList<OwnCode> listed, params string[] open) =>
        new(id, title, description, listed, [.. domain.SystemsOf(field).Where(s => open.Contains(s) || !listed.Any(c => c.System == s))]) { Field = field };
}
