using Dsp.Access;
using Dsp.Clinical;
using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>One report: the values of one laboratory at one time.</summary>
public sealed record ResultPanel(string Date, string Laboratory, IReadOnlyList<(ResultSeries Series, ResultPoint Point)> Values);

/// <summary>P10: all values by report, or the last value of each analysis with those out of range first.</summary>
public sealed class ResultsModel(PatientParts parts, ResultReader results, ResultWords words) : PatientPage(parts)
{
    private const int PanelsShown = 20;

    protected override string Section => "nav.results";

    protected override bool ForRepresentatives => true;

    /// <summary>"hors": those out of range first.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ordre { get; set; }

    /// <summary>How many reports are passed over.</summary>
    [BindProperty(SupportsGet = true, Name = "apres")]
    public int After { get; set; }

    public ResultWords Words => words;

    public bool OutFirst => Ordre == "hors";

    public int Count { get; private set; }

    public int Unread { get; private set; }

    public bool More { get; private set; }

    public FormerVersions Versions { get; private set; } = FormerVersions.None;

    public int PageSize => PanelsShown;

    public IReadOnlyList<ResultPanel> Panels { get; private set; } = [];

    public IReadOnlyList<ResultSeries> Series { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        After = Math.Clamp(After, 0, 100_000);
        var found = await results.AllAsync(Me, Record, Show, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        (Series, Panels, More, Versions, Unread, Count) = found.Value;
        return Page();
    }

    private ((IReadOnlyList<ResultSeries> Series, IReadOnlyList<ResultPanel> Panels, bool More, FormerVersions Versions, int Unread, int Count) What, IEnumerable<ResultPoint> Points) Show(IReadOnlyList<ResultSeries> all, FoundFacts found)
    {
        if (OutFirst)
        {
            var ordered = all.OrderBy(s => ResultWords.IsOut(s.Newest.Place) ? 0 : 1).ThenByDescending(s => s.Newest.At).ToList();
            return ((ordered, [], false, found.Former, found.Unread.Count, all.Count), ordered.Select(s => s.Newest));
        }
        var reports = all.SelectMany(s => s.Points.Select(p => (Series: s, Point: p)))
            .GroupBy(v => (Day: words.Date(v.Point), Laboratory: words.Laboratory(v.Point)))
            .OrderByDescending(g => g.Max(v => v.Point.At))
            .Skip(After).Take(PanelsShown + 1)
            .Select(g => new ResultPanel(g.Key.Day, g.Key.Laboratory, [.. g.OrderBy(v => v.Series.Name, StringComparer.CurrentCultureIgnoreCase)]))
            .ToList();
        var shown = reports.Take(PanelsShown).ToList();
        return (([], shown, reports.Count > PanelsShown, found.Former, found.Unread.Count, all.Count), shown.SelectMany(p => p.Values).Select(v => v.Point));
    }
}
