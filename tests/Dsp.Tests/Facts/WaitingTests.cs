using System.Text;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Journal;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;
using Dsp.Tests.Workers;

namespace Dsp.Tests.Facts;

/// <summary>Documents that wait for their text: none keeps another waiting, whatever it does to its reader.</summary>
public sealed class WaitingTests
{
    [Theory, EveryStore]
    public async Task A_reader_that_ends_is_tried_three_times_and_no_more(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.Letter("ischémie"), type: "application/pdf");
        var ending = new OtherReader(_ => true);
        var read = With(world, ending);

        for (var turn = 0; turn < 6; turn++)
        {
            await read.RunAsync(world.World.Cancel);
            world.World.Clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal(3, ending.Times);
        Assert.Equal(0, await world.World.CountAsync("waiting_readings"));
        Assert.Equal(1, await UnreadAsync(world));
    }

    [Theory, EveryStore]
    public async Task A_reader_that_fails_in_an_unforeseen_way_costs_its_document_a_try_and_the_others_nothing(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Scans.Letter("ischémie"), type: "application/pdf");
        var second = await RecordAsync(world);
        await DepositAsync(world, second, "urn:oid:1.2.3.2");
        var failing = new OtherReader(name => name == "urn:oid:1.2.3.1" ? throw new InvalidOperationException("unforeseen") : false);

        Assert.Equal(1, await With(world, failing).RunAsync(world.World.Cancel));

        Assert.Equal(2, failing.Names.Count);
        Assert.Equal(1, await world.World.CountAsync("waiting_readings", "tries = 1"));
        Assert.Contains(world.World.Platform.Alarms.Recent, a => a.Kind == "reading-failed");
    }

    [Theory, EveryStore]
    public async Task What_ended_three_readers_is_given_up_unopened_and_what_its_deposit_read_stays(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var pdf = Convert.ToBase64String(Scans.Letter("ischémie"));
        var cda = $"""<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Lettre enveloppée</title><component><nonXMLBody><text mediaType="application/pdf" representation="B64">{pdf}</text></nonXMLBody></component></ClinicalDocument>""";
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Encoding.UTF8.GetBytes(cda), type: "text/xml");
        // Three times the whole process ended, and nothing could be written down.
        await world.World.RunAsync(new Batch().Add("UPDATE waiting_readings SET tries = 3"));
        var reader = new OtherReader(_ => false);

        Assert.Equal(1, await With(world, reader).RunAsync(world.World.Cancel));

        Assert.Empty(reader.Names);
        Assert.Equal(0, await world.World.CountAsync("waiting_readings"));
        var opened = (await world.World.Operation<RetrieveDocument>().RunAsync(world.Holder, world.Record, id, null, world.World.Cancel, withReading: true)).Value;
        Assert.Equal("reader-stopped", FactSheet.FromBytes(opened.Reading!.Facts).Report.Text);
        Assert.Equal([id], (await world.World.Operation<SearchText>().RunAsync(world.Thill, world.Patient, new TextQuery("enveloppee"), world.World.Cancel)).Value.Hits.Select(h => h.Document.Id));
    }

    [Theory, EveryStore]
    public async Task A_record_with_many_documents_keeps_no_other_record_waiting(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        for (var i = 1; i <= 8; i++) await world.DepositAsync(world.Thill, "urn:oid:1.2.3." + i, Scans.Letter("ischémie"), type: "application/pdf");
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await DepositAsync(world, await RecordAsync(world), "urn:oid:1.2.4.1");
        var reader = new OtherReader(_ => false);

        Assert.Equal(9, await With(world, reader).RunAsync(world.World.Cancel));

        Assert.Contains("urn:oid:1.2.4.1", reader.Names.Take(2));
    }

    private static async Task<RecordId> RecordAsync(DocumentWorld world)
    {
        var (batch, record, now) = (new Batch(), RecordId.New(world.World.Clock), world.World.Clock.Now());
        var sheet = new AccessSheet
        {
            Holder = PersonId.New(world.World.Clock), State = RecordState.Active, CreatedAt = now, ActivatedAt = now,
            Contexts = [new CareContext(Ids.New(world.World.Clock), CareContextKind.Individual, world.Thill.Person, world.Thill.Institution, now, now + Deadlines.IndividualContextMaximum)],
        };
        new RecordCreation(world.World.Platform.KeyProvider, world.World.Platform.Journal).Add(batch, record, sheet, new JournalEntry { Id = Ids.New(world.World.Clock), Record = default, At = now, Action = JournalActions.Create, Permitted = true, Rule = "feed" });
        await world.World.RunAsync(batch);
        return record;
    }

    private static async Task DepositAsync(DocumentWorld world, RecordId record, string name)
    {
        var submission = DocumentWorld.Submission(name, Scans.Letter("ischémie"));
        var document = submission.Documents[0];
        var kept = await world.World.Operation<DepositDocuments>().RunAsync(world.Thill, new RecordRef.ById(record), submission with { Documents = [document with { Metadata = document.Metadata with { MimeType = "application/pdf" } }] }, world.World.Cancel);
        Assert.True(kept.Succeeded, kept.Refusal?.Id);
    }

    private static ReadWaiting With(DocumentWorld world, IContentReader reader) =>
        new(world.World.Platform.Database, world.World.Platform.Clockwork, world.World.Platform.Vault, reader, world.World.Platform.People, world.World.Platform.Keys, world.World.Platform.Alarms, world.World.Clock);

    private static async Task<int> UnreadAsync(DocumentWorld world) =>
        (await world.World.Operation<SearchText>().RunAsync(world.Holder, world.Patient, new TextQuery("ischemie"), world.World.Cancel)).Value.Unread;

    /// <summary>Reads nothing that waits.</summary>
    /// <param name="again">Of a document's unique id: whether its reader ended.</param>
    private sealed class OtherReader(Func<string, bool> again) : IContentReader
    {
        private readonly ContentReader usual = new();

        /// <summary>Unique ids in the order they were begun.</summary>
        public List<string> Names { get; } = [];
        public int Times => Names.Count;
        public int Rules => 2;

        public DocumentReading Read(DocumentMetadata metadata, ReadOnlyMemory<byte> content) => usual.Read(metadata, content);

        public DocumentReading GiveUp(DocumentReading kept) => usual.GiveUp(kept);

        public Task<DocumentReading> ReadWholeAsync(DocumentMetadata metadata, ReadOnlyMemory<byte> content, CancellationToken cancel)
        {
            lock (Names) Names.Add(metadata.UniqueId);
            return Task.FromResult(Read(metadata, content) with { Again = again(metadata.UniqueId) });
        }
    }
}
