using System.Diagnostics;
using System.Text;
using System.Text.Json;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;

namespace Dsp.Worker;

/// <summary>
/// Reads the text of one document. Each page is handed out when it is done, so that what was read stays read when a limit ends
/// the process. Problems are ids (docs/implementation/facts.md); nothing of the document's own words is in them.
/// </summary>
internal static class Reading
{
    /// <summary>Fewer letters than this on a page with a picture: the page is a scan with a stamp.</summary>
    private const int FewLetters = 24;

    public static int Run(string kind, Order order)
    {
        using var output = Console.OpenStandardOutput();
        var end = new End();
        try
        {
            using var input = new MemoryStream();
            Console.OpenStandardInput().CopyTo(input);
            var bytes = input.ToArray();
            if (kind == "pdf") Pdf(bytes, order, output, end);
            else Picture(bytes, order, output, end);
        }
        catch (OutOfMemoryException)
        {
            end.Problem = "memory-limit";
        }
        catch (PdfDocumentEncryptedException)
        {
            end.Problem = "pdf-encrypted";
        }
#pragma warning disable CA1031 // Whatever a document does to its reader is the document's fault, and stated.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            end.Problem = "pdf-broken";
            Console.Error.WriteLine(fault.GetType().Name);
        }
        JsonSerializer.Serialize(output, new { done = true, pages = end.Pages, scans = end.Scans, problem = end.Problem });
        output.WriteByte((byte)'\n');
        output.Flush();
        return 0;
    }

    private sealed class End
    {
        public int Pages { get; set; }
        public int Scans { get; set; }
        public int Letters { get; set; }

        /// <summary>The first one stays.</summary>
        public string? Problem { get; set => field ??= value; }
    }

    private static void Pdf(byte[] bytes, Order order, Stream output, End end)
    {
        var watch = Stopwatch.StartNew();
        using var pdf = PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true, ClipPaths = false, MaxStackDepth = 64 });
        end.Pages = pdf.NumberOfPages;
        if (end.Pages > order.Pages) end.Problem = "too-many-pages";
        string? file = null;
        for (var number = 1; number <= Math.Min(end.Pages, order.Pages); number++)
        {
            if (watch.Elapsed.TotalSeconds > order.Seconds)
            {
                end.Problem = "time-limit";
                return;
            }
            var (text, picture) = Page(pdf, number, end);
            if (picture)
            {
                if (order.Languages is null) end.Problem = "scan-not-read";
                else if (end.Scans >= order.Scans) end.Problem = "too-many-scans";
                else
                {
                    end.Scans++;
                    file ??= Kept(bytes, "in.pdf");
                    text += Recognition.OfPage(file, number, order, p => end.Problem = p);
                }
            }
            if (!Hand(output, number, text, order, end)) return;
        }
        // A document without pages, letters or pictures says nothing that a search could find.
        if (end.Letters == 0) end.Problem = "no-text";
    }

    /// <summary>The words of a page by line, and whether the page is a picture.</summary>
    private static (string Text, bool Picture) Page(PdfDocument pdf, int number, End end)
    {
        try
        {
            var page = pdf.GetPage(number);
            var text = PageText.Of(page);
            return (text, text.Count(char.IsLetterOrDigit) < FewLetters && page.NumberOfImages > 0);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // One page is lost, the others are not.
            end.Problem = "pages-broken";
            return ("", false);
        }
    }

    private static void Picture(byte[] bytes, Order order, Stream output, End end)
    {
        end.Pages = 1;
        if (order.Languages is null)
        {
            end.Problem = "scan-not-read";
            return;
        }
        end.Scans = 1;
        Hand(output, 1, Recognition.OfPicture(Kept(bytes, "in.image"), order, p => end.Problem = p), order, end);
        if (end.Letters == 0) end.Problem = "no-text";
    }

    /// <returns>False where no more letters are wanted.</returns>
    private static bool Hand(Stream output, int number, string text, Order order, End end)
    {
        if (end.Letters + text.Length > order.Letters)
        {
            text = text[..(order.Letters - end.Letters)];
            end.Problem = "too-many-letters";
        }
        end.Letters += text.Length;
        if (text.Length > 0)
        {
            JsonSerializer.Serialize(output, new { page = number, text });
            output.WriteByte((byte)'\n');
            output.Flush();
        }
        return end.Problem != "too-many-letters";
    }

    /// <summary>Native programs read files; this one lies in the sandbox's own memory.</summary>
    private static string Kept(byte[] bytes, string name)
    {
        var file = Path.Combine("/tmp", name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
