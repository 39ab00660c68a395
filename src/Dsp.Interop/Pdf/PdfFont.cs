using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Dsp.Interop.Pdf;

/// <summary>
/// One font as used in one document: gives every character used a number of its own, in order of first use, so that the
/// subset is small and text comes back even for a character the font cannot draw.
/// </summary>
internal sealed class PdfFont(TrueTypeFont face, string name)
{
    private static readonly Lazy<TrueTypeFont> RegularFace = new(() => Load("NotoSans-Regular.ttf"));
    private static readonly Lazy<TrueTypeFont> BoldFace = new(() => Load("NotoSans-Bold.ttf"));

    /// <summary>Signs that Noto Sans does not hold and that change a meaning when they cannot be read ("≥ 60").</summary>
    private static readonly FrozenDictionary<int, string> StandIns = new Dictionary<int, string>
    {
        ['\u2212'] = "–",
        ['≥'] = ">=",
        ['≤'] = "<=",
        ['≈'] = "~",
        ['→'] = "->",
        ['←'] = "<-",
        ['☐'] = "[ ]",
        ['☒'] = "[x]",
        ['✓'] = "[x]",
    }.ToFrozenDictionary();

    private readonly Dictionary<int, int> numbers = [];
    private readonly List<int> glyphs = [0];
    private readonly List<int> characters = [0xFFFD];

    public static PdfFont Regular() => new(RegularFace.Value, "NotoSans-Regular");

    public static PdfFont Bold() => new(BoldFace.Value, "NotoSans-Bold");

    /// <summary>Width of a text in points.</summary>
    public double Width(ReadOnlySpan<char> text, double size)
    {
        var units = 0;
        foreach (var rune in Legible(text).EnumerateRunes())
        {
            units += face.Advance(face.Glyph(Drawn(rune.Value)));
        }

        return units * size / face.UnitsPerEm;
    }

    /// <summary>The text as a hexadecimal string of two-byte numbers.</summary>
    public string Encode(ReadOnlySpan<char> text)
    {
        var hex = new StringBuilder("<");
        foreach (var rune in Legible(text).EnumerateRunes())
        {
            if (!numbers.TryGetValue(rune.Value, out var number))
            {
                number = glyphs.Count;
                numbers.Add(rune.Value, number);
                glyphs.Add(face.Glyph(Drawn(rune.Value)));
                characters.Add(rune.Value);
            }

            hex.Append(number.ToString("X4", CultureInfo.InvariantCulture));
        }

        return hex.Append('>').ToString();
    }

    /// <summary>Writes the font's objects; the answer is the number of the font dictionary.</summary>
    public int Write(PdfFile file, string tag)
    {
        var baseName = tag + "+" + name;
        var program = face.Subset(glyphs);
        var data = file.AddStream($"/Length1 {program.Length}", program);
        var box = string.Join(' ', face.Box.Select(Thousandths));
        var descriptor = file.Add($"<< /Type /FontDescriptor /FontName /{baseName} /Flags 32 /FontBBox [{box}] /ItalicAngle 0 /Ascent {Thousandths(face.Ascent)} /Descent {Thousandths(face.Descent)} /CapHeight {Thousandths(face.CapHeight)} /StemV 80 /FontFile2 {data} 0 R >>");
        var widths = string.Join(' ', glyphs.Select(g => Thousandths(face.Advance(g))));
        var descendant = file.Add($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{baseName} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /DW 600 /W [0 [{widths}]] >>");
        var unicode = file.AddStream("", Encoding.ASCII.GetBytes(ToUnicode()));
        return file.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{baseName} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>");
    }

    /// <summary>The text with stand-ins for the signs that the font lacks.</summary>
    private ReadOnlySpan<char> Legible(ReadOnlySpan<char> text)
    {
        var result = text;
        foreach (var rune in text.EnumerateRunes())
        {
            if (StandIns.TryGetValue(rune.Value, out var standIn) && face.Glyph(rune.Value) == 0)
            {
                result = result.ToString().Replace(rune.ToString(), standIn, StringComparison.Ordinal);
            }
        }

        return result;
    }

    private static TrueTypeFont Load(string resource)
    {
        using var stream = typeof(PdfFont).Assembly.GetManifestResourceStream("Dsp.Interop.Pdf." + resource)
            ?? throw new InvalidOperationException($"The font {resource} is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new TrueTypeFont(bytes);
    }

    /// <summary>Spaces that do not break look like a space; their own character is kept for reading back.</summary>
    private static int Drawn(int character) => character is 0x00A0 or 0x202F ? ' ' : character;

    private string Thousandths(int units) => Math.Round(units * 1000.0 / face.UnitsPerEm).ToString(CultureInfo.InvariantCulture);

    private string ToUnicode()
    {
        var map = new StringBuilder("""
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def /CMapType 2 def
            1 begincodespacerange <0000> <FFFF> endcodespacerange

            """);
        // A block may hold at most 100 lines (ISO 32000-1, 9.10.3 and CMap specification).
        foreach (var block in characters.Select((character, number) => (character, number)).Chunk(100))
        {
            map.Append(block.Length.ToString(CultureInfo.InvariantCulture)).Append(" beginbfchar\n");
            foreach (var (character, number) in block)
            {
                var utf16 = Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(char.ConvertFromUtf32(character)));
                map.Append('<').Append(number.ToString("X4", CultureInfo.InvariantCulture)).Append("> <").Append(utf16).Append(">\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end\n").ToString();
    }
}
