using Dsp.Clinical;

namespace Dsp.Interop.Facts;

/// <summary>
/// Which template and which section says what kind a statement is. Template first, section second. Sources: eHDSI PS/eP/eD
/// (1.3.6.1.4.1.12559.11.10.1.3.1.3), IHE PCC (1.3.6.1.4.1.19376.1.5.3.1.4), HL7 CCD (2.16.840.1.113883.10.20.1), C-CDA
/// (2.16.840.1.113883.10.20.22.4), IHE Laboratory (1.3.6.1.4.1.19376.1.3).
/// </summary>
internal static class CdaTables
{
    private const string Ccda = "2.16.840.1.113883.10.20.22.4.";
    private const string Ccd = "2.16.840.1.113883.10.20.1.";
    private const string Pcc = "1.3.6.1.4.1.19376.1.5.3.1.4.";
    private const string Ehdsi = "1.3.6.1.4.1.12559.11.10.1.3.1.3.";

    /// <summary>Kinds by template; where a statement has several, the earliest in this list decides (an allergy is a problem too).</summary>
    private static readonly (string Template, FactKind Kind)[] ByTemplate =
    [
        (Ccda + "7", FactKind.Allergy), (Ccd + "18", FactKind.Allergy), (Pcc + "6", FactKind.Allergy), (Ehdsi + "17", FactKind.Allergy),
        (Ccda + "52", FactKind.Immunization), (Pcc + "12", FactKind.Immunization), (Ehdsi + "19", FactKind.Immunization), (Ccda + "120", FactKind.Immunization),
        (Ccda + "46", FactKind.FamilyHistory), (Pcc + "13.3", FactKind.FamilyHistory), (Ccd + "22", FactKind.FamilyHistory), (Ccda + "45", FactKind.FamilyHistory), (Pcc + "15", FactKind.FamilyHistory), (Ccd + "23", FactKind.FamilyHistory),
        ("2.16.840.1.113883.10.20.15.3.8", FactKind.Pregnancy), ("2.16.840.1.113883.10.20.15.3.1", FactKind.Pregnancy), (Pcc + "13.5", FactKind.Pregnancy), (Ehdsi + "33", FactKind.Pregnancy), (Ehdsi + "34", FactKind.Pregnancy), (Ehdsi + "35", FactKind.Pregnancy), (Ehdsi + "44", FactKind.Pregnancy),
        (Ccda + "27", FactKind.VitalSign), (Pcc + "13.2", FactKind.VitalSign), (Ehdsi + "20", FactKind.Result), (Ccda + "26", FactKind.VitalSign), (Pcc + "13.1", FactKind.VitalSign), (Ccd + "35", FactKind.VitalSign),
        (Ccda + "38", FactKind.SocialHistory), (Ccda + "78", FactKind.SocialHistory), (Ccda + "85", FactKind.SocialHistory), (Ccda + "200", FactKind.SocialHistory), (Pcc + "13.4", FactKind.SocialHistory), (Ccd + "33", FactKind.SocialHistory),
        (Ccda + "48", FactKind.AdvanceDirective), (Ccda + "108", FactKind.AdvanceDirective), (Ccd + "17", FactKind.AdvanceDirective), (Pcc + "13.7", FactKind.AdvanceDirective),
        (Ccda + "67", FactKind.FunctionalStatus), (Ccda + "68", FactKind.FunctionalStatus), (Ccda + "69", FactKind.FunctionalStatus), (Ccda + "74", FactKind.FunctionalStatus), (Ccda + "66", FactKind.FunctionalStatus), (Ccda + "75", FactKind.FunctionalStatus), (Ccda + "128", FactKind.FunctionalStatus), (Ccda + "73", FactKind.FunctionalStatus), (Ccd + "44", FactKind.FunctionalStatus),
        (Ccda + "2", FactKind.Result), (Ccda + "1", FactKind.Result), (Ccd + "31", FactKind.Result), (Ccd + "32", FactKind.Result), ("1.3.6.1.4.1.19376.1.3.1.6", FactKind.Result), ("1.3.6.1.4.1.19376.1.3.1.4", FactKind.Result), ("2.16.840.1.113883.10.20.6.2.12", FactKind.Result), ("2.16.840.1.113883.10.20.6.2.13", FactKind.Result), ("2.16.840.1.113883.10.20.6.2.14", FactKind.Result),
        (Ccda + "4", FactKind.Problem), (Ehdsi + "7", FactKind.Problem), (Pcc + "5", FactKind.Problem), (Ccd + "28", FactKind.Problem), (Ccda + "3", FactKind.Problem), (Ccd + "27", FactKind.Problem),
        (Ccda + "30", FactKind.Allergy),
        (Ccda + "16", FactKind.Medicine), (Ehdsi + "4", FactKind.Medicine), (Ehdsi + "2", FactKind.Medicine), (Pcc + "7", FactKind.Medicine), (Ccd + "24", FactKind.Medicine), (Ccda + "42", FactKind.Medicine), (Ccda + "17", FactKind.Medicine), (Ccda + "18", FactKind.Medicine), (Ehdsi + "3", FactKind.Medicine), (Pcc + "7.3", FactKind.Medicine), (Ccd + "34", FactKind.Medicine),
        (Ehdsi + "5", FactKind.Device), (Ccda + "50", FactKind.Device), (Ehdsi + "26", FactKind.Device), (Ccda + "135", FactKind.Device),
        (Ccda + "14", FactKind.Procedure), (Ccda + "13", FactKind.Procedure), (Ccda + "12", FactKind.Procedure), (Pcc + "19", FactKind.Procedure), (Ccd + "29", FactKind.Procedure),
        (Ccda + "49", FactKind.Encounter), (Pcc + "14", FactKind.Encounter), (Ccd + "21", FactKind.Encounter),
        (Ccda + "60", FactKind.Coverage), (Ccda + "61", FactKind.Coverage), (Ccd + "20", FactKind.Coverage),
        (Ccda + "39", FactKind.Plan), (Ccda + "40", FactKind.Plan), (Ccda + "41", FactKind.Plan), (Ccda + "43", FactKind.Plan), (Ccda + "44", FactKind.Plan), (Ccda + "121", FactKind.Plan), (Ccd + "25", FactKind.Plan), (Ccda + "146", FactKind.Plan), (Ccda + "131", FactKind.Plan),
    ];

    private static readonly Dictionary<string, int> Rank = ByTemplate.Select((t, i) => (t.Template, i)).DistinctBy(t => t.Template).ToDictionary(t => t.Template, t => t.i, StringComparer.Ordinal);

    private static readonly Dictionary<string, FactKind> BySection = new(StringComparer.Ordinal)
    {
        ["48765-2"] = FactKind.Allergy,
        ["11450-4"] = FactKind.Problem, ["11348-0"] = FactKind.Problem, ["11349-4"] = FactKind.Problem, ["46241-6"] = FactKind.Problem, ["11535-2"] = FactKind.Problem, ["75310-3"] = FactKind.Problem, ["46240-8"] = FactKind.Encounter, ["10219-4"] = FactKind.Problem, ["10218-6"] = FactKind.Problem, ["11496-7"] = FactKind.Problem, ["55109-3"] = FactKind.Problem, ["8709-8"] = FactKind.Other, ["11383-7"] = FactKind.Problem,
        ["10160-0"] = FactKind.Medicine, ["57828-6"] = FactKind.Medicine, ["60590-7"] = FactKind.Medicine, ["29549-3"] = FactKind.Medicine, ["42346-7"] = FactKind.Medicine, ["10183-2"] = FactKind.Medicine, ["59774-0"] = FactKind.Medicine, ["75311-1"] = FactKind.Medicine, ["87232-5"] = FactKind.Medicine,
        ["11369-6"] = FactKind.Immunization,
        ["18717-9"] = FactKind.Result, ["18718-7"] = FactKind.Result, ["18720-3"] = FactKind.Result, ["18721-1"] = FactKind.Result, ["18722-9"] = FactKind.Result, ["18723-7"] = FactKind.Result, ["18724-5"] = FactKind.Result, ["18728-6"] = FactKind.Result, ["18729-4"] = FactKind.Result, ["18767-4"] = FactKind.Result, ["18768-2"] = FactKind.Result, ["18769-0"] = FactKind.Result, ["26438-2"] = FactKind.Result,
        ["30954-2"] = FactKind.Result, ["18725-2"] = FactKind.Result, ["18719-5"] = FactKind.Result, ["18727-8"] = FactKind.Result, ["26436-6"] = FactKind.Result, ["26435-8"] = FactKind.Result, ["26437-4"] = FactKind.Result, ["121070"] = FactKind.Result, ["59776-5"] = FactKind.Result, ["18782-3"] = FactKind.Result, ["30954-9"] = FactKind.Result, ["11502-2"] = FactKind.Result,
        ["47519-4"] = FactKind.Procedure, ["29554-3"] = FactKind.Procedure, ["59768-2"] = FactKind.Procedure,
        ["46264-8"] = FactKind.Device,
        ["8716-3"] = FactKind.VitalSign, ["29545-1"] = FactKind.Other,
        ["10162-6"] = FactKind.Pregnancy, ["57073-9"] = FactKind.Pregnancy,
        ["42348-3"] = FactKind.AdvanceDirective,
        ["104605-1"] = FactKind.Alert,
        ["29762-2"] = FactKind.SocialHistory,
        ["10157-6"] = FactKind.FamilyHistory,
        ["47420-5"] = FactKind.FunctionalStatus, ["10190-7"] = FactKind.FunctionalStatus,
        ["48768-6"] = FactKind.Coverage,
        ["18776-5"] = FactKind.Plan, ["61146-7"] = FactKind.Plan, ["62387-6"] = FactKind.Plan, ["69730-0"] = FactKind.Plan, ["61145-9"] = FactKind.Plan, ["59772-4"] = FactKind.Plan, ["42349-1"] = FactKind.Plan,
    };

    private static readonly HashSet<string> Concerns = [Ccda + "3", Ccda + "30", Ccda + "132", Ccda + "136", Pcc + "5.1", Pcc + "5.2", Pcc + "5.3", Ccd + "27", Ccda + "34", Ccda + "80", Ccd + "20", Ccda + "60", Ehdsi + "16", Ehdsi + "15", "2.16.840.1.113883.10.20.22.4.133"];

    /// <summary>Concern acts whose content is a risk, not something the patient has.</summary>
    private static readonly HashSet<string> Risks = [Ccda + "136"];

    private static readonly HashSet<string> Severities = [Ccda + "8", Ccd + "55", Pcc + "1"];
    private static readonly HashSet<string> Statuses = [Ccda + "6", Ccda + "28", Ccd + "50", Ccd + "57", Ccd + "39", Ccd + "47", Pcc + "1.1"];
    private static readonly HashSet<string> Healths = [Ccda + "5", Ccd + "51", Pcc + "1.2"];
    private static readonly HashSet<string> Comments = [Ccda + "64", Ccd + "40", Pcc + "2"];
    private static readonly HashSet<string> Instructions = [Ccda + "20", Ccd + "49", Ccd + "43", Pcc + "3", Pcc + "3.1"];
    private static readonly HashSet<string> Others = [Ccda + "31", Ccd + "38", Ccda + "118", Ccda + "122", Ccda + "143", Ccda + "119", Ccda + "24", Ccda + "25"];

    public static FactKind? OfTemplates(IEnumerable<string> templates)
    {
        var best = int.MaxValue;
        foreach (var template in templates)
            if (Rank.TryGetValue(template, out var rank) && rank < best) best = rank;
        return best == int.MaxValue ? null : ByTemplate[best].Kind;
    }

    public static FactKind? OfSection(string? loinc) => loinc is not null && BySection.TryGetValue(loinc, out var kind) ? kind : null;

    public static bool IsConcern(IEnumerable<string> templates) => templates.Any(Concerns.Contains);
    public static bool IsRisk(IEnumerable<string> templates) => templates.Any(Risks.Contains);

    /// <summary>What a nested statement tells about the one that holds it; null where it stands for itself.</summary>
    public static CdaRole? RoleOf(IReadOnlyCollection<string> templates, string? code, string? type)
    {
        if (templates.Any(Severities.Contains) || code is "SEV") return CdaRole.Severity;
        if (code is "82606-5" || templates.Contains(Ccda + "145")) return CdaRole.Criticality;
        if (templates.Any(Statuses.Contains) || code is "33999-4") return CdaRole.Status;
        if (code is "66455-7") return CdaRole.Certainty;
        if (templates.Any(Healths.Contains) || code is "11323-3") return CdaRole.Beside;
        if (templates.Any(Comments.Contains) || code is "48767-8") return CdaRole.Comment;
        if (templates.Any(Instructions.Contains)) return CdaRole.Comment;
        if (code is "30973-2" || templates.Contains(Ccd + "46")) return CdaRole.DoseNumber;
        // CCD's reaction template stands on ordinary problems too, among them Luxembourg's own documents: the relation decides.
        if (type == "MFST" || templates.Contains(Ccda + "9")) return CdaRole.Reaction;
        if (templates.Any(Others.Contains)) return CdaRole.Beside;
        return type == "RSON" ? CdaRole.Reason : null;
    }
}

/// <summary>What a nested statement is to the one that holds it.</summary>
internal enum CdaRole { Severity, Criticality, Status, Certainty, Comment, DoseNumber, Reaction, Reason, Beside }
