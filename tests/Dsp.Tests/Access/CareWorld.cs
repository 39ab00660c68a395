using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

/// <summary>A holder with a record, a practice, a hospital with an emergency department, and their people.</summary>
internal sealed class CareWorld : IAsyncDisposable
{
    private CareWorld(World world) => World = world;

    public World World { get; }
    public CancellationToken Cancel => World.Cancel;
    public DateTimeOffset Now => World.Clock.Now();
    public Database Database => World.Platform.Database;
    public RecordId Record { get; private set; }
    public Caller Emma { get; private set; } = null!;
    public Caller Thill { get; private set; } = null!;
    public Caller Other { get; private set; } = null!;
    public Caller Reuter { get; private set; } = null!;
    public Caller Nurse { get; private set; } = null!;
    public Caller Hospital { get; private set; } = null!;
    public Caller Laboratory { get; private set; } = null!;
    public Caller Authority { get; private set; } = null!;
    public Caller Agent { get; private set; } = null!;
    public InstitutionId Practice { get; private set; }
    public InstitutionId OtherPractice { get; private set; }
    public InstitutionId Clinic { get; private set; }

    public static async Task<CareWorld> CreateAsync(Store store, RecordState state = RecordState.Active)
    {
        var care = new CareWorld(await World.CreateAsync(store));
        await care.PeopleAsync();
        var holder = PersonId.New(care.World.Clock);
        care.Emma = care.Caller(CallerKind.Person, holder);
        care.Record = await care.NewRecordAsync(holder, state);
        return care;
    }

    public T Op<T>() where T : IOperation => World.Operation<T>();

    public async Task<RecordId> NewRecordAsync(PersonId holder, RecordState state, Func<AccessSheet, AccessSheet>? change = null)
    {
        var record = RecordId.New(World.Clock);
        var sheet = new AccessSheet { Holder = holder, State = state, CreatedAt = Now, LetterSentAt = Now, ActivatedAt = state == RecordState.Active ? Now : null };
        sheet = change?.Invoke(sheet) ?? sheet;
        var key = RecordKey.Create(record);
        var epoch = World.Platform.KeyProvider.CurrentEpoch;
        var batch = new Batch()
            .Add("INSERT INTO records (record_id, person_id, created_at, due_at, key_epoch, wrapped_key, sheet_version, sheet) VALUES (@r, @p, @at, NULL, @e, @k, 1, @s)",
                ("r", record), ("p", holder), ("at", Now), ("e", epoch), ("k", key.Wrap(World.Platform.KeyProvider, epoch)), ("s", sheet.Seal(key, 1)))
            .Add("INSERT INTO persons (person_id, record_id, version, sealed) VALUES (@p, @r, 1, @s)", ("p", holder), ("r", record), ("s", new byte[] { 1 }));
        World.Platform.Journal.Add(batch, new JournalEntry
        {
            Id = Ids.New(World.Clock), Record = record, At = Now, Action = JournalActions.Create, Automatic = true, Permitted = true, Rule = "clock", SheetVersion = 1,
        }, key);
        await Database.CommitAsync(batch, Cancel);
        return record;
    }

    /// <summary>The sheet as it stands now.</summary>
    public async Task<AccessSheet> SheetAsync()
    {
        var (key, version, bytes) = await KeyAsync();
        return AccessSheet.Open(key, version, bytes);
    }

    /// <summary>Puts a sheet there as an act would: next version, journal entry.</summary>
    public async Task ChangeSheetAsync(Func<AccessSheet, AccessSheet> change)
    {
        var (key, version, bytes) = await KeyAsync();
        var batch = new Batch { Guard = new Guard(Record, version, Exclusive: true) }
            .Add("UPDATE records SET sheet = @sheet, sheet_version = @version WHERE record_id = @record",
                ("sheet", change(AccessSheet.Open(key, version, bytes)).Seal(key, version + 1)), ("version", version + 1), ("record", Record));
        World.Platform.Journal.Add(batch, new JournalEntry
        {
            Id = Ids.New(World.Clock), Record = Record, At = Now, Action = JournalActions.Identity, Permitted = true, Rule = "clock", SheetVersion = version + 1,
        }, key);
        await Database.CommitAsync(batch, Cancel);
    }

    public async Task<(RecordKey Key, long Version, byte[] Sheet)> KeyAsync()
    {
        var rows = await Database.QueryAsync(r => (r.Int(0), r.Bytes(1), r.Long(2), r.Bytes(3)),
            "SELECT key_epoch, wrapped_key, sheet_version, sheet FROM records WHERE record_id = @r", Cancel, ("r", Record));
        var (epoch, wrapped, version, sheet) = Assert.Single(rows);
        return (RecordKey.Unwrap(World.Platform.KeyProvider, Record, epoch, wrapped), version, sheet);
    }

    /// <summary>A document in the record, by its depositor, without its bytes.</summary>
    public async Task<DocumentId> DocumentAsync(DataCategory category, PersonId? by, params CodedValue[] labels)
    {
        var (key, _, _) = await KeyAsync();
        var id = DocumentId.New(World.Clock);
        var submission = SubmissionId.New(World.Clock);
        var metadata = new DocumentMetadata { UniqueId = "urn:uuid:" + id, Category = category, MimeType = "text/plain", SecurityLabels = labels };
        var entry = new DocumentEntry
        {
            Facts = DocumentFacts.Of(metadata),
            DepositedBy = by, AddedAt = Now, Submission = submission, Content = ContentId.New(World.Clock), ContentSalt = new byte[32], Inline = true,
        };
        await Database.CommitAsync(new Batch()
            .Add(DocumentRow.Insert(key, id, entry, metadata, new DocumentState(DocumentStatus.Current, Now), new byte[] { 1 }))
            .Add("INSERT INTO object_ids (object_id, record_id, kind) VALUES (@o, @r, 'document')", ("o", id), ("r", Record)), Cancel);
        return id;
    }

    /// <summary>Enters to read one document and spends the permit.</summary>
    public Task<Refusal?> ReadAsync(Caller caller, DocumentId document) => EnterAsync(caller, AccessAction.Read, document);

    public async Task<Refusal?> EnterAsync(Caller caller, AccessAction action, DocumentId? document = null)
    {
        var request = new AccessRequest(caller, new RecordRef.ById(Record), action, action.ToString().ToLowerInvariant())
        {
            Item = document is { } d ? World.Platform.Items.One(d) : null, Documents = document is { } named ? [named] : [],
        };
        var entered = await World.Platform.Gate.EnterAsync(request, Cancel);
        if (entered.Permit is not { } permit) return entered.Refusal;
        using (permit) await permit.SpendAsync(new Batch(), Cancel);
        return null;
    }

    public async Task<CreatedPresenceCode> CodeAsync(int? days = null, IReadOnlyList<DataCategory>? categories = null) =>
        (await Op<CreatePresenceCode>().RunAsync(Emma, null, days, categories, Cancel)).Value;

    public Task<Outcome<OpenedCareContext>> RedeemAsync(Caller caller, string code, RecordId? record = null) =>
        Op<OpenCareContext>().RunAsync(caller, new WantedCareContext(new RecordRef.ById(record ?? Record), CareContextKind.Individual) { PresenceCode = code }, Cancel);

    public Caller Caller(CallerKind kind, PersonId? person, InstitutionId? place = null, SystemId? system = null, bool program = false) => new()
    {
        Kind = kind, Person = person, Institution = place, System = system, Strong = true, LongLived = true, MayAct = true,
        Software = "test", ThroughPortal = !program, ThroughProgramOf = program ? place : null,
    };

    private async Task PeopleAsync()
    {
        var batch = new Batch();
        Practice = Institution(batch, "Cabinet Thill", InstitutionKind.Practice, emergency: false);
        OtherPractice = Institution(batch, "Cabinet Weber", InstitutionKind.Practice, emergency: false);
        Clinic = Institution(batch, "Hôpital du Nord", InstitutionKind.Collective, emergency: true);
        Thill = Professional(batch, "Thill", "médecin généraliste", Practice);
        Other = Professional(batch, "Weber", "médecin généraliste", OtherPractice);
        Reuter = Professional(batch, "Reuter", "médecin spécialiste", Clinic, emergency: true, program: true);
        Nurse = Professional(batch, "Klein", "infirmier", Clinic, program: true);
        Hospital = Software(batch, "hospital", Clinic, Reuter.Person, "care");
        Laboratory = Software(batch, "laboratory", OtherPractice, Other.Person, "care");
        Authority = Software(batch, "authority", null, null, "authority");
        var agent = new AgentRow(PersonId.New(World.Clock), "A-1", "helpdesk", null);
        batch.Add("INSERT INTO agents (person_id, number, role, until_at, mac) VALUES (@p, @n, @r, NULL, @m)", ("p", agent.Person), ("n", agent.Number), ("r", agent.Role), ("m", agent.Mac(World.Platform.Keys)));
        Agent = Caller(CallerKind.Agent, agent.Person);
        await Database.CommitAsync(batch, Cancel);
    }

    private InstitutionId Institution(Batch batch, string name, InstitutionKind kind, bool emergency)
    {
        var row = new InstitutionRow(new InstitutionId(Ids.New(World.Clock)), "I-" + name, name, kind, emergency, PortalAttested: false);
        batch.Add("INSERT INTO institutions (institution_id, register_id, name, kind, emergency_department, portal_attested, mac) VALUES (@i, @r, @n, @k, @e, @p, @m)",
            ("i", row.Id), ("r", row.RegisterId), ("n", row.Name), ("k", kind.ToString()), ("e", emergency), ("p", false), ("m", row.Mac(World.Platform.Keys)));
        return row.Id;
    }

    public Caller Professional(Batch batch, string family, string profession, InstitutionId place, bool emergency = false, bool program = false)
    {
        var row = new ProfessionalRow(PersonId.New(World.Clock), "P-" + family, family, "Marie", profession, Professions.Find(profession)!.Group, null, Now.AddYears(-10), null, null, null);
        batch.Add(
            """
            INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, specialty, licence_from, licence_until, stopped_from, stopped_until, mac)
            VALUES (@p, @r, @f, @g, @o, @x, NULL, @from, NULL, NULL, NULL, @m)
            """,
            ("p", row.Person), ("r", row.RegisterId), ("f", row.Family), ("g", row.Given), ("o", row.Profession), ("x", row.Group.ToString()), ("from", row.LicenceFrom), ("m", row.Mac(World.Platform.Keys)));
        var member = new MembershipRow(place, row.Person, "unit", emergency, Now.AddYears(-1), null);
        batch.Add("INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@i, @p, @u, @e, @f, NULL, @m)",
            ("i", place), ("p", row.Person), ("u", member.Unit), ("e", emergency), ("f", member.From), ("m", member.Mac(World.Platform.Keys)));
        return Caller(CallerKind.Professional, row.Person, place, program: program);
    }

    private Caller Software(Batch batch, string name, InstitutionId? institution, PersonId? responsible, string role)
    {
        var row = new SystemRow(new SystemId(Ids.New(World.Clock)), name, institution, responsible, role, null);
        batch.Add("INSERT INTO systems (system_id, name, institution_id, responsible_id, role, suspended_at, mac) VALUES (@s, @n, @i, @p, @r, NULL, @m)",
            ("s", row.Id), ("n", name), ("i", institution), ("p", responsible), ("r", role), ("m", row.Mac(World.Platform.Keys)));
        return Caller(CallerKind.System, null, null, row.Id);
    }

    /// <summary>The Minister stops a licence from an instant, for a time or for good.</summary>
    public async Task StopLicenceAsync(Caller who, DateTimeOffset from, DateTimeOffset? until)
    {
        var rows = await Database.QueryAsync(r => ProfessionalRow.Read(r, 0, World.Platform.Keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @p", Cancel, ("p", who.Person));
        var stopped = rows[0]! with { StoppedFrom = from, StoppedUntil = until };
        await Database.CommitAsync(new Batch().Add("UPDATE professionals SET stopped_from = @f, stopped_until = @u, mac = @m WHERE person_id = @p",
            ("f", from), ("u", until), ("m", stopped.Mac(World.Platform.Keys)), ("p", who.Person)), Cancel);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
