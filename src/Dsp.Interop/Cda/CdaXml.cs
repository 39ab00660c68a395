using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Dsp.Interop.Cda;

/// <summary>
/// Reads XML of strangers: no document type, so no entity of their own; nothing fetched; depth, size and count bounded
/// while reading, before a tree of that size exists.
/// </summary>
internal static class CdaXml
{
    public static bool TryLoad(ReadOnlyMemory<byte> bytes, CdaLimits limits, [NotNullWhen(true)] out XElement? root, [NotNullWhen(false)] out CdaProblem? problem)
    {
        root = null;
        problem = bytes.Length == 0 ? new CdaProblem(CdaProblemKind.Empty, "The document has no bytes.")
            : bytes.Length > limits.MaxBytes ? new CdaProblem(CdaProblemKind.TooLarge, $"The document has {bytes.Length} bytes, at most {limits.MaxBytes} are read.")
            : null;
        if (problem is not null)
        {
            return false;
        }

        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersFromEntities = 1,
            MaxCharactersInDocument = limits.MaxBytes,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = true,
            CloseInput = true,
        };
        var line = 0;
        try
        {
            using var reader = XmlReader.Create(ToStream(bytes), settings);
            root = Build(reader, limits, out problem);
            return problem is null && root is not null;
        }
        catch (XmlException fault)
        {
            line = fault.LineNumber;
            // The runtime has one exception for both; its messages are not localised. The text may quote content, so it is not passed on.
            problem = fault.Message.Contains("DTD", StringComparison.Ordinal)
                ? new CdaProblem(CdaProblemKind.DocumentType, "A document type declaration is not accepted.", line)
                : new CdaProblem(CdaProblemKind.NotXml, $"Not well-formed XML at line {line}, position {fault.LinePosition}.", line);
        }
        catch (Exception fault) when (fault is DecoderFallbackException or ArgumentException or NotSupportedException)
        {
            problem = new CdaProblem(CdaProblemKind.NotXml, "The character encoding of the document cannot be read.", line);
        }

        root = null;
        return false;
    }

    private static XElement? Build(XmlReader reader, CdaLimits limits, out CdaProblem? problem)
    {
        problem = null;
        var nodes = 0;
        XElement? root = null, open = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    nodes += 1 + reader.AttributeCount;
                    var line = (reader as IXmlLineInfo)?.LineNumber ?? 0;
                    if (reader.Depth >= limits.MaxDepth)
                    {
                        problem = new CdaProblem(CdaProblemKind.TooDeep, $"Elements are nested deeper than {limits.MaxDepth} levels.", line);
                        return null;
                    }

                    if (nodes > limits.MaxNodes)
                    {
                        problem = new CdaProblem(CdaProblemKind.TooManyNodes, $"The document has more than {limits.MaxNodes} elements and attributes.", line);
                        return null;
                    }

                    var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
                    var empty = reader.IsEmptyElement;
                    while (reader.MoveToNextAttribute())
                    {
                        if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                        {
                            element.Add(new XAttribute(XName.Get(reader.LocalName, reader.NamespaceURI), reader.Value));
                        }
                    }

                    open?.Add(element);
                    root ??= element;
                    open = empty ? open : element;
                    break;
                case XmlNodeType.EndElement:
                    open = open?.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when open is not null:
                    open.Add(new XText(reader.Value));
                    break;
            }
        }

        if (root is null)
        {
            problem = new CdaProblem(CdaProblemKind.NotXml, "The document has no element.");
        }

        return root;
    }

    private static MemoryStream ToStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
