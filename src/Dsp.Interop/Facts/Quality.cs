using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Cda;
using PartialDate = Dsp.Identity.PartialDate;

namespace Dsp.Interop.Facts;

/// <summary>What a document's source could do better, and whom the document says it is about. Ids and numbers; no word of the document leaves here but names to be compared.</summary>
internal static partial class Quality
{
    private const string NationalRoot = "1.3.182.4.4";

    public static IReadOnlyList<DepositFinding> FindingsOf(FactSheet sheet)
    {
        var report = sheet.Report;
        var found = new List<DepositFinding>();
        void Add(string id, int count)
        {
            if (count > 0) found.Add(new DepositFinding(id, count));
        }
        Add(DepositFindings.NotReadable, report.Problem is null ? 0 : 1);
        Add(DepositFindings.MissingCode, sheet.Facts.Count(f => f.Statement == FactStatement.Asserted && f.Code?.Codes is not { Count: > 0 } && f.Kind is not (FactKind.AdvanceDirective or FactKind.Plan or FactKind.Other)));
        Add(DepositFindings.SectionWithoutCode, report.UncodedSections);
        Add(DepositFindings.SectionNotRead, report.UnreadSections);
        Add(DepositFindings.TooManyEntries, report.Cut ? 1 : 0);
        // What waits is no fault, and what this installation does not recognise is not the source's.
        if (report.Text is { } problem and not (TextProblems.Waiting or TextProblems.ScanNotRead or TextProblems.Format)) Add(DepositFindings.Text + problem, 1);
        return found;
    }

    /// <summary>The record target of a CDA document.</summary>
    public static PatientClaim? PatientOf(XElement clinical)
    {
        // Two people in one document: it is nobody's alone, and nothing is concluded.
        if (clinical.Children("recordTarget").Select(t => t.Child("patientRole")).OfType<XElement>().ToList() is not [var role]) return null;
        var names = role.Child("patient")?.Children("name").ToList() ?? [];
        return new PatientClaim(
            Texts(names.SelectMany(n => n.Children("family")).Select(e => e.Value)), Texts(names.SelectMany(n => n.Children("given")).Select(e => e.Value)),
            Day(role.Child("patient")?.Child("birthTime")?.Attr("value")),
            Texts(role.Children("id").Where(i => i.Attr("root") == NationalRoot).Select(i => i.Attr("extension") ?? "")));
    }

    /// <summary>The one Patient of a FHIR document, or the one its Composition is about.</summary>
    public static PatientClaim? PatientOf(FhirElement bundle)
    {
        var entries = bundle.All("entry").Select(e => (Url: e.Text("fullUrl"), Resource: e["resource"])).Where(e => e.Resource is not null).ToList();
        var patients = entries.Where(e => e.Resource!.Type == "Patient").ToList();
        if (patients.Count > 1)
        {
            var subject = entries.Select(e => e.Resource!).FirstOrDefault(r => r.Type == "Composition")?["subject"]?.Text("reference");
            patients = [.. patients.Where(p => subject is not null && (p.Url == subject || "Patient/" + p.Resource!.Text("id") == subject))];
        }
        if (patients is not [{ Resource: { } patient }]) return null;
        var names = patient.All("name").ToList();
        return new PatientClaim(
            Texts(names.Select(n => n.Text("family") ?? "")), Texts(names.SelectMany(n => n.All("given")).Select(g => g.Value ?? "")), PartialDate.TryParse(patient.Text("birthDate"), out var birth) ? birth : null,
            Texts(patient.All("identifier").Where(i => i.Text("system") == Identifiers.NationalNumber).Select(i => i.Text("value") ?? "")));
    }

    /// <summary>National numbers in running text, for what has no other form: two check digits make a chance find one in ten thousand.</summary>
    public static PatientClaim? PatientIn(string text)
    {
        var numbers = Numbers().Matches(text).Select(m => string.Concat(m.Value.Where(char.IsAsciiDigit))).Distinct(StringComparer.Ordinal).Take(20).ToList();
        return numbers.Count == 0 ? null : new PatientClaim([], [], null, numbers) { Text = text };
    }

    private static PartialDate? Day(string? time) =>
        time is { Length: >= 4 } && time.Take(8).All(char.IsAsciiDigit) && PartialDate.TryParse(time.Length switch { < 6 => time[..4], < 8 => $"{time[..4]}-{time[4..6]}", _ => $"{time[..4]}-{time[4..6]}-{time[6..8]}" }, out var date) ? date : null;

    private static List<string> Texts(IEnumerable<string> texts) => [.. texts.Select(t => t.Trim()).Where(t => t.Length is > 0 and <= 200).Take(20)];

    /// <summary>Thirteen digits, together or in groups.</summary>
    [GeneratedRegex(@"\b[12]\d{3}[ \u00A0\u202F]?\d{2}[ \u00A0\u202F]?\d{2}[ \u00A0\u202F]?\d{3}[ \u00A0\u202F]?\d{2}\b", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
