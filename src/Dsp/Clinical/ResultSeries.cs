using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dsp.Clinical;

/// <summary>Where a value stands to its own laboratory's range.</summary>
public enum RangePlace
{
    /// <summary>The source gave neither a judgement nor a range that can be compared.</summary>
    NotSaid,
    Inside,
    Below,
    Above,

    /// <summary>Abnormal, says the source, without saying in which direction.</summary>
    Abnormal,
}

/// <summary>One value at one time; the same value told by several documents is one point with several sources.</summary>
/// <param name="Number">Null where the value is no number, or is not known.</param>
/// <param name="Place">By the source's own judgement, else by its own range; another laboratory's range is never used.</param>
public sealed record ResultPoint(DateTimeOffset At, decimal? Number, RangePlace Place, IReadOnlyList<RecordedFact> Sources)
{
    public Fact Fact => Sources[0].Fact;
}

/// <summary>All values of one analysis in one comparable unit, the oldest first.</summary>
/// <param name="Code">LOINC where the source gives it, else its first code; empty for an analysis without a code.</param>
/// <param name="Unit">As the newest source writes it.</param>
public sealed record ResultSeries(string System, string Code, string Name, UnitScale Scale, string? Unit, IReadOnlyList<ResultPoint> Points)
{
    private const string Loinc = "http://loinc.org";

    /// <summary>16 hexadecimal digits that name the series in an address: the same in every record, and no word of health.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{System}|{Code}|{Scale.Measures}|{Scale.Power}")).AsSpan(0, 8));

    public string? LoincCode => System == Loinc ? Code : null;

    public ResultPoint Newest => Points[^1];

    /// <summary>
    /// Groups results and measurements over all laboratories by code and comparable unit. What was only ordered, what is denied
    /// and what is about somebody else is not there; a value that is not known is a point without a number.
    /// </summary>
    public static IReadOnlyList<ResultSeries> Of(IEnumerable<RecordedFact> facts) =>
        [.. facts
            .Where(f => f.Fact is { Kind: FactKind.Result or FactKind.VitalSign, Stage: FactStage.Done, Value: not null } && f.Fact.IsOwn && f.Fact.Statement != FactStatement.Negated)
            .GroupBy(f => (Key: KeyOf(f.Fact), Scale: ScaleOf(f.Fact)))
            .Select(g => Series(g.Key.Key, g.Key.Scale, [.. g.OrderByDescending(f => f.At)]))
            .OrderBy(s => Folding.Fold(s.Name), StringComparer.Ordinal).ThenBy(s => s.Unit, StringComparer.Ordinal)];

    private static ResultSeries Series((string System, string Code) key, UnitScale scale, List<RecordedFact> newest)
    {
        var points = newest
            .GroupBy(f => (f.At, Value: Said(f.Fact.Value!)))
            .Select(g => new ResultPoint(g.Key.At, NumberOf(g.First().Fact.Value!), PlaceOf(g.First().Fact), [.. g]))
            .OrderBy(p => p.At)
            .ToList();
        return new ResultSeries(key.System, key.Code, newest[0].Fact.Name ?? key.Code, scale, newest.Select(f => f.Fact.Value!.Unit).FirstOrDefault(u => u is not null), points);
    }

    /// <summary>The whole of a value: two that differ in any part are two points.</summary>
    private static string Said(FactValue value) =>
        string.Join('|', value.Type, value.Comparator, value.Number, value.Unit, value.Text, value.Coded?.Name, value.Flag, value.Time?.Text, value.Absent, value.Low is { } low ? Said(low) : "", value.High is { } high ? Said(high) : "");

    private static (string System, string Code) KeyOf(Fact fact)
    {
        if (fact.Code?.CodeIn(Loinc) is { } loinc) return (Loinc, loinc);
        return fact.Code is { Codes: [var first, ..] } ? (first.System, first.Code) : ("", Folding.Fold(fact.Name ?? ""));
    }

    /// <summary>Numbers stand apart by unit; words, codes and what is not known stand together.</summary>
    private static UnitScale ScaleOf(Fact fact) => fact.Value is { Type: FactValueType.Quantity } value ? UnitScale.Of(value) : new UnitScale("words", 0);

    private static decimal? NumberOf(FactValue value) =>
        value.Type == FactValueType.Quantity && decimal.TryParse(value.Number, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static RangePlace PlaceOf(Fact fact)
    {
        foreach (var code in fact.Interpretations?.SelectMany(i => i.Codes ?? []) ?? [])
        {
            switch (code.Code)
            {
                case "H" or "HH" or "HU" or ">": return RangePlace.Above;
                case "L" or "LL" or "LU" or "<": return RangePlace.Below;
                case "A" or "AA" or "POS" or "R": return RangePlace.Abnormal;
                case "N" or "NEG" or "S": return RangePlace.Inside;
                default: break;
            }
        }
        // A range for one group of people says nothing of another: only a single range without a meaning of its own decides.
        if (fact.Ranges is not [{ Meaning: null } range] || fact.Value is not { } value || NumberOf(value) is not { } number) return RangePlace.NotSaid;
        var (low, high) = (Bound(range.Low, value), Bound(range.High, value));
        if (low is null && high is null) return RangePlace.NotSaid;
        return value.Comparator switch
        {
            null => number < low ? RangePlace.Below : number > high ? RangePlace.Above : RangePlace.Inside,
            // "Less than 5" is below a range only where the whole of it is.
            "<" => number <= low ? RangePlace.Below : RangePlace.NotSaid,
            "<=" => number < low ? RangePlace.Below : RangePlace.NotSaid,
            ">" => number >= high ? RangePlace.Above : RangePlace.NotSaid,
            _ => number > high ? RangePlace.Above : RangePlace.NotSaid,
        };
    }

    /// <summary>A bound in the value's own scale; a bound without a unit is in the value's.</summary>
    private static decimal? Bound(FactValue? bound, FactValue value) =>
        bound is null || (bound.Unit is not null && UnitScale.Of(bound) != UnitScale.Of(value)) ? null : NumberOf(bound);
}
