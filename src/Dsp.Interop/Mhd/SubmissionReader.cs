using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>The SubmissionSet List → the registry's submission.</summary>
internal static class SubmissionReader
{
    public static Submission Read(ProvideMessage m, TimeProvider clock)
    {
        var list = m.Submissions[0].Source;
        var author = list.Source is { } source ? AuthorReader.Read(list, source, m.Resolver) : null;
        var recipients = list.GetExtensions(FhirNames.IntendedRecipient).Select(e => e.Value).OfType<ResourceReference>()
            .Select(r => Recipient(list, r, m.Resolver)).Where(r => r.Length > 0).ToList();
        var submission = new Submission
        {
            Id = SubmissionId.New(clock),
            UniqueId = UniqueIds.Normal(SubmissionRules.UniqueId(list)!.Value!),
            Title = list.Title,
            ContentType = MetadataReader.Preferred(list.GetExtensionValue<CodeableConcept>(FhirNames.DesignationType)),
            SourceId = list.GetExtensionValue<Identifier>(FhirNames.SourceId)?.Value,
            SubmittedAt = MetadataReader.Date(list.Date)!.From,
            Author = author,
            IntendedRecipients = recipients,
            Identifiers = MetadataReader.Identifiers(list.Identifier),
        };
        Containment.Take(list, m.Resolver);
        return submission with { Fhir = CanonicalList.Make(list) };
    }

    private static string Recipient(List list, ResourceReference reference, ReferenceResolver resolver)
    {
        if (AuthorReader.Read(list, reference, resolver) is not { } a) return reference.Display ?? reference.Reference ?? "";
        var name = string.Join(", ", new[] { a.Name, a.Institution }.Where(t => !string.IsNullOrWhiteSpace(t)));
        return name.Length > 0 ? name : a.Identifiers is [var i, ..] ? $"{i.System}|{i.Value}" : reference.Display ?? "";
    }
}
