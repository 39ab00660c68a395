using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace Dsp.Interop.Pdf;

/// <summary>
/// Reads the parts of a TrueType font (ISO/IEC 14496-22, glyf outlines) that a PDF needs, and makes a subset of it.
/// Only for fonts of ours: a damaged font is a fault.
/// </summary>
internal sealed class TrueTypeFont
{
    private static readonly string[] SubsetTables = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    private readonly byte[] file;
    private readonly FrozenDictionary<string, (int Offset, int Length)> tables;
    private readonly FrozenDictionary<int, int> characters;
    private readonly int metrics;
    private readonly bool longOffsets;

    public TrueTypeFont(byte[] file)
    {
        this.file = file;
        tables = Enumerable.Range(0, U16(4)).Select(i => 12 + (16 * i))
            .ToFrozenDictionary(at => Encoding.ASCII.GetString(file, at, 4), at => ((int)U32(at + 8), (int)U32(at + 12)));
        var head = At("head");
        UnitsPerEm = U16(head + 18);
        Box = [S16(head + 36), S16(head + 38), S16(head + 40), S16(head + 42)];
        longOffsets = S16(head + 50) == 1;
        Ascent = S16(At("hhea") + 4);
        Descent = S16(At("hhea") + 6);
        metrics = U16(At("hhea") + 34);
        CapHeight = S16(At("OS/2") + 88);
        characters = ReadCharacters();
    }

    public int UnitsPerEm { get; }

    public int[] Box { get; }

    public int Ascent { get; }

    public int Descent { get; }

    public int CapHeight { get; }

    /// <summary>The glyph of a character; 0 (the empty box) when the font has none.</summary>
    public int Glyph(int character) => characters.GetValueOrDefault(character);

    /// <summary>Width of a glyph in font units.</summary>
    public int Advance(int glyph) => U16(At("hmtx") + (4 * Math.Min(glyph, metrics - 1)));

    /// <summary>A font with these glyphs under new numbers: their positions in the list, the first of which is glyph 0.</summary>
    public byte[] Subset(IReadOnlyList<int> glyphs)
    {
        var all = new List<int>(glyphs);
        var outlines = new List<byte[]>();
        for (var i = 0; i < all.Count; i++)
        {
            outlines.Add(Outline(all[i], all));
        }

        var glyf = new MemoryStream();
        var loca = new byte[4 * (all.Count + 1)];
        var hmtx = new byte[4 * all.Count];
        for (var i = 0; i < all.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * i), (uint)glyf.Length);
            glyf.Write(outlines[i]);
            glyf.Write(new byte[(4 - (int)(glyf.Length % 4)) % 4]);
            BinaryPrimitives.WriteUInt16BigEndian(hmtx.AsSpan(4 * i), (ushort)Advance(all[i]));
            BinaryPrimitives.WriteInt16BigEndian(hmtx.AsSpan((4 * i) + 2), LeftBearing(all[i]));
        }

        BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * all.Count), (uint)glyf.Length);
        var head = Table("head");
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        var hhea = Table("hhea");
        BinaryPrimitives.WriteUInt16BigEndian(hhea.AsSpan(34), (ushort)all.Count);
        var maxp = Table("maxp");
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(4), (ushort)all.Count);
        return Assemble(SubsetTables.Where(t => tables.ContainsKey(t)).Select(name => (name, name switch
        {
            "glyf" => glyf.ToArray(),
            "loca" => loca,
            "hmtx" => hmtx,
            "head" => head,
            "hhea" => hhea,
            "maxp" => maxp,
            _ => Table(name),
        })).ToList());
    }

    private static byte[] Assemble(List<(string Name, byte[] Bytes)> parts)
    {
        var size = 12 + (16 * parts.Count) + parts.Sum(p => (p.Bytes.Length + 3) & ~3);
        var font = new byte[size];
        BinaryPrimitives.WriteUInt32BigEndian(font, 0x00010000);
        var count = (ushort)parts.Count;
        var power = (ushort)(1 << (int)Math.Log2(count));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(4), count);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(6), (ushort)(power * 16));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(8), (ushort)Math.Log2(power));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(10), (ushort)((count - power) * 16));
        var at = 12 + (16 * count);
        var headAt = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var (name, bytes) = parts[i];
            bytes.CopyTo(font, at);
            var entry = font.AsSpan(12 + (16 * i));
            Encoding.ASCII.GetBytes(name, entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Sum(font.AsSpan(at, (bytes.Length + 3) & ~3)));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)at);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)bytes.Length);
            headAt = name == "head" ? at : headAt;
            at += (bytes.Length + 3) & ~3;
        }

        BinaryPrimitives.WriteUInt32BigEndian(font.AsSpan(headAt + 8), 0xB1B0AFBAu - Sum(font));
        return font;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var i = 0; i + 4 <= bytes.Length; i += 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]);
        }

        return sum;
    }

    /// <summary>A glyph's outline, the parts of a composed one renumbered and added to the list.</summary>
    private byte[] Outline(int glyph, List<int> all)
    {
        var (from, to) = (Location(glyph), Location(glyph + 1));
        var outline = file.AsSpan(At("glyf") + from, to - from).ToArray();
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0)
        {
            return outline;
        }

        const int WordArguments = 1, Scale = 8, More = 0x20, TwoScales = 0x40, Matrix = 0x80;
        var at = 10;
        int flags;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at));
            var part = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at + 2));
            var number = all.IndexOf(part);
            if (number < 0)
            {
                number = all.Count;
                all.Add(part);
            }

            BinaryPrimitives.WriteUInt16BigEndian(outline.AsSpan(at + 2), (ushort)number);
            at += 4 + ((flags & WordArguments) != 0 ? 4 : 2) + ((flags & Scale) != 0 ? 2 : (flags & TwoScales) != 0 ? 4 : (flags & Matrix) != 0 ? 8 : 0);
        }
        while ((flags & More) != 0);

        return outline;
    }

    private int Location(int glyph) => longOffsets ? (int)U32(At("loca") + (4 * glyph)) : 2 * U16(At("loca") + (2 * glyph));

    private short LeftBearing(int glyph) => glyph < metrics
        ? (short)S16(At("hmtx") + (4 * glyph) + 2)
        : (short)S16(At("hmtx") + (4 * metrics) + (2 * (glyph - metrics)));

    private FrozenDictionary<int, int> ReadCharacters()
    {
        var map = new Dictionary<int, int>();
        var cmap = At("cmap");
        for (var i = 0; i < U16(cmap + 2); i++)
        {
            var sub = cmap + (int)U32(cmap + 4 + (8 * i) + 4);
            if (U16(sub) == 4)
            {
                ReadFormat4(sub, map);
            }
            else if (U16(sub) == 12)
            {
                for (var group = 0; group < U32(sub + 12); group++)
                {
                    var at = sub + 16 + (12 * group);
                    for (uint c = U32(at), glyph = U32(at + 8); c <= U32(at + 4); c++, glyph++)
                    {
                        map[(int)c] = (int)glyph;
                    }
                }
            }
        }

        return map.ToFrozenDictionary();
    }

    private void ReadFormat4(int sub, Dictionary<int, int> map)
    {
        var segments = U16(sub + 6) / 2;
        for (var s = 0; s < segments; s++)
        {
            var end = U16(sub + 14 + (2 * s));
            var start = U16(sub + 16 + (2 * segments) + (2 * s));
            var delta = U16(sub + 16 + (4 * segments) + (2 * s));
            var rangeAt = sub + 16 + (6 * segments) + (2 * s);
            var range = U16(rangeAt);
            for (var c = start; c <= end && c < 0xFFFF; c++)
            {
                var glyph = range == 0 ? (c + delta) & 0xFFFF : U16(rangeAt + range + (2 * (c - start)));
                if (range != 0 && glyph != 0)
                {
                    glyph = (glyph + delta) & 0xFFFF;
                }

                if (glyph != 0)
                {
                    map[c] = glyph;
                }
            }
        }
    }

    private byte[] Table(string name) => file.AsSpan(tables[name].Offset, tables[name].Length).ToArray();

    private int At(string table) => tables[table].Offset;

    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));

    private int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
}
