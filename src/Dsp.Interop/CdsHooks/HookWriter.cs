using System.Globalization;
using System.Text;
using System.Text.Json;
using Dsp.Clinical;
using Dsp.Interop.Ips;

namespace Dsp.Interop.CdsHooks;

/// <summary>What cards name beside their content.</summary>
/// <param name="BaseUrl">The portal's public base, without a slash at its end.</param>
/// <param name="Place">Where a document's page lies below it for this reader; null: nowhere.</param>
/// <param name="NewId">Names a card.</param>
public sealed record CardFacts(string BaseUrl, Func<RecordId, DocumentId, string?> Place, IpsTexts Texts, Func<Guid> NewId);

/// <summary>The service's description and its cards (CDS Hooks 2.0).</summary>
public static class HookWriter
{
    public const string ServiceId = "existing-exams";

    /// <summary>A card's summary is shorter than 140 characters.</summary>
    public const int LongestSummary = 139;
    private const int MostLinks = 5;

    public static void Services(Utf8JsonWriter json, HookTexts texts)
    {
        json.WriteStartObject();
        json.WriteStartArray("services");
        foreach (var hook in new[] { HookRequestReader.Select, HookRequestReader.Sign })
        {
            json.WriteStartObject();
            json.WriteString("hook", hook);
            json.WriteString("title", texts.Title);
            json.WriteString("description", texts.Description);
            json.WriteString("id", ServiceId);
            json.WriteStartObject("prefetch");
            json.WriteString("patient", "Patient/{{context.patientId}}");
            json.WriteEndObject();
            json.WriteString("usageRequirements", "Authorization: Bearer with a token of this server's authorization server. The patient by an identifier of the prefetch, or by the id of this server. fhirServer is never called.");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A card for each order that something exists for; an empty list where nothing does, whatever the reason.</summary>
    public static void Cards(Utf8JsonWriter json, IReadOnlyList<ExistingExams> found, CardFacts facts)
    {
        var texts = HookTexts.For(facts.Texts.Language);
        json.WriteStartObject();
        json.WriteStartArray("cards");
        foreach (var answer in found.Where(f => f.Exams.Count > 0)) Card(json, answer, facts, texts);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Card(Utf8JsonWriter json, ExistingExams answer, CardFacts facts, HookTexts texts)
    {
        var wording = new IpsWording(facts.Texts);
        var newest = answer.Exams.FirstOrDefault(e => e.Match != ExamMatch.PossibleImaging) ?? answer.Exams[0];
        json.WriteStartObject();
        json.WriteString("uuid", Ids.Text(facts.NewId()));
        json.WriteString("summary", Summary(answer.Order.What.Name ?? newest.Name ?? texts.NoName, newest, wording, texts));
        json.WriteString("detail", Detail(answer.Exams, wording, texts));
        json.WriteString("indicator", "info");
        json.WriteStartObject("source");
        json.WriteString("label", texts.Record);
        json.WriteString("url", facts.BaseUrl);
        json.WriteEndObject();
        var links = answer.Exams.DistinctBy(e => e.Document).Select(e => (Exam: e, Place: facts.Place(answer.Record, e.Document))).Where(l => l.Place is not null).Take(MostLinks).ToList();
        if (links.Count > 0)
        {
            json.WriteStartArray("links");
            foreach (var (exam, place) in links)
            {
                json.WriteStartObject();
                json.WriteString("label", Cut($"{texts.Open} : {IpsValues.Words(exam.Title) ?? texts.NoName}, {wording.Day(exam.At)}", LongestSummary));
                json.WriteString("url", facts.BaseUrl + place);
                json.WriteString("type", "absolute");
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static string Summary(string what, ExistingExam exam, IpsWording wording, HookTexts texts)
    {
        var pattern = exam.Match == ExamMatch.PossibleImaging ? texts.May : texts.Exists;
        var when = Cut(IpsValues.Words(wording.Value(exam.Value)) is { } value ? $"{wording.Day(exam.At)}: {value}" : wording.Day(exam.At), 60);
        var around = string.Format(CultureInfo.InvariantCulture, pattern, "", when).Length;
        return string.Format(CultureInfo.InvariantCulture, pattern, Cut(IpsValues.Words(what) ?? texts.NoName, LongestSummary - around), when);
    }

    private static string Detail(IReadOnlyList<ExistingExam> exams, IpsWording wording, HookTexts texts)
    {
        var text = new StringBuilder();
        foreach (var exam in exams)
        {
            var parts = new[] { exam.Name, wording.Value(exam.Value), exam.Title == exam.Name ? null : exam.Title, exam.Author, exam.Institution }.Select(IpsValues.Words).OfType<string>().Where(p => p.Length > 0);
            text.Append(CultureInfo.InvariantCulture, $"- {Plain(wording.Day(exam.At))}: {Plain(string.Join(", ", parts))}\n");
        }
        return text.Append('\n').Append(Plain(texts.Incomplete)).ToString();
    }

    /// <summary>Markdown that shows a text and does nothing: every sign that could mean something is escaped, line ends are spaces.</summary>
    internal static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (char.IsControl(c)) plain.Append(' ');
            else if (c == '<') plain.Append("&lt;");
            else if (c == '&') plain.Append("&amp;");
            else if (char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) && c is not (',' or '%')) plain.Append('\\').Append(c);
            else plain.Append(c);
        }
        return plain.ToString();
    }

    /// <summary>At most so many characters, never half of one.</summary>
    private static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end].TrimEnd() + "…";
    }
}
