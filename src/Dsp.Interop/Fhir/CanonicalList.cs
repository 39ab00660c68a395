using System.Buffers;
using Dsp.Documents;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>
/// The stored form of a submission set or folder: its List JSON without id, meta, status, subject and entry, a folder's without its
/// date too, always beginning with <c>{"resourceType":"List"</c>; the rest is written at answer time, entries only for documents the
/// reader may see.
/// </summary>
public static class CanonicalList
{
    private static ReadOnlySpan<byte> Head => "{\"resourceType\":\"List\""u8;

    /// <summary>Makes the stored form; the resource given is emptied of what is not stored.</summary>
    public static byte[] Make(List list)
    {
        list.IdElement = null!;
        list.Meta = null;
        list.StatusElement = null!;
        list.Subject = null;
        list.Entry = [];
        return FhirJson.Bytes(list);
    }

    /// <summary>Writes the whole List as its reader sees it.</summary>
    public static void Write(IBufferWriter<byte> output, DocumentList list)
    {
        var stored = list.Fhir.Span;
        if (!stored.StartsWith(Head)) throw new InvalidDataException("A stored list does not have the canonical form");
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"List\",\"id\":\""u8).Plain(Ids.Text(list.Id));
        json.Raw("\",\"meta\":{\"versionId\":\""u8).Number(list.Version);
        json.Raw("\",\"lastUpdated\":\""u8).Plain(Instants.Text(list.ChangedAt)).Raw("\""u8);
        if (Profile(list) is { } profile) json.Raw(",\"profile\":[\""u8).Plain(profile).Raw("\"]"u8);
        json.Raw("},\"status\":\"current\",\"subject\":{\"reference\":\"Patient/"u8).Plain(list.Record.ToString());
        json.Raw("\"}"u8);
        // A folder's date is that of its last change (XDS lastUpdateTime), as far as this reader sees one.
        if (list.Kind == ListKind.Folder) json.Raw(",\"date\":\""u8).Plain(Instants.Text(list.ChangedAt)).Raw("\""u8);
        for (var i = 0; i < list.Members.Count; i++)
        {
            json.Raw(i == 0 ? ",\"entry\":[{\"item\":{\"reference\":\"DocumentReference/"u8 : ",{\"item\":{\"reference\":\"DocumentReference/"u8).Plain(list.Members[i].Document.ToString());
            json.Raw("\"}}"u8);
        }
        if (list.Members.Count > 0) json.Raw("]"u8);
        json.Raw(stored[Head.Length..]);
    }

    public static byte[] Bytes(DocumentList list)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        Write(output, list);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The fullest MHD profile the list meets; null where its source gave too little for any.</summary>
    private static string? Profile(DocumentList list) => (list.Kind, list.Types.Count > 0) switch
    {
        (ListKind.Folder, true) when list.Title is not null => FhirNames.Mhd + "IHE.MHD.Comprehensive.Folder",
        (ListKind.Folder, _) => FhirNames.Mhd + "IHE.MHD.Minimal.Folder",
        // MHD wants an OID here (SubmissionSetUniqueIdIdentifier); a UUID is taken from its source, and claims nothing.
        (_, _) when list.SourceId is null || !list.UniqueId.StartsWith("urn:oid:", StringComparison.Ordinal) => null,
        (_, true) => FhirNames.Mhd + "IHE.MHD.UnContained.Comprehensive.SubmissionSet",
        _ => FhirNames.Mhd + "IHE.MHD.Minimal.SubmissionSet",
    };
}
