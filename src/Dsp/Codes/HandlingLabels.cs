namespace Dsp.Codes;

/// <summary>Handling labels that record the patient's choice at the point of care; the only ones that restrict (domain 1.9).</summary>
public static class HandlingLabels
{
    public const string System = "urn:dsp:handling";
    public const string MinorConfidential = "minor-confidential";
    public const string PatientRequest = "patient-request";
}
