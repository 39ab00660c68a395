using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>Analyses by row and days by column; every analysis with a value on one of these days has a row.</summary>
/// <param name="Days">The newest first.</param>
/// <param name="More">There are older days.</param>
/// <param name="Versions">Former versions of the documents in it.</param>
public sealed record ResultGrid(IReadOnlyList<DateOnly> Days, IReadOnlyList<(ResultSeries Series, IReadOnlyList<ResultPoint?> Points)> Rows, bool More, FormerVersions Versions)
{
    /// <summary>Every value that is in view.</summary>
    public IEnumerable<ResultPoint> Points => Rows.SelectMany(r => r.Points).OfType<ResultPoint>();

    public bool IsCorrectedSinceRead(ResultPoint point) => point.Sources.Any(s => Versions.Read.Contains(s.Source.Id));

    /// <param name="mostRows">Rows shown, those out of range and the newest first; null: all, by name.</param>
    public static ResultGrid Of(IReadOnlyList<ResultSeries> all, int after, int days, FormerVersions versions, int? mostRows = null)
    {
        var dates = all.SelectMany(s => s.Points).Select(p => Formats.LocalDate(p.At)).Distinct().OrderDescending().Skip(after).Take(days + 1).ToList();
        var shown = dates.Take(days).ToList();
        // Several values of a day: one out of range stands in the grid before a later one that is not; all are on the analysis' own page.
        var rows = all
            .Select(s => (Series: s, Points: (IReadOnlyList<ResultPoint?>)[.. shown.Select(d => OfDay(s, d))]))
            .Where(r => r.Points.Any(p => p is not null));
        if (mostRows is { } most) rows = rows.OrderBy(r => r.Points[0] is { } p && ResultWords.IsOut(p.Place) ? 0 : 1).ThenByDescending(r => r.Series.Newest.At).Take(most);
        return new ResultGrid(shown, [.. rows], dates.Count > days, versions);
    }

    /// <summary>How many further values there are of that analysis on that day.</summary>
    public static int Others(ResultSeries series, ResultPoint point) => series.Points.Count(p => Formats.LocalDate(p.At) == Formats.LocalDate(point.At)) - 1;

    /// <summary>The newest value of a row that is in view; each row has one.</summary>
    public static ResultPoint NewestOf(IReadOnlyList<ResultPoint?> points) => points.OfType<ResultPoint>().First();

    private static ResultPoint? OfDay(ResultSeries series, DateOnly day)
    {
        var points = series.Points.Where(p => Formats.LocalDate(p.At) == day).ToList();
        return points.LastOrDefault(p => ResultWords.IsOut(p.Place)) ?? points.LastOrDefault();
    }
}
