using System.Text;

namespace Dsp.Tests.Facts;

/// <summary>Small fictitious documents of our own, one trap each.</summary>
internal static class Samples
{
    public static byte[] Document(params string[] sections) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:pharm="urn:hl7-org:pharm">
          <title>Résumé fictif</title>
          <author><time value="20260301"/><assignedAuthor><assignedPerson><name><given>Anna</given><family>Thillaray</family></name></assignedPerson><representedOrganization><name>Cabinet (fictif)</name></representedOrganization></assignedAuthor></author>
          <component><structuredBody>{string.Concat(sections.Select(s => "<component>" + s + "</component>"))}</structuredBody></component>
        </ClinicalDocument>
        """);

    public static string Section(string loinc, string text, params string[] entries) =>
        $"""<section><code code="{loinc}" codeSystem="2.16.840.1.113883.6.1"/><title>Section {loinc}</title><text>{text}</text>{string.Concat(entries.Select(e => "<entry>" + e + "</entry>"))}</section>""";

    public static string Allergy(string observation, string concern = "", string status = "active") =>
        $"""<act classCode="ACT" moodCode="EVN"{concern}><templateId root="2.16.840.1.113883.10.20.22.4.30"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="{status}"/><effectiveTime><low value="2020"/></effectiveTime><entryRelationship typeCode="SUBJ">{observation}</entryRelationship></act>""";

    public static string AllergyTo(string substance, string attributes = "", string inside = "") =>
        $"""<observation classCode="OBS" moodCode="EVN"{attributes}><templateId root="2.16.840.1.113883.10.20.22.4.7"/><id root="2.999.1" extension="a1"/><code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/><statusCode code="completed"/><effectiveTime><low value="201805"/><high nullFlavor="UNK"/></effectiveTime><value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96" displayName="Allergy to substance"/><participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">{substance}</playingEntity></participantRole></participant>{inside}</observation>""";

    public const string Penicillin = """<code code="764146007" codeSystem="2.16.840.1.113883.6.96" displayName="Penicillin"/>""";

    public static string Result(string loinc, string display, string value, string more = "", string time = "202602140830+0100") =>
        $"""<observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/><code code="{loinc}" codeSystem="2.16.840.1.113883.6.1" displayName="{display}"/><statusCode code="completed"/><effectiveTime value="{time}"/>{value}{more}</observation>""";

    public static string Panel(params string[] results) =>
        $"""<organizer classCode="BATTERY" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.1"/><code code="24323-8" codeSystem="2.16.840.1.113883.6.1" displayName="Bilan"/><statusCode code="completed"/>{string.Concat(results.Select(r => "<component>" + r + "</component>"))}</organizer>""";

    public static string Medicine(string product, string attributes = "", string inside = "", string code = "") =>
        $"""<substanceAdministration classCode="SBADM" moodCode="EVN"{attributes}><templateId root="2.16.840.1.113883.10.20.22.4.16"/>{code}<statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20250110"/></effectiveTime><effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime><routeCode code="20053000" codeSystem="0.4.0.127.0.16.1.1.2.1" displayName="Oral use"/><doseQuantity value="1" unit="{"{tablet}"}"/><consumable><manufacturedProduct><manufacturedMaterial>{product}</manufacturedMaterial></manufacturedProduct></consumable>{inside}</substanceAdministration>""";

    public static string Problem(string value, string attributes = "", string inside = "") =>
        $"""<observation classCode="OBS" moodCode="EVN"{attributes}><templateId root="2.16.840.1.113883.10.20.22.4.4"/><code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><text><reference value="#p1"/></text><statusCode code="completed"/><effectiveTime><low value="2019"/></effectiveTime>{value}{inside}</observation>""";
}
