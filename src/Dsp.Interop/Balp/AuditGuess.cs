using System.Text.RegularExpressions;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>What an entry does not say in a field of its own: the transaction of one that names no call, the patient in a query, the person in a detail.</summary>
internal static partial class AuditGuess
{
    public const string Pdqm = "https://profiles.ihe.net/ITI/PDQm/StructureDefinition/";
    public const string Pixm = "https://profiles.ihe.net/ITI/PIXm/StructureDefinition/";
    public const string Mcsd = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/";
    public const string Qedm = "https://profiles.ihe.net/PCC/QEDm/StructureDefinition/";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ITI-65"] = "Provide Document Bundle",
        ["ITI-66"] = "Find Document Lists",
        ["ITI-67"] = "Find Document References",
        ["ITI-68"] = "Retrieve Document",
        ["ITI-71"] = "Get Access Token",
        ["ITI-78"] = "Mobile Patient Demographics Query",
        ["ITI-81"] = "Retrieve ATNA Audit Event",
        ["ITI-83"] = "Mobile Patient Identifier Cross-reference Query",
        ["ITI-90"] = "Find Matching Care Services",
        ["ITI-104"] = "Patient Identity Feed FHIR",
        ["ITI-105"] = "Simplified Publish",
        ["ITI-119"] = "Patient Demographics Match",
        ["PCC-44"] = "Mobile Query Existing Data",
    };

    /// <summary>The transaction's name; null where it has no number.</summary>
    public static string? NameOf(string? transaction) => transaction is not null && Names.TryGetValue(transaction, out var name) ? name : null;

    /// <summary>The profiles of a query beside BALP's own.</summary>
    public static string[] QueryProfiles(string? transaction, bool patient, bool identifier) => transaction switch
    {
        "ITI-66" when patient => [FhirNames.Mhd + "IHE.MHD.FindDocumentLists.Audit.Responder"],
        "ITI-67" when patient => [FhirNames.Mhd + "IHE.MHD.FindDocumentReferences.Audit.Responder"],
        "ITI-78" => [Pdqm + "IHE.PDQm.Query.Audit.Supplier"],
        "ITI-83" when identifier => [Pixm + "IHE.PIXm.Query.Audit.Manager"],
        "ITI-90" => [Mcsd + "IHE.mCSD.Audit.CareServices.Query"],
        "ITI-119" => [Pdqm + "IHE.PDQm.Match.Audit.Supplier"],
        "PCC-44" when patient => [Qedm + "IHE.QEDm.Query.Audit.Source"],
        _ => [],
    };

    /// <summary>The transaction of an entry without a call: what it would have been.</summary>
    public static string? Transaction(JournalEntry entry) => entry.Action switch
    {
        JournalActions.Search => entry.Query?.StartsWith("List?", StringComparison.Ordinal) == true ? "ITI-66" : "ITI-67",
        JournalActions.Read => "ITI-68",
        JournalActions.Deposit when entry.Detail?.StartsWith(Documents.DepositDocuments.Simplified, StringComparison.Ordinal) == true => "ITI-105",
        JournalActions.Deposit or JournalActions.Replace => "ITI-65",
        JournalActions.Identity when entry.Detail?.StartsWith("feed of ", StringComparison.Ordinal) == true => "ITI-104",
        JournalActions.LookUp => entry.Query switch
        {
            { } q when q.StartsWith("Patient/$match", StringComparison.Ordinal) => "ITI-119",
            { } q when q.StartsWith("Patient/$ihe-pix", StringComparison.Ordinal) => "ITI-83",
            { } q when q.StartsWith("Patient", StringComparison.Ordinal) => "ITI-78",
            _ => null,
        },
        _ => null,
    };

    /// <summary>The identifier that a query names by this parameter.</summary>
    public static (string System, string Value)? Identifier(string? query, string parameter)
    {
        if (query is null || query.IndexOf('?', StringComparison.Ordinal) is var at && at < 0) return null;
        var named = DocumentQuery.Parse(query[(at + 1)..]).Find(p => p.Key == parameter).Value;
        return named?.Split('|') is [{ Length: > 0 } system, { Length: > 0 } value] ? (system, value) : null;
    }

    /// <summary>What a read named, where it was no document.</summary>
    public static string? Target(JournalEntry entry) => entry.Query switch
    {
        { } q when q.StartsWith("List?_id=", StringComparison.Ordinal) => "List/" + q["List?_id=".Length..],
        { } q when Named().Match(q) is { Success: true } m => m.Value,
        null when entry is { Action: JournalActions.LookUp } && entry.Record != RecordId.None => "Patient/" + entry.Record,
        _ => null,
    };

    /// <summary>The one person a look-up found; null for none and for several.</summary>
    public static Guid? OnePerson(string? detail) => detail is not null && Person().Matches(detail) is [var one] && !detail.Contains(',', StringComparison.Ordinal) ? Guid.Parse(one.Groups["id"].Value) : null;

    public static Guid? FirstPerson(string? detail) => detail is not null && Person().Match(detail) is { Success: true } first ? Guid.Parse(first.Groups["id"].Value) : null;

    [GeneratedRegex("^[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex("person (?<id>[0-9a-f]{8}-[0-9a-f-]{27})", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Person();
}
