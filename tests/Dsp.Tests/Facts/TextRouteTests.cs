using Dsp.Documents;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Dsp.Tests.Workers;

namespace Dsp.Tests.Facts;

/// <summary><c>GET /api/records/{id}/documents/{id}/text</c> (architecture §10).</summary>
public sealed class TextRouteTests
{
    [Theory, EveryStore]
    public async Task The_words_of_a_document_are_read_by_whoever_may_read_it_and_by_nobody_else(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var id = await cast.DepositedAsync(FactWorld.Report());
        await cast.OpenContextAsync();

        var read = await TextAsync(cast, id, cast.DoctorToken);

        Assert.Equal((200, "text/plain; charset=utf-8"), (read.Status, read.Header("Content-Type")));
        Assert.Contains("Hypertension artérielle traitée", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('<', read.Text);
        var stranger = await TextAsync(cast, id, cast.OtherToken);
        Assert.Equal((await TextAsync(cast, Guid.CreateVersion7().ToString(), cast.OtherToken)).Whole, stranger.Whole);
        Assert.Equal(404, stranger.Status);
        // It is reading the document: the holder sees it in the history.
        var history = await cast.Server.GetAsync($"/api/records/{cast.Record}/history?documentId={id}", cast.Holder);
        Assert.Contains(history.Json.GetProperty("entries").EnumerateArray(), e => e.GetProperty("action").GetString() == "read" && e.GetProperty("outcome").GetString() == "permitted");
    }

    [Fact]
    public async Task What_holds_no_words_is_refused_and_not_answered_as_empty()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var scan = await cast.DepositedAsync("%PDF-1.4 a scan"u8.ToArray(), contentType: "application/pdf");
        var broken = await cast.DepositedAsync("<ClinicalDocument"u8.ToArray());

        foreach (var id in new[] { scan, broken })
        {
            var answer = await TextAsync(cast, id, cast.Holder);
            Assert.Equal(406, answer.Status);
            Assert.Contains(Refusals.FormatNotSupported.Id, answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory, EveryStore]
    public async Task A_pdf_is_answered_with_what_was_read_in_it_and_before_that_with_the_reason(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var letter = await cast.DepositedAsync(Scans.Letter("Ischémie réversible"), contentType: "application/pdf");
        var broken = await cast.DepositedAsync("%PDF-1.4 a scan"u8.ToArray(), contentType: "application/pdf");
        var before = await TextAsync(cast, letter, cast.Holder);

        await cast.Server.Get<ReadWaiting>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(406, before.Status);
        Assert.Contains("is being read", before.Text, StringComparison.Ordinal);
        var after = await TextAsync(cast, letter, cast.Holder);
        Assert.Equal((200, "text/plain; charset=utf-8"), (after.Status, after.Header("Content-Type")));
        Assert.Contains("Ischémie réversible", after.Text, StringComparison.Ordinal);
        Assert.Contains("is damaged", (await TextAsync(cast, broken, cast.Holder)).Text, StringComparison.Ordinal);
    }

    private static Task<Answer> TextAsync(Cast cast, string document, string token) => cast.Server.GetAsync($"/api/records/{cast.Record}/documents/{document}/text", token);
}
