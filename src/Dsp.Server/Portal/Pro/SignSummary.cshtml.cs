using System.Globalization;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Ui.Govuk;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S12: the referring doctor goes through the lines that the documents gave, adds what is missing and signs; nothing is typed again.</summary>
[RequestFormLimits(ValueCountLimit = 10_000)]
public sealed class SignSummaryModel(ProRecordParts parts, ComposeSummary compose, SignSummary sign) : ProRecordPage(parts)
{
    /// <summary>Lines that can be added at once.</summary>
    private const int AddedLines = 3;
    private const int LongestLine = 200;

    [BindProperty(Name = "garder")]
    public List<string> Chosen { get; set; } = [];

    [BindProperty(Name = "rubrique")]
    public List<string?> Kinds { get; set; } = [];

    [BindProperty(Name = "note")]
    public List<string?> Words { get; set; } = [];

    [BindProperty(Name = "depuis")]
    public List<string?> Since { get; set; } = [];

    [BindProperty(Name = "dose")]
    public List<string?> Doses { get; set; } = [];

    /// <summary>What the form offered.</summary>
    [BindProperty(Name = "offert")]
    public string? Offered { get; set; }

    /// <summary>The version the form was opened on.</summary>
    [BindProperty(Name = "version")]
    public string? Based { get; set; }

    public SummaryView View { get; private set; } = null!;

    /// <summary>Another version was signed meanwhile: its lines are shown now.</summary>
    public bool Changed { get; private set; }

    public int Lines => AddedLines;

    public IReadOnlyList<SelectItem> KindItems => [new SelectItem(T["summary.addNone"], ""), .. SignSummary.Addable.Select(k => new SelectItem(View.Title(k), k.ToString()))];

    /// <summary>At first, and where the lines have changed, all are ticked; after an error, what was.</summary>
    public bool IsKept(SummaryEntry entry) => !Request.HasFormContentType || Changed || Chosen.Contains(entry.Key);

    public string At(List<string?> values, int line) => line < values.Count ? values[line] ?? "" : "";

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Head.Group != MatrixGroup.REF) return Refused(Refusals.NotTheReferringDoctor);
        var added = Enumerable.Range(0, AddedLines).Select(Added).OfType<AddedLine>().ToList();
        if (Chosen.Count + added.Count == 0 && ModelState.IsValid) ModelState.AddModelError("garder", T["summary.nothingKept"]);
        if (!ModelState.IsValid) return await LoadAsync() ?? Page();
        var signer = new Author(Professional.Family, [Professional.Given], [], Place?.Name, Professional.Profession);
        var based = Ids.TryParse(Based ?? "", out var id) ? new DocumentId(id) : (DocumentId?)null;
        var signed = await sign.RunAsync(Me, Record, signer, new SummaryChoice(based, Offered ?? "", Chosen.ToHashSet(StringComparer.Ordinal), added), T, Cancel);
        if (signed.Succeeded) return To($"/pro/dossiers/{Record}", "summarySigned");
        // Another version in between, or another doctor replacing the same one: both are shown, nothing is lost but the ticks.
        if (signed.Refusal.Id != Refusals.VersionStale.Id && signed.Refusal.Id != Refusals.TargetNotCurrent.Id) return Refused(signed.Refusal);
        Changed = true;
        return await LoadAsync() ?? Page();
    }

    private async Task<IActionResult?> LoadAsync()
    {
        if (Head.Group != MatrixGroup.REF) return Refused(Refusals.NotTheReferringDoctor);
        var found = await compose.RunAsync(Me, new RecordRef.ById(Record), Cancel, fromSigned: true, SignedVersion.Carried);
        if (!found.Succeeded) return found.Refusal.Kind == RefusalKind.NotFound ? Neutral() : Refused(found.Refusal);
        View = new SummaryView(found.Value, T.Language, RecordHref("/documents/"));
        return null;
    }

    /// <summary>One added line; null where nothing stands there. What is wrong is said at its field.</summary>
    private AddedLine? Added(int line)
    {
        var (kind, words, since, dose) = (At(Kinds, line), At(Words, line).Trim(), At(Since, line).Trim(), At(Doses, line).Trim());
        if (kind.Length == 0 && words.Length == 0) return null;
        if (!Enum.TryParse<FactKind>(kind, out var known) || !SignSummary.Addable.Contains(known)) ModelState.AddModelError($"rubrique-{line}", T["summary.addKindMissing"]);
        if (words.Length is 0 or > LongestLine) ModelState.AddModelError($"note-{line}", T["summary.addWordsMissing"]);
        var date = since.Length == 0 ? null : DateOf(since);
        if (since.Length > 0 && date is null) ModelState.AddModelError($"depuis-{line}", T["summary.addSinceWrong"]);
        if (dose.Length > LongestLine || (dose.Length > 0 && known != FactKind.Medicine)) ModelState.AddModelError($"dose-{line}", T["summary.addDoseWrong"]);
        return new AddedLine(known, words, date, dose.Length == 0 ? null : dose);
    }

    /// <summary>A year, or a day as people write it; null for what does not exist or lies ahead.</summary>
    private FactDate? DateOf(string text)
    {
        var today = Formats.LocalDate(Clock.GetUtcNow());
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year > 1900 && year <= today.Year)
            return new FactDate(year.ToString(CultureInfo.InvariantCulture), Deadlines.StartOf(new DateOnly(year, 1, 1)), Deadlines.StartOf(new DateOnly(year + 1, 1, 1)));
        return DateOnly.TryParseExact(text, ["d/M/yyyy", "d.M.yyyy", "d M yyyy", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 1900 && day <= today
            ? new FactDate(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Deadlines.StartOf(day), Deadlines.StartOf(day.AddDays(1)))
            : null;
    }
}
