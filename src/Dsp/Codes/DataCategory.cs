namespace Dsp.Codes;

/// <summary>The 19 data categories of RGD 6.12.2019 annex 1(2), in its order. The name is the code on every wire (system <c>urn:dsp:category</c>).</summary>
public enum DataCategory
{
    HolderExpression,
    Syntheses,
    HealthHistory,
    AllergiesIntolerances,
    ProsthesesDevices,
    CareReports,
    CertificatesDeclarations,
    MedicalImaging,
    MedicalAnalyses,
    MedicationDispensing,
    NursingAssessments,
    PrescriptionsTreatments,
    Prevention,
    SocioEducational,
    SocialEnvironment,
    LegalProtection,
    SocialCoverage,
    Education,
    AccessTraces,
}

/// <summary>
/// The matrix columns of RGD 6.12.2019 annex 1(1). REF is a function, not a profession: the referring doctor of this record.
/// </summary>
public enum MatrixGroup
{
    DOC,
    REF,
    PHA,
    INF,
    EXP,
    MID,
    LAB,
    ATM,
    AID,
    SOC,
    BIO,
}

/// <summary>One cell of the matrix.</summary>
public enum MatrixRight
{
    None,
    Read,
    Write,
}
