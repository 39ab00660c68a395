using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>A Folder List → the registry's folder.</summary>
internal static class FolderReader
{
    public static ProvidedFolder Read(FolderPart part)
    {
        var list = part.Source;
        var folder = new Folder
        {
            Id = default,
            UniqueId = UniqueIds.Normal(SubmissionRules.UniqueId(list)?.Value ?? ""),
            Title = list.Title,
            Types = Types(list),
            Identifiers = MetadataReader.Identifiers(list.Identifier),
        };
        list.DateElement = null;
        return new ProvidedFolder
        {
            Folder = folder with { Fhir = CanonicalList.Make(list) },
            Existing = part.Existing,
            Known = part.Known,
            Own = part.Own,
            Members = part.Members,
            MembersByName = part.MembersByName,
        };
    }

    /// <summary>What the folder is for: XDS codeList.</summary>
    public static IReadOnlyList<CodedValue> Types(List list) =>
        [.. list.GetExtensions(FhirNames.DesignationType).Select(e => e.Value).OfType<CodeableConcept>().SelectMany(MetadataReader.Values)];
}
