using System.Globalization;
using System.Text;
using Dsp.Codes;

namespace Dsp.Browser.Tests.Support;

/// <summary>Small CDA documents that say something in codes: laboratory reports and a letter with a history.</summary>
internal static class ClinicalDocuments
{
    /// <summary>A laboratory report of one value of HbA1c and one of potassium.</summary>
    public static byte[] Laboratory(DateOnly day, string unit, string value, string low, string high, string potassium) => Document(day, "Laboratoire du Nord (fictif)", Section("30954-2", "Analyses", $"HbA1c {value} {unit}",
        Result(day, "4548-4", "HbA1c", value, unit, low, high), Result(day, "2823-3", "Potassium", potassium, "mmol/l", "3.5", "5.1")));

    /// <summary>Allergy, problem, medicine, vaccine and "no implants".</summary>
    public static byte[] Letter(DateOnly day) => Document(day, "Cabinet Thillaray (fictif)",
        Section("48765-2", "Allergies", "Pénicilline : choc anaphylactique",
            """<act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.30"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/><entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.7"/><code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="completed"/><effectiveTime><low value="2009"/></effectiveTime><value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96" displayName="Allergie"/><participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT"><code code="764146007" codeSystem="2.16.840.1.113883.6.96" displayName="Pénicilline"/></playingEntity></participantRole></participant></observation></entryRelationship></act>"""),
        Section("11450-4", "Problèmes", "Fibrillation auriculaire",
            """<observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.4"/><code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/><effectiveTime><low value="2024"/></effectiveTime><value xsi:type="CD" code="49436004" codeSystem="2.16.840.1.113883.6.96" displayName="Fibrillation auriculaire"/></observation>"""),
        Section("10160-0", "Médicaments", "Apixaban 5 mg matin et soir", Medicine("Apixaban 5 mg", "2"), Medicine("Metformine 850 mg", "1")),
        Section("11369-6", "Vaccins", "Grippe",
            """<substanceAdministration classCode="SBADM" moodCode="EVN" negationInd="false"><templateId root="2.16.840.1.113883.10.20.22.4.52"/><statusCode code="completed"/><effectiveTime value="20261010"/><consumable><manufacturedProduct><manufacturedMaterial><code code="1181000221105" codeSystem="2.16.840.1.113883.6.96" displayName="Vaccin contre la grippe"/><lotNumberText>GR-26-117</lotNumberText></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"""));

    private static string Medicine(string name, string tablets) =>
        $"""<substanceAdministration classCode="SBADM" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.16"/><statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20250110"/></effectiveTime><effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime><doseQuantity value="{tablets}" unit="comprimé"/><consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="UNK"><originalText>{name}</originalText></code><name>{name}</name></manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>""";

    private static string Result(DateOnly day, string loinc, string name, string value, string unit, string low, string high)
    {
        var flag = decimal.Parse(value, CultureInfo.InvariantCulture) > decimal.Parse(high, CultureInfo.InvariantCulture) ? "H" : "N";
        return $"""<observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/><code code="{loinc}" codeSystem="2.16.840.1.113883.6.1" displayName="{name}"/><statusCode code="completed"/><effectiveTime value="{day:yyyyMMdd}0830+0100"/><value xsi:type="PQ" value="{value}" unit="{unit}"/><interpretationCode code="{flag}" codeSystem="2.16.840.1.113883.5.83"/><referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="{low}" unit="{unit}"/><high value="{high}" unit="{unit}"/></value></observationRange></referenceRange></observation>""";
    }

    private static string Section(string loinc, string title, string text, params string[] entries) =>
        $"""<component><section><code code="{loinc}" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title><text>{text}</text>{string.Concat(entries.Select(e => "<entry>" + e + "</entry>"))}</section></component>""";

    private static byte[] Document(DateOnly day, string place, params string[] sections) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="2.999.1"/>
        <title>Document</title><effectiveTime value="{day:yyyyMMdd}"/><languageCode code="fr-LU"/>
        <recordTarget><patientRole><id extension="1984031299114" root="1.3.182.4.4"/><patient><name><given>Emma</given><family>WEBERSCHEID</family></name><birthTime value="19840312"/></patient></patientRole></recordTarget>
        <author><time value="{day:yyyyMMdd}"/><assignedAuthor><id root="2.999.2"/><assignedPerson><name><given>Solange</given><family>BIOLAY</family></name></assignedPerson><representedOrganization><name>{place}</name></representedOrganization></assignedAuthor></author>
        <component><structuredBody>{string.Concat(sections)}</structuredBody></component>
        </ClinicalDocument>
        """);
}
