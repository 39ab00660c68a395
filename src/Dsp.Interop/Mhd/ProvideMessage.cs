using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>One DocumentReference of the message with what the rules found out about it.</summary>
internal sealed class DocumentPart(int index, DocumentReference source)
{
    public int Index { get; } = index;
    public DocumentReference Source { get; } = source;
    public string Path { get; } = $"Bundle.entry[{index}].resource";

    /// <summary>The entry that holds the bytes, −1 until one is found.</summary>
    public int ContentEntry { get; set; } = -1;
    public byte[] Content { get; set; } = [];

    /// <summary>The bytes are a FHIR document Bundle: no hash, no size on the wire.</summary>
    public bool IsFhirDocument { get; set; }
    public PatientIdentifier? Patient { get; set; }
    public List<DocumentRelation> Relations { get; } = [];
    public List<(RelationKind Kind, string Target)> RelationsByName { get; } = [];
}

/// <summary>One Folder List of the message with what the rules found out about it.</summary>
internal sealed class FolderPart(int index, List source)
{
    public int Index { get; } = index;
    public List Source { get; } = source;
    public string Path { get; } = $"Bundle.entry[{index}].resource";

    /// <summary>It is filled (PUT), not made (POST).</summary>
    public bool Existing { get; set; }
    public FolderId? Known { get; set; }
    public List<int> Own { get; } = [];
    public List<DocumentId> Members { get; } = [];
    public List<string> MembersByName { get; } = [];
}

/// <summary>A parsed ITI-65 message, sorted into its parts, with the problems found so far.</summary>
internal sealed class ProvideMessage
{
    private static readonly string[] SupportingTypes = ["Patient", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "Device"];

    public ProvideMessage(Bundle bundle, BundleScan scan, ReadOnlyMemory<byte> json, ProvideSettings settings, Problems problems)
    {
        (Bundle, Scan, Json, Settings, Problems) = (bundle, scan, json, settings, problems);
        var byUrl = new Dictionary<string, Resource>(StringComparer.Ordinal);
        for (var i = 0; i < bundle.Entry.Count; i++) Sort(i, bundle.Entry[i], byUrl);
        Resolver = new ReferenceResolver(byUrl);
    }

    public Bundle Bundle { get; }
    public BundleScan Scan { get; }

    /// <summary>The bytes the scan's positions refer to.</summary>
    public ReadOnlyMemory<byte> Json { get; }
    public ProvideSettings Settings { get; }
    public Problems Problems { get; }
    public ReferenceResolver Resolver { get; }
    public ProvideOption Option { get; set; }
    public bool Comprehensive => Option != ProvideOption.Minimal;
    public List<(int Index, List Source)> Submissions { get; } = [];
    public List<DocumentPart> Documents { get; } = [];

    /// <summary>Binary and FHIR document entries, by fullUrl.</summary>
    public Dictionary<string, int> Contents { get; } = new(StringComparer.Ordinal);
    public List<int> ContentEntries { get; } = [];

    /// <summary>PATCH or PUT of an older DocumentReference.</summary>
    public List<int> Updates { get; } = [];
    public List<int> Supporting { get; } = [];

    public List<FolderPart> Folders { get; } = [];

    /// <summary>The version an update says it knows, by <c>ifMatch</c>.</summary>
    public Dictionary<int, long> KnownVersions { get; } = [];
    public Dictionary<int, DocumentId> UpdatedDocuments { get; } = [];
    public PatientIdentifier? Patient { get; set; }

    public static string At(int index, string path = "resource") => $"Bundle.entry[{index}].{path}";

    public DocumentPart? DocumentAt(string? fullUrl) =>
        fullUrl is null ? null : Documents.Find(d => Bundle.Entry[d.Index].FullUrl == fullUrl);

    private void Sort(int i, Bundle.EntryComponent entry, Dictionary<string, Resource> byUrl)
    {
        if (entry.Resource is not { } resource)
        {
            Problems.Add(Refusals.MissingMetadata.Because("An entry of a provided bundle holds a resource.").At(At(i)));
            return;
        }
        if (entry.FullUrl is { } url && !byUrl.TryAdd(url, resource))
            Problems.Add(Refusals.DuplicateInMessage.Because("Two entries have the same fullUrl.").At(At(i, "fullUrl")));
        var verb = entry.Request?.Method;
        switch (resource)
        {
            case List list when IsListType(list, "folder"):
                Folders.Add(new FolderPart(i, list));
                break;
            case List list:
                Submissions.Add((i, list));
                break;
            case DocumentReference when verb == Bundle.HTTPVerb.PUT:
                Updates.Add(i);
                break;
            case DocumentReference document:
                Documents.Add(new DocumentPart(i, document));
                break;
            case Binary or Hl7.Fhir.Model.Bundle:
                ContentEntries.Add(i);
                if (entry.FullUrl is { } contentUrl) Contents.TryAdd(contentUrl, i);
                break;
            case Parameters when verb == Bundle.HTTPVerb.PATCH:
                Updates.Add(i);
                break;
            default:
                if (SupportingTypes.Contains(resource.TypeName)) Supporting.Add(i);
                else Problems.Add(Refusals.InvalidMetadata.Because("A resource of this type has no place in a provided bundle.").At(At(i)));
                break;
        }
    }

    public static bool IsListType(List list, string code) =>
        list.Code?.Coding.Exists(c => c.System == FhirNames.ListTypes && c.Code == code) == true;
}
