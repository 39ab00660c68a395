using System.Globalization;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>Where one value stands to its laboratory's range, as a line. The same is said in words beside it; the drawing adds nothing.</summary>
/// <param name="Title">The whole sentence for those who do not see it.</param>
/// <param name="Value">The value.</param>
/// <param name="ValueText">As it is written.</param>
/// <param name="Low">Null: the range has no lower bound. One of the two bounds is given.</param>
/// <param name="High">Null: the range has no upper bound.</param>
public sealed record NumberLine(string Title, decimal Value, string ValueText, decimal? Low, string? LowText, decimal? High, string? HighText) : Component
{
    /// <summary>The word under the range.</summary>
    public string? RangeWord { get; init; }

    /// <summary>Outside, as the words beside it say; null: by the numbers.</summary>
    public bool? IsOut { get; init; }

    private const double Left = 12;
    private const double Right = 348;

    public override IHtmlContent Build()
    {
        var (from, to) = Ends();
        double X(decimal value) => Left + ((double)((value - from) / (to - from)) * (Right - Left));
        var (low, high) = (Low is { } l ? X(l) : Left, High is { } h ? X(h) : Right);
        var isOut = IsOut ?? (Value < Low || Value > High);
        var title = "l" + Svg.Id(Title);
        var svg = Svg.Picture("dsp-range", "0 0 360 88", title, Title).With(Attributes)
            .Add(Svg.Rect("dsp-range__out", Left, 34, Right - Left, 18))
            .Add(Svg.Rect("dsp-range__band", low, 34, high - low, 18))
            .Add(Svg.Dot(X(Value), 43, 11, isOut))
            .Add(Svg.Text(Math.Clamp(X(Value), 30, 330), 22, ValueText, 19, bold: true));
        if (Low is not null) svg.Add(Svg.Text(Math.Clamp(low, 24, 336), 74, LowText, 16));
        if (High is not null && high - low > 56) svg.Add(Svg.Text(Math.Clamp(high, 24, 336), 74, HighText, 16));
        else if (High is not null && Low is null) svg.Add(Svg.Text(Math.Clamp(high, 24, 336), 74, HighText, 16));
        if (RangeWord is not null && high - low > 150) svg.Add(Svg.Text((low + high) / 2, 74, RangeWord, 16));
        return svg;
    }

    /// <summary>The line reaches a quarter of the range beyond it, and beyond the value.</summary>
    private (decimal From, decimal To) Ends()
    {
        var low = Math.Min(Low ?? High!.Value, Value);
        var high = Math.Max(High ?? Low!.Value, Value);
        var span = high - low;
        if (span == 0) span = Math.Max(Math.Abs(high), 1);
        return (low - (span * 0.25m), high + (span * 0.25m));
    }
}

/// <summary>Elements of a drawing, with presentation attributes only: a strict content security policy lets them pass.</summary>
internal static class Svg
{
    public static Element Picture(string classes, string box, string titleId, string title) =>
        new Element("svg", classes).With("viewBox", box).With("role", "img").With("aria-labelledby", titleId).With("focusable", "false")
            .Add(new Element("title").With("id", titleId).Add(title));

    public static Element Rect(string classes, double x, double y, double width, double height) =>
        new Element("rect", classes).With("x", N(x)).With("y", N(y)).With("width", N(Math.Max(0, width))).With("height", N(Math.Max(0, height)));

    /// <summary>Inside a circle, outside a diamond: the shape says it where colours do not show.</summary>
    public static Element Dot(double x, double y, double size, bool isOut) => isOut
        ? new Element("path", "dsp-dot", "dsp-dot--out").With("d", $"M{N(x)} {N(y - size)} L{N(x + size)} {N(y)} L{N(x)} {N(y + size)} L{N(x - size)} {N(y)} Z")
        : new Element("circle", "dsp-dot").With("cx", N(x)).With("cy", N(y)).With("r", N(size * 0.8));

    public static Element Text(double x, double y, string? text, int size, bool bold = false, string anchor = "middle") =>
        new Element("text").With("x", N(x)).With("y", N(y)).With("text-anchor", anchor).With("font-size", size.ToString(CultureInfo.InvariantCulture)).With("font-weight", bold ? "700" : null).Add(text);

    public static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>An id that is the same for the same text, and another for another.</summary>
    public static string Id(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
}
