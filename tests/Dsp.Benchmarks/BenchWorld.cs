using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Facts;
using Dsp.Interop.Mhd;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Benchmarks;

/// <summary>One installation to measure: a doctor with a relation to every record, a laboratory's system, so many records.</summary>
public sealed class BenchWorld : IAsyncDisposable
{
    private BenchWorld(string folder, Platform platform) => (Folder, Platform) = (folder, platform);

    public string Folder { get; }
    public Platform Platform { get; private set; }
    public List<RecordId> Records { get; } = [];
    public List<DocumentId> Documents { get; } = [];
    public Caller Doctor { get; private set; } = null!;
    public Caller Laboratory { get; private set; } = null!;
    public int? DatabaseProcess { get; private init; }

    public static async Task<BenchWorld> CreateAsync(string store)
    {
        var folder = Path.Combine(Path.GetTempPath(), "dsp-bench-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        Directory.CreateDirectory(folder);
        KeyFolder.OpenOrCreate(Path.Combine(folder, "keys"));
        var database = store == "postgres" ? PostgresServer.NewDatabase() : Path.Combine(folder, "data", "dsp.sqlite");
        var settings = new PlatformSettings(database, Path.Combine(folder, "keys"), Path.Combine(folder, "data", "content"), Path.Combine(folder, "data", "journal.heads")) { Reader = new ContentReader() };
        var world = new BenchWorld(folder, await Platform.OpenAsync(settings, TimeProvider.System, CancellationToken.None))
        {
            DatabaseProcess = store == "postgres" ? PostgresServer.ProcessId : null,
        };
        await world.FillAsync();
        return world;
    }

    private async Task FillAsync()
    {
        var clock = Platform.Clock;
        var keys = Platform.Keys;
        var now = clock.Now() - TimeSpan.FromHours(1);
        var institution = new InstitutionRow(InstitutionId.New(clock), "bench", "Cabinet", InstitutionKind.Practice, false, false);
        var doctor = new ProfessionalRow(PersonId.New(clock), "bench-doctor", "Doctor", "A.", "médecin généraliste", MatrixGroup.DOC, null, now, null, null, null);
        var biologist = new ProfessionalRow(PersonId.New(clock), "bench-bio", "Biologist", "B.", "pharmacien biologiste", MatrixGroup.BIO, null, now, null, null, null);
        var system = new SystemRow(SystemId.New(clock), "lab", institution.Id, biologist.Person, "care", null);
        var batch = new Batch().Add("INSERT INTO institutions (institution_id, register_id, name, kind, emergency_department, portal_attested, mac) VALUES (@id, @register, @name, @kind, @no, @no, @mac)",
            ("id", institution.Id), ("register", institution.RegisterId), ("name", institution.Name), ("kind", institution.Kind.ToString()), ("no", false), ("mac", institution.Mac(keys)));
        foreach (var p in new[] { doctor, biologist })
        {
            var membership = new MembershipRow(institution.Id, p.Person, "", false, now, null);
            batch.Add("INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, licence_from, mac) VALUES (@id, @register, @family, @given, @profession, @group, @from, @mac)",
                ("id", p.Person), ("register", p.RegisterId), ("family", p.Family), ("given", p.Given), ("profession", p.Profession), ("group", p.Group.ToString()), ("from", p.LicenceFrom), ("mac", p.Mac(keys)));
            batch.Add("INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, mac) VALUES (@institution, @person, '', @no, @from, @mac)",
                ("institution", institution.Id), ("person", p.Person), ("no", false), ("from", membership.From), ("mac", membership.Mac(keys)));
        }
        batch.Add("INSERT INTO systems (system_id, name, institution_id, responsible_id, role, mac) VALUES (@id, @name, @institution, @responsible, @role, @mac)",
            ("id", system.Id), ("name", system.Name), ("institution", system.Institution), ("responsible", system.Responsible), ("role", system.Role), ("mac", system.Mac(keys)));
        await Platform.Database.CommitAsync(batch, CancellationToken.None);
        Doctor = new Caller { Kind = CallerKind.Professional, Person = doctor.Person, Institution = institution.Id, Strong = true, AuthenticatedAt = clock.Now(), MayAct = true, Software = "bench" };
        Laboratory = new Caller { Kind = CallerKind.System, System = system.Id };
    }

    private async Task AddRecordsAsync(int records)
    {
        var clock = Platform.Clock;
        var now = clock.Now() - TimeSpan.FromHours(1);
        var creation = new RecordCreation(Platform.KeyProvider, Platform.Journal);
        foreach (var part in Enumerable.Range(0, records).Chunk(50))
        {
            var made = new Batch();
            foreach (var _ in part)
            {
                var id = RecordId.New(clock);
                creation.Add(made, id, Sheet(Doctor.Person!.Value, Doctor.Institution!.Value, now), new JournalEntry { Id = Ids.New(clock), Record = id, At = now, Action = JournalActions.Create, Permitted = true, Rule = "feed" });
                // The doctor's own patients: nobody new for the brake on mass opening.
                made.Add("INSERT INTO openings (actor_id, record_id, opened_at) VALUES (@actor, @record, @at)", ("actor", Doctor.Person!.Value), ("record", id), ("at", now));
                Records.Add(id);
            }
            await Platform.Database.CommitAsync(made, CancellationToken.None);
        }
    }

    public AccessSheet Sheet(PersonId doctor, InstitutionId institution, DateTimeOffset now) => new()
    {
        Holder = PersonId.New(Platform.Clock),
        State = RecordState.Active,
        CreatedAt = now,
        ActivatedAt = now,
        Contexts = [new CareContext(Ids.New(Platform.Clock), CareContextKind.Individual, doctor, institution, now, now + Deadlines.IndividualContextMaximum)],
    };

    /// <summary>
    /// Grows to so many documents, a hundred in each record, by the deposit operation itself. New documents go to new records
    /// in turn, so that those of one record lie apart, as they do after years.
    /// </summary>
    public async Task GrowAsync(int documents)
    {
        var deposit = new DepositDocuments(Platform.Gate, Platform.Vault, Platform.Database, Platform.Keys, Platform.Reader, Platform.People, Platform.Settings.Deposits, Platform.Alarms, Platform.Clock);
        var known = Records.Count;
        await AddRecordsAsync((documents / BenchOptions.DocumentsPerRecord) - known);
        var made = new DocumentId[(Records.Count - known) * BenchOptions.DocumentsPerRecord];
        await Parallel.ForAsync(0, made.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancel) =>
        {
            var record = Records[known + (i % (Records.Count - known))];
            var answer = await deposit.RunAsync(Laboratory, new RecordRef.ById(record), Submission(), cancel);
            made[i] = answer.Value.Documents[0].Id;
        });
        Documents.AddRange(made);
    }

    private static readonly byte[] Report = BenchReport.Make(BenchOptions.DocumentBytes);

    public static ProvidedSubmission Submission()
    {
        var content = Report;
        var metadata = new DocumentMetadata
        {
            UniqueId = "urn:uuid:" + Guid.CreateVersion7(),
            Category = DataCategory.MedicalAnalyses,
            ClassCodes = [new CodedValue("urn:dsp:category", "MedicalAnalyses")],
            Type = new CodedValue("http://loinc.org", "11502-2", "Laboratory report"),
            Format = new CodedValue("http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode", "urn:ihe:iti:xds:2017:mimeTypeSufficient"),
            MimeType = "text/xml",
            Language = "fr-LU",
            Title = "Bilan",
            Authors = [new Author("Source", ["Bar"], [])],
            SecurityLabels = [new CodedValue("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
            Facility = new CodedValue("http://snomed.info/sct", "22232009", "Hospital"),
            PracticeSetting = new CodedValue("http://snomed.info/sct", "394802001", "General medicine"),
            Sha1 = SHA1.HashData(content),
            Sha256 = SHA256.HashData(content),
            Size = content.Length,
        };
        return new ProvidedSubmission
        {
            Patient = new PatientIdentifier("", ""),
            Submission = new Submission { Id = default, UniqueId = "urn:uuid:" + Guid.CreateVersion7(), Title = "Bilan" },
            Documents = [new ProvidedDocument { Metadata = metadata, Content = content, Fhir = SinglePartBuilder.Document(metadata) }],
        };
    }

    /// <summary>An ITI-65 Comprehensive bundle of one 20 kB document, as a source system sends it.</summary>
    public static byte[] Bundle(RecordId record, byte[] content)
    {
        string Urn() => "urn:uuid:" + Guid.CreateVersion7();
        var (list, document, binary, now) = (Urn(), Urn(), Urn(), DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        const string code = """{"coding":[{"system":"http://loinc.org","code":"11502-2","display":"Laboratory report"}]}""";
        const string author = """{"resourceType":"Practitioner","id":"a","name":[{"family":"Source","given":["Bar"]}]}""";
        return Encoding.UTF8.GetBytes(
            $$$$"""
            {"resourceType":"Bundle","meta":{"profile":["https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Comprehensive.ProvideBundle"]},"type":"transaction","timestamp":"{{{{now}}}}","entry":[
            {"fullUrl":"{{{{list}}}}","resource":{"resourceType":"List","meta":{"profile":["https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Comprehensive.SubmissionSet"]},"contained":[{{{{author}}}}],"extension":[{"url":"https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-designationType","valueCodeableConcept":{{{{code}}}} },{"url":"https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId","valueIdentifier":{"value":"urn:oid:1.2.3.4.5"}}],"identifier":[{"use":"official","system":"urn:ietf:rfc:3986","value":"{{{{Urn()}}}}"},{"use":"usual","system":"urn:ietf:rfc:3986","value":"{{{{list}}}}"}],"status":"current","mode":"working","title":"Bilan","code":{"coding":[{"system":"https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes","code":"submissionset"}]},"subject":{"reference":"Patient/{{{{record}}}}"},"date":"{{{{now}}}}","source":{"reference":"#a"},"entry":[{"item":{"reference":"{{{{document}}}}"}}]},"request":{"method":"POST","url":"List"}},
            {"fullUrl":"{{{{document}}}}","resource":{"resourceType":"DocumentReference","meta":{"profile":["https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Comprehensive.DocumentReference"]},"contained":[{{{{author}}}},{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:oid:2.999.7","value":"42"}],"name":[{"family":"X"}]}],"masterIdentifier":{"system":"urn:ietf:rfc:3986","value":"{{{{Urn()}}}}"},"status":"current","type":{{{{code}}}},"category":[{"coding":[{"system":"urn:dsp:category","code":"MedicalAnalyses"}]}],"subject":{"reference":"Patient/{{{{record}}}}"},"date":"{{{{now}}}}","author":[{"reference":"#a"}],"securityLabel":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}]}],"content":[{"attachment":{"contentType":"text/xml","language":"fr-LU","url":"{{{{binary}}}}","size":{{{{content.Length}}}},"hash":"{{{{Convert.ToBase64String(SHA1.HashData(content))}}}}","title":"Bilan","creation":"{{{{now}}}}"},"format":{"system":"http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode","code":"urn:ihe:iti:xds:2017:mimeTypeSufficient"}}],"context":{"period":{"start":"{{{{now}}}}","end":"{{{{now}}}}"},"facilityType":{"coding":[{"system":"http://snomed.info/sct","code":"22232009","display":"Hospital"}]},"practiceSetting":{"coding":[{"system":"http://snomed.info/sct","code":"394802001","display":"General medicine"}]},"sourcePatientInfo":{"reference":"#p"}}},"request":{"method":"POST","url":"DocumentReference"}},
            {"fullUrl":"{{{{binary}}}}","resource":{"resourceType":"Binary","contentType":"text/xml","data":"{{{{Convert.ToBase64String(content)}}}}"},"request":{"method":"POST","url":"Binary"}}]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
