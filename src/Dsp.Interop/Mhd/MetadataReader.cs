using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>
/// DocumentReference → the registry's metadata, element by element as MHD maps them to XDS (MHD 4.2.4, "Document sharing
/// metadata mapping"). It checks nothing: the rules do. Elements that FHIR allows and XDS does not know stay in the
/// canonical bytes only.
/// </summary>
public static class MetadataReader
{
    private const string EncounterType = "urn:ihe:iti:xds:2015:encounterId";
    private static readonly string[] OrderTypes = ["urn:ihe:iti:xds:2013:order", "PLAC"];

    public static DocumentMetadata Read(DocumentReference source, ReferenceResolver resolver)
    {
        var content = source.Content.FirstOrDefault();
        var attachment = content?.Attachment;
        var classes = source.Category.SelectMany(Values).ToList();
        var type = Preferred(source.Type, AffinityDomain.LoincSystem);
        var references = References(source.Context);
        return new DocumentMetadata
        {
            UniqueId = UniqueIds.Normal(source.MasterIdentifier?.Value ?? ""),
            Identifiers = Identifiers(source.Identifier),
            Category = AffinityDomain.CategoryOf(classes, type) ?? default,
            ClassCodes = classes,
            Type = type,
            Format = content?.Format is { } f ? Value(f) : null,
            MimeType = attachment?.ContentType ?? "",
            Language = attachment?.Language,
            Title = attachment?.Title,
            Description = source.Description,
            Creation = Date(attachment?.Creation),
            Date = Date(source.DateElement is { Value: { } at } ? Instants.Text(at) : null),
            Authors = [.. source.Author.Select(a => AuthorReader.Read(source, a, resolver)).OfType<Author>()],
            Authenticator = source.Authenticator is { } legal ? AuthorReader.Read(source, legal, resolver) : null,
            Period = source.Context?.Period is { } p && (p.Start ?? p.End) is not null ? new ServicePeriod(Date(p.Start), Date(p.End)) : null,
            Events = [.. (source.Context?.Event ?? []).Select(e => Preferred(e)).OfType<CodedValue>()],
            Facility = Preferred(source.Context?.FacilityType),
            PracticeSetting = Preferred(source.Context?.PracticeSetting),
            SecurityLabels = [.. source.SecurityLabel.SelectMany(Values)],
            References = references,
            SourcePatientId = SourcePatient(source, resolver),
            Order = references.FirstOrDefault(r => OrderTypes.Contains(r.Type))?.Value,
        };
    }

    internal static IEnumerable<CodedValue> Values(CodeableConcept? concept) => (concept?.Coding ?? []).Where(c => c.Code is not null).Select(Value);

    internal static CodedValue? Preferred(CodeableConcept? concept, string? system = null)
    {
        var values = Values(concept).ToList();
        return values.Find(v => v.System == system) ?? values.FirstOrDefault();
    }

    internal static CodedValue Value(Coding coding) => new(coding.System ?? "", coding.Code ?? "", coding.Display);

    internal static IReadOnlyList<EntryIdentifier> Identifiers(IEnumerable<Identifier> identifiers) =>
        [.. identifiers.Where(i => i.Value is not null).Select(Identifier)];

    internal static EntryIdentifier Identifier(Identifier identifier) => new(
        identifier.System ?? "",
        identifier.Value ?? "",
        identifier.Use?.ToString().ToLowerInvariant(),
        identifier.Type?.Coding.FirstOrDefault()?.Code ?? identifier.Type?.Text);

    internal static PartialDate? Date(string? text) => FhirDates.TryParse(text, out var date) ? date : null;

    private static List<EntryIdentifier> References(DocumentReference.ContextComponent? context)
    {
        var found = new List<EntryIdentifier>();
        foreach (var related in context?.Related ?? [])
        {
            if (related.Identifier?.Value is not null) found.Add(Identifier(related.Identifier));
            else if (related.Reference is { Length: > 0 } text) found.Add(new EntryIdentifier("", text));
        }
        foreach (var encounter in context?.Encounter ?? [])
            if (encounter.Identifier?.Value is not null) found.Add(Identifier(encounter.Identifier) with { Type = EncounterType });
        return found;
    }

    private static EntryIdentifier? SourcePatient(DocumentReference source, ReferenceResolver resolver)
    {
        var reference = source.Context?.SourcePatientInfo;
        if (reference?.Identifier?.Value is not null) return Identifier(reference.Identifier);
        var patient = resolver.Resolve(source, reference) as Patient;
        return Identifiers(patient?.Identifier ?? []) is [var first, ..] ? first : null;
    }
}
