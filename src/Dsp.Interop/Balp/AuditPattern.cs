using Dsp.Interop.Fhir;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>Which audit shape a journal action has (standards 3, 9).</summary>
internal sealed record AuditPattern
{
    private const string Rest = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private const string Dcm = "http://dicom.nema.org/resources/ontology/DCM";
    private const string Interaction = "http://hl7.org/fhir/restful-interaction";
    private const string Pdqm = "https://profiles.ihe.net/ITI/PDQm/StructureDefinition/";
    private const string IheEvent = "urn:ihe:event-type-code";

    public string TypeSystem { get; private init; } = Dcm;
    public string Type { get; private init; } = "110110";
    public string TypeDisplay { get; private init; } = "Patient Record";

    /// <summary>C, R, U, D or E (FHIR audit-event-action).</summary>
    public string Action { get; private init; } = "U";
    public IReadOnlyList<(string System, string Code, string? Display)> Subtypes { get; private init; } = [];
    public IReadOnlyList<string> Profiles { get; private init; } = [];

    /// <summary>The caller sends (create, query) rather than receives (read).</summary>
    public bool ClientIsSource { get; private init; } = true;
    public string UserRole { get; private init; } = "IRCP";
    public string Purpose { get; private init; } = "TREAT";
    public bool NamesSubmission { get; private init; }

    public static AuditPattern Of(JournalEntry entry, AuditFacts facts)
    {
        var act = (AuditEventWriter.ActionSystem, entry.Action, (string?)null);
        var pattern = entry.Action switch
        {
            JournalActions.Search when entry.Query?.StartsWith(AuditEventWriter.Lists, StringComparison.Ordinal) == true => Restful("E") with
            {
                Subtypes = [(Interaction, "search", "search"), (IheEvent, "ITI-66", "Find Document Lists"), act],
                Profiles = Claim(entry.Permitted, FhirNames.Balp + "IHE.BasicAudit.PatientQuery", FhirNames.Mhd + "IHE.MHD.FindDocumentLists.Audit.Responder"),
            },
            JournalActions.Search => Restful("E") with
            {
                Subtypes = [(Interaction, "search", "search"), (IheEvent, "ITI-67", "Find Document References"), act],
                Profiles = Claim(entry is { Permitted: true, Query: not null }, FhirNames.Balp + "IHE.BasicAudit.PatientQuery", FhirNames.Mhd + "IHE.MHD.FindDocumentReferences.Audit.Responder"),
            },
            JournalActions.Read => Restful("R") with
            {
                ClientIsSource = false,
                Subtypes = [(Interaction, "read", "read"), (IheEvent, "ITI-68", "Retrieve Document"), act],
                Profiles = Claim(entry is { Permitted: true, Documents.Count: 1 }, FhirNames.Balp + "IHE.BasicAudit.PatientRead", FhirNames.Mhd + "IHE.MHD.RetrieveDocument.Audit.Responder"),
            },
            // The shape of PatientCreate; its profile is not claimed, for the document is named as a report and not as its domain resource.
            JournalActions.Deposit when entry.Detail?.StartsWith(Documents.DepositDocuments.Simplified, StringComparison.Ordinal) == true => Restful("C") with
            {
                UserRole = "AUT",
                Subtypes = [(Interaction, "create", "create"), (IheEvent, "ITI-105", "Simplified Publish"), act],
            },
            JournalActions.Deposit or JournalActions.Replace => new AuditPattern
            {
                Type = "110107",
                TypeDisplay = "Import",
                Action = "C",
                UserRole = "AUT",
                NamesSubmission = true,
                Subtypes = [(IheEvent, "ITI-65", "Provide Document Bundle"), act],
                Profiles = Claim(entry.Permitted && facts.Submission is not null, FhirNames.Mhd + "IHE.MHD.ProvideBundle.Audit.Recipient"),
            },
            JournalActions.ReadHistory => new AuditPattern { Type = "110101", TypeDisplay = "Audit Log Used", Action = "R", ClientIsSource = false, Subtypes = [act] },
            JournalActions.SignIn => new AuditPattern { Type = "110114", TypeDisplay = "User Authentication", Action = "E", Subtypes = [act] },
            JournalActions.LookUp when QueryOf(entry) is { } query => Restful("E") with
            {
                Subtypes = [(Interaction, "search", "search"), (IheEvent, query.Transaction, query.Display), act],
                Profiles = entry.Record == RecordId.None && query.Profile is { } profile ? Claim(entry.Permitted, FhirNames.Balp + "IHE.BasicAudit.Query", profile) : [],
            },
            JournalActions.Identity when entry.Detail?.StartsWith("feed of ", StringComparison.Ordinal) == true => new AuditPattern { Subtypes = [(IheEvent, "ITI-104", "Patient Identity Feed FHIR"), act] },
            JournalActions.AskDecision or JournalActions.ReadState or JournalActions.LookUp or JournalActions.CheckAccount =>
                new AuditPattern { Type = "110112", TypeDisplay = "Query", Action = "E", Subtypes = [act] },
            JournalActions.ReadFacts or JournalActions.SearchText => Restful("E") with { ClientIsSource = false, Subtypes = [(Interaction, "search", "search"), act] },
            JournalActions.Withdraw or JournalActions.Erase => new AuditPattern { Action = "D", Subtypes = [act] },
            JournalActions.Create => new AuditPattern { Action = "C", Subtypes = [act] },
            _ => new AuditPattern { Subtypes = [act] },
        };
        return pattern with { Purpose = PurposeOf(entry) };
    }

    /// <summary>The transaction of a look-up in the register; null for one of the portal.</summary>
    private static (string Transaction, string Display, string? Profile)? QueryOf(JournalEntry entry) => entry.Query switch
    {
        { } q when q.StartsWith("Patient/$match", StringComparison.Ordinal) => ("ITI-119", "Patient Demographics Match", Pdqm + "IHE.PDQm.Match.Audit.Supplier"),
        // Its profile asks for the patient by the source identifier, which stands in the query alone.
        { } q when q.StartsWith("Patient/$ihe-pix", StringComparison.Ordinal) => ("ITI-83", "Mobile Patient Identifier Cross-reference Query", null),
        { } q when q.StartsWith("Patient", StringComparison.Ordinal) => ("ITI-78", "Mobile Patient Demographics Query", Pdqm + "IHE.PDQm.Query.Audit.Supplier"),
        _ => null,
    };

    private static AuditPattern Restful(string action) => new() { TypeSystem = Rest, Type = "rest", TypeDisplay = "Restful Operation", Action = action };

    private static string[] Claim(bool holds, params string[] profiles) => holds ? profiles : [];

    /// <summary>Purpose by the relation used: emergency treatment, the patient's own request, administration, else treatment.</summary>
    private static string PurposeOf(JournalEntry entry) => (entry.Context, entry.Profession) switch
    {
        ("emergency", _) => "ETREAT",
        ("holder" or "proxy" or "representative", _) or (_, "holder" or "proxy" or "representative") => "PATRQT",
        (_, "agent") => "PATADMIN",
        _ => "TREAT",
    };
}
