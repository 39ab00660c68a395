using System.Buffers;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>The answer to ITI-65: one entry for each of the request, in its order, with relative locations.</summary>
public static class TransactionResponseWriter
{
    /// <summary>Writes the transaction-response; a repeated deposit gets the first answer again.</summary>
    public static void Write(IBufferWriter<byte> output, ProvidedBundle request, Deposited made)
    {
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"Bundle\",\"meta\":{\"profile\":[\""u8).Plain(FhirNames.Mhd + "IHE.MHD.ProvideDocumentBundleResponse");
        json.Raw("\"]},\"type\":\"transaction-response\",\"entry\":["u8);
        for (var i = 0; i < request.Entries.Count; i++)
        {
            if (i > 0) json.Raw(","u8);
            Write(json, request.Entries[i], made);
        }
        json.Raw("]}"u8);
    }

    private static void Write(RawJson json, ProvidedEntry entry, Deposited made)
    {
        var location = entry.Kind switch
        {
            ProvidedEntryKind.Submission => $"List/{made.Submission}/_history/1",
            ProvidedEntryKind.Document => $"DocumentReference/{made.Documents[entry.Document].Id}/_history/1",
            ProvidedEntryKind.Content => $"Binary/{made.Documents[entry.Document].Id}/_history/1",
            ProvidedEntryKind.Folder => $"List/{made.Folders[entry.Document]}/_history/1",
            ProvidedEntryKind.FilledFolder => $"List/{made.Folders[entry.Document]}",
            ProvidedEntryKind.Update => $"DocumentReference/{entry.Updated}",
            _ => null,
        };
        var created = entry.Kind is ProvidedEntryKind.Submission or ProvidedEntryKind.Document or ProvidedEntryKind.Content or ProvidedEntryKind.Folder;
        json.Raw("{\"response\":{\"status\":\""u8).Plain(created ? "201 Created" : "200 OK").Raw("\""u8);
        if (location is not null) json.Raw(",\"location\":\""u8).Plain(location).Raw("\""u8);
        if (created) json.Raw(",\"etag\":\"W/\\\"1\\\"\""u8);
        json.Raw(",\"lastModified\":\""u8).Plain(Instants.Text(made.At)).Raw("\""u8);
        if (entry.Kind == ProvidedEntryKind.Document && made.Documents[entry.Document].Differences is { Count: > 0 } differences) Warn(json, differences);
        json.Raw("}}"u8);
    }

    private static void Warn(RawJson json, IReadOnlyList<string> differences)
    {
        json.Raw(",\"outcome\":{\"resourceType\":\"OperationOutcome\",\"issue\":["u8);
        DepositWarning.Write(json, differences);
        json.Raw("]}"u8);
    }
}

/// <summary>What the depositor of a document that was kept is told all the same.</summary>
internal static class DepositWarning
{
    /// <summary>One issue: kept, and perhaps another patient's; what differs by name, never what either side says.</summary>
    public static void Write(RawJson json, IReadOnlyList<string> differences)
    {
        json.Raw("{\"severity\":\"warning\",\"code\":\"business-rule\",\"details\":{\"coding\":[{\"system\":\"urn:dsp:finding\",\"code\":\""u8);
        json.Plain(DepositFindings.WrongPatient).Raw("\"}],\"text\":\"The document was kept, and what it says of its patient differs from the record: "u8);
        json.Plain(string.Join(", ", differences)).Raw(". If it is another patient's, withdraw it as such and deposit it again.\"}}"u8);
    }
}
