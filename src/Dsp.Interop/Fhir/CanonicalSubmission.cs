using System.Buffers;
using Dsp.Documents;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>
/// The stored form of a submission set: its List JSON without id, meta, status, subject and entry, always beginning with
/// <c>{"resourceType":"List"</c>; the rest is written at answer time, entries only for documents the reader may see.
/// </summary>
public static class CanonicalSubmission
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

    /// <summary>Writes the whole List as this reader sees it.</summary>
    public static void Write(IBufferWriter<byte> output, Submission submission, RecordId record, IReadOnlyList<DocumentId> visible)
    {
        ReadOnlySpan<byte> stored = submission.Fhir;
        if (!stored.StartsWith(Head)) throw new InvalidDataException("A stored submission does not have the canonical form");
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"List\",\"id\":\""u8).Plain(submission.Id.ToString());
        json.Raw("\",\"meta\":{\"versionId\":\"1\",\"profile\":[\""u8).Plain(FhirNames.Mhd + "IHE.MHD.Minimal.SubmissionSet");
        json.Raw("\"]},\"status\":\"current\",\"subject\":{\"reference\":\"Patient/"u8).Plain(record.ToString());
        json.Raw("\"}"u8);
        for (var i = 0; i < visible.Count; i++)
        {
            json.Raw(i == 0 ? ",\"entry\":[{\"item\":{\"reference\":\"DocumentReference/"u8 : ",{\"item\":{\"reference\":\"DocumentReference/"u8).Plain(visible[i].ToString());
            json.Raw("\"}}"u8);
        }
        if (visible.Count > 0) json.Raw("]"u8);
        json.Raw(stored[Head.Length..]);
    }
}
