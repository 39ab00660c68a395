using System.Text.RegularExpressions;
using Dsp.Interop.Workers;
using Dsp.Tests.Support;

namespace Dsp.Tests.Workers;

public sealed partial class WorkerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nineteen_of_twenty_words_that_poppler_reads_are_read()
    {
        foreach (var file in Directory.EnumerateFiles(Shared.Require("corpora"), "*.pdf", SearchOption.AllDirectories))
        {
            var read = await ReadAsync(await File.ReadAllBytesAsync(file, Cancel));

            Assert.Null(read.Problem);
            var (ours, popplers) = (Words(read.Text), Words(Scans.Run("pdftotext", file, "-")));
            Assert.NotEmpty(popplers);
            var lost = popplers.Except(ours).ToList();
            Assert.True(lost.Count <= popplers.Count * 0.05, file + ": " + string.Join(' ', lost.Take(30)));
        }
    }

    [Theory, InlineData("fr-LU"), InlineData("de-LU"), InlineData("pt-PT")]
    public async Task Our_own_letters_come_back_word_for_word(string language)
    {
        const string Text = "L’épreuve d’effort était normale – größer als zuvor; a coração está bem. µmol/l 7,4 %";

        var read = await ReadAsync(Scans.Letter(Text, language));

        Assert.Empty(Words(Text).Except(Words(read.Text)));
    }

    [Fact]
    public async Task Without_a_sandbox_text_is_still_read_in_a_process_of_its_own_and_pictures_are_not()
    {
        var limits = new WorkerLimits();
        var text = await ReaderProcess.RunAsync([.. Sandbox.Plain(limits, limits.TextTime), "read", "pdf"], Scans.Letter("Herzschrittmacher"), limits, limits.TextTime, Cancel);
        var scan = await ReaderProcess.RunAsync([.. Sandbox.Plain(limits, limits.TextTime), "read", "pdf"], Scans.PdfOf(Scans.Picture(Scans.Letter("Herzschrittmacher"))), limits, limits.TextTime, Cancel);

        Assert.Contains("Herzschrittmacher", text.Text, StringComparison.Ordinal);
        Assert.Equal("scan-not-read", scan.Problem);
    }

    [Theory, InlineData("pdf"), InlineData("jpeg"), InlineData("png")]
    public async Task A_scanned_german_page_is_recognised(string kind)
    {
        await NeedRecognitionAsync();
        var letter = Scans.Letter(Scans.German);
        var content = kind == "pdf" ? Scans.PdfOf(Scans.Picture(letter)) : Scans.Picture(letter, kind);

        var read = await ReaderProcess.ReadAsync(kind == "pdf" ? "pdf" : "picture", content, "de-LU", new WorkerLimits(), scans: true, Cancel);

        Assert.Null(read.Problem);
        Assert.Equal(1, read.Scans);
        Assert.Empty(Words(Scans.German).Except(Words(read.Text)));
    }

    [Fact]
    public async Task An_empty_picture_says_that_it_holds_no_text()
    {
        await NeedRecognitionAsync();

        var read = await ReaderProcess.ReadAsync("picture", Scans.Picture(Scans.Letter(" ")), "de", new WorkerLimits(), scans: true, Cancel);
        var broken = await ReaderProcess.ReadAsync("picture", "\u0089PNG broken"u8.ToArray(), "de", new WorkerLimits(), scans: true, Cancel);

        Assert.True(read.Problem is null or "no-text");
        Assert.Equal(("", "picture-broken"), (broken.Text, broken.Problem));
    }

    internal static async Task NeedRecognitionAsync()
    {
        await SandboxTests.NeedAsync();
        var state = await Sandbox.StateAsync(Cancel);
        if (!state.ReadsScans && Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip(state.Missing!);
        Assert.True(state.ReadsScans && state.Pages, state.Missing);
        Assert.Contains("deu", state.Languages);
    }

    private static Task<WorkerText> ReadAsync(byte[] pdf) => ReaderProcess.ReadAsync("pdf", pdf, null, new WorkerLimits(), scans: false, Cancel);

    internal static HashSet<string> Words(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value)];

    [GeneratedRegex(@"\w+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
