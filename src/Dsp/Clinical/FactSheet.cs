using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dsp.Clinical;

/// <summary>What could be read from a document, and what could not.</summary>
/// <param name="Problem">Why the document's content could not be read, or not to the end; in English, without any of its text. Null: read whole.</param>
/// <param name="LeftOut">Entries the source itself marks as entered in error or nullified.</param>
/// <param name="Cut">There are more entries than <see cref="FactSheet.MostFacts"/>; the first ones are kept.</param>
public sealed record ReadingReport(string? Problem = null, int LeftOut = 0, bool Cut = false);

/// <summary>
/// The facts of one document. As bytes: version (1) ‖ length ‖ report as JSON ‖ for every kind present: kind (1 byte), length
/// (4, big-endian), its facts as a JSON array; so that a list of allergies parses no laboratory result.
/// </summary>
public sealed record FactSheet(IReadOnlyList<Fact> Facts, ReadingReport Report)
{
    /// <summary>Most facts kept of one document; the largest sample document has some 400.</summary>
    public const int MostFacts = 5000;
    private const byte Version = 1;

    public static FactSheet Empty { get; } = new([], new ReadingReport());

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(256, Facts.Count * 400));
        output.Write([Version]);
        Put(output, JsonSerializer.SerializeToUtf8Bytes(Report, FactJson.Default.ReadingReport));
        foreach (var kind in Facts.GroupBy(f => f.Kind).OrderBy(g => g.Key))
        {
            output.Write([(byte)kind.Key]);
            Put(output, JsonSerializer.SerializeToUtf8Bytes(kind.ToList(), FactJson.Default.ListFact));
        }
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the facts of some kinds; all where none is named.</summary>
    /// <exception cref="InvalidDataException">Not a sheet of a version this program knows.</exception>
    public static FactSheet FromBytes(ReadOnlySpan<byte> bytes, IReadOnlyCollection<FactKind>? kinds = null)
    {
        if (bytes.Length < 5 || bytes[0] != Version) throw new InvalidDataException("Not a fact sheet of a known version");
        bytes = bytes[1..];
        var report = JsonSerializer.Deserialize(Take(ref bytes), FactJson.Default.ReadingReport)!;
        var facts = new List<Fact>();
        while (bytes.Length > 0)
        {
            var kind = (FactKind)bytes[0];
            bytes = bytes[1..];
            var part = Take(ref bytes);
            if (kinds is null || kinds.Contains(kind)) facts.AddRange(JsonSerializer.Deserialize(part, FactJson.Default.ListFact)!);
        }
        return new FactSheet(facts, report);
    }

    private static void Put(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), part.Length);
        output.Advance(4);
        output.Write(part);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        var part = bytes.Slice(4, length);
        bytes = bytes[(4 + length)..];
        return part;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ReadingReport))]
[JsonSerializable(typeof(List<Fact>))]
internal sealed partial class FactJson : JsonSerializerContext;
