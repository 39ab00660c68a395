using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>The facts of a CDA R2 document, from its bytes.</summary>
public static class CdaFactSheet
{
    /// <summary>Reads a document; what cannot be read gives an empty sheet whose report says why.</summary>
    /// <param name="document">The category the document was deposited under.</param>
    public static FactSheet Read(ReadOnlyMemory<byte> bytes, DataCategory document, CdaLimits? limits = null)
    {
        if (!CdaXml.TryLoad(bytes, limits ?? CdaLimits.Default, out var root, out var problem)) return Unread(problem.Detail);
        var clinical = root.DescendantsAndSelf().FirstOrDefault(e => e.Is("ClinicalDocument"));
        return clinical is null ? Unread("No ClinicalDocument element of urn:hl7-org:v3 was found.") : CdaFactReader.Read(clinical, document);
    }

    private static FactSheet Unread(string reason) => new([], new ReadingReport(reason));
}
