using Dsp.Clinical;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>Analyses by row and days by column; every analysis with a value on one of these days has a row.</summary>
/// <param name="Days">The newest first.</param>
/// <param name="More">There are older days.</param>
/// <param name="CorrectedSinceRead">Documents of which the reader had read an earlier version.</param>
public sealed record ResultGrid(IReadOnlyList<DateOnly> Days, IReadOnlyList<(ResultSeries Series, IReadOnlyList<ResultPoint?> Points)> Rows, bool More, IReadOnlySet<DocumentId> CorrectedSinceRead)
{
    /// <summary>Every value that is in view.</summary>
    public IEnumerable<ResultPoint> Points => Rows.SelectMany(r => r.Points).OfType<ResultPoint>();

    public bool IsCorrectedSinceRead(ResultPoint point) => point.Sources.Any(s => CorrectedSinceRead.Contains(s.Source.Id));

    /// <param name="mostRows">Rows shown, those out of range and the newest first; null: all, by name.</param>
    public static ResultGrid Of(IReadOnlyList<ResultSeries> all, int after, int days, IReadOnlySet<DocumentId> corrected, int? mostRows = null)
    {
        var dates = all.SelectMany(s => s.Points).Select(p => Formats.LocalDate(p.At)).Distinct().OrderDescending().Skip(after).Take(days + 1).ToList();
        var shown = dates.Take(days).ToList();
        // Several values of a day: the last one stands in the grid, the others on the page of the analysis.
        var rows = all
            .Select(s => (Series: s, Points: (IReadOnlyList<ResultPoint?>)[.. shown.Select(d => s.Points.LastOrDefault(p => Formats.LocalDate(p.At) == d))]))
            .Where(r => r.Points.Any(p => p is not null));
        if (mostRows is { } most) rows = rows.OrderBy(r => r.Points[0] is { } p && ResultWords.IsOut(p.Place) ? 0 : 1).ThenByDescending(r => r.Series.Newest.At).Take(most);
        return new ResultGrid(shown, [.. rows], dates.Count > days, corrected);
    }
}
