using System.Buffers;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Hl7.Fhir.Validation;

namespace Dsp.Interop.Fhir;

/// <summary>The strict reader at the door and the writer of single elements.</summary>
public static class FhirJson
{
    private static readonly FhirJsonDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));
    private static readonly FhirJsonDeserializer Lenient = new(new DeserializerSettings().UsingMode(DeserializationMode.Ostrich));
    private static readonly FhirJsonSerializer Serializer = new();

    /// <summary>Parses strictly: unknown elements, wrong types, missing mandatory elements and active narrative are problems.</summary>
    /// <returns>The resource, null where none could be built, and every problem found; no text of the message is repeated in them.</returns>
    public static (T? Resource, IReadOnlyList<Refusal> Problems) Parse<T>(ReadOnlySpan<byte> json)
        where T : Resource
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = BundleScan.MaxDepth + 8 });
            Strict.TryDeserializeResource(ref reader, out var resource, out var issues);
            var problems = Narratives.Unpardoned(resource, issues).Select(Problem).ToList();
            if (resource is not null and not T && problems.Count == 0)
                problems.Add(Refusals.Malformed.Because($"A {typeof(T).Name} is expected here.").At(resource.TypeName));
            return (resource as T, problems);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, [Refusals.Malformed.Because("The message is not a FHIR resource in well-formed JSON.")]);
        }
        catch (Exception e) when (IsOfTheMessage(e))
        {
            return (null, [Refusals.Malformed.Because("A part of the message does not have the form that its element asks for.")]);
        }
    }

    /// <summary>One element or resource as JSON.</summary>
    public static void Write(Base element, Utf8JsonWriter writer) => Serializer.Serialize(element, writer);

    /// <summary>One element or resource as JSON bytes.</summary>
    public static byte[] Bytes(Base element) => Serializer.SerializeToBytes(element);

    /// <summary>A resource as JSON bytes, in part.</summary>
    public static byte[] Bytes(Resource resource, Func<SerializationFilter>? subset)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(output)) Serializer.Serialize(resource, writer, subset);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What this program wrote itself, read again to be given in another form.</summary>
    /// <exception cref="InvalidOperationException">It is not a resource that can be read: our own writer is wrong.</exception>
    public static Resource Own(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        Lenient.TryDeserializeResource(ref reader, out var resource, out _);
        return resource ?? throw new InvalidOperationException("An answer is not a FHIR resource");
    }

    /// <summary>
    /// The parser of the SDK stumbles over parts that are not of the kind their element asks for, with whatever exception that gives: an
    /// empty name, an attribute where an element stands. It reads nothing but the message, so the message is what is wrong.
    /// </summary>
    internal static bool IsOfTheMessage(Exception e) => e is CodedException or ArgumentException or FormatException or IndexOutOfRangeException or InvalidCastException or InvalidOperationException or NotSupportedException or NullReferenceException or OverflowException;

    internal static Refusal Problem(CodedException issue)
    {
        var path = issue switch
        {
            CodedValidationException v => v.InstancePath,
            FhirJsonException j => j.InstancePath,
            FhirXmlException x => x.InstancePath,
            _ => null,
        };
        // Codes of the parser's problems: 105 mandatory element missing, 115 narrative, 116 code, 124 literal.
        var refusal = issue.ErrorCode switch
        {
            "PVAL105" => Refusals.MissingMetadata.Because($"The element {Last(path)} is missing."),
            "PVAL115" => Refusals.ActiveContent,
            "PVAL116" => Refusals.InvalidMetadata.Because($"The element {Last(path)} holds a code that FHIR does not define."),
            "PVAL124" => Refusals.InvalidMetadata.Because($"The element {Last(path)} holds a value that its type does not allow."),
            "PVAL128" => Refusals.Malformed.Because("FHIR R4 does not define this element."),
            "PVAL130" => Refusals.Malformed.Because("FHIR R4 does not define this resource type."),
            "JSON129" => Refusals.Malformed.Because("A property stands twice in one object."),
            _ => Refusals.Malformed.Because("This part does not have the form that FHIR R4 JSON asks for."),
        };
        return string.IsNullOrEmpty(path) ? refusal : refusal.At(path);
    }

    private static string Last(string? path) => path?[(path.LastIndexOf('.') + 1)..] ?? "";
}
