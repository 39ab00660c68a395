using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>Folders of an ITI-65 message (MHD 4.2.4, Folder; XDS metadata TF-3 4.2.3.4): made by POST, filled by PUT.</summary>
internal static class FolderRules
{
    private const string ListType = "List";

    public static void RequestFits(ProvideMessage m)
    {
        if (m.Folders.Count > m.Settings.MaxFolders)
            m.Problems.Add(Refusals.InvalidMetadata.Because($"A message has at most {m.Settings.MaxFolders} folders.").At(m.Folders[m.Settings.MaxFolders].Path));
        foreach (var f in m.Folders)
        {
            var request = m.Bundle.Entry[f.Index].Request;
            if (request is null)
            {
                m.Problems.Add(Refusals.MissingMetadata.Because("An entry of a transaction has a request.").At(ProvideMessage.At(f.Index, "request")));
                continue;
            }
            f.Existing = request.Method == Bundle.HTTPVerb.PUT;
            if (request.Method is not (Bundle.HTTPVerb.POST or Bundle.HTTPVerb.PUT))
                m.Problems.Add(Refusals.InvalidMetadata.Because("A folder is made with POST or filled with PUT.").At(ProvideMessage.At(f.Index, "request.method")));
            if (f.Existing && RecordReferences.Id(request.Url, ListType, m.Settings.BaseUrl) is { } id) f.Known = new FolderId(id);
            else if (request.Url != ListType)
                m.Problems.Add((f.Existing ? Refusals.UnresolvedReference.Because("The request names no folder of ours.") : Refusals.InvalidMetadata.Because("A new folder is sent to List.")).At(ProvideMessage.At(f.Index, "request.url")));
        }
    }

    public static void IsNamed(ProvideMessage m)
    {
        foreach (var f in m.Folders)
        {
            if (f.Source.Status is not null && f.Source.Status != List.ListStatus.Current) Refuse(m, f, "status", "A folder is sent as current.");
            if (f.Source.Mode is not null && f.Source.Mode != ListMode.Working) Refuse(m, f, "mode", "The mode of a folder is working.");
            if (f.Source.ModifierExtension.Count > 0 || f.Source.ImplicitRules is not null) Refuse(m, f, "modifierExtension", "Nothing may modify the meaning of a folder.");
            if (f.Source.Source is not null) Refuse(m, f, "source", "A folder has no source.");
            var id = SubmissionRules.UniqueId(f.Source);
            if (id is null && f.Known is null) m.Problems.Add(Refusals.MissingMetadata.Because("A folder has a unique id: an identifier of use usual.").At(f.Path + ".identifier"));
            else if (id is not null && (id.System != FhirNames.UriSystem || !UniqueIds.IsValid(id.Value))) Refuse(m, f, "identifier", "A unique id is a urn:oid or urn:uuid of at most 128 characters, of system urn:ietf:rfc:3986.");
        }
    }

    public static void IsComprehensive(ProvideMessage m)
    {
        foreach (var f in m.Folders.Where(f => m.Comprehensive && !f.Existing))
        {
            if (f.Source.Title is null) m.Problems.Add(Refusals.MissingMetadata.Because("A comprehensive folder has a title.").At(f.Path + ".title"));
            if (f.Source.Subject is null) m.Problems.Add(Refusals.MissingMetadata.Because("A comprehensive folder names its patient.").At(f.Path + ".subject"));
            if (FolderReader.Types(f.Source).Count == 0) m.Problems.Add(Refusals.MissingMetadata.Because("A comprehensive folder has the extension ihe-designationType with a code.").At(f.Path + ".extension"));
        }
    }

    /// <summary>A member is an entry of the message, a registered document by our id, or one by its unique id.</summary>
    public static void HoldsDocuments(ProvideMessage m)
    {
        foreach (var f in m.Folders)
        {
            // What no document stands in is seen by nobody, its maker included.
            if (f.Source.Entry.Count == 0) m.Problems.Add(Refusals.MissingMetadata.Because("A folder names at least one document.").At(f.Path + ".entry"));
            for (var i = 0; i < f.Source.Entry.Count; i++)
            {
                var path = $"{f.Path}.entry[{i}].item";
                var entry = f.Source.Entry[i];
                if (entry.Deleted == true) Refuse(m, f, $"entry[{i}].deleted", "No document is taken out of a folder here.");
                if (m.DocumentAt(entry.Item?.Reference) is { } document) f.Own.Add(m.Documents.IndexOf(document));
                else if (RecordReferences.Id(entry.Item?.Reference, "DocumentReference", m.Settings.BaseUrl) is { } id) f.Members.Add(new DocumentId(id));
                else if ((entry.Item?.Identifier?.Value ?? entry.Item?.Reference) is { } name && UniqueIds.IsValid(name)) f.MembersByName.Add(UniqueIds.Normal(name));
                else m.Problems.Add(Refusals.UnresolvedReference.Because("A document of a folder is named by our id, by its unique id or by an entry of this message.").At(path));
            }
        }
    }

    private static void Refuse(ProvideMessage m, FolderPart f, string element, string reason) => m.Problems.Add(Refusals.InvalidMetadata.Because(reason).At($"{f.Path}.{element}"));
}
