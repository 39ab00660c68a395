using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;

namespace Dsp.Interop.Fhir;

/// <summary>
/// FHIR XML at the border: what arrives becomes JSON before anything reads it, what leaves is made of the JSON that would have
/// left. So both formats hold the same, and there is one reader and one writer of everything else (FHIR R4 xml, json).
/// </summary>
public static partial class FhirXml
{
    public const string MediaType = "application/fhir+xml";

    private static readonly FhirXmlDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
    private static readonly FhirXmlSerializer Serializer = new();

    /// <summary>
    /// Parses strictly, as <see cref="FhirJson.Parse{T}"/> does. No document type, no entity, nothing fetched; nesting is counted
    /// before anything is built.
    /// </summary>
    /// <returns>The resource, null where none could be built, and every problem found; no text of the message is repeated in them.</returns>
    public static (Resource? Resource, IReadOnlyList<Refusal> Problems) Parse(ReadOnlyMemory<byte> xml, int maxDepth)
    {
        try
        {
            if (IsTooDeep(xml, maxDepth)) return (null, [Refusals.TooDeep]);
            using var reader = Reader(xml);
            reader.MoveToContent();
            Strict.TryDeserializeResource(reader, out var resource, out var issues);
            return (resource, [.. Narratives.Unpardoned(resource, issues).Select(FhirJson.Problem)]);
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException)
        {
            return (null, [Refusals.Malformed.Because("The message is not a FHIR resource in well-formed XML without a document type.")]);
        }
        catch (Exception e) when (FhirJson.IsOfTheMessage(e))
        {
            return (null, [Refusals.Malformed.Because("A part of the message does not have the form that its element asks for.")]);
        }
    }

    /// <summary>One resource as XML in UTF-8. What JSON can hold and XML cannot, control characters, becomes the replacement character.</summary>
    public static byte[] Bytes(Resource resource, Func<SerializationFilter>? subset = null)
    {
        try
        {
            return Written(resource, subset);
        }
        catch (ArgumentException)
        {
            return Written(FhirJson.Own(Encoding.UTF8.GetBytes(NotInXml().Replace(Encoding.UTF8.GetString(FhirJson.Bytes(resource)), @"${kept}\ufffd"))), subset);
        }
    }

    private static byte[] Written(Resource resource, Func<SerializationFilter>? subset)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false) })) Serializer.Serialize(resource, writer, subset);
        return bytes.ToArray();
    }

    /// <summary>Escapes, in JSON, of characters that XML 1.0 has not (2.2), after an even number of backslashes.</summary>
    [GeneratedRegex(@"(?<!\\)(?<kept>(?:\\\\)*)\\(?:u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])|u[fF]{3}[efEF]|b|f)", RegexOptions.None, matchTimeoutMilliseconds: 2000)]
    private static partial Regex NotInXml();

    private static bool IsTooDeep(ReadOnlyMemory<byte> xml, int maxDepth)
    {
        using var reader = Reader(xml);
        while (reader.Read())
            if (reader.Depth > maxDepth) return true;
        return false;
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> xml) =>
        MemoryMarshal.TryGetArray(xml, out var whole) ? new MemoryStream(whole.Array!, whole.Offset, whole.Count, writable: false) : new MemoryStream(xml.ToArray(), writable: false);

    private static XmlReader Reader(ReadOnlyMemory<byte> xml) =>
        XmlReader.Create(Stream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true, CheckCharacters = true });
}
