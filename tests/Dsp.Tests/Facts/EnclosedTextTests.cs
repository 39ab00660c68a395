using System.Text;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;
using Dsp.Tests.Workers;
using static Dsp.Tests.Facts.FactWorld;

namespace Dsp.Tests.Facts;

/// <summary>The text of PDF and pictures, alone or enclosed: read after the deposit, found under the reader's rights like every word.</summary>
public sealed class EnclosedTextTests
{
    private const string Sentence = "La scintigraphie montre une ischémie réversible.";

    [Theory, EveryStore]
    public async Task A_pdf_is_unread_at_its_deposit_and_found_by_its_words_afterwards(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var letter = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.Letter(Sentence, "fr-LU"), type: "application/pdf");
        var before = await SearchAsync(world, world.Thill, "ischemie");

        var read = await ReadWaitingAsync(world);

        Assert.Equal((0, 1), (before.Total, before.Unread));
        Assert.Equal(1, read);
        var after = await SearchAsync(world, world.Thill, "SCINTI ischemie");
        Assert.Equal([letter], after.Hits.Select(h => h.Document.Id));
        Assert.Contains("ischémie réversible", after.Hits[0].Snippet, StringComparison.Ordinal);
        Assert.Equal((1, 0), (after.Total, after.Unread));
        Assert.Equal(0, await ReadWaitingAsync(world));
        Assert.Equal(0, await world.World.CountAsync("waiting_readings"));
    }

    [Theory, EveryStore]
    public async Task A_pdf_inside_a_cda_or_a_fhir_document_is_found_with_the_words_around_it(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var pdf = Convert.ToBase64String(Scans.Letter(Sentence, "fr-LU"));
        var cda = $"""<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Lettre enveloppée</title><component><nonXMLBody><text mediaType="application/pdf" representation="B64">{pdf}</text></nonXMLBody></component></ClinicalDocument>""";
        var bundle = $$$"""{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Composition","title":"Ensemble"}},{"resource":{"resourceType":"Binary","contentType":"application/pdf","data":"{{{pdf}}}"}},{"resource":{"resourceType":"DocumentReference","content":[{"attachment":{"contentType":"application/pdf","data":"{{{Convert.ToBase64String(Scans.Letter("Dyspnée nocturne"))}}}"}}]}}]}""";
        var first = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Encoding.UTF8.GetBytes(cda));
        var second = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Encoding.UTF8.GetBytes(bundle), type: "application/fhir+json");

        Assert.Equal(2, await ReadWaitingAsync(world));

        Assert.Equal([first], await IdsAsync(world, world.Thill, "enveloppee ischemie"));
        Assert.Equal([second], await IdsAsync(world, world.Thill, "ensemble ischemie"));
        Assert.Equal([second], await IdsAsync(world, world.Thill, "dyspnee nocturne"));
    }

    [Theory, EveryStore]
    public async Task A_word_of_a_pdf_crosses_no_mask_no_category_and_no_stranger(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var hidden = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.Letter(Sentence), type: "application/pdf");
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Scans.Letter(Sentence), DataCategory.Syntheses, type: "application/pdf");
        var shown = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.3", Scans.Letter(Sentence), type: "application/pdf");
        await world.World.Operation<MaskItem>().RunAsync(world.Holder, world.Record, hidden, MaskFrom.One(ActorRef.Of(world.Pharmacist.Person!.Value)), "vu", world.World.Cancel);
        await ReadWaitingAsync(world);

        var found = await SearchAsync(world, world.Pharmacist, "ischemie");

        Assert.Equal([shown], found.Hits.Select(h => h.Document.Id));
        Assert.Equal((1, 0), (found.Total, found.Unread));
        Assert.Equal(3, (await SearchAsync(world, world.Holder, "ischemie")).Total);
        Assert.Equal(0, (await SearchAsync(world, world.Other, "ischemie")).Total);
    }

    [Theory, EveryStore]
    public async Task The_holder_sees_that_the_software_read_it_and_the_words_lie_sealed(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var letter = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.Letter(Sentence), type: "application/pdf");

        await ReadWaitingAsync(world);

        var line = Assert.Single((await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines, l => l.Entry.Action == JournalActions.ReadText).Entry;
        Assert.Equal(("dsp reading", true, true), (line.Software, line.Automatic, line.Permitted));
        Assert.Equal([letter], line.Documents);
        foreach (var row in await world.World.Platform.Database.QueryAsync(r => Encoding.Latin1.GetString([.. r.Bytes(0), .. r.Bytes(1)]), "SELECT sealed_terms, sealed_text FROM document_facts", world.World.Cancel))
            Assert.DoesNotContain("ischemie", row, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EveryStore]
    public async Task What_cannot_be_read_is_stored_as_sent_and_says_why(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var broken = "%PDF-1.4 this is none"u8.ToArray();
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", broken, type: "application/pdf");

        Assert.Equal(1, await ReadWaitingAsync(world));

        Assert.Equal("pdf-broken", (await ReportAsync(world, id)).Text);
        Assert.Equal(1, (await SearchAsync(world, world.Thill, "scintigraphie")).Unread);
        Assert.Equal(broken, await BytesAsync(world, id));
    }

    [Theory, EveryStore]
    public async Task What_is_withdrawn_or_closed_meanwhile_is_not_read(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var gone = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.Letter(Sentence), type: "application/pdf");
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Scans.Letter(Sentence), type: "application/pdf");
        await world.World.Operation<WithdrawDocument>().RunAsync(world.Thill, null, gone, WithdrawalReason.Author, world.World.Cancel);
        Assert.Equal(1, await world.World.CountAsync("waiting_readings"));
        Assert.True((await world.World.Operation<Dsp.Records.CloseRecord>().RunAsync(world.Holder with { FreshAt = world.World.Clock.GetUtcNow() }, world.Patient, world.World.Cancel)).Succeeded);

        Assert.Equal(0, await ReadWaitingAsync(world));

        // Nothing was begun: it counts as no try.
        Assert.Equal(1, await world.World.CountAsync("waiting_readings", "tries = 0"));
        Assert.Equal(0, await world.World.CountAsync("document_facts", $"document_id = '{gone}'"));
    }

    [Theory, EveryStore]
    public async Task Two_nodes_read_each_document_once(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        for (var i = 1; i <= 6; i++) await world.DepositAsync(world.Thill, "urn:oid:1.2.3." + i, Scans.Letter(Sentence), type: "application/pdf");

        var done = await Task.WhenAll(ReadWaitingAsync(world), ReadWaitingAsync(world), ReadWaitingAsync(world));

        Assert.Equal(6, done.Sum());
        var lines = (await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines;
        Assert.Equal(6, lines.Count(l => l.Entry.Action == JournalActions.ReadText));
        Assert.Equal(6, (await SearchAsync(world, world.Holder, "ischemie")).Total);
    }

    [Fact]
    public void What_only_calls_itself_a_pdf_or_a_picture_starts_no_reader()
    {
        foreach (var (type, problem) in new[] { ("application/pdf", "pdf-broken"), ("image/png", "picture-broken"), ("image/jpeg", "picture-broken") })
        {
            var reading = new ContentReader().Read(new DocumentMetadata { UniqueId = "urn:oid:1", Category = DataCategory.CareReports, MimeType = type }, "words"u8.ToArray());
            Assert.Equal((false, problem), (reading.Waits, FactSheet.FromBytes(reading.Facts, []).Report.Text));
        }
        Assert.True(new ContentReader().Read(new DocumentMetadata { UniqueId = "urn:oid:1", Category = DataCategory.CareReports, MimeType = "application/pdf" }, "\r\n%PDF-1.4"u8.ToArray()).Waits);
    }

    [Theory, EveryStore]
    public async Task A_scanned_german_page_is_found_by_its_words(Store store)
    {
        await WorkerTests.NeedRecognitionAsync();
        await using var world = await DocumentWorld.CreateAsync(store);
        var scan = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.PdfOf(Scans.Picture(Scans.Letter(Scans.German))), title: "Scan", type: "application/pdf");
        var picture = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", Scans.Picture(Scans.Letter("Penicillinallergie bekannt")), title: "Foto", type: "image/jpeg");

        Assert.Equal(2, await ReadWaitingAsync(world));

        Assert.Equal([scan], await IdsAsync(world, world.Thill, "herzschrittmacher zwolf"));
        Assert.Equal([picture], await IdsAsync(world, world.Thill, "penicillinallergie"));
        Assert.Equal(1, (await ReportAsync(world, scan)).Scans);
    }

    [Theory, EveryStore]
    public async Task Where_nothing_recognises_pictures_the_document_says_so_and_reindex_reads_it_later(Store store)
    {
        await WorkerTests.NeedRecognitionAsync();
        await using var world = await DocumentWorld.CreateAsync(store);
        var scan = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.PdfOf(Scans.Picture(Scans.Letter(Scans.German))), type: "application/pdf");
        var without = new ReadWaiting(world.World.Platform.Database, world.World.Platform.Clockwork, world.World.Platform.Vault, new ContentReader(scans: false), world.World.Platform.People, world.World.Platform.Keys, world.World.Platform.Alarms, world.World.Clock);

        Assert.Equal(1, await without.RunAsync(world.World.Cancel));
        Assert.Equal("scan-not-read", (await ReportAsync(world, scan)).Text);
        Assert.Equal(new Reindexed(1, 1, 0), await world.World.Operation<ReindexDocuments>().RunAsync("Opératrice Fictive", null, world.World.Cancel));

        Assert.Equal([scan], await IdsAsync(world, world.Thill, "herzschrittmacher"));
        Assert.Equal(new Reindexed(0, 0, 0), await world.World.Operation<ReindexDocuments>().RunAsync("Opératrice Fictive", null, world.World.Cancel));
    }

    [Fact]
    public void Every_problem_of_a_text_has_its_sentence() =>
        Assert.All(TextProblems.All, p => Assert.True(TextProblems.SentenceOf(p).EndsWith('.') && (p == "reader-stopped" || TextProblems.SentenceOf(p) != TextProblems.SentenceOf("other"))));

    internal static Task<int> ReadWaitingAsync(DocumentWorld world) => world.World.Operation<ReadWaiting>().RunAsync(world.World.Cancel);

    private static async Task<ReadingReport> ReportAsync(DocumentWorld world, DocumentId id)
    {
        var opened = (await world.World.Operation<RetrieveDocument>().RunAsync(world.Holder, world.Record, id, null, world.World.Cancel, withReading: true)).Value;
        return FactSheet.FromBytes(opened.Reading!.Facts, []).Report;
    }

    private static async Task<byte[]> BytesAsync(DocumentWorld world, DocumentId id)
    {
        var all = new List<byte>();
        await foreach (var piece in (await world.World.Operation<RetrieveDocument>().RunAsync(world.Holder, world.Record, id, null, world.World.Cancel)).Value.Bytes) all.AddRange(piece.ToArray());
        return [.. all];
    }

    private static async Task<TextHits> SearchAsync(DocumentWorld world, Caller by, string words) =>
        (await world.World.Operation<SearchText>().RunAsync(by, world.Patient, new TextQuery(words), world.World.Cancel)).Value;

    private static async Task<IEnumerable<DocumentId>> IdsAsync(DocumentWorld world, Caller by, string words) => (await SearchAsync(world, by, words)).Hits.Select(h => h.Document.Id);
}
