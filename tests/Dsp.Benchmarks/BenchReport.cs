using System.Globalization;
using System.Text;

namespace Dsp.Benchmarks;

/// <summary>A laboratory report as CDA, as long as the documents of the measurements: some twenty results with narrative, codes and ranges.</summary>
public static class BenchReport
{
    private static readonly (string Loinc, string Name, string Unit)[] Tests =
    [
        ("2823-3", "Potassium", "mmol/l"), ("2951-2", "Sodium", "mmol/l"), ("2075-0", "Chlorure", "mmol/l"), ("2160-0", "Créatinine", "mg/dl"), ("3094-0", "Urée", "mg/dl"), ("2345-7", "Glucose", "mg/dl"),
        ("4548-4", "HbA1c", "%"), ("718-7", "Hémoglobine", "g/dl"), ("789-8", "Érythrocytes", "10*6/ul"), ("6690-2", "Leucocytes", "10*3/ul"), ("777-3", "Thrombocytes", "10*3/ul"), ("1742-6", "ALAT", "U/l"),
        ("1920-8", "ASAT", "U/l"), ("2324-2", "Gamma-GT", "U/l"), ("1975-2", "Bilirubine", "mg/dl"), ("2093-3", "Cholestérol", "mg/dl"), ("2085-9", "HDL", "mg/dl"), ("13457-7", "LDL", "mg/dl"),
        ("2571-8", "Triglycérides", "mg/dl"), ("3016-3", "TSH", "mU/l"), ("1988-5", "CRP", "mg/l"), ("2276-4", "Ferritine", "ng/ml"),
    ];

    /// <param name="seed">Another number, other values.</param>
    public static byte[] Make(int bytes, int seed = 0)
    {
        var (rows, entries) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < Tests.Length; i++)
        {
            var (loinc, name, unit) = Tests[i];
            var value = (((seed * 37) + (i * 13)) % 90 / 10.0 + 1).ToString("0.0", CultureInfo.InvariantCulture);
            rows.Append(CultureInfo.InvariantCulture, $"""<tr ID="r{i}"><td>{name}</td><td>{value} {unit}</td><td>1.0 – 9.0</td></tr>""");
            entries.Append(CultureInfo.InvariantCulture, $"""<component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/><id root="2.999.5" extension="{seed}.{i}"/><code code="{loinc}" codeSystem="2.16.840.1.113883.6.1" displayName="{name}"/><text><reference value="#r{i}"/></text><statusCode code="completed"/><effectiveTime value="202602140830+0100"/><value xsi:type="PQ" value="{value}" unit="{unit}"/><interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83"/><referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="1.0" unit="{unit}"/><high value="9.0" unit="{unit}"/></value></observationRange></referenceRange></observation></component>""");
        }
        var head = """<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><title>Résultats d'analyses</title><author><time value="20260214"/><assignedAuthor><assignedPerson><name><given>Bar</given><family>Source</family></name></assignedPerson></assignedAuthor></author><component><structuredBody><component><section><code code="30954-2" codeSystem="2.16.840.1.113883.6.1"/><title>Analyses</title><text><table><tbody>""" + rows
            + """</tbody></table></text><entry><organizer classCode="BATTERY" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.1"/><code code="11502-2" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>""" + entries
            + "</organizer></entry></section></component><component><section><title>Commentaire</title><text>";
        const string tail = "</text></section></component></structuredBody></component></ClinicalDocument>";
        var comment = new StringBuilder();
        for (var word = 0; Encoding.UTF8.GetByteCount(head) + comment.Length + tail.Length < bytes - 20; word++) comment.Append(CultureInfo.InvariantCulture, $"remarque {(word * 7919) % 1000} ");
        return Encoding.UTF8.GetBytes(head + comment + tail);
    }
}
