using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Sealing;
using Dsp.Server;
using Dsp.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dsp.Browser.Tests.Support;

/// <summary>A person of the fixture who signs in.</summary>
public sealed record Somebody(PersonId Person, string Kind, string Name);

/// <summary>
/// The real server on free loopback ports over a throw-away SQLite installation, with people and documents made by the
/// operations themselves. One per test class: journeys change things.
/// </summary>
public sealed class PortalWorld : IAsyncDisposable
{
    public const string EmmaNumber = "1984031299114";

    private readonly string folder;
    private readonly Platform platform;
    private readonly WebApplication app;
    private readonly List<string> faults;

    private PortalWorld(string folder, Platform platform, BrowserClock clock, WebApplication app, List<string> faults) =>
        (this.folder, this.platform, Clock, this.app, this.faults) = (folder, platform, clock, app, faults);

    public BrowserClock Clock { get; }

    public string Base => app.Services.GetRequiredService<Addresses>().Base;

    public string ContentBase => app.Services.GetRequiredService<Addresses>().Content;

    public Somebody Emma { get; private set; } = null!;

    public RecordId EmmaRecord { get; private set; }

    public RecordId NoahRecord { get; private set; }

    public Somebody Thill { get; private set; } = null!;

    /// <summary>No relation to anyone; works at two places.</summary>
    public Somebody Other { get; private set; } = null!;

    /// <summary>A member of the emergency department.</summary>
    public Somebody Reuter { get; private set; } = null!;

    private Caller? laboratorySystem;
    private Caller? hospitalSystem;

    public DocumentId Analysis { get; private set; }

    public DocumentId Imaging { get; private set; }

    /// <summary>What the process logged as a fault.</summary>
    public IReadOnlyList<string> Faults => faults;

    private static CancellationToken Cancel => CancellationToken.None;

    /// <param name="change">Of the settings, with the installation's folder and clock.</param>
    public static async Task<PortalWorld> StartAsync(Func<ServerSettings, string, TimeProvider, ServerSettings>? change = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), "dsp-portal-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        KeyFolder.OpenOrCreate(Path.Combine(folder, "keys"));
        var settings = new ServerSettings { Listen = "http://127.0.0.1:0", ContentListen = "http://127.0.0.1:0", DataFolder = Path.Combine(folder, "data"), KeyFolder = Path.Combine(folder, "keys"), Demo = true, Jobs = false };
        var clock = new BrowserClock();
        settings = change?.Invoke(settings, folder, clock) ?? settings;
        var platform = await Platform.OpenAsync(settings.ToPlatform(), clock, Cancel);
        var faults = new List<string>();
        var app = ServerHost.Build(settings, platform, b => b.Logging.AddProvider(new FaultLog(faults)), TestSignIn.Map);
        await app.StartAsync(Cancel);
        var world = new PortalWorld(folder, platform, clock, app, faults);
        await world.PlayAsync();
        return world;
    }

    public T Operation<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public string SignInAddress(Somebody somebody) => $"{Base}{TestSignIn.Path}/{somebody.Kind}/{somebody.Person}";

    public Caller CallerOf(Somebody somebody, InstitutionId? place = null) => new()
    {
        Kind = somebody.Kind == "pro" ? CallerKind.Professional : CallerKind.Person, Person = somebody.Person, Institution = place, Strong = true, LongLived = true, MayAct = true, ThroughPortal = true, Software = "portal",
    };

    /// <summary>One more laboratory report of Emma's, with these bytes.</summary>
    public Task<DocumentId> DepositCdaAsync(string title, byte[] bytes) =>
        DepositAsync(laboratorySystem!, EmmaRecord, title, DataCategory.MedicalAnalyses, "11502-2", Deadlines.DayOf(Clock.GetUtcNow()), bytes, "text/xml", "en", "Laboratoire du Nord (fictif)");

    /// <summary>Four laboratory reports of Emma's, one of them in another unit, and a letter with her history.</summary>
    public async Task DepositClinicalAsync()
    {
        var today = Deadlines.DayOf(Clock.GetUtcNow());
        foreach (var (days, unit, value, low, high, potassium) in new[] { (440, "%", "6.4", "4.0", "6.0", "4.1"), (258, "mmol/mol", "51", "20", "38", "4.4"), (82, "%", "6.9", "4.0", "6.0", "4.1"), (3, "%", "7.4", "4.0", "6.0", "5.4") })
            LatestReport = await DepositAsync(laboratorySystem!, EmmaRecord, "Bilan biologique", DataCategory.MedicalAnalyses, "11502-2", today.AddDays(-days), ClinicalDocuments.Laboratory(today.AddDays(-days), unit, value, low, high, potassium), "text/xml", "fr-LU", "Laboratoire du Nord (fictif)");
        Letter = await DepositAsync(hospitalSystem!, EmmaRecord, "Lettre au cardiologue", DataCategory.CareReports, "11488-4", today.AddDays(-30), ClinicalDocuments.Letter(today.AddDays(-30)), "text/xml", "fr-LU", "Cabinet Thillaray (fictif)");
    }

    /// <summary>The laboratory replaces its newest report with another value.</summary>
    public async Task CorrectLatestAsync(string value)
    {
        var day = Deadlines.DayOf(Clock.GetUtcNow()).AddDays(-3);
        var submission = TestDocuments.Submission(Clock, EmmaRecord, "Bilan biologique", DataCategory.MedicalAnalyses, "11502-2", day, ClinicalDocuments.Laboratory(day, "%", value, "4.0", "6.0", "5.4"), "text/xml", "fr-LU", "Laboratoire du Nord (fictif)");
        var document = submission.Documents[0];
        var corrected = submission with { Documents = [document with { Metadata = document.Metadata with { Relations = [new DocumentRelation(RelationKind.Replaces, LatestReport)] } }] };
        LatestReport = Succeeded(await Operation<DepositDocuments>().RunAsync(laboratorySystem!, new RecordRef.ById(EmmaRecord), corrected, Cancel)).Documents[0].Id;
    }

    /// <summary>The newest of <see cref="DepositClinicalAsync"/>.</summary>
    public DocumentId LatestReport { get; private set; }

    public DocumentId Letter { get; private set; }

    private async Task PlayAsync()
    {
        var agent = new AgentRow(PersonId.New(Clock), "2041", "agent", null);
        await RunAsync(new Batch().Add("INSERT INTO agents (person_id, number, role, until_at, mac) VALUES (@p, @n, @r, NULL, @m)", ("p", agent.Person), ("n", agent.Number), ("r", agent.Role), ("m", agent.Mac(platform.Keys))));
        var agency = new Caller { Kind = CallerKind.Agent, Person = agent.Person, Strong = true, LongLived = true, MayAct = true, Software = "console" };
        var practice = await InstitutionAsync("Cabinet Thillaray (fictif)", InstitutionKind.Practice, emergency: false);
        var second = await InstitutionAsync("Centre médical de la Sûre (fictif)", InstitutionKind.Practice, emergency: false);
        var hospital = await InstitutionAsync("Hôpital du Centre (fictif)", InstitutionKind.Collective, emergency: true);
        var laboratory = await InstitutionAsync("Laboratoire du Nord (fictif)", InstitutionKind.Collective, emergency: false);
        Thill = await ProfessionalAsync("Thillaray", "Armel", "médecin généraliste", MatrixGroup.DOC, (practice, false));
        Other = await ProfessionalAsync("Marchevaux", "Yann", "médecin généraliste", MatrixGroup.DOC, (practice, false), (second, false));
        Reuter = await ProfessionalAsync("Reutersang", "Ilka", "médecin spécialiste", MatrixGroup.DOC, (hospital, true));
        var biologist = await ProfessionalAsync("Biolay", "Solange", "médecin spécialiste en biologie clinique", MatrixGroup.BIO, (laboratory, false));
        var lab = await SystemAsync("lab-nord", laboratory, biologist.Person, "care");
        laboratorySystem = lab;
        var house = await SystemAsync("hospital", hospital, Reuter.Person, "care");
        hospitalSystem = house;
        var authority = await SystemAsync("health-fund", null, null, "authority");

        var emma = await RegisterAsync(agency, EmmaNumber, "Weberscheid", "Emma", Gender.Female);
        (Emma, EmmaRecord) = (new Somebody(emma.Person, "person", "Emma WEBERSCHEID"), emma.Record!.Value);
        await RegisterAsync(agency, "1984032199100", "Weberscheid", "Emma", Gender.Female);
        var noah = await RegisterAsync(agency, "2018051799127", "Weberscheid Quintelho", "Noah", Gender.Male);
        NoahRecord = noah.Record!.Value;
        Succeeded(await Operation<SetRepresentation>().RunAsync(agency, NoahRecord, emma.Person, RepresentationKind.Parent, "WEBERSCHEID Emma", null, null, "acte de naissance", Cancel));
        Succeeded(await Operation<ActivateRecord>().RunAsync(CallerOf(Emma), EmmaRecord, Cancel));
        Succeeded(await Operation<SetReferringDoctor>().RunAsync(authority, new RecordRef.ById(EmmaRecord), Thill.Person, Clock.GetUtcNow() - TimeSpan.FromDays(30), null, Cancel));

        var today = Deadlines.DayOf(Clock.GetUtcNow());
        Analysis = await DepositAsync(lab, EmmaRecord, "Analyse de sang", DataCategory.MedicalAnalyses, "11502-2", today.AddDays(-5), TestDocuments.Cda("Analyse de sang"), "text/xml", "fr-LU", "Laboratoire du Nord (fictif)");
        await DepositAsync(lab, EmmaRecord, "Analyse de sang", DataCategory.MedicalAnalyses, "11502-2", today.AddDays(-82), TestDocuments.Cda("Analyse de sang, septembre"), "text/xml", "fr-LU", "Laboratoire du Nord (fictif)");
        Imaging = await DepositAsync(house, EmmaRecord, "Röntgen Thorax – Befund", DataCategory.MedicalImaging, "68604-8", today.AddDays(-10), TestDocuments.Pdf, "application/pdf", "de-LU", "Hôpital du Centre (fictif)");
        await DepositAsync(house, EmmaRecord, "Lettre de sortie, cardiologie", DataCategory.CareReports, "18842-5", today.AddDays(-656), TestDocuments.Pdf, "application/pdf", "fr-LU", "Hôpital du Centre (fictif)");
        await DepositAsync(house, NoahRecord, "Plan d’action asthme", DataCategory.CareReports, "11488-4", today.AddDays(-60), TestDocuments.Pdf, "application/pdf", "fr-LU", "Hôpital du Centre (fictif)");
    }

    private async Task<DocumentId> DepositAsync(Caller system, RecordId record, string title, DataCategory category, string loinc, DateOnly day, byte[] bytes, string mime, string language, string institution) =>
        Succeeded(await Operation<DepositDocuments>().RunAsync(system, new RecordRef.ById(record), TestDocuments.Submission(Clock, record, title, category, loinc, day, bytes, mime, language, institution), Cancel)).Documents[0].Id;

    private async Task<Registered> RegisterAsync(Caller agency, string number, string family, string given, Gender gender) =>
        Succeeded(await Operation<RegisterPerson>().RunAsync(agency, new Registration(family, given, null, gender) { NationalNumber = number, Address = new PostalAddress(null, "4011", "Esch-sur-Alzette", "LU") }, openRecord: true, Cancel));

    private static T Succeeded<T>(Outcome<T> outcome) => outcome.Succeeded ? outcome.Value : throw new InvalidOperationException($"The fixture was refused: {outcome.Refusal.Id} {outcome.Refusal.Text}");

    private async Task<InstitutionId> InstitutionAsync(string name, InstitutionKind kind, bool emergency)
    {
        var row = new InstitutionRow(InstitutionId.New(Clock), Ids.Text(Ids.New(Clock)), name, kind, emergency, PortalAttested: true);
        await RunAsync(new Batch().Add(
            "INSERT INTO institutions (institution_id, register_id, name, kind, emergency_department, portal_attested, mac) VALUES (@i, @g, @n, @k, @e, @p, @m)",
            ("i", row.Id), ("g", row.RegisterId), ("n", row.Name), ("k", row.Kind.ToString()), ("e", row.EmergencyDepartment), ("p", row.PortalAttested), ("m", row.Mac(platform.Keys))));
        return row.Id;
    }

    private async Task<Somebody> ProfessionalAsync(string family, string given, string profession, MatrixGroup group, params (InstitutionId Place, bool Emergency)[] places)
    {
        var from = Clock.Now() - TimeSpan.FromDays(4000);
        var row = new ProfessionalRow(PersonId.New(Clock), Ids.Text(Ids.New(Clock)), family, given, profession, group, null, from, null, null, null);
        var batch = new Batch().Add(
            "INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, specialty, licence_from, licence_until, stopped_from, stopped_until, mac) VALUES (@p, @r, @f, @g, @n, @m, NULL, @l, NULL, NULL, NULL, @c)",
            ("p", row.Person), ("r", row.RegisterId), ("f", row.Family), ("g", row.Given), ("n", row.Profession), ("m", row.Group.ToString()), ("l", row.LicenceFrom), ("c", row.Mac(platform.Keys)));
        foreach (var (place, emergency) in places)
        {
            var member = new MembershipRow(place, row.Person, "", emergency, from, null);
            batch.Add("INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@i, @p, @u, @e, @f, NULL, @m)",
                ("i", member.Institution), ("p", member.Person), ("u", member.Unit), ("e", member.Emergency), ("f", member.From), ("m", member.Mac(platform.Keys)));
        }
        await RunAsync(batch);
        return new Somebody(row.Person, "pro", $"{given} {family.ToUpperInvariant()}");
    }

    private async Task<Caller> SystemAsync(string name, InstitutionId? institution, PersonId? responsible, string role)
    {
        var row = new SystemRow(SystemId.New(Clock), name, institution, responsible, role, null);
        await RunAsync(new Batch().Add("INSERT INTO systems (system_id, name, institution_id, responsible_id, role, suspended_at, mac) VALUES (@s, @n, @i, @p, @r, NULL, @m)",
            ("s", row.Id), ("n", row.Name), ("i", row.Institution), ("p", row.Responsible), ("r", row.Role), ("m", row.Mac(platform.Keys))));
        return new Caller { Kind = CallerKind.System, System = row.Id, Institution = institution, LongLived = true, MayAct = true, Software = name };
    }

    private Task RunAsync(Batch batch) => platform.Database.CommitAsync(batch, Cancel);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await platform.DisposeAsync();
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Still held by a reader that is closing: it lies in the temporary folder.
        }
    }

    private sealed class FaultLog(List<string> faults) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Error) return;
            lock (faults) faults.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
