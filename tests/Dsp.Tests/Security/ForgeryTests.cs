using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;

namespace Dsp.Tests.Security;

/// <summary>
/// Whoever can write the database but lacks the keys can at most destroy (security §1). Each forgery is direct SQL by the
/// schema's owner; afterwards no reader reads one byte more than before.
/// </summary>
public sealed class ForgeryTests
{
    private static readonly byte[] Visible = Encoding.UTF8.GetBytes("visible to the doctor");
    private static readonly byte[] Hidden = Encoding.UTF8.GetBytes("masked from everyone");

    /// <summary>What each forgery does, by name; the scene has a document the doctor reads and one that is masked.</summary>
    private static readonly Dictionary<string, Func<Scene, Batch>> Forgeries = new(StringComparer.Ordinal)
    {
        ["the sheet of another record, which has a context for the stranger"] = s =>
            new Batch().Add("UPDATE records SET sheet = (SELECT o.sheet FROM records o WHERE o.record_id = @other) WHERE record_id = @record", ("other", s.OtherRecord), ("record", s.Record)),
        ["the sheet and the key of another record"] = s =>
            new Batch().Add("UPDATE records SET sheet = (SELECT o.sheet FROM records o WHERE o.record_id = @other), wrapped_key = (SELECT o.wrapped_key FROM records o WHERE o.record_id = @other) WHERE record_id = @record", ("other", s.OtherRecord), ("record", s.Record)),
        ["an old sheet, from before the block and the mask, under the present version"] = s =>
            new Batch().Add("UPDATE records SET sheet = @sheet WHERE record_id = @record", ("sheet", s.OldSheet), ("record", s.Record)),
        ["an old sheet with its old version number"] = s =>
            new Batch().Add("UPDATE records SET sheet = @sheet, sheet_version = @version WHERE record_id = @record", ("sheet", s.OldSheet), ("version", s.OldVersion), ("record", s.Record)),
        ["a hint row that lists the record among the stranger's patients"] = s =>
            new Batch().Add("INSERT INTO relations_by_actor (actor_id, record_id, relation_id, starts_at, ends_at) VALUES (@actor, @record, @relation, 0, NULL)", ("actor", s.World.Other.Person), ("record", s.Record), ("relation", Guid.CreateVersion7())),
        ["the masked document's category flipped to one the pharmacist may read"] = s =>
            new Batch().Add("UPDATE documents SET category = 'PrescriptionsTreatments' WHERE record_id = @record", ("record", s.Record)),
        ["the withdrawn document's status flipped back to current"] = s =>
            new Batch().Add("UPDATE documents SET status = 'current' WHERE record_id = @record", ("record", s.Record)),
        ["the masked document's entry moved under the visible document's id"] = s =>
            new Batch().Add("UPDATE documents SET sealed_entry = (SELECT d.sealed_entry FROM documents d WHERE d.document_id = @hidden), content_id = (SELECT d.content_id FROM documents d WHERE d.document_id = @hidden), size = (SELECT d.size FROM documents d WHERE d.document_id = @hidden) WHERE document_id = @visible", ("hidden", s.HiddenDocument), ("visible", s.VisibleDocument)),
        ["the masked document's content put under the visible document's content id"] = s =>
            new Batch().Add("UPDATE contents SET sealed = (SELECT c.sealed FROM contents c JOIN documents d ON d.content_id = c.content_id WHERE d.document_id = @hidden) WHERE content_id = (SELECT d.content_id FROM documents d WHERE d.document_id = @visible)", ("hidden", s.HiddenDocument), ("visible", s.VisibleDocument)),
        ["the pharmacist's matrix group changed to doctor"] = s =>
            new Batch().Add("UPDATE professionals SET matrix_group = 'DOC' WHERE person_id = @person", ("person", s.World.Pharmacist.Person)),
        ["a membership for the stranger, with somebody else's MAC"] = s =>
            new Batch().Add("UPDATE memberships SET person_id = @stranger WHERE person_id = @doctor AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = @stranger AND m.institution_id = memberships.institution_id)", ("stranger", s.World.Other.Person), ("doctor", s.World.Pharmacist.Person)),
        ["the stopped doctor's licence stop removed"] = s =>
            new Batch().Add("UPDATE professionals SET stopped_from = NULL, stopped_until = NULL WHERE person_id = @person", ("person", s.Stopped.Person)),
        ["the laboratory's system moved to the stranger's practice"] = s =>
            new Batch().Add("UPDATE systems SET institution_id = @institution, responsible_id = @person", ("institution", s.World.Other.Institution), ("person", s.World.Other.Person)),
        ["every object id pointed to the record of the stranger's patient"] = s =>
            new Batch().Add("UPDATE object_ids SET record_id = @other", ("other", s.OtherRecord)),
        ["the documents' rows moved to the record of the stranger's patient"] = s =>
            new Batch().Add("UPDATE documents SET record_id = @other", ("other", s.OtherRecord)).Add("UPDATE object_ids SET record_id = @other", ("other", s.OtherRecord)).Add("UPDATE contents SET record_id = @other", ("other", s.OtherRecord)),
    };

    public static TheoryData<string, Store> Cases()
    {
        var data = new TheoryData<string, Store>();
        foreach (var name in Forgeries.Keys)
        {
            data.Add(name, Store.Sqlite);
            if (Tiers.Current != Tier.Quick) data.Add(name, Store.Postgres);
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_forgery_yields_no_additional_byte(string forgery, Store store)
    {
        await using var scene = await Scene.CreateAsync(store);
        var before = await scene.ReadableAsync();
        Assert.Contains(before, r => r.Contains("visible to the doctor", StringComparison.Ordinal));
        Assert.DoesNotContain(before, r => r.Contains("masked from everyone", StringComparison.Ordinal) && !r.StartsWith("holder", StringComparison.Ordinal) && !r.StartsWith("laboratory", StringComparison.Ordinal));

        Assert.DoesNotContain(before, r => r.StartsWith("pharmacist", StringComparison.Ordinal) && r.Contains("imaging", StringComparison.Ordinal));

        await scene.World.World.Platform.Database.CommitAsync(Forgeries[forgery](scene), scene.World.World.Cancel);

        Assert.Empty((await scene.ReadableAsync()).Except(before, StringComparer.Ordinal));
    }

    /// <summary>A record with a mask, a withdrawal, a block and a stopped doctor; beside it a record the stranger may read.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        public required DocumentWorld World { get; init; }
        public RecordId Record => World.Record;
        public RecordId OtherRecord { get; private set; }
        public DocumentId VisibleDocument { get; private set; }
        public DocumentId HiddenDocument { get; private set; }
        public DocumentId WithdrawnDocument { get; private set; }

        /// <summary>Nothing for a pharmacist.</summary>
        public DocumentId ImagingDocument { get; private set; }
        public byte[] OldSheet { get; private set; } = [];
        public long OldVersion { get; private set; }
        public Caller Stopped { get; private set; } = null!;

        public static async Task<Scene> CreateAsync(Store store)
        {
            var scene = new Scene { World = await DocumentWorld.CreateAsync(store) };
            var world = scene.World;
            scene.VisibleDocument = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.1", Visible))).Value.Documents[0].Id;
            scene.HiddenDocument = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.2", Hidden))).Value.Documents[0].Id;
            scene.WithdrawnDocument = (await world.DepositAsync(world.Laboratory, DocumentWorld.Submission("urn:oid:1.2.3.3", "withdrawn by its author"u8.ToArray()))).Value.Documents[0].Id;
            await world.World.Operation<WithdrawDocument>().RunAsync(world.Laboratory, null, scene.WithdrawnDocument, WithdrawalReason.Author, world.World.Cancel);
            scene.ImagingDocument = (await world.DepositAsync(world.Thill, DocumentWorld.Submission("urn:oid:1.2.3.4", "imaging"u8.ToArray(), DataCategory.MedicalImaging))).Value.Documents[0].Id;
            await scene.StopPharmacistsColleagueAsync();
            await scene.AddOtherRecordAsync();

            // The old sheet gives the stranger a context and masks nothing; then it is taken back.
            await scene.ChangeAsync(s => s with { Contexts = [.. s.Contexts, Context(world, world.Other)] });
            (scene.OldSheet, scene.OldVersion) = (await world.World.Platform.Database.QueryAsync(r => (r.Bytes(0), r.Long(1)), "SELECT sheet, sheet_version FROM records WHERE record_id = @r", world.World.Cancel, ("r", world.Record)))[0];
            await scene.ChangeAsync(s => s with
            {
                Contexts = [.. s.Contexts.Where(c => c.Person != world.Other.Person)],
                Blocks = [new RecordBlock(Guid.CreateVersion7(), world.Other.Person, null, world.World.Clock.Now(), "")],
                Masks = [new ItemMask(Guid.CreateVersion7(), scene.HiddenDocument, null, null, true, [], s.Holder, world.World.Clock.Now())],
            });
            return scene;
        }

        /// <summary>Everything every reader can read now: who, which document, its text.</summary>
        public async Task<List<string>> ReadableAsync()
        {
            var readable = new List<string>();
            (string, Caller)[] readers = [("doctor", World.Thill), ("stranger", World.Other), ("pharmacist", World.Pharmacist), ("stopped", Stopped), ("holder", World.Holder), ("laboratory", World.Laboratory)];
            foreach (var (name, reader) in readers)
            {
                foreach (var record in new[] { Record, OtherRecord })
                {
                    foreach (var status in new[] { DocumentStatus.Current, DocumentStatus.Superseded })
                    {
                        var found = await World.World.Operation<FindDocuments>().RunAsync(reader, new RecordRef.ById(record), new DocumentSearch { Statuses = [status] }, World.World.Cancel);
                        if (found.Succeeded) readable.AddRange(found.Value.Documents.Select(d => $"{name} finds {d.Id} {d.Metadata.Title}"));
                    }
                    foreach (var document in new[] { VisibleDocument, HiddenDocument, WithdrawnDocument, ImagingDocument })
                    {
                        foreach (var place in new RecordId?[] { record, null })
                        {
                            var text = await ReadAsync(reader, place, document);
                            if (text is not null) readable.Add($"{name} reads {document}: {text}");
                        }
                    }
                }
            }
            return [.. readable.Distinct(StringComparer.Ordinal)];
        }

        private async Task<string?> ReadAsync(Caller reader, RecordId? record, DocumentId document)
        {
            try
            {
                var opened = await World.World.Operation<RetrieveDocument>().RunAsync(reader, record, document, null, World.World.Cancel);
                if (!opened.Succeeded) return null;
                var bytes = new List<byte>();
                await foreach (var piece in opened.Value.Bytes) bytes.AddRange(piece.Span);
                return Encoding.UTF8.GetString([.. bytes]);
            }
            catch (Dsp.Sealing.SealBrokenException)
            {
                return null;
            }
        }

        private async Task ChangeAsync(Func<AccessSheet, AccessSheet> change)
        {
            var entered = await World.World.Platform.Gate.EnterAsync(new AccessRequest(World.Holder, World.Patient, AccessAction.ManageRights, JournalActions.Block), World.World.Cancel);
            using var permit = entered.Permit!;
            await permit.ChangeSheetAsync(change(permit.Sheet), new Batch(), World.World.Cancel);
        }

        private static CareContext Context(DocumentWorld world, Caller caller) =>
            new(Guid.CreateVersion7(), CareContextKind.Individual, caller.Person, caller.Institution, world.World.Clock.Now(), world.World.Clock.Now() + TimeSpan.FromDays(10));

        private async Task StopPharmacistsColleagueAsync()
        {
            var clock = World.World.Clock;
            var row = new ProfessionalRow(PersonId.New(clock), "R-stopped", "Stoppé", "S.", "DOC", MatrixGroup.DOC, null, clock.Now() - TimeSpan.FromDays(100), null, clock.Now() - TimeSpan.FromDays(1), null);
            var membership = new MembershipRow(World.Thill.Institution!.Value, row.Person, "", false, clock.Now() - TimeSpan.FromDays(100), null);
            await World.World.Platform.Database.CommitAsync(new Batch()
                .Add("INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, specialty, licence_from, licence_until, stopped_from, stopped_until, mac) VALUES (@id, @register, @family, @given, @profession, 'DOC', NULL, @from, NULL, @stopped, NULL, @mac)",
                    ("id", row.Person), ("register", row.RegisterId), ("family", row.Family), ("given", row.Given), ("profession", row.Profession), ("from", row.LicenceFrom), ("stopped", row.StoppedFrom), ("mac", row.Mac(World.World.Platform.Keys)))
                .Add("INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@institution, @person, '', @emergency, @from, NULL, @mac)",
                    ("institution", membership.Institution), ("person", membership.Person), ("emergency", false), ("from", membership.From), ("mac", membership.Mac(World.World.Platform.Keys))), World.World.Cancel);
            Stopped = World.Thill with { Person = row.Person };
            await ChangeAsync(s => s with { Circle = [new CircleMember(Guid.CreateVersion7(), row.Person, null, clock.Now(), null, "")] });
        }

        private async Task AddOtherRecordAsync()
        {
            var clock = World.World.Clock;
            var batch = new Batch();
            var sheet = new AccessSheet { Holder = PersonId.New(clock), State = RecordState.Active, CreatedAt = clock.Now(), ActivatedAt = clock.Now(), Contexts = [Context(World, World.Other)] };
            OtherRecord = RecordId.New(clock);
            new RecordCreation(World.World.Platform.KeyProvider, World.World.Platform.Journal).Add(batch, OtherRecord, sheet,
                new JournalEntry { Id = Ids.New(clock), Record = default, At = clock.Now(), Action = JournalActions.Create, Permitted = true, Rule = "feed" });
            await World.World.Platform.Database.CommitAsync(batch, World.World.Cancel);
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
