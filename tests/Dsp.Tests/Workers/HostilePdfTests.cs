using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Dsp.Interop.Workers;
using Dsp.Tests.Support;

namespace Dsp.Tests.Workers;

/// <summary>PDFs made to hurt their reader: each is answered within the limits, with a reason or with its text, and none takes the server with it.</summary>
public sealed class HostilePdfTests
{
    private static readonly WorkerLimits Limits = new() { TextTime = TimeSpan.FromSeconds(12), Heap = 128L * 1024 * 1024, Memory = 512L * 1024 * 1024 };
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Attacks => [.. Made.Keys];

    [Theory, MemberData(nameof(Attacks))]
    public async Task An_attack_ends_within_its_limits_with_a_reason(string attack)
    {
        var watch = Stopwatch.StartNew();

        var read = await ReaderProcess.ReadAsync("pdf", Made[attack](), null, Limits, scans: false, Cancel);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limits.TextTime + TimeSpan.FromSeconds(6));
        Assert.Contains(read.Problem, (string[])["pdf-broken", "pages-broken", "memory-limit", "time-limit", "reader-stopped", "no-text", "scan-not-read"]);
    }

    [Fact]
    public async Task More_pages_or_letters_than_are_read_leave_the_first_ones_and_a_reason()
    {
        var letter = Scans.Letter(string.Join(' ', Enumerable.Range(1, 3000).Select(i => "mot" + i.ToString(CultureInfo.InvariantCulture))));

        var pages = await ReaderProcess.ReadAsync("pdf", letter, null, Limits with { Pages = 2 }, scans: false, Cancel);
        var letters = await ReaderProcess.ReadAsync("pdf", letter, null, Limits with { Letters = 500 }, scans: false, Cancel);
        var large = await ReaderProcess.ReadAsync("pdf", letter, null, Limits with { Bytes = 1000 }, scans: false, Cancel);

        Assert.Equal("too-many-pages", pages.Problem);
        Assert.True(WorkerTests.Words(pages.Text) is var read && read.Contains("mot1") && !read.Contains("mot3000"));
        Assert.Equal(("too-many-letters", 500), (letters.Problem, letters.Text.Length));
        Assert.Equal(("too-large", ""), (large.Problem, large.Text));
    }

    [Fact]
    public async Task A_letter_with_any_bytes_of_it_changed_is_read_or_given_up_and_never_more()
    {
        var letter = Scans.Letter("Herzschrittmacher");
        var read = 0;
        foreach (var seed in Enumerable.Range(0, 24))
        {
            var broken = Damaged(letter, seed);
            var text = await ReaderProcess.ReadAsync("pdf", broken, null, Limits, scans: false, Cancel);
            Assert.True(text.Problem is null or "pdf-broken" or "pages-broken" or "no-text" or "memory-limit" or "time-limit" or "pdf-encrypted" or "scan-not-read", $"{seed}: {text.Problem}");
            if (text.Text.Contains("Herzschrittmacher", StringComparison.Ordinal)) read++;
        }
        // Damage that does not matter is survived.
        Assert.InRange(read, 1, 24);
    }

    [Fact]
    public async Task A_locked_document_says_that_it_is_locked()
    {
        var folder = Directory.CreateTempSubdirectory("dsp-locked-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "a.pdf"), Scans.Letter("Geheim"), Cancel);
            Scans.Run("qpdf", "--encrypt", "user", "owner", "256", "--", Path.Combine(folder, "a.pdf"), Path.Combine(folder, "b.pdf"));

            var read = await ReaderProcess.ReadAsync("pdf", await File.ReadAllBytesAsync(Path.Combine(folder, "b.pdf"), Cancel), null, Limits, scans: false, Cancel);

            Assert.Equal(("pdf-encrypted", ""), (read.Problem, read.Text));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One of four kinds of damage: changed bytes, a cut, a part twice, numbers changed.</summary>
    private static byte[] Damaged(byte[] whole, int seed)
    {
        var random = new PCG((uint)seed, 7);
        var bytes = (byte[])whole.Clone();
        switch (seed % 4)
        {
            case 0:
                for (var i = 0; i < 1 + (seed * 4); i++) bytes[random.Next((uint)bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 1:
                return bytes[..(int)random.Next((uint)bytes.Length)];
            case 2:
                var at = (int)random.Next((uint)bytes.Length / 2);
                return [.. bytes[..at], .. bytes[(at / 2)..]];
            default:
                for (var i = 0; i < bytes.Length; i++) if (bytes[i] is >= (byte)'0' and <= (byte)'9' && random.Next(400) == 0) bytes[i] = (byte)('0' + random.Next(10));
                return bytes;
        }
    }

    private static readonly Dictionary<string, Func<byte[]>> Made = new(StringComparer.Ordinal)
    {
        ["no PDF at all"] = () => "Herzschrittmacher"u8.ToArray(),
        ["nothing"] = () => [],
        ["a head alone"] = () => "%PDF-1.7\n"u8.ToArray(),
        ["tables of contents that name each other"] = () => Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer << /Size 3 /Root 1 0 R /Prev 60 >>\nstartxref\n60\n%%EOF\n"),
        ["pages that hold each other"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"),
        ["a length that names itself"] = () => Page("4 0 R"),
        ["a form that draws itself"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Contents 4 0 R >>",
            "<< /Length 4 >>\nstream\n/F Do\nendstream", "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 11 >>\nstream\n/F Do /F Do\nendstream"),
        ["arrays a hundred thousand deep"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R /A " + new string('[', 100_000) + " >>", "<< /Type /Pages /Kids [] /Count 0 >>"),
        ["dictionaries a hundred thousand deep on a page"] = () => Page(string.Concat(Enumerable.Repeat("/A << ", 100_000))),
        ["a stream of a gigabyte in a megabyte"] = () => Packed(1, 1024),
        ["three packings around a terabyte"] = () => Packed(3, 64),
        ["two thousand million pages"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", "<< /Type /Page /Parent 2 0 R >>"),
        ["a million objects in a stream that are not there"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /ObjStm /N 100000000 /First 8 /Length 8 >>\nstream\n3 0 4 0 \nendstream"),
        ["a picture of a hundred thousand million points"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>",
            "<< /Length 5 >>\nstream\n/I Do\nendstream", "<< /Type /XObject /Subtype /Image /Width 400000 /Height 400000 /ColorSpace /DeviceRGB /BitsPerComponent 16 /Length 1 >>\nstream\nx\nendstream"),
        ["a page that saves its state ten million times"] = () => Stream(string.Concat(Enumerable.Repeat("q ", 10_000_000))),
        ["a font that is its own descendant"] = () => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
            "<< /Length 18 >>\nstream\nBT /F 9 Tf (a) Tj ET\nendstream", "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [5 0 R] >>"),
    };

    private static byte[] Page(string length) => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>", $"<< /Length {length} >>\nstream\nx\nendstream");

    private static byte[] Stream(string content) => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>", $"<< /Length {content.Length} >>\nstream\n{content}\nendstream");

    /// <summary>A page whose content is so many megabytes of spaces, packed so many times.</summary>
    private static byte[] Packed(int times, int megabytes)
    {
        var bytes = new byte[1024 * 1024];
        Array.Fill(bytes, (byte)' ');
        using var first = new MemoryStream();
        using (var zip = new ZLibStream(first, CompressionLevel.SmallestSize, leaveOpen: true)) for (var i = 0; i < megabytes; i++) zip.Write(bytes);
        var packed = first.ToArray();
        for (var i = 1; i < times; i++)
        {
            using var next = new MemoryStream();
            using (var zip = new ZLibStream(next, CompressionLevel.SmallestSize, leaveOpen: true)) for (var n = 0; n < 64; n++) zip.Write(packed);
            packed = next.ToArray();
        }
        var filters = string.Join(' ', Enumerable.Repeat("/FlateDecode", times));
        return Filtered(Encoding.Latin1.GetString(packed), filters);
    }

    private static byte[] Filtered(string packed, string filters) => Pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        $"<< /Filter [{filters}] /Length {packed.Length} >>\nstream\n{packed}\nendstream");

    private static byte[] Pdf(params IReadOnlyList<string> objects)
    {
        var file = new StringBuilder("%PDF-1.7\n");
        var places = new List<int>();
        foreach (var (text, index) in objects.Select((o, i) => (o, i)))
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{text}\nendobj\n");
        }
        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) file.Append(CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer << /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }
}
