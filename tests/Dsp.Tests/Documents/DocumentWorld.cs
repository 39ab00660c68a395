using System.Security.Cryptography;
using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Documents;

/// <summary>A world with one open record, its treating doctor, a doctor without relation, a laboratory's system and the holder.</summary>
public sealed class DocumentWorld : IAsyncDisposable
{
    private DocumentWorld(World world) => World = world;

    public World World { get; }
    public RecordId Record { get; private set; }
    public Caller Holder { get; private set; } = null!;
    public Caller Thill { get; private set; } = null!;
    public Caller Other { get; private set; } = null!;
    public Caller Pharmacist { get; private set; } = null!;
    public Caller Laboratory { get; private set; } = null!;
    public PersonId Biologist { get; private set; }

    /// <summary>One professional of every group of the matrix, each with a care context; none is the referring doctor.</summary>
    public IReadOnlyDictionary<MatrixGroup, Caller> OfGroup { get; private set; } = null!;
    public RecordRef Patient => new RecordRef.ById(Record);

    public static async Task<DocumentWorld> CreateAsync(Store store)
    {
        var made = new DocumentWorld(await World.CreateAsync(store));
        await made.FillAsync();
        return made;
    }

    private async Task FillAsync()
    {
        var batch = new Batch();
        var practice = AddInstitution(batch, "Cabinet (fictif)", InstitutionKind.Practice);
        var pharmacy = AddInstitution(batch, "Pharmacie (fictif)", InstitutionKind.Practice);
        var laboratory = AddInstitution(batch, "Laboratoire du Nord (fictif)", InstitutionKind.Collective);
        Thill = AddProfessional(batch, "Thillaray", MatrixGroup.DOC, practice);
        Other = AddProfessional(batch, "Marchevaux", MatrixGroup.DOC, practice);
        Pharmacist = AddProfessional(batch, "Farmelino", MatrixGroup.PHA, pharmacy);
        Biologist = AddProfessional(batch, "Biolay", MatrixGroup.BIO, laboratory).Person!.Value;
        // REF is a function: a doctor whom this record names.
        OfGroup = Enum.GetValues<MatrixGroup>().ToDictionary(g => g, g => AddProfessional(batch, "Groupe" + g, g == MatrixGroup.REF ? MatrixGroup.DOC : g, practice));
        var system = new SystemRow(SystemId.New(World.Clock), "lab-nord", laboratory, Biologist, "care", null);
        batch.Add("INSERT INTO systems (system_id, name, institution_id, responsible_id, role, suspended_at, mac) VALUES (@id, @name, @institution, @responsible, @role, @suspended, @mac)",
            ("id", system.Id), ("name", system.Name), ("institution", system.Institution), ("responsible", system.Responsible), ("role", system.Role), ("suspended", null), ("mac", system.Mac(World.Platform.Keys)));
        Laboratory = new Caller { Kind = CallerKind.System, System = system.Id };
        var holder = PersonId.New(World.Clock);
        Holder = new Caller { Kind = CallerKind.Person, Person = holder, Strong = true, AuthenticatedAt = World.Clock.Now(), MayAct = true };
        var now = World.Clock.Now();
        var sheet = new AccessSheet
        {
            Holder = holder,
            State = RecordState.Active,
            CreatedAt = now,
            ActivatedAt = now,
            Referring = new ReferringDoctor(OfGroup[MatrixGroup.REF].Person!.Value, now, null, "GROUPEREF"),
            Contexts =
            [
                Context(Thill), Context(Pharmacist), .. OfGroup.Values.Select(Context),
            ],
        };
        Record = RecordId.New(World.Clock);
        new RecordCreation(World.Platform.KeyProvider, World.Platform.Journal).Add(batch, Record, sheet,
            new JournalEntry { Id = Ids.New(World.Clock), Record = default, At = now, Action = JournalActions.Create, Permitted = true, Rule = "feed" });
        await World.Platform.Database.CommitAsync(batch, World.Cancel);
    }

    private CareContext Context(Caller caller) =>
        new(Ids.New(World.Clock), CareContextKind.Individual, caller.Person, caller.Institution, World.Clock.Now(), World.Clock.Now() + Deadlines.IndividualContextMaximum);

    private InstitutionId AddInstitution(Batch batch, string name, InstitutionKind kind)
    {
        var row = new InstitutionRow(InstitutionId.New(World.Clock), "2.999." + name, name, kind, false, false);
        batch.Add("INSERT INTO institutions (institution_id, register_id, name, kind, emergency_department, portal_attested, mac) VALUES (@id, @register, @name, @kind, @emergency, @portal, @mac)",
            ("id", row.Id), ("register", row.RegisterId), ("name", row.Name), ("kind", row.Kind.ToString()), ("emergency", row.EmergencyDepartment), ("portal", row.PortalAttested), ("mac", row.Mac(World.Platform.Keys)));
        return row.Id;
    }

    private Caller AddProfessional(Batch batch, string family, MatrixGroup group, InstitutionId institution)
    {
        var row = new ProfessionalRow(PersonId.New(World.Clock), "R-" + family, family, "A.", group.ToString(), group, null, World.Clock.Now(), null, null, null);
        var membership = new MembershipRow(institution, row.Person, "", false, World.Clock.Now(), null);
        batch.Add("INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, specialty, licence_from, licence_until, stopped_from, stopped_until, mac) VALUES (@id, @register, @family, @given, @profession, @group, @specialty, @from, @until, @sfrom, @suntil, @mac)",
            ("id", row.Person), ("register", row.RegisterId), ("family", row.Family), ("given", row.Given), ("profession", row.Profession), ("group", row.Group.ToString()), ("specialty", null), ("from", row.LicenceFrom), ("until", null), ("sfrom", null), ("suntil", null), ("mac", row.Mac(World.Platform.Keys)));
        batch.Add("INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@institution, @person, @unit, @emergency, @from, @until, @mac)",
            ("institution", institution), ("person", row.Person), ("unit", ""), ("emergency", false), ("from", membership.From), ("until", null), ("mac", membership.Mac(World.Platform.Keys)));
        return new Caller { Kind = CallerKind.Professional, Person = row.Person, Institution = institution, Strong = true, AuthenticatedAt = World.Clock.Now(), Software = "test" };
    }

    public Task<Outcome<Deposited>> DepositAsync(Caller by, ProvidedSubmission submission) =>
        World.Operation<DepositDocuments>().RunAsync(by, Patient, submission, World.Cancel);

    public async Task<IReadOnlyList<StoredDocument>> FindAsync(Caller by, DocumentSearch? search = null) =>
        (await World.Operation<FindDocuments>().RunAsync(by, Patient, search ?? new DocumentSearch(), World.Cancel)).Value.Documents;

    public async Task<byte[]?> ReadAsync(Caller by, DocumentId document, Func<long, (long, long)?>? range = null)
    {
        var opened = await World.Operation<RetrieveDocument>().RunAsync(by, null, document, range, World.Cancel);
        if (!opened.Succeeded) return null;
        var bytes = new List<byte>();
        await foreach (var piece in opened.Value.Bytes) bytes.AddRange(piece.Span);
        return [.. bytes];
    }

    public static ProvidedSubmission Submission(string uniqueId, byte[] content, DataCategory category = DataCategory.MedicalAnalyses, string title = "Bilan", string? submissionId = null, (RelationKind, string)[]? relations = null) => new()
    {
        Patient = new PatientIdentifier("urn:oid:1.3.182.4.4", "0"),
        Submission = new Submission { Id = default, UniqueId = submissionId ?? "urn:oid:1.2.3." + uniqueId.Length + "." + Math.Abs(string.GetHashCode(uniqueId, StringComparison.Ordinal)) },
        Documents =
        [
            new ProvidedDocument
            {
                Metadata = new DocumentMetadata { UniqueId = uniqueId, Category = category, MimeType = "text/plain", Title = title, Sha1 = SHA1.HashData(content), Sha256 = SHA256.HashData(content), Size = content.Length },
                Content = content,
                Fhir = Encoding.UTF8.GetBytes("{}"),
                RelationsByName = relations ?? [],
            },
        ],
    };

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
