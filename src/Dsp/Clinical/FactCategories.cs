using Dsp.Codes;

namespace Dsp.Clinical;

/// <summary>The category of the access matrix that a fact belongs to by itself, whatever document carries it (domain 4.5).</summary>
public static class FactCategories
{
    /// <param name="document">The category of its document; decides between laboratory and imaging, and for kinds the law's list does not name.</param>
    public static DataCategory Of(FactKind kind, FactStage stage, DataCategory document) => kind switch
    {
        FactKind.Allergy => DataCategory.AllergiesIntolerances,
        FactKind.Problem or FactKind.Procedure or FactKind.Pregnancy or FactKind.FamilyHistory => DataCategory.HealthHistory,
        FactKind.Medicine => stage == FactStage.Dispensed ? DataCategory.MedicationDispensing : DataCategory.PrescriptionsTreatments,
        FactKind.Result => document == DataCategory.MedicalImaging ? DataCategory.MedicalImaging : DataCategory.MedicalAnalyses,
        FactKind.Device => DataCategory.ProsthesesDevices,
        FactKind.AdvanceDirective => DataCategory.HolderExpression,
        FactKind.SocialHistory => DataCategory.SocialEnvironment,
        FactKind.Coverage => DataCategory.SocialCoverage,
        FactKind.FunctionalStatus => DataCategory.NursingAssessments,
        // Vaccinations and measurements are part of care reports (11369-6), and so is what is said of a visit or a plan.
        _ => DataCategory.CareReports,
    };
}
