using System.Globalization;
using System.Text;

namespace Dsp.Demo.Content;

/// <summary>A sheet of paper as a scanner hands it over: a PDF of one page that is a picture and holds no letter.</summary>
internal static class DemoScan
{
    /// <param name="name">A picture beside this file: JPEG in colour, A4 upright.</param>
    public static byte[] Write(string name, string title)
    {
        using var picture = typeof(DemoScan).Assembly.GetManifestResourceStream("Scans/" + name) ?? throw new InvalidOperationException(name + " is not embedded");
        using var jpeg = new MemoryStream();
        picture.CopyTo(jpeg);
        var (width, height) = SizeOf(jpeg.GetBuffer());
        const string Draw = "q 595.28 0 0 841.89 0 0 cm /Scan Do Q";
        using var file = new MemoryStream();
        var places = new List<long>();
        Put(file, "%PDF-1.4\n");
        foreach (var (head, stream) in new (string, byte[]?)[]
        {
            ("<< /Type /Catalog /Pages 2 0 R >>", null),
            ("<< /Type /Pages /Kids [3 0 R] /Count 1 >>", null),
            ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Resources << /XObject << /Scan 4 0 R >> >> /Contents 5 0 R >>", null),
            (string.Create(CultureInfo.InvariantCulture, $"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length {jpeg.Length} >>"), jpeg.ToArray()),
            (string.Create(CultureInfo.InvariantCulture, $"<< /Length {Draw.Length} >>"), Encoding.ASCII.GetBytes(Draw)),
            ($"<< /Title <FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(title))}> >>", null),
        })
        {
            places.Add(file.Position);
            Put(file, string.Create(CultureInfo.InvariantCulture, $"{places.Count} 0 obj\n{head}\n"));
            if (stream is not null)
            {
                Put(file, "stream\n");
                file.Write(stream);
                Put(file, "\nendstream\n");
            }
            Put(file, "endobj\n");
        }
        var table = file.Position;
        Put(file, string.Create(CultureInfo.InvariantCulture, $"xref\n0 {places.Count + 1}\n0000000000 65535 f \n"));
        foreach (var place in places) Put(file, place.ToString("D10", CultureInfo.InvariantCulture) + " 00000 n \n");
        Put(file, string.Create(CultureInfo.InvariantCulture, $"trailer << /Size {places.Count + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n"));
        return file.ToArray();
    }

    private static void Put(MemoryStream file, string text) => file.Write(Encoding.ASCII.GetBytes(text));

    /// <summary>Width and height stand in the frame header (ISO/IEC 10918-1 B.2.2).</summary>
    private static (int Width, int Height) SizeOf(byte[] jpeg)
    {
        for (var at = 2; at + 9 < jpeg.Length; at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]))
            if (jpeg[at + 1] is 0xC0 or 0xC1 or 0xC2) return ((jpeg[at + 7] << 8) | jpeg[at + 8], (jpeg[at + 5] << 8) | jpeg[at + 6]);
        throw new InvalidDataException("No frame header");
    }
}
