using System.Text.RegularExpressions;
using Dsp.Interop.Fhir;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>Which side sends, in the words of the patterns of BALP.</summary>
internal enum AuditSides
{
    /// <summary>Client 110153, server 110152: query, create, update, import.</summary>
    ClientSends,
    /// <summary>Client 110152, server 110153: read.</summary>
    ServerSends,
    /// <summary>Client 110150, server custodian: delete.</summary>
    Custody,
    /// <summary>Client 110150, authorization server: a token.</summary>
    Token,
}

/// <summary>A thing an event is about.</summary>
/// <param name="Type">Code of audit-entity-type: 2 a system object, 4 other.</param>
/// <param name="Role">Code of object-role: 3 report, 4 domain resource, 20 job.</param>
internal sealed record AuditObject(string Reference, string Type, string Role);

/// <summary>
/// Which audit shape a journal entry has (standards 3, 9): by what was done, and by the call that asked for it. A profile is
/// claimed only where its constraints hold; the server is the recipient, responder, supplier or manager of each.
/// </summary>
internal sealed partial record AuditPattern
{
    public const string Dcm = "http://dicom.nema.org/resources/ontology/DCM";
    public const string IheEvent = "urn:ihe:event-type-code";
    public const string Rest = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    public const string Interactions = "http://hl7.org/fhir/restful-interaction";
    public const string TokenProfile = FhirNames.Balp + "IHE.BasicAudit.OAUTHaccessTokenUse.Minimal";

    public string TypeSystem { get; private init; } = Dcm;
    public string Type { get; private init; } = "110110";
    public string TypeDisplay { get; private init; } = "Patient Record";

    /// <summary>C, R, U, D or E (FHIR audit-event-action).</summary>
    public string Action { get; private init; } = "U";
    public IReadOnlyList<(string System, string Code, string? Display)> Subtypes { get; private init; } = [];
    public IReadOnlyList<string> Profiles { get; private init; } = [];
    public AuditSides Sides { get; private init; } = AuditSides.ClientSends;
    public string UserRole { get; private init; } = "IRCP";
    public string Purpose { get; private init; } = "TREAT";

    /// <summary>The request as an address below the base, or the words of a search; null where none is told.</summary>
    public string? Query { get; private init; }

    /// <summary>The patient by reference; null where none is known.</summary>
    public string? Patient { get; private init; }

    /// <summary>The patient by identifier, as system and value; where the profile asks for it.</summary>
    public (string System, string Value)? PatientIdentifier { get; private init; }
    public IReadOnlyList<AuditObject> Objects { get; private init; } = [];

    /// <summary>The log itself was used.</summary>
    public bool IsAboutTheLog { get; private init; }

    /// <summary>What the entry says in words belongs to the event.</summary>
    public bool TellsDetail { get; private init; } = true;

    public static AuditPattern Of(JournalEntry entry)
    {
        // The portal's own pages are nobody's transaction.
        var transaction = entry.Call is { } call ? call.Transaction : entry.Software == "portal" ? null : AuditGuess.Transaction(entry);
        var pattern = Shape(entry, transaction) with
        {
            Purpose = PurposeOf(entry),
        };
        if (pattern.Patient is null && pattern.PatientIdentifier is null && entry.Record != RecordId.None) pattern = pattern with { Patient = "Patient/" + entry.Record };
        // A person's token says of itself that it was used, beside whatever shape the event has.
        var byToken = entry.Permitted && TokenOfPerson(entry) is not null && pattern.Sides != AuditSides.Token;
        return pattern with { Profiles = !entry.Permitted ? [] : byToken ? [.. pattern.Profiles, TokenProfile] : pattern.Profiles };
    }

    /// <summary>The token a person came with; a software's own is not its responsible person's.</summary>
    public static string? TokenOfPerson(JournalEntry entry) => entry is { Person: not null, Automatic: false } ? entry.Call?.TokenId : null;

    private static AuditPattern Shape(JournalEntry entry, string? transaction)
    {
        var act = (AuditEventWriter.ActionSystem, entry.Action, (string?)null);
        var interaction = entry.Call?.Interaction;
        return entry.Action switch
        {
            JournalActions.ReadHistory => new AuditPattern { Type = "110101", TypeDisplay = "Audit Log Used", Action = "R", Sides = AuditSides.ServerSends, IsAboutTheLog = true, Subtypes = Numbered(transaction, act) },
            JournalActions.Operate => Operated(entry, act),
            JournalActions.SignIn when transaction == "ITI-71" => Issued(entry),
            JournalActions.SignIn => new AuditPattern { Type = "110114", TypeDisplay = "User Authentication", Action = "E", Subtypes = [(Dcm, "110122", "Login"), act] },
            JournalActions.Ask when entry.Rule == Refusals.NotSignedIn.Id => Alert("110126", "Node Authentication", Numbered(transaction, act)) with { Query = entry.Query },
            JournalActions.OpenContext when entry.Context == "emergency" => Alert("110127", "Emergency Override Started", [act]),
            JournalActions.EndContext when entry.Context == "emergency" => Alert("110138", "Emergency Override Stopped", [act]),
            JournalActions.Withdraw => Removed(entry, act),
            JournalActions.Deposit or JournalActions.Replace => transaction == "ITI-105" ? Published(entry, act) : Provided(entry, transaction, act),
            JournalActions.Identity when transaction == "ITI-104" => Fed(entry, act),
            _ when transaction is "ITI-83" or "ITI-119" => Asked(entry, transaction, act),
            _ when interaction == "search-type" || (interaction is null && entry.Action == JournalActions.Search) || (interaction is null && transaction == "ITI-78") => Asked(entry, transaction, act),
            _ when transaction == "$docref" => Asked(entry, transaction, act, (Interactions, "operation", "operation")),
            _ when interaction is "read" or "vread" || (interaction is null && entry.Action == JournalActions.Read) => Opened(entry, transaction, interaction ?? "read", act),
            JournalActions.ReadFacts or JournalActions.SearchText when interaction is null => Restful("E") with
            {
                Sides = AuditSides.ServerSends,
                Subtypes = [(Interactions, "search", "search"), act],
                Query = QueryOf(entry),
                Objects = Documents(entry, beside: entry.Query is not null),
            },
            _ when interaction is not null => Restful(interaction is "history-instance" ? "R" : "E") with
            {
                Sides = interaction is "operation" ? AuditSides.ClientSends : AuditSides.ServerSends,
                Subtypes = [(Interactions, interaction, interaction), .. Numbered(transaction, act)],
                Query = QueryOf(entry),
                Objects = Documents(entry, beside: entry.Query is not null),
            },
            JournalActions.AskDecision or JournalActions.ReadState or JournalActions.LookUp or JournalActions.CheckAccount =>
                new AuditPattern { Type = "110112", TypeDisplay = "Query", Action = "E", Subtypes = [act], Query = QueryOf(entry), Objects = Documents(entry, beside: entry.Query is not null), TellsDetail = entry.Action != JournalActions.LookUp },
            JournalActions.Erase => new AuditPattern { Action = "D", Subtypes = [act], Objects = Documents(entry, beside: false) },
            JournalActions.Create => new AuditPattern { Action = "C", Subtypes = [act] },
            _ => new AuditPattern { Subtypes = [act], Query = QueryOf(entry), Objects = Documents(entry, beside: entry.Query is not null) },
        };
    }

    /// <summary>BALP Query and PatientQuery: the query, never the results. What is named beside the query is of type "other", for the pattern has one system object, the query.</summary>
    private static AuditPattern Asked(JournalEntry entry, string? transaction, (string, string, string?) act, params (string, string, string?)[] more)
    {
        var found = entry is { Action: JournalActions.LookUp, Permitted: true } ? AuditGuess.OnePerson(entry.Detail) : null;
        var named = transaction == "ITI-83" ? AuditGuess.Identifier(entry.Query, "sourceIdentifier") : null;
        var patient = entry.Record != RecordId.None ? "Patient/" + entry.Record : found is { } one ? "Patient/" + Ids.Text(one) : null;
        var whose = patient is not null || named is not null;
        return Restful("E") with
        {
            Subtypes = [(Interactions, "search", "search"), .. more, .. Numbered(transaction, act)],
            Query = QueryOf(entry),
            Patient = patient,
            PatientIdentifier = named,
            Objects = Documents(entry, beside: true),
            TellsDetail = false,
            Profiles = entry.Query is null ? [] : [FhirNames.Balp + (whose ? "IHE.BasicAudit.PatientQuery" : "IHE.BasicAudit.Query"), .. AuditGuess.QueryProfiles(transaction, whose, named is not null)],
        };
    }

    /// <summary>BALP Read and PatientRead: one thing, or the document it was made of.</summary>
    private static AuditPattern Opened(JournalEntry entry, string? transaction, string interaction, (string, string, string?) act)
    {
        var documents = Documents(entry, beside: false);
        List<AuditObject> read = documents.Count > 0 ? documents
            : AuditGuess.Target(entry) is { } target ? [new AuditObject(target, "2", "4")] : [];
        var profile = transaction switch
        {
            "ITI-68" => FhirNames.Mhd + "IHE.MHD.RetrieveDocument.Audit.Responder",
            "ITI-90" => AuditGuess.Mcsd + "IHE.mCSD.Audit.CareServices.Read",
            _ => null,
        };
        return Restful("R") with
        {
            Sides = AuditSides.ServerSends,
            Subtypes = [(Interactions, interaction, interaction), .. Numbered(transaction, act)],
            Objects = read,
            TellsDetail = entry.Record != RecordId.None,
            Profiles = read.Count != 1 ? [] : [FhirNames.Balp + (entry.Record == RecordId.None ? "IHE.BasicAudit.Read" : "IHE.BasicAudit.PatientRead"), .. profile is null ? [] : new[] { profile }],
        };
    }

    private static AuditPattern Provided(JournalEntry entry, string? transaction, (string, string, string?) act) => new()
    {
        Type = "110107",
        TypeDisplay = "Import",
        Action = "C",
        UserRole = "AUT",
        Subtypes = [.. Numbered(transaction, act)],
        Objects = [.. entry.Submission is { } set ? new[] { new AuditObject("List/" + set, "2", "20") } : [], .. Documents(entry, beside: entry.Submission is not null)],
        Profiles = transaction != "ITI-65" || entry.Submission is null || entry.Record == RecordId.None ? [] : [FhirNames.Mhd + "IHE.MHD.ProvideBundle.Audit.Recipient"],
    };

    private static AuditPattern Published(JournalEntry entry, (string, string, string?) act) => Restful("C") with
    {
        UserRole = "AUT",
        Subtypes = [(Interactions, "create", "create"), .. Numbered("ITI-105", act)],
        Objects = Documents(entry, beside: false),
        Profiles = entry.Documents.Count != 1 ? [] : [FhirNames.Balp + "IHE.BasicAudit.PatientCreate", FhirNames.Mhd + "IHE.MHD.SimplifiedPublish.Audit.Recipient"],
    };

    private static AuditPattern Removed(JournalEntry entry, (string, string, string?) act) => Restful("D") with
    {
        Sides = AuditSides.Custody,
        UserRole = "AUT",
        Subtypes = [(Interactions, "delete", "delete"), act],
        Objects = Documents(entry, beside: false),
        Profiles = entry.Documents.Count != 1 ? [] : [FhirNames.Balp + "IHE.BasicAudit.PatientDelete"],
    };

    private static AuditPattern Fed(JournalEntry entry, (string, string, string?) act)
    {
        var interaction = entry.Call?.Interaction ?? "update";
        var kind = interaction == "create" ? "Create" : "Update";
        var (person, named) = (AuditGuess.FirstPerson(entry.Detail), AuditGuess.Identifier(entry.Query, "identifier"));
        return Restful(interaction switch { "create" => "C", "delete" => "D", _ => "U" }) with
        {
            UserRole = "AUT",
            Subtypes = [(Interactions, interaction, interaction), .. Numbered("ITI-104", act)],
            PatientIdentifier = named,
            Objects = person is { } id ? [new AuditObject("Patient/" + Ids.Text(id), "2", "4")] : [],
            Profiles = person is null || named is null ? [] : [FhirNames.Balp + "IHE.BasicAudit.Patient" + kind, AuditGuess.Pixm + $"IHE.PIXm.Feed.{kind}.Audit.Manager"],
        };
    }

    private static AuditPattern Issued(JournalEntry entry) => new()
    {
        Type = "110114",
        TypeDisplay = "User Authentication",
        Action = "E",
        Sides = AuditSides.Token,
        // The profile has this one subtype.
        Subtypes = [(IheEvent, "ITI-71", "Get Access Token")],
        Query = entry.Query,
        TellsDetail = false,
        Profiles = entry.Query is null ? [] : [FhirNames.Balp + "IHE.IUA.71"],
    };

    private static AuditPattern Operated(JournalEntry entry, (string, string, string?) act) => entry.Detail switch
    {
        { } d when d.StartsWith("start", StringComparison.Ordinal) => Activity("110120", "Application Start", act),
        { } d when d.StartsWith("stop", StringComparison.Ordinal) => Activity("110121", "Application Stop", act),
        _ => new AuditPattern { Type = "110113", TypeDisplay = "Security Alert", Action = "E", Subtypes = [act] },
    };

    private static AuditPattern Activity(string code, string display, (string, string, string?) act) =>
        new() { Type = "110100", TypeDisplay = "Application Activity", Action = "E", Subtypes = [(Dcm, code, display), act] };

    private static AuditPattern Alert(string code, string display, IEnumerable<(string, string, string?)> more) =>
        new() { Type = "110113", TypeDisplay = "Security Alert", Action = "E", Subtypes = [(Dcm, code, display), .. more] };

    private static AuditPattern Restful(string action) => new() { TypeSystem = Rest, Type = "rest", TypeDisplay = "Restful Operation", Action = action };

    private static IReadOnlyList<(string, string, string?)> Numbered(string? transaction, (string, string, string?) act) =>
        AuditGuess.NameOf(transaction) is { } name ? [(IheEvent, transaction!, name), act] : [act];

    private static List<AuditObject> Documents(JournalEntry entry, bool beside) => [.. entry.Documents.Select(d => new AuditObject("DocumentReference/" + d, beside ? "4" : "2", "3"))];

    /// <summary>An address below the base; the words themselves where it was none.</summary>
    private static string? QueryOf(JournalEntry entry) => entry.Query switch
    {
        null => null,
        { } q when Typed().IsMatch(q) => q,
        { } q when q.StartsWith('$') => "DocumentReference/" + q,
        { } q when entry.Action == JournalActions.Search => "DocumentReference?" + q,
        { } q => q,
    };

    /// <summary>Whether a query's text is an address below the base.</summary>
    public static bool IsAddress(string query) => Typed().IsMatch(query) || query.StartsWith("api/", StringComparison.Ordinal) || query.StartsWith("oauth/", StringComparison.Ordinal);

    [GeneratedRegex("^[A-Z][A-Za-z]+([?/ ]|$)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Typed();

    /// <summary>Purpose by the relation used: emergency treatment, the patient's own request, administration, else treatment.</summary>
    private static string PurposeOf(JournalEntry entry) => (entry.Context, entry.Profession) switch
    {
        ("emergency", _) => "ETREAT",
        ("holder" or "proxy" or "representative", _) or (_, "holder" or "proxy" or "representative") => "PATRQT",
        (_, "agent") => "PATADMIN",
        _ => "TREAT",
    };
}
