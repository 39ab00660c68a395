using Dsp.Clinical;
using Dsp.Codes;

namespace Dsp.Interop.Resources;

/// <summary>Which resource a statement becomes; null where no resource can hold it without saying more than its source.</summary>
public static class StatementTypes
{
    public const string Report = "DiagnosticReport";
    public const string Provenance = "Provenance";

    private static readonly Dictionary<string, FactKind[]> Kinds = new(StringComparer.Ordinal)
    {
        ["AllergyIntolerance"] = [FactKind.Allergy],
        ["Condition"] = [FactKind.Problem],
        [Report] = [FactKind.Result],
        ["Encounter"] = [FactKind.Encounter],
        ["Immunization"] = [FactKind.Immunization],
        ["MedicationDispense"] = [FactKind.Medicine],
        ["MedicationRequest"] = [FactKind.Medicine],
        ["MedicationStatement"] = [FactKind.Medicine],
        ["Observation"] = [FactKind.Result, FactKind.VitalSign, FactKind.Pregnancy],
        ["Procedure"] = [FactKind.Procedure],
        [Provenance] = [FactKind.Allergy, FactKind.Problem, FactKind.Result, FactKind.Encounter, FactKind.Immunization, FactKind.Medicine, FactKind.VitalSign, FactKind.Pregnancy, FactKind.Procedure],
    };

    /// <summary>The types this server reads and searches.</summary>
    public static IReadOnlyCollection<string> All => Kinds.Keys;

    /// <summary>The kinds of facts a type is made of.</summary>
    public static IReadOnlyCollection<FactKind> KindsOf(string type) => Kinds[type];

    /// <summary>The type of one statement. What it says of others, and what nobody asserts or denies, has none.</summary>
    public static string? Of(Fact fact)
    {
        if (!fact.IsOwn) return null;
        if (fact.Statement is FactStatement.Unknown or FactStatement.NoInformation) return IsAskedInVain(fact) ? "Observation" : null;
        if (fact.Statement == FactStatement.Negated && LiveSummary.IsGeneral(fact) && !IsCodedDenial(fact)) return null;
        return (fact.Kind, fact.Stage) switch
        {
            (FactKind.Allergy, FactStage.Done) => "AllergyIntolerance",
            (FactKind.Problem, FactStage.Done) => "Condition",
            (FactKind.Medicine, _) => OfMedicine(fact),
            (FactKind.Immunization, FactStage.Done) => "Immunization",
            (FactKind.Procedure, FactStage.Done or FactStage.Ordered) => "Procedure",
            (FactKind.Result or FactKind.VitalSign or FactKind.Pregnancy, FactStage.Done) when fact.Statement == FactStatement.Asserted && !IsAboutAReport(fact) => "Observation",
            (FactKind.Encounter, FactStage.Done) when fact.Statement == FactStatement.Asserted => "Encounter",
            _ => null,
        };
    }

    /// <summary>A report's own conclusion, or the study it speaks of: part of the report, no measurement.</summary>
    internal static bool IsAboutAReport(Fact fact) =>
        fact.Place.Path.StartsWith(Report, StringComparison.Ordinal) && !fact.Place.Path.Contains('#', StringComparison.Ordinal) || fact.Place.Path.StartsWith("ImagingStudy", StringComparison.Ordinal);

    /// <summary>Was measured or asked, and has no answer: an observation without a value says so itself.</summary>
    internal static bool IsAskedInVain(Fact fact) =>
        fact is { Kind: FactKind.Result or FactKind.VitalSign or FactKind.Pregnancy, Stage: FactStage.Done, Value.Type: FactValueType.Absent or FactValueType.Coded, Code.HasCode: true }
        && AbsentCodes.Says(fact.Code) is null && !IsAboutAReport(fact);

    private static bool IsCodedDenial(Fact fact) => AbsentCodes.Says(fact.Code) == FactStatement.Negated && fact.Kind is FactKind.Allergy or FactKind.Problem or FactKind.Medicine;

    /// <summary>What was not prescribed or not handed out was not taken; there is no request not to do here.</summary>
    private static string OfMedicine(Fact fact) => fact.Stage switch
    {
        FactStage.Ordered or FactStage.Proposed or FactStage.Goal when fact.Statement != FactStatement.Negated => "MedicationRequest",
        FactStage.Dispensed when fact.Statement != FactStatement.Negated => "MedicationDispense",
        _ => "MedicationStatement",
    };

    /// <summary>Documents that are reports themselves, of a laboratory or of imaging.</summary>
    internal static bool IsReport(DataCategory category) => category is DataCategory.MedicalAnalyses or DataCategory.MedicalImaging;
}
