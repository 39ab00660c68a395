using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>One value of a trend.</summary>
/// <param name="Value">In the unit of the curve.</param>
/// <param name="Label">As it is written.</param>
/// <param name="Day">A short date under it.</param>
/// <param name="Low">Of its own laboratory's range; null where there is none.</param>
public sealed record TrendPoint(DateTimeOffset At, decimal Value, string Label, string Day, decimal? Low = null, decimal? High = null, bool IsOut = false);

/// <summary>
/// Values over time, each before its own laboratory's range. Its data stands in a table beside it; the drawing alone tells
/// nothing that the table does not.
/// </summary>
/// <param name="Title">The whole sentence for those who do not see it.</param>
/// <param name="Points">The oldest first, in one unit; at least two.</param>
public sealed record Trend(string Title, IReadOnlyList<TrendPoint> Points) : Component
{
    private const double Left = 40;
    private const double Right = 680;
    private const double Top = 46;
    private const double Bottom = 190;

    /// <summary>Two labels nearer than this would cover each other.</summary>
    private const double LabelWidth = 64;

    public override IHtmlContent Build()
    {
        if (Points.Count < 2) throw new ArgumentException("A trend has two points at least.");
        var (low, high) = Ends();
        var first = Points[0].At;
        var span = Math.Max(1, (Points[^1].At - first).TotalMinutes);
        double X(int i) => Left + ((Points[i].At - first).TotalMinutes / span * (Right - Left));
        double Y(decimal value) => Bottom - ((double)((value - low) / (high - low)) * (Bottom - Top));
        var title = "t" + Svg.Id(Title + Points.Count);
        var svg = Svg.Picture("dsp-trend", "0 0 720 240", title, Title).With(Attributes);
        for (int i = 0, next; i < Points.Count; i = next)
        {
            // One band for as long as the laboratories' range stays the same: a line in it would say that something changed.
            var point = Points[i];
            next = i + 1;
            while (next < Points.Count && (Points[next].Low, Points[next].High) == (point.Low, point.High)) next++;
            if (point.Low is null && point.High is null) continue;
            var from = i == 0 ? Left - 20 : (X(i - 1) + X(i)) / 2;
            var to = next == Points.Count ? Right + 20 : (X(next - 1) + X(next)) / 2;
            var (upper, lower) = (point.High is { } h ? Y(h) : Top - 20, point.Low is { } l ? Y(l) : Bottom + 10);
            svg.Add(Svg.Rect("dsp-trend__band", from, upper, to - from, lower - upper));
        }
        svg.Add(new Element("polyline", "dsp-trend__line").With("points", string.Join(' ', Points.Select((p, i) => $"{Svg.N(X(i))},{Svg.N(Y(p.Value))}"))));
        var labelled = Labelled(X);
        for (var i = 0; i < Points.Count; i++)
        {
            svg.Add(Svg.Dot(X(i), Y(Points[i].Value), 8, Points[i].IsOut));
            if (!labelled.Contains(i)) continue;
            svg.Add(Svg.Text(X(i), Y(Points[i].Value) - 15, Points[i].Label, 17, bold: true)).Add(Svg.Text(X(i), 226, Points[i].Day, 16));
        }
        return svg;
    }

    /// <summary>The newest, the oldest, and between them from the newest on whatever has room.</summary>
    private HashSet<int> Labelled(Func<int, double> x)
    {
        var chosen = new HashSet<int> { Points.Count - 1 };
        var last = x(Points.Count - 1);
        for (var i = Points.Count - 2; i >= 0; i--)
        {
            if (last - x(i) < LabelWidth || (i > 0 && x(i) - x(0) < LabelWidth)) continue;
            chosen.Add(i);
            last = x(i);
        }
        return chosen;
    }

    /// <summary>All values and all bounds are in view, with a little air.</summary>
    private (decimal Low, decimal High) Ends()
    {
        var all = Points.SelectMany(p => new[] { p.Value, p.Low, p.High }).OfType<decimal>().ToList();
        var (low, high) = (all.Min(), all.Max());
        var air = high == low ? Math.Max(Math.Abs(high) * 0.1m, 0.1m) : (high - low) * 0.08m;
        return (low - air, high + air);
    }
}
