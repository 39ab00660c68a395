using System.Buffers;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>The answer to ITI-105 where its sender prefers an outcome to the resource.</summary>
public static class PublishedWriter
{
    /// <summary>An OperationOutcome: kept, and what differs by name where something does.</summary>
    public static void Outcome(IBufferWriter<byte> output, DepositedDocument document)
    {
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"OperationOutcome\",\"issue\":["u8);
        if (document.Differences is { Count: > 0 } differences) DepositWarning.Write(json, differences);
        else json.Raw("{\"severity\":\"information\",\"code\":\"informational\",\"diagnostics\":\"The document was kept.\"}"u8);
        json.Raw("]}"u8);
    }
}
