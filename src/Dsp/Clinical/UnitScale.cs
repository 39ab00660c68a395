using System.Globalization;
using System.Text;

namespace Dsp.Clinical;

/// <summary>
/// What a unit measures and by which power of ten: two results share a curve only where both are equal (µg/l and ng/ml do;
/// mg/dl and µmol/l, % and mmol/mol, mg/dl and mg/l do not). Nothing is ever converted.
/// </summary>
/// <param name="Measures">The base units in UCUM's writing; for a unit that cannot be read, its own text.</param>
/// <param name="Power">Power of ten.</param>
public readonly record struct UnitScale(string Measures, int Power)
{
    private static readonly Dictionary<string, int> Prefixes = new(StringComparer.Ordinal)
    {
        ["G"] = 9, ["M"] = 6, ["k"] = 3, ["h"] = 2, ["da"] = 1, ["d"] = -1, ["c"] = -2, ["m"] = -3, ["u"] = -6, ["n"] = -9, ["p"] = -12, ["f"] = -15,
    };

    /// <summary>Units that take prefixes, and what they measure.</summary>
    private static readonly HashSet<string> Scaled = ["g", "l", "mol", "m", "s", "U", "[iU]", "eq", "osm", "Pa", "J", "cal", "kat", "V", "Hz", "W", "Sv"];

    /// <summary>Units that take none, the prefixed words among them that are no prefixes.</summary>
    private static readonly HashSet<string> Fixed = ["%", "min", "h", "d", "wk", "mo", "a", "Cel", "mm[Hg]", "{score}", "[pH]", "[degF]", "[lb_av]", "[in_i]", "kg/m2", "deg", "[CFU]"];

    /// <summary>Writings that laboratories use beside UCUM's.</summary>
    private static readonly Dictionary<string, string> Writings = new(StringComparer.Ordinal)
    {
        ["mmHg"] = "mm[Hg]", ["mm Hg"] = "mm[Hg]", ["°C"] = "Cel", ["L"] = "l", ["IU"] = "[iU]", ["UI"] = "[iU]", ["iU"] = "[iU]", ["mcg"] = "ug", ["gr"] = "g", ["sec"] = "s", ["Giga"] = "10*9", ["Tera"] = "10*12",
        ["bpm"] = "/min", ["x10^9"] = "10*9", ["10^9"] = "10*9", ["10^3"] = "10*3", ["10^6"] = "10*6", ["10^12"] = "10*12", ["10E9"] = "10*9", ["10E3"] = "10*3", ["10E6"] = "10*6", ["10E12"] = "10*12", ["Mio"] = "10*6",
    };

    /// <summary>The scale of a value's unit: its UCUM code, else its writing.</summary>
    public static UnitScale Of(FactValue value) => value.UnitCode is { } code && TryParse(code, out var scale) ? scale : Of(value.Unit);

    public static UnitScale Of(string? unit)
    {
        if (string.IsNullOrWhiteSpace(unit)) return new UnitScale("", 0);
        return TryParse(unit, out var scale) ? scale : new UnitScale("as written: " + Folding.Fold(unit), 0);
    }

    private static bool TryParse(string unit, out UnitScale scale)
    {
        scale = default;
        var (over, under, power) = (new List<string>(), new List<string>(), 0);
        var parts = Clean(unit).Split('/');
        // "G/l" of a blood count is giga per litre.
        if (parts is ["G" or "T", "l" or "L"]) parts[0] = parts[0] == "G" ? "10*9" : "10*12";
        for (var i = 0; i < parts.Length; i++)
        {
            foreach (var factor in parts[i].Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!TryFactor(factor, out var measures, out var ten)) return false;
                power += i == 0 ? ten : -ten;
                if (measures.Length > 0) (i == 0 ? over : under).Add(measures);
            }
            if (i == 0 && parts[0].Length == 0 && parts.Length == 1) return false;
        }
        // What stands above and below is kept: mol/mol is a share, and not the same as %.
        scale = new UnitScale(string.Join('.', over.Order(StringComparer.Ordinal)) + (under.Count > 0 ? "/" + string.Join('/', under.Order(StringComparer.Ordinal)) : ""), power);
        return true;
    }

    private static bool TryFactor(string factor, out string measures, out int power)
    {
        (measures, power) = ("", 0);
        if (Writings.TryGetValue(factor, out var ucum)) factor = ucum.TrimStart('/');
        if (factor is "1" or "") return true;
        if (factor.StartsWith("10*", StringComparison.Ordinal)) return int.TryParse(factor.AsSpan(3), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power) && Math.Abs(power) < 30;
        if (factor.StartsWith('{') && factor.EndsWith('}')) return true;
        var exponent = factor.Length > 1 && factor[^1] is '2' or '3' ? factor[^1].ToString() : "";
        var bare = exponent.Length > 0 ? factor[..^1] : factor;
        if (Fixed.Contains(factor) || Fixed.Contains(bare))
        {
            measures = factor;
            return true;
        }
        for (var length = 0; length <= 2 && length < bare.Length; length++)
        {
            var known = length == 0 || Prefixes.ContainsKey(bare[..length]);
            if (!known) continue;
            var named = Writings.TryGetValue(bare[length..], out var written) ? written : bare[length..];
            if (!Scaled.Contains(named)) continue;
            power = (length == 0 ? 0 : Prefixes[bare[..length]]) * (exponent.Length > 0 ? exponent[0] - '0' : 1);
            measures = named + exponent;
            return true;
        }
        return false;
    }

    /// <summary>Spaces out, both signs for micro as u, notes in braces beside a unit away.</summary>
    private static string Clean(string unit)
    {
        var text = new StringBuilder(unit.Length);
        var depth = 0;
        foreach (var c in unit.Trim())
        {
            if (c == '{' && text.Length > 0 && text[^1] is not ('/' or '.')) depth++;
            if (depth == 0 && !char.IsWhiteSpace(c)) text.Append(c is 'µ' or 'μ' ? 'u' : c);
            if (c == '}' && depth > 0) depth--;
        }
        return text.ToString();
    }
}
