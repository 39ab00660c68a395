using System.Buffers;
using Dsp.Documents;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>
/// The stored form of a DocumentReference: its JSON without id, meta, status, subject, relatesTo and attachment.url, always
/// beginning with <c>{"resourceType":"DocumentReference","content":[{"attachment":{</c>. Answering is to write what only
/// answer time knows in the place of that head and to copy the rest: no model, no parsing (packages 4).
/// </summary>
public static class CanonicalDocument
{
    private static ReadOnlySpan<byte> Head => "{\"resourceType\":\"DocumentReference\",\"content\":[{\"attachment\":{"u8;

    /// <summary>Makes the stored form; the resource given is emptied of what is not stored.</summary>
    /// <exception cref="ArgumentException">Not exactly one content with an attachment that has a content type.</exception>
    public static byte[] Make(DocumentReference document)
    {
        if (document.Content is not [{ Attachment.ContentType: not null } content])
            throw new ArgumentException("A document has one content with a content type", nameof(document));
        var attachment = content.Attachment;
        attachment.UrlElement = null;
        document.IdElement = null!;
        document.Meta = null;
        document.StatusElement = null!;
        document.Subject = null;
        document.RelatesTo = [];
        content.Attachment = null!;
        document.Content = [];
        var output = new ArrayBufferWriter<byte>(2048);
        output.Write(Head[..^1]);
        output.Write(FhirJson.Bytes(attachment));
        var members = FhirJson.Bytes(content).AsSpan();
        if (members.Length > 2)
        {
            output.Write(","u8);
            output.Write(members[1..]);
        }
        else
        {
            output.Write("}"u8);
        }
        output.Write("]"u8);
        output.Write(FhirJson.Bytes(document).AsSpan("{\"resourceType\":\"DocumentReference\""u8.Length));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the whole resource as this reader sees it.</summary>
    /// <param name="baseUrl">The public FHIR base, without a slash at its end.</param>
    /// <param name="visible">Whether the reader may see the target of a relation; a hidden one is not hinted at.</param>
    public static void Write(IBufferWriter<byte> output, StoredDocument document, string baseUrl, Func<DocumentId, bool> visible)
    {
        var stored = document.Fhir.Span;
        if (!stored.StartsWith(Head)) throw new InvalidDataException("A stored document does not have the canonical form");
        var json = new RawJson(output);
        var id = document.Id.ToString();
        json.Raw("{\"resourceType\":\"DocumentReference\",\"id\":\""u8).Plain(id);
        json.Raw("\",\"meta\":{\"versionId\":\""u8).Number(document.Version);
        json.Raw("\",\"lastUpdated\":\""u8).Plain(Instants.Text(document.State.Since));
        json.Raw("\",\"profile\":[\""u8).Plain(Profile(document.Entry.Facts.IsComprehensive));
        json.Raw("\"]},\"status\":\""u8).Plain(Status(document.State.Status));
        json.Raw("\",\"subject\":{\"reference\":\"Patient/"u8).Plain(document.Record.ToString());
        json.Raw("\"},"u8);
        var first = true;
        foreach (var relation in document.Entry.Facts.Relations ?? [])
        {
            if (!visible(relation.Target)) continue;
            json.Raw(first ? "\"relatesTo\":[{\"code\":\""u8 : ",{\"code\":\""u8).Plain(Code(relation.Kind));
            json.Raw("\",\"target\":{\"reference\":\"DocumentReference/"u8).Plain(relation.Target.ToString());
            json.Raw("\"}}"u8);
            first = false;
        }
        if (!first) json.Raw("],"u8);
        // EU Health Data API: both are always there. The source's own words win.
        if (stored.IndexOf(",\"date\":"u8) < 0) json.Raw("\"date\":\""u8).Plain(Instants.Text(document.Entry.AddedAt)).Raw("\","u8);
        if (stored.IndexOf(",\"custodian\":"u8) < 0) Custodian(json, document.Entry);
        json.Raw("\"content\":[{\"attachment\":{\"url\":"u8).Text(baseUrl + "/Binary/" + id);
        json.Raw(","u8).Raw(stored[Head.Length..]);
    }

    /// <summary>The institution that deposited keeps the original; what a holder adds is kept here.</summary>
    private static void Custodian(RawJson json, DocumentEntry entry)
    {
        json.Raw("\"custodian\":{"u8);
        if (entry.Institution is { } institution) json.Raw("\"reference\":\"Organization/"u8).Plain(institution.ToString()).Raw("\","u8);
        json.Raw("\"display\":"u8).Text(entry.InstitutionName ?? "Dossier de soins partagé").Raw("},"u8);
    }

    public static byte[] Bytes(StoredDocument document, string baseUrl, Func<DocumentId, bool> visible)
    {
        var output = new ArrayBufferWriter<byte>(2048);
        Write(output, document, baseUrl, visible);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>FHIR status of an availability.</summary>
    public static string Status(DocumentStatus status) => status switch
    {
        DocumentStatus.Current => "current",
        DocumentStatus.Superseded => "superseded",
        _ => "entered-in-error",
    };

    /// <summary>FHIR code of a relation (MHD: RPLC replaces, APND appends, XFRM transforms, signs).</summary>
    public static string Code(RelationKind kind) => kind switch
    {
        RelationKind.Replaces => "replaces",
        RelationKind.Appends => "appends",
        RelationKind.Transforms => "transforms",
        _ => "signs",
    };

    /// <summary>The fullest MHD profile the entry meets.</summary>
    public static string Profile(bool comprehensive) => comprehensive ? FhirNames.ComprehensiveDocumentProfile : FhirNames.DocumentProfile;
}
