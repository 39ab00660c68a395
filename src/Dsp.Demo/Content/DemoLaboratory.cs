using System.Globalization;
using System.Xml.Linq;
using static Dsp.Demo.Content.DemoCda;

namespace Dsp.Demo.Content;

/// <summary>What a laboratory measures: LOINC code, words, unit in UCUM and as printed, section of the report.</summary>
internal sealed record DemoAnalyte(string Loinc, string Display, string Name, string Ucum, string Unit, DemoLabSection Section);

/// <summary>One result: a number with its range, or a finding in words.</summary>
/// <param name="Value">Decimal number with a point, or null.</param>
internal sealed record DemoResult(DemoAnalyte Analyte, string? Value, string? Low, string? High, string? Finding = null)
{
    /// <summary>H, L or N by the range.</summary>
    public string Flag =>
        Value is null ? "N"
        : High is not null && Number(Value) > Number(High) ? "H"
        : Low is not null && Number(Value) < Number(Low) ? "L"
        : "N";

    private static decimal Number(string value) => decimal.Parse(value, NumberStyles.Number, CultureInfo.InvariantCulture);
}

/// <summary>A part of a laboratory report.</summary>
internal sealed record DemoLabSection(string Loinc, string Display, string Title, string Specimen, int Order);

/// <summary>Laboratory reports (IHE XD-LAB): a table to read and coded observations that say the same.</summary>
internal static class DemoLaboratory
{
    private const string ObservationTemplate = "1.3.6.1.4.1.19376.1.3.1.6";

    public static readonly DemoLabSection Haematology = new("18723-7", "Hematology studies", "Hématologie", "Sang total EDTA", 1);
    public static readonly DemoLabSection Coagulation = new("18720-3", "Coagulation studies", "Hémostase", "Plasma citraté", 2);
    public static readonly DemoLabSection Chemistry = new("18719-5", "Chemistry studies", "Biochimie", "Sérum", 3);
    public static readonly DemoLabSection Microbiology = new("18725-2", "Microbiology studies", "Microbiologie et sérologie", "Urine et sérum", 4);

    public static readonly DemoAnalyte HbA1c = new("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "Hémoglobine glyquée (HbA1c)", "%", "%", Haematology);
    public static readonly DemoAnalyte HbA1cIfcc = new("59261-8", "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol", "Hémoglobine glyquée (HbA1c, IFCC)", "mmol/mol", "mmol/mol", Haematology);
    public static readonly DemoAnalyte Haemoglobin = new("718-7", "Hemoglobin [Mass/volume] in Blood", "Hémoglobine", "g/dL", "g/dl", Haematology);
    public static readonly DemoAnalyte CreatinineMolar = new("14682-9", "Creatinine [Moles/volume] in Serum or Plasma", "Créatinine", "umol/L", "µmol/l", Chemistry);
    public static readonly DemoAnalyte CreatinineMass = new("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "Créatinine", "mg/dL", "mg/dl", Chemistry);
    public static readonly DemoAnalyte FiltrationRate = new("98979-8", "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by Creatinine-based formula (CKD-EPI 2021)", "Débit de filtration glomérulaire estimé (CKD-EPI 2021)", "mL/min/{1.73_m2}", "ml/min/1,73 m²", Chemistry);
    public static readonly DemoAnalyte Potassium = new("2823-3", "Potassium [Moles/volume] in Serum or Plasma", "Potassium", "mmol/L", "mmol/l", Chemistry);
    public static readonly DemoAnalyte FerritinNanogram = new("2276-4", "Ferritin [Mass/volume] in Serum or Plasma", "Ferritine", "ng/mL", "ng/ml", Chemistry);
    public static readonly DemoAnalyte FerritinMicrogram = FerritinNanogram with { Ucum = "ug/L", Unit = "µg/l" };
    public static readonly DemoAnalyte Glucose = new("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "Glucose", "mg/dL", "mg/dl", Chemistry);
    public static readonly DemoAnalyte TroponinT = new("67151-1", "Troponin T.cardiac [Mass/volume] in Serum or Plasma by High sensitivity method", "Troponine T haute sensibilité", "ng/L", "ng/l", Chemistry);
    public static readonly DemoAnalyte Inr = new("6301-6", "INR in Platelet poor plasma by Coagulation assay", "INR", "{INR}", "", Coagulation);
    public static readonly DemoAnalyte Bilirubin = new("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "Bilirubine totale", "mg/dL", "mg/dl", Chemistry);
    public static readonly DemoAnalyte BilirubinDirect = new("1968-7", "Bilirubin.direct [Mass/volume] in Serum or Plasma", "Bilirubine conjuguée", "mg/dL", "mg/dl", Chemistry);
    public static readonly DemoAnalyte Chlamydia = new("21613-5", "Chlamydia trachomatis DNA [Presence] in Specimen by NAA with probe detection", "Chlamydia trachomatis, ADN (PCR)", "", "", Microbiology);
    public static readonly DemoAnalyte Gonorrhoea = new("24111-7", "Neisseria gonorrhoeae DNA [Presence] in Specimen by NAA with probe detection", "Neisseria gonorrhoeae, ADN (PCR)", "", "", Microbiology);
    public static readonly DemoAnalyte Hiv = new("56888-1", "HIV 1+2 Ab+HIV1 p24 Ag [Presence] in Serum or Plasma by Immunoassay", "VIH 1+2, anticorps et antigène p24", "", "", Microbiology);

    public static readonly DemoCode ReportType = DemoCode.Loinc("11502-2", "Compte rendu d’analyses médicales");

    public const string Format = "urn:ihe:lab:xd-lab:2008";

    /// <summary>One section per part of the report, in the usual order, and a closing remark when there is one.</summary>
    public static List<XElement> Sections(DateTimeOffset taken, string? remark, params IReadOnlyList<DemoResult> results)
    {
        var sections = results.Select((result, index) => (Result: result, Id: "r" + (index + 1).ToString(CultureInfo.InvariantCulture)))
            .GroupBy(r => r.Result.Analyte.Section)
            .OrderBy(g => g.Key.Order)
            .Select(g => Part(g.Key, taken, [.. g]))
            .ToList();
        if (remark is not null)
        {
            sections.Add(Section("48767-8", "Annotation comment", "Commentaire du biologiste", Paragraphs(remark)));
        }

        return sections;
    }

    private static XElement Part(DemoLabSection part, DateTimeOffset taken, IReadOnlyList<(DemoResult Result, string Id)> results)
    {
        var at = E("effectiveTime", A("value", taken.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture) + taken.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal)));
        var text = E("text",
            E("paragraph", $"Prélèvement du {taken.ToString("dd.MM.yyyy à HH:mm", CultureInfo.InvariantCulture)} – {part.Specimen}"),
            Table(["Analyse", "Résultat", "Unité", "Valeurs de référence", "Interprétation"], results.Select(r => Row(r.Result, r.Id))));
        var battery = E("organizer", A("classCode", "BATTERY"), A("moodCode", "EVN"), Template("1.3.6.1.4.1.19376.1.3.1.4"),
            Loinc("code", part.Loinc, part.Display), E("statusCode", A("code", "completed")), new XElement(at),
            results.Select(r => E("component", Observation(r.Result, r.Id, at))));
        var act = E("act", A("classCode", "ACT"), A("moodCode", "EVN"), Loinc("code", part.Loinc, part.Display), E("statusCode", A("code", "completed")),
            E("entryRelationship", A("typeCode", "COMP"), battery));
        var section = Section(part.Loinc, part.Display, part.Title, text, E("entry", A("typeCode", "DRIV"), Template("1.3.6.1.4.1.19376.1.3.1"), act));
        section.AddFirst(Template("1.3.6.1.4.1.19376.1.3.3.2.2"));
        return section;
    }

    private static IEnumerable<string> Row(DemoResult result, string id) =>
    [
        $"#{id}|{result.Analyte.Name}",
        Printed(result.Value) ?? result.Finding ?? "",
        result.Analyte.Unit,
        (result.Low, result.High) switch
        {
            (null, null) => result.Finding is null ? "" : "négatif",
            (null, { } high) => "< " + Printed(high),
            ({ } low, null) => "> " + Printed(low),
            ({ } low, { } high) => Printed(low) + " – " + Printed(high),
        },
        result.Flag switch { "H" => "Élevé", "L" => "Bas", _ => "Normal" },
    ];

    private static XElement Observation(DemoResult result, string id, XElement at) => E("observation", A("classCode", "OBS"), A("moodCode", "EVN"),
        Template(ObservationTemplate),
        Loinc("code", result.Analyte.Loinc, result.Analyte.Display),
        E("text", E("reference", A("value", "#" + id))),
        E("statusCode", A("code", "completed")),
        new XElement(at),
        result.Value is { } value
            ? Quantity("value", value, result.Analyte.Ucum)
            : E("value", new XAttribute(Xsi + "type", "CD"), A("code", "260385009"), A("codeSystem", "2.16.840.1.113883.6.96"), A("displayName", "Negative"), E("originalText", result.Finding)),
        Code("interpretationCode", result.Flag, "2.16.840.1.113883.5.83", result.Flag switch { "H" => "high", "L" => "low", _ => "normal" }),
        result.Low is null && result.High is null ? null : E("referenceRange", E("observationRange",
            E("value", new XAttribute(Xsi + "type", "IVL_PQ"),
                result.Low is { } low ? E("low", A("value", low), A("unit", result.Analyte.Ucum)) : null,
                result.High is { } high ? E("high", A("value", high), A("unit", result.Analyte.Ucum)) : null),
            Code("interpretationCode", "N", "2.16.840.1.113883.5.83", "normal"))));

    private static XElement Quantity(string element, string value, string unit) =>
        E(element, new XAttribute(Xsi + "type", "PQ"), A("value", value), A("unit", unit));

    private static string? Printed(string? value) => value?.Replace('.', ',');
}
