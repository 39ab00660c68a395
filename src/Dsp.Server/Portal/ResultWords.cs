using System.Globalization;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;

namespace Dsp.Server.Portal;

/// <summary>Results as the pages write them: digits, unit and range as sent, only the decimal sign follows the language.</summary>
public sealed class ResultWords(ITexts texts, Formats formats)
{
    /// <summary>The source's name of the analysis.</summary>
    public string Name(ResultSeries series) => series.Name.Length > 0 ? series.Name : texts["results.unnamed"];

    /// <summary>What is measured, in plain words; null for a rare analysis.</summary>
    public string? Plain(ResultSeries series) => TestNames.Find(series.LoincCode, texts.Language.Code);

    /// <summary>"7,4 %", "&lt; 5 mg/l", "positiv"; in words where there is no value.</summary>
    public string Value(FactValue? value) => value switch
    {
        null => texts["results.noValue"],
        { Type: FactValueType.Quantity } => Joined(Comparator(value.Comparator) + Number(value.Number), value.Unit),
        { Type: FactValueType.Coded } => value.Coded?.Name ?? texts["results.noValue"],
        { Type: FactValueType.Range } => $"{Value(value.Low)} – {Value(value.High)}",
        { Type: FactValueType.Ratio } => $"{Value(value.Low)} / {Value(value.High)}",
        { Type: FactValueType.Flag, Flag: { } flag } => texts[flag ? "results.yes" : "results.no"],
        { Type: FactValueType.Time } => value.Time?.Text ?? texts["results.noValue"],
        { Type: FactValueType.Absent } => texts["results.noValue"],
        _ => value.Text ?? texts["results.noValue"],
    };

    public string Value(ResultPoint point) => Value(point.Fact.Value);

    /// <summary>The laboratory's own range or ranges; null where it gave none.</summary>
    public string? Range(Fact fact)
    {
        var ranges = (fact.Ranges ?? []).Select(Range).OfType<string>().ToList();
        return ranges.Count == 0 ? null : string.Join(" · ", ranges);
    }

    /// <summary>Where the value stands to the range, for patients: a whole sentence.</summary>
    public string Place(RangePlace place) => texts["results.place." + place];

    /// <summary>The same for professionals: a word and a sign.</summary>
    public string? ShortPlace(RangePlace place) => place is RangePlace.NotSaid or RangePlace.Inside ? null : texts["results.short." + place].Text;

    public static Tone ToneOf(RangePlace place) => place switch
    {
        RangePlace.Inside => Tone.Ok,
        RangePlace.NotSaid => Tone.Mute,
        _ => Tone.Danger,
    };

    public static bool IsOut(RangePlace place) => place is RangePlace.Above or RangePlace.Below or RangePlace.Abnormal;

    /// <summary>Who measured: the laboratory the document names, else the place of the deposit.</summary>
    public string Laboratory(ResultPoint point) =>
        point.Fact.Author?.Organization ?? point.Sources[0].Source.Entry.InstitutionName ?? point.Sources[0].Source.Metadata.Authors.Select(a => a.Institution).FirstOrDefault(i => i is not null) ?? texts["notDocumented"];

    /// <summary>A date as precise as its source.</summary>
    public string Date(ResultPoint point) => Imprecise(point) ?? formats.LongDate(point.At);

    public string ShortDate(ResultPoint point) => Imprecise(point) ?? formats.ShortDate(point.At);

    /// <summary>The value on its laboratory's range; null where one of them is no number.</summary>
    public NumberLine? Line(ResultSeries series, ResultPoint point)
    {
        if (point.Number is not { } number || point.Fact.Ranges is not [{ Meaning: null } range]) return null;
        var (low, high) = (Bound(range.Low, point), Bound(range.High, point));
        if (low is null && high is null) return null;
        var sentence = texts["results.lineTitle", ("name", Name(series)), ("value", Value(point)), ("range", Range(range)!)];
        return new NumberLine(sentence, number, Comparator(point.Fact.Value!.Comparator) + Number(point.Fact.Value.Number), low, Number(range.Low?.Number), high, Number(range.High?.Number)) { RangeWord = texts["results.range"], IsOut = point.Place == RangePlace.NotSaid ? null : IsOut(point.Place) };
    }

    /// <summary>The curve; null where fewer than two values are numbers.</summary>
    public Trend? Curve(ResultSeries series)
    {
        var points = series.Points.Where(p => p.Number is not null).TakeLast(MostPoints).ToList();
        if (points.Count < 2) return null;
        var sentence = texts["results.trendTitle", ("name", Name(series)), ("from", Date(points[0])), ("to", Date(points[^1])), ("first", Value(points[0])), ("last", Value(points[^1]))];
        return new Trend(sentence, [.. points.Select(Point)]);

        TrendPoint Point(ResultPoint p)
        {
            var range = p.Fact.Ranges is [{ Meaning: null } one] ? one : null;
            var sign = p.Place switch { RangePlace.Above => " ↑", RangePlace.Below => " ↓", _ => "" };
            return new TrendPoint(p.At, p.Number!.Value, Comparator(p.Fact.Value!.Comparator) + Number(p.Fact.Value.Number) + sign, Formats.MonthAndYear(p.At), Bound(range?.Low, p), Bound(range?.High, p), IsOut(p.Place));
        }
    }

    /// <summary>A year or a month as such; null for a day.</summary>
    private string? Imprecise(ResultPoint point) => point.Fact.Start is { From: { } from, To: { } to } && to - from > TimeSpan.FromHours(26)
        ? to - from > TimeSpan.FromDays(32) ? Formats.LocalDate(from).Year.ToString(CultureInfo.InvariantCulture) : formats.MonthHeading(Formats.LocalDate(from))
        : null;

    /// <summary>More points than this are in the table only.</summary>
    private const int MostPoints = 60;

    private string? Range(ReferenceRange range)
    {
        var meaning = range.Meaning?.Name is { } of ? of + ": " : "";
        if (range.Low is null && range.High is null) return range.Text is { } words ? meaning + words : null;
        var unit = range.High?.Unit ?? range.Low?.Unit;
        return meaning + Joined((Number(range.Low?.Number), Number(range.High?.Number)) switch
        {
            ({ Length: > 0 } low, { Length: > 0 } high) => $"{low} – {high}",
            ({ Length: > 0 } low, _) => "≥ " + low,
            (_, var high) => "≤ " + high,
        }, unit);
    }

    /// <summary>A bound in the value's own scale, as <see cref="ResultSeries"/> compares it.</summary>
    private static decimal? Bound(FactValue? bound, ResultPoint point) =>
        bound is null || (bound.Unit is not null && UnitScale.Of(bound) != UnitScale.Of(point.Fact.Value!)) || !decimal.TryParse(bound.Number, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? null : number;

    private static string Comparator(string? comparator) => comparator switch { null or "" => "", "<=" => "≤ ", ">=" => "≥ ", var other => other + " " };

    private string Number(string? digits) => digits is null ? "" : texts.Language == Language.English ? digits : digits.Replace('.', ',');

    private static string Joined(string number, string? unit) => string.IsNullOrEmpty(unit) || unit == "1" ? number : number + " " + unit;
}
