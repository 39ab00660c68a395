using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>References to our own resources, relative or under our own base; a version part is ignored.</summary>
public static class RecordReferences
{
    /// <summary>The patient a reference <c>Patient/{id}</c> names; null for every other text.</summary>
    public static PatientIdentifier? Read(string? reference, string baseUrl) =>
        Id(reference, "Patient", baseUrl) is { } id ? OfRecord(new RecordId(id)) : null;

    /// <summary>A record named by its own id.</summary>
    public static PatientIdentifier OfRecord(RecordId record) => new(FhirNames.UriSystem, "urn:uuid:" + record, record);

    /// <summary>The id in <c>{type}/{id}</c>; null where the text is no such reference or the id is none of ours.</summary>
    public static Guid? Id(string? reference, string type, string baseUrl)
    {
        if (reference is null) return null;
        var text = reference.AsSpan();
        if (text.StartsWith(baseUrl, StringComparison.Ordinal) && text.Length > baseUrl.Length && text[baseUrl.Length] == '/') text = text[(baseUrl.Length + 1)..];
        if (!text.StartsWith(type, StringComparison.Ordinal) || text.Length <= type.Length || text[type.Length] != '/') return null;
        text = text[(type.Length + 1)..];
        var history = text.IndexOf("/_history/", StringComparison.Ordinal);
        if (history >= 0) text = text[..history];
        return Ids.TryParse(text.ToString(), out var id) ? id : null;
    }
}
