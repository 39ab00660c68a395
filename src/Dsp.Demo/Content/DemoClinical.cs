using System.Globalization;
using System.Xml.Linq;
using static Dsp.Demo.Content.DemoCda;

namespace Dsp.Demo.Content;

/// <summary>An allergy: substance in SNOMED CT, what happened, since when.</summary>
internal sealed record DemoAllergy(string Substance, string SnomedSubstance, string Reaction, string SnomedReaction, string Year, string Severity);

/// <summary>A health problem in ICD-10 with its SNOMED CT concept.</summary>
internal sealed record DemoProblem(string Name, string Icd10, string Snomed, string Since);

/// <summary>A medicine in ATC with its dosage in words and hours between doses.</summary>
internal sealed record DemoMedicine(string Name, string Atc, string AtcName, string Dosage, int EveryHours, DateOnly Since, string Purpose);

/// <summary>A vaccination act: vaccine in ATC, disease in words.</summary>
internal sealed record DemoVaccination(DateOnly Date, string Vaccine, string Atc, string Against, string Dose, string Lot);

/// <summary>Sections with coded entries (IHE PCC templates) and the same content as tables to read.</summary>
internal static class DemoClinical
{
    private const string Snomed = "2.16.840.1.113883.6.96";
    private const string Icd10 = "2.16.840.1.113883.6.3";
    private const string Atc = "2.16.840.1.113883.6.73";

    public static XElement Allergies(params IReadOnlyList<DemoAllergy> allergies) => WithTemplate("1.3.6.1.4.1.19376.1.5.3.1.3.13",
        Section("48765-2", "Allergies and adverse reactions", "Allergies et intolérances",
            E("text", Table(["Substance", "Réaction", "Gravité", "Depuis"], allergies.Select((a, i) => (string[])[$"#a{i + 1}|{a.Substance}", a.Reaction, a.Severity, a.Year]))),
            allergies.Select((a, i) => Concern("1.3.6.1.4.1.19376.1.5.3.1.4.5.3", E("observation", A("classCode", "OBS"), A("moodCode", "EVN"),
                Template("1.3.6.1.4.1.19376.1.5.3.1.4.6"),
                Code("code", "ALG", "2.16.840.1.113883.5.4", "Allergy"),
                Reference("a", i),
                E("statusCode", A("code", "completed")),
                E("effectiveTime", E("low", A("value", a.Year))),
                E("value", new XAttribute(Xsi + "type", "CD"), A("code", "419199007"), A("codeSystem", Snomed), A("displayName", "Allergy to substance")),
                E("participant", A("typeCode", "CSM"), E("participantRole", A("classCode", "MANU"), E("playingEntity", A("classCode", "MMAT"),
                    Code("code", a.SnomedSubstance, Snomed, a.Substance), E("name", a.Substance)))),
                E("entryRelationship", A("typeCode", "MFST"), A("inversionInd", "true"), E("observation", A("classCode", "OBS"), A("moodCode", "EVN"),
                    Template("1.3.6.1.4.1.19376.1.5.3.1.4.5"),
                    Code("code", "64572001", Snomed, "Disease"),
                    E("statusCode", A("code", "completed")),
                    E("value", new XAttribute(Xsi + "type", "CD"), A("code", a.SnomedReaction), A("codeSystem", Snomed), A("displayName", a.Reaction)))))))));

    public static XElement Problems(params IReadOnlyList<DemoProblem> problems) => WithTemplate("1.3.6.1.4.1.19376.1.5.3.1.3.6",
        Section("11450-4", "Problem list", "Problèmes actifs",
            E("text", Table(["Problème", "CIM-10", "Depuis"], problems.Select((p, i) => (string[])[$"#p{i + 1}|{p.Name}", p.Icd10, p.Since]))),
            problems.Select((p, i) => Concern("1.3.6.1.4.1.19376.1.5.3.1.4.5.2", E("observation", A("classCode", "OBS"), A("moodCode", "EVN"),
                Template("1.3.6.1.4.1.19376.1.5.3.1.4.5"),
                Code("code", "55607006", Snomed, "Problem"),
                Reference("p", i),
                E("statusCode", A("code", "completed")),
                E("effectiveTime", E("low", A("value", p.Since))),
                E("value", new XAttribute(Xsi + "type", "CD"), A("code", p.Icd10), A("codeSystem", Icd10), A("displayName", p.Name),
                    E("translation", A("code", p.Snomed), A("codeSystem", Snomed), A("displayName", p.Name))))))));

    public static XElement Medicines(string loinc, string display, string title, params IReadOnlyList<DemoMedicine> medicines) => WithTemplate("1.3.6.1.4.1.19376.1.5.3.1.3.19",
        Section(loinc, display, title,
            E("text", Table(["Médicament", "Posologie", "Indication", "Depuis"],
                medicines.Select((m, i) => (string[])[$"#m{i + 1}|{m.Name}", m.Dosage, m.Purpose, m.Since.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)]))),
            medicines.Select((m, i) => E("entry", E("substanceAdministration", A("classCode", "SBADM"), A("moodCode", "INT"),
                Template("1.3.6.1.4.1.19376.1.5.3.1.4.7"),
                Template("1.3.6.1.4.1.19376.1.5.3.1.4.7.1"),
                Reference("m", i),
                E("statusCode", A("code", "active")),
                E("effectiveTime", new XAttribute(Xsi + "type", "IVL_TS"), E("low", A("value", Day(m.Since)))),
                E("effectiveTime", new XAttribute(Xsi + "type", "PIVL_TS"), A("operator", "A"), A("institutionSpecified", "true"), E("period", A("value", m.EveryHours.ToString(CultureInfo.InvariantCulture)), A("unit", "h"))),
                Code("routeCode", "20053000", "0.4.0.127.0.16.1.1.2.1", "Oral use"),
                E("doseQuantity", A("value", "1"), A("unit", "{tablet}")),
                Product(m.Atc, m.AtcName, m.Name))))));

    public static XElement Medicines(params IReadOnlyList<DemoMedicine> medicines) => Medicines("10160-0", "History of Medication use", "Traitement en cours", medicines);

    public static XElement Vaccinations(params IReadOnlyList<DemoVaccination> acts) => WithTemplate("1.3.6.1.4.1.19376.1.5.3.1.3.23",
        Section("11369-6", "History of Immunization", "Vaccinations reçues",
            E("text", Table(["Date", "Vaccin", "Maladies", "Dose", "Lot"],
                acts.Select((v, i) => (string[])[$"#v{i + 1}|{v.Date.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)}", v.Vaccine, v.Against, v.Dose, v.Lot]))),
            acts.Select((v, i) => E("entry", E("substanceAdministration", A("classCode", "SBADM"), A("moodCode", "EVN"), A("negationInd", "false"),
                Template("1.3.6.1.4.1.19376.1.5.3.1.4.12"),
                Code("code", "IMMUNIZ", "2.16.840.1.113883.5.4", "Immunization"),
                Reference("v", i),
                E("statusCode", A("code", "completed")),
                E("effectiveTime", A("value", Day(v.Date))),
                Product(v.Atc, v.Against, v.Vaccine, v.Lot))))));

    private static XElement Concern(string template, XElement observation) => E("entry", E("act", A("classCode", "ACT"), A("moodCode", "EVN"),
        Template(template),
        E("code", A("nullFlavor", "NA")),
        E("statusCode", A("code", "active")),
        E("effectiveTime", observation.Element(V3 + "effectiveTime")?.Element(V3 + "low") is { } low ? new XElement(low) : null),
        E("entryRelationship", A("typeCode", "SUBJ"), A("inversionInd", "false"), observation)));

    private static XElement Product(string atc, string atcName, string name, string? lot = null) => E("consumable", E("manufacturedProduct",
        Template("1.3.6.1.4.1.19376.1.5.3.1.4.7.2"),
        E("manufacturedMaterial", Code("code", atc, Atc, atcName, E("originalText", name)), E("name", name), lot is null ? null : E("lotNumberText", lot))));

    private static XElement Reference(string prefix, int index) =>
        E("text", E("reference", A("value", string.Create(CultureInfo.InvariantCulture, $"#{prefix}{index + 1}"))));

    private static XElement WithTemplate(string template, XElement section)
    {
        section.AddFirst(Template(template));
        return section;
    }
}
