using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

internal static class SubmissionRules
{
    public static void IsCurrent(ProvideMessage m)
    {
        foreach (var (index, list) in m.Submissions)
        {
            if (list.Status is not null && list.Status != List.ListStatus.Current)
                m.Problems.Add(Refusals.InvalidMetadata.Because("A submission set is sent as current.").At(ProvideMessage.At(index, "resource.status")));
            if (list.Mode is not null && list.Mode != ListMode.Working)
                m.Problems.Add(Refusals.InvalidMetadata.Because("The mode of a submission set is working.").At(ProvideMessage.At(index, "resource.mode")));
            if (!FhirDates.TryParse(list.Date, out _))
                m.Problems.Add(Refusals.MissingMetadata.Because("A submission set has its date.").At(ProvideMessage.At(index, "resource.date")));
            if (list.ModifierExtension.Count > 0 || list.ImplicitRules is not null)
                m.Problems.Add(Refusals.InvalidMetadata.Because("Nothing may modify the meaning of a submission set.").At(ProvideMessage.At(index, "resource.modifierExtension")));
        }
    }

    public static void HasUniqueId(ProvideMessage m)
    {
        foreach (var (index, list) in m.Submissions)
        {
            var id = UniqueId(list);
            if (id is null) m.Problems.Add(Refusals.MissingMetadata.Because("A submission set has a unique id: an identifier of use usual.").At(ProvideMessage.At(index, "resource.identifier")));
            else if (id.System != FhirNames.UriSystem || !UniqueIds.IsValid(id.Value))
                m.Problems.Add(Refusals.InvalidMetadata.Because("A unique id is a urn:oid or urn:uuid of at most 128 characters, of system urn:ietf:rfc:3986.").At(ProvideMessage.At(index, "resource.identifier")));
        }
    }

    /// <summary>The identifier typed as unique id, else the one of use usual, else the only one (architecture 9: types may be missing).</summary>
    public static Identifier? UniqueId(List list) =>
        list.Identifier.Find(i => i.Type?.Coding.Exists(c => c.Code == "uniqueId") == true)
        ?? list.Identifier.Find(i => i.Use == Identifier.IdentifierUse.Usual)
        ?? (list.Identifier is [var only] ? only : null);

    public static void HasSourceId(ProvideMessage m)
    {
        foreach (var (index, list) in m.Submissions)
            if (list.GetExtensionValue<Identifier>(FhirNames.SourceId)?.Value is null)
                m.Problems.Add(Refusals.MissingMetadata.Because("A submission set has the extension ihe-sourceId with an identifier.").At(ProvideMessage.At(index, "resource.extension")));
    }

    public static void IsComprehensive(ProvideMessage m)
    {
        if (!m.Comprehensive) return;
        foreach (var (index, list) in m.Submissions)
        {
            if (MetadataReader.Preferred(list.GetExtensionValue<CodeableConcept>(FhirNames.DesignationType)) is null)
                m.Problems.Add(Refusals.MissingMetadata.Because("A submission set has the extension ihe-designationType with a code.").At(ProvideMessage.At(index, "resource.extension")));
            if (list.Subject is null)
                m.Problems.Add(Refusals.MissingMetadata.Because("A submission set names its patient.").At(ProvideMessage.At(index, "resource.subject")));
        }
    }

    public static void ListsItsDocuments(ProvideMessage m)
    {
        if (m.Submissions is not [var (index, list)]) return;
        var listed = new HashSet<int>();
        for (var i = 0; i < list.Entry.Count; i++)
        {
            var path = ProvideMessage.At(index, $"resource.entry[{i}].item");
            var target = list.Entry[i].Item?.Reference;
            if (m.DocumentAt(target) is { } document)
            {
                if (!listed.Add(document.Index)) m.Problems.Add(Refusals.DuplicateInMessage.Because("The submission set lists a document twice.").At(path));
            }
            else if (!m.Folders.Exists(f => m.Bundle.Entry[f.Index].FullUrl is { } url && url == target))
            {
                m.Problems.Add(Refusals.UnresolvedReference.Because("The submission set lists something that is neither a document entry nor a folder of this message.").At(path));
            }
        }
        foreach (var document in m.Documents.Where(d => !listed.Contains(d.Index)))
            m.Problems.Add(Refusals.MissingMetadata.Because("The submission set does not list this document entry.").At(document.Path));
    }
}
