using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dsp.Interop.Pdf;

namespace Dsp.Tests.Workers;

/// <summary>Scanned pages, made here: a letter is drawn by poppler and put into a PDF as the picture it then is.</summary>
internal static class Scans
{
    public const string German = "Der Patient trägt seit zwölf Jahren einen Herzschrittmacher. Die Kontrolle ergab eine ausreichende Batterieladung.";

    public static byte[] Letter(string text, string language = "de-LU") =>
        PdfWriter.Write(new PdfDocument("Bericht", language, new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), [new PdfHeading(1, "Bericht"), new PdfParagraph(text)]));

    /// <summary>The first page as a JPEG (or PNG) of 200 dots an inch.</summary>
    public static byte[] Picture(byte[] pdf, string format = "jpeg")
    {
        var folder = Directory.CreateTempSubdirectory("dsp-scan-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "in.pdf"), pdf);
            Run("pdftoppm", "-q", "-gray", "-" + format, "-singlefile", "-r", "200", Path.Combine(folder, "in.pdf"), Path.Combine(folder, "page"));
            return File.ReadAllBytes(Directory.GetFiles(folder, "page.*").Single());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A PDF of one page that is this JPEG and nothing else.</summary>
    public static byte[] PdfOf(byte[] jpeg)
    {
        var (width, height, colours) = SizeOf(jpeg);
        var file = new MemoryStream();
        var places = new List<long>();
        void Write(string text) => file.Write(Encoding.Latin1.GetBytes(text));
        void Begin()
        {
            places.Add(file.Position);
            Write(string.Create(CultureInfo.InvariantCulture, $"{places.Count} 0 obj\n"));
        }
        Write("%PDF-1.4\n");
        Begin();
        Write("<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
        Begin();
        Write("<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
        Begin();
        Write("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>\nendobj\n");
        Begin();
        Write(string.Create(CultureInfo.InvariantCulture, $"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{(colours == 1 ? "DeviceGray" : "DeviceRGB")} /BitsPerComponent 8 /Filter /DCTDecode /Length {jpeg.Length} >>\nstream\n"));
        file.Write(jpeg);
        Write("\nendstream\nendobj\n");
        const string Draw = "q 595 0 0 842 0 0 cm /I Do Q";
        Begin();
        Write(string.Create(CultureInfo.InvariantCulture, $"<< /Length {Draw.Length} >>\nstream\n{Draw}\nendstream\nendobj\n"));
        var table = file.Position;
        Write("xref\n0 6\n0000000000 65535 f \n");
        foreach (var place in places) Write(place.ToString("D10", CultureInfo.InvariantCulture) + " 00000 n \n");
        Write(string.Create(CultureInfo.InvariantCulture, $"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
        return file.ToArray();
    }

    /// <summary>Width, height and number of colours of a JPEG: in its frame header.</summary>
    private static (int Width, int Height, int Colours) SizeOf(byte[] jpeg)
    {
        for (var at = 2; at + 9 < jpeg.Length;)
        {
            var (marker, length) = (jpeg[at + 1], (jpeg[at + 2] << 8) | jpeg[at + 3]);
            if (marker is 0xC0 or 0xC1 or 0xC2) return ((jpeg[at + 7] << 8) | jpeg[at + 8], (jpeg[at + 5] << 8) | jpeg[at + 6], jpeg[at + 9]);
            at += 2 + length;
        }
        throw new InvalidDataException("No frame header");
    }

    /// <summary>Runs a program of this machine; where it is missing the test is skipped, and under CI it fails.</summary>
    public static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 })!;
            _ = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }
}
