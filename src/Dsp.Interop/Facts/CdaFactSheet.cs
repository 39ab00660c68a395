using System.Text;
using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>The facts and the words of a CDA R2 document.</summary>
public static class CdaFactSheet
{
    /// <summary>Reads a document; what cannot be read gives an empty sheet whose report says why.</summary>
    /// <param name="document">The category the document was deposited under.</param>
    public static FactSheet Read(ReadOnlyMemory<byte> bytes, DataCategory document, CdaLimits? limits = null)
    {
        if (!CdaXml.TryLoad(bytes, limits ?? CdaLimits.Default, out var root, out var problem)) return Unread(problem.Detail);
        return ClinicalIn(root) is { } clinical ? CdaFactReader.Read(clinical, document) : Unread("No ClinicalDocument element of urn:hl7-org:v3 was found.");
    }

    internal static XElement? ClinicalIn(XElement root) => root.DescendantsAndSelf().FirstOrDefault(e => e.Is("ClinicalDocument"));

    /// <summary>Title, section titles and narratives in their order; the words of a plain-text body.</summary>
    internal static string TextOf(XElement clinical)
    {
        var text = new StringBuilder();
        Line(text, clinical.Child("title"));
        foreach (var section in clinical.Descendants().Where(e => e.Is("section")))
        {
            if (text.Length > ContentReader.LongestText) break;
            Line(text, section.Child("title"));
            foreach (var narrative in section.Children("text")) Line(text, narrative);
        }
        foreach (var body in clinical.Children("component").SelectMany(c => c.Children("nonXMLBody")).Select(b => b.Child("text")).OfType<XElement>())
        {
            if (body.Attr("mediaType") is not (null or "text/plain")) continue;
            if (body.Attr("representation") != "B64") Line(text, body);
            else if (Decoded(body.Value) is { } bytes) text.Append(Encoding.UTF8.GetString(bytes)).Append('\n');
        }
        return text.ToString();
    }

    private static byte[]? Decoded(string base64)
    {
        var buffer = new byte[(base64.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(base64, buffer, out var written) ? buffer[..written] : null;
    }

    private static void Line(StringBuilder text, XElement? element)
    {
        if (element is null) return;
        var words = new StringBuilder();
        CdaTexts.Append(words, element, ContentReader.LongestText);
        if (CdaHeaderReader.Clean(words.ToString()) is { } clean) text.Append(clean).Append('\n');
    }

    private static FactSheet Unread(string reason) => new([], new ReadingReport(reason));
}
