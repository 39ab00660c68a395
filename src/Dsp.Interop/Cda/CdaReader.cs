using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml.Linq;

namespace Dsp.Interop.Cda;

/// <summary>Reads the bytes of a CDA R2 document into the model. Lenient about what it finds, strict about what it lets in.</summary>
public static class CdaReader
{
    /// <summary>
    /// Reads a document. Never throws on content: what cannot be read is a <paramref name="problem"/>.
    /// A document wrapped in another XML element is found too; the first one counts.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out CdaDocument? document,
        [NotNullWhen(false)] out CdaProblem? problem,
        CdaLimits? limits = null)
    {
        document = null;
        if (!CdaXml.TryLoad(bytes, limits ?? CdaLimits.Default, out var root, out problem))
        {
            return false;
        }

        var clinical = root.DescendantsAndSelf().FirstOrDefault(e => e.Is("ClinicalDocument"));
        if (clinical is null)
        {
            problem = new CdaProblem(CdaProblemKind.NotCda, "No ClinicalDocument element of urn:hl7-org:v3 was found.");
            return false;
        }

        var body = clinical.Children("component").SelectMany(c => c.Elements()).FirstOrDefault(e => e.Is("structuredBody") || e.Is("nonXMLBody"));
        document = new CdaDocument(
            CdaHeaderReader.Read(clinical),
            body is not null && body.Is("structuredBody") ? Sections(body) : [],
            body is not null && body.Is("nonXMLBody") ? Attachment(body.Child("text")) : null,
            Media(clinical));
        return true;
    }

    private static List<CdaSection> Sections(XElement parent) =>
        [.. parent.Elements()
            .SelectMany(e => e.Is("component") ? e.Children("section") : e.Is("section") ? [e] : [])
            .Select(Section)];

    private static CdaSection Section(XElement section) => new(
        CdaHeaderReader.Clean(section.Child("title")?.Value),
        CdaHeaderReader.Code(section.Child("code")),
        CdaHeaderReader.Language(section.Child("languageCode")),
        section.Attribute("nullFlavor")?.Value ?? section.Child("text")?.Attribute("nullFlavor")?.Value,
        section.Children("entry").Any(),
        CdaNarrativeReader.Read(section.Children("text")),
        Sections(section));

    private static Dictionary<string, CdaAttachment> Media(XElement clinical)
    {
        var media = new Dictionary<string, CdaAttachment>(StringComparer.Ordinal);
        foreach (var item in clinical.Descendants().Where(e => e.Is("observationMedia") || e.Is("regionOfInterest")))
        {
            if (item.Attribute("ID")?.Value is { Length: > 0 } id && Attachment(item.Child("value")) is { } attachment)
            {
                media.TryAdd(id, attachment);
            }
        }

        return media;
    }

    private static CdaAttachment? Attachment(XElement? data)
    {
        if (data is null)
        {
            return null;
        }

        var reference = data.Child("reference")?.Attribute("value")?.Value;
        var mediaType = data.Attribute("mediaType")?.Value.Trim().ToLowerInvariant() is { Length: > 0 } named ? named : "text/plain";
        var content = string.Concat(data.Nodes().OfType<XText>().Select(t => t.Value));
        if (data.Attribute("representation")?.Value == "B64")
        {
            var buffer = new byte[(content.Length / 4 * 3) + 3];
            return Convert.TryFromBase64String(content, buffer, out var written) && written > 0
                ? new CdaAttachment(mediaType, buffer.AsMemory(0, written), reference)
                : new CdaAttachment(mediaType, null, reference);
        }

        // A null array would become an empty memory, which says "carried, and empty".
        ReadOnlyMemory<byte>? bytes = string.IsNullOrWhiteSpace(content) ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(content);
        return new CdaAttachment(mediaType, bytes, reference);
    }
}

/// <summary>Names of HL7 v3 without their namespace at each use.</summary>
internal static class CdaElements
{
    private const string Hl7 = "urn:hl7-org:v3";

    public static bool Is(this XElement element, string name) => element.Name.LocalName == name && element.Name.NamespaceName == Hl7;

    // Comparing names costs less than looking one up in the framework's table of names, and this is asked for every entry.
    public static XElement? Child(this XElement element, string name)
    {
        for (var node = element.FirstNode; node is not null; node = node.NextNode)
            if (node is XElement child && child.Is(name)) return child;
        return null;
    }

    /// <summary>The value of an attribute without a namespace.</summary>
    public static string? Attr(this XElement element, string name)
    {
        for (var attribute = element.FirstAttribute; attribute is not null; attribute = attribute.NextAttribute)
            if (attribute.Name.LocalName == name && attribute.Name.NamespaceName.Length == 0) return attribute.Value;
        return null;
    }

    public static IEnumerable<XElement> Children(this XElement element, string name)
    {
        for (var node = element.FirstNode; node is not null; node = node.NextNode)
            if (node is XElement child && child.Is(name)) yield return child;
    }
}
