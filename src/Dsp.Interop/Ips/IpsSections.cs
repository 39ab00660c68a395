using Dsp.Clinical;

namespace Dsp.Interop.Ips;

/// <summary>The sections of an International Patient Summary (IPS 2.0, Composition) and what of a summary stands in each.</summary>
public static class IpsSections
{
    /// <summary>Present in every summary, with entries or with the reason for having none.</summary>
    public static readonly string[] Mandatory = ["48765-2", "10160-0", "11450-4"];

    /// <summary>A mandatory section always; another one where a source says something.</summary>
    public static bool IsShown(SummaryPart part) => Mandatory.Contains(CodeOf(part)) || !part.NotDocumented;

    /// <summary>LOINC code of the section a part stands in.</summary>
    public static string CodeOf(SummaryPart part) => part.Kind switch
    {
        FactKind.Alert => "104605-1",
        FactKind.Allergy => "48765-2",
        FactKind.Problem => part.Past ? "11348-0" : "11450-4",
        FactKind.Medicine => "10160-0",
        FactKind.Device => "46264-8",
        FactKind.Pregnancy => "10162-6",
        FactKind.AdvanceDirective => "42348-3",
        FactKind.Immunization => "11369-6",
        FactKind.Procedure => "47519-4",
        FactKind.SocialHistory => "29762-2",
        FactKind.FunctionalStatus => "47420-5",
        // Not a section of IPS, which is open to further ones: LOINC's own code.
        FactKind.FamilyHistory => "10157-6",
        FactKind.Plan => "18776-5",
        FactKind.VitalSign => "8716-3",
        _ => "30954-2",
    };

    /// <summary>LOINC's name of the code, as IPS shows it.</summary>
    public static string DisplayOf(string code) => code switch
    {
        "104605-1" => "Alert",
        "48765-2" => "Allergies and adverse reactions Document",
        "11450-4" => "Problem list - Reported",
        "11348-0" => "History of Past illness note",
        "10160-0" => "History of Medication use Narrative",
        "46264-8" => "History of medical device use",
        "10162-6" => "History of pregnancies Narrative",
        "42348-3" => "Advance healthcare directives",
        "11369-6" => "History of Immunization note",
        "47519-4" => "History of Procedures Document",
        "29762-2" => "Social history note",
        "47420-5" => "Functional status assessment note",
        "10157-6" => "History of family member diseases note",
        "18776-5" => "Plan of care note",
        "8716-3" => "Vital signs note",
        _ => "Relevant diagnostic tests/laboratory data note",
    };
}
