using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

internal static class DocumentRules
{
    public static void HasUniqueId(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            var id = d.Source.MasterIdentifier;
            if (id?.Value is null) m.Problems.Add(Refusals.MissingMetadata.Because("A document entry has a master identifier.").At(d.Path + ".masterIdentifier"));
            else if (id.System != FhirNames.UriSystem) m.Problems.Add(Refusals.InvalidMetadata.Because("The system of a unique id is urn:ietf:rfc:3986.").At(d.Path + ".masterIdentifier.system"));
            else if (!UniqueIds.IsValid(id.Value)) m.Problems.Add(Refusals.InvalidMetadata.Because("A unique id is a urn:oid or urn:uuid of at most 128 characters.").At(d.Path + ".masterIdentifier.value"));
        }
    }

    public static void UniqueIdsDiffer(ProvideMessage m)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, list) in m.Submissions)
            if (SubmissionRules.UniqueId(list)?.Value is { } id) seen.Add(UniqueIds.Normal(id));
        foreach (var d in m.Documents)
            if (d.Source.MasterIdentifier?.Value is { } id && !seen.Add(UniqueIds.Normal(id)))
                m.Problems.Add(Refusals.DuplicateInMessage.At(d.Path + ".masterIdentifier.value"));
        foreach (var f in m.Folders)
            if (SubmissionRules.UniqueId(f.Source)?.Value is { } id && !seen.Add(UniqueIds.Normal(id)))
                m.Problems.Add(Refusals.DuplicateInMessage.At(f.Path + ".identifier"));
    }

    public static void IsPlain(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            if (d.Source.Status is not null && d.Source.Status != DocumentReferenceStatus.Current)
                m.Problems.Add(Refusals.InvalidMetadata.Because("A document is provided as current.").At(d.Path + ".status"));
            if (d.Source.DocStatus is not null)
                m.Problems.Add(Refusals.InvalidMetadata.Because("MHD does not allow docStatus.").At(d.Path + ".docStatus"));
            if (d.Source.ModifierExtension.Count > 0)
                m.Problems.Add(Refusals.InvalidMetadata.Because("MHD does not allow modifier extensions.").At(d.Path + ".modifierExtension"));
            if (d.Source.ImplicitRules is not null)
                m.Problems.Add(Refusals.InvalidMetadata.Because("Implicit rules are not taken.").At(d.Path + ".implicitRules"));
            if (d.Source.Category.Count > 1)
                m.Problems.Add(Refusals.InvalidMetadata.Because("A document entry has one category.").At(d.Path + ".category"));
        }
    }

    public static void HasOneContent(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            if (d.Source.Content.Count > 1) m.Problems.Add(Refusals.InvalidMetadata.Because("A document entry has one content.").At(d.Path + ".content"));
            if (d.Source.Content is not [var content, ..] || content.Attachment is not { } attachment) continue;
            var path = d.Path + ".content[0].attachment";
            if (attachment.ContentType is null) m.Problems.Add(Refusals.MissingMetadata.Because("The attachment has its content type.").At(path + ".contentType"));
            if (attachment.Url is null) m.Problems.Add(Refusals.MissingMetadata.Because("The attachment refers to its bytes.").At(path + ".url"));
            if (attachment.Data is not null) m.Problems.Add(Refusals.InvalidMetadata.Because("The bytes stand in a Binary of the message, not in the attachment.").At(path + ".data"));
        }
    }

    public static void IsComprehensive(ProvideMessage m)
    {
        if (!m.Comprehensive) return;
        foreach (var d in m.Documents)
        {
            var s = d.Source;
            var content = s.Content.FirstOrDefault();
            Require(m, d, "type", MetadataReader.Preferred(s.Type) is not null);
            Require(m, d, "category", s.Category.Exists(c => MetadataReader.Preferred(c) is not null));
            Require(m, d, "subject", s.Subject is not null);
            Require(m, d, "securityLabel", s.SecurityLabel.Count > 0);
            Require(m, d, "content[0].attachment.language", content?.Attachment?.Language is not null);
            Require(m, d, "content[0].attachment.creation", content?.Attachment?.Creation is not null);
            Require(m, d, "content[0].format", content?.Format?.Code is not null);
            Require(m, d, "context.facilityType", MetadataReader.Preferred(s.Context?.FacilityType) is not null);
            Require(m, d, "context.practiceSetting", MetadataReader.Preferred(s.Context?.PracticeSetting) is not null);
            Require(m, d, "context.sourcePatientInfo", s.Context?.SourcePatientInfo is not null);
        }
    }

    private static void Require(ProvideMessage m, DocumentPart d, string element, bool present)
    {
        if (!present) m.Problems.Add(Refusals.MissingMetadata.Because($"A comprehensive document entry has {element}.").At($"{d.Path}.{element}"));
    }

    public static void PersonsResolve(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            for (var i = 0; i < d.Source.Author.Count; i++) Check(m, d.Source, d.Source.Author[i], $"{d.Path}.author[{i}]");
            if (d.Source.Authenticator is { } legal) Check(m, d.Source, legal, d.Path + ".authenticator");
            if (d.Source.Context?.SourcePatientInfo is { } patient && PatientRules.RecordOf(m, patient) is null)
                Check(m, d.Source, patient, d.Path + ".context.sourcePatientInfo");
        }
        foreach (var (index, list) in m.Submissions)
            if (list.Source is { } source) Check(m, list, source, ProvideMessage.At(index, "resource.source"));
    }

    private static void Check(ProvideMessage m, DomainResource container, ResourceReference reference, string path)
    {
        if (reference.Reference is not null && m.Resolver.Resolve(container, reference) is null && reference.Identifier?.Value is null)
            m.Problems.Add(Refusals.UnresolvedReference.Because("The person or institution referred to is not in the message. Send it contained.").At(path));
    }

    public static void IdentifiersHaveSystem(ProvideMessage m)
    {
        foreach (var d in m.Documents)
            for (var i = 0; i < d.Source.Identifier.Count; i++)
                if (d.Source.Identifier[i].Value is not null && d.Source.Identifier[i].System is null)
                    m.Problems.Add(Refusals.MissingMetadata.Because("An identifier has its system.").At($"{d.Path}.identifier[{i}].system"));
    }

    public static void PeriodIsOrdered(ProvideMessage m)
    {
        foreach (var d in m.Documents)
            if (FhirDates.TryParse(d.Source.Context?.Period?.Start, out var start) && FhirDates.TryParse(d.Source.Context?.Period?.End, out var end) && start.From >= end.To)
                m.Problems.Add(Refusals.InvalidMetadata.Because("The service starts after it stops.").At(d.Path + ".context.period"));
    }

    public static void DatesAreSane(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            Check(m, d.Source.Content.FirstOrDefault()?.Attachment?.Creation, d.Path + ".content[0].attachment.creation");
            Check(m, d.Source.Context?.Period?.Start, d.Path + ".context.period.start");
            Check(m, d.Source.Context?.Period?.End, d.Path + ".context.period.end");
        }
    }

    private static void Check(ProvideMessage m, string? text, string path)
    {
        if (text is not null && !FhirDates.TryParse(text, out _))
            m.Problems.Add(Refusals.InvalidMetadata.Because("The date is outside the years 1800 to 2300 or has a time without zone.").At(path));
    }
}
