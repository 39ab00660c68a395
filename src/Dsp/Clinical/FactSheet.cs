using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dsp.Clinical;

/// <summary>What could be read from a document, and what could not.</summary>
/// <param name="Problem">Why the document's content could not be read, or not to the end; in English, without any of its text. Null: read whole.</param>
/// <param name="LeftOut">Entries the source itself marks as entered in error or nullified.</param>
/// <param name="Cut">There are more entries than <see cref="FactSheet.MostFacts"/>; the first ones are kept.</param>
/// <param name="Author">The document's own author, who speaks wherever a fact names no other.</param>
/// <param name="Text">Why its text, or that of what it encloses, is not known or not to the end (<see cref="TextProblems"/>). Null: known.</param>
/// <param name="UnreadSections">Sections with entries of which none became a fact.</param>
/// <param name="UncodedSections">Sections without a code that says what they are.</param>
/// <param name="Scans">Pages whose text was recognised in a picture: such text may hold mistakes.</param>
public sealed record ReadingReport(string? Problem = null, int LeftOut = 0, bool Cut = false, FactAuthor? Author = null, string? Text = null, int Scans = 0, int UnreadSections = 0, int UncodedSections = 0);

/// <summary>
/// The facts of one document. As bytes: version (1) ‖ length ‖ report as JSON ‖ for every kind present: kind (1 byte), length
/// (4, big-endian), its facts as a packed JSON array; so that a list of allergies unpacks and parses no laboratory result.
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
            // The document's author is written once.
            Put(output, Packing.Pack(JsonSerializer.SerializeToUtf8Bytes(kind.Select(f => f.Author is not null && f.Author == Report.Author ? f with { Author = null } : f).ToList(), FactJson.Readable.ListFact)));
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
            if (kinds is null || kinds.Contains(kind))
                facts.AddRange(JsonSerializer.Deserialize(Packing.Unpack(part), FactJson.Default.ListFact)!.Select(f => f.Author is null && report.Author is { } author ? f with { Author = author } : f));
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

/// <summary>A date as an array: text, from, to in milliseconds since 1970; the text alone where it is no date; or why there is none, after a question mark.</summary>
internal sealed class FactDateJson : JsonConverter<FactDate>
{
    public override FactDate Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString() is ['?', .. var reason] ? new FactDate(Absent: reason) : throw new JsonException();
        reader.Read();
        var text = reader.GetString();
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray) return new FactDate(text);
        var from = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());
        reader.Read();
        var to = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());
        reader.Read();
        return new FactDate(text, from, to);
    }

    public override void Write(Utf8JsonWriter writer, FactDate value, JsonSerializerOptions options)
    {
        if (value.Absent is { } reason)
        {
            writer.WriteStringValue("?" + reason);
            return;
        }
        writer.WriteStartArray();
        writer.WriteStringValue(value.Text);
        if (value is { From: { } from, To: { } to })
        {
            writer.WriteNumberValue(from.ToUnixTimeMilliseconds());
            writer.WriteNumberValue(to.ToUnixTimeMilliseconds());
        }
        writer.WriteEndArray();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Converters = [typeof(FactDateJson)])]
[JsonSerializable(typeof(ReadingReport))]
[JsonSerializable(typeof(List<Fact>))]
internal sealed partial class FactJson : JsonSerializerContext
{
    private static readonly Lazy<FactJson> WithLetters = new(() => new FactJson(new JsonSerializerOptions(Default!.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>Letters as they are: what is sealed never stands in a page.</summary>
    public static FactJson Readable => WithLetters.Value;
}
