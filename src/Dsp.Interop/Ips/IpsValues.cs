using System.Globalization;
using System.Text.RegularExpressions;
using Dsp.Clinical;
using Dsp.Codes;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>Values of facts as FHIR data types: nothing is added, and what FHIR cannot hold stays in words.</summary>
internal static class IpsValues
{
    private const string AbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    private const string AbsentSystem = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private const string Ucum = "http://unitsofmeasure.org";

    /// <summary>Reasons for absence as FHIR names them; HL7 v3's own by what they mean.</summary>
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["ASKU"] = "asked-unknown", ["NAV"] = "temp-unknown", ["NASK"] = "not-asked", ["MSK"] = "masked", ["NA"] = "not-applicable", ["NAVU"] = "unknown",
    };

    private static readonly HashSet<string> FhirReasons =
        ["unknown", "asked-unknown", "temp-unknown", "not-asked", "asked-declined", "masked", "not-applicable", "unsupported", "as-text", "error", "not-a-number", "negative-infinity", "positive-infinity", "not-performed", "not-permitted"];

    /// <summary>Units that are UCUM as they are written; any other writing is shown and not called UCUM.</summary>
    private static readonly HashSet<string> Units =
    [
        "%", "g/dL", "g/dl", "g/L", "g/l", "mg/dL", "mg/dl", "mg/L", "mg/l", "ug/L", "ug/l", "ug/dL", "ug/dl", "ng/mL", "ng/ml", "ng/L", "ng/l", "ng/dL", "ng/dl", "pg/mL", "pg/ml", "pg", "fL", "fl", "mmol/L", "mmol/l", "umol/L",
        "umol/l", "nmol/L", "nmol/l", "pmol/L", "pmol/l", "mol/L", "mmol/mol", "mg/mmol", "mg/g", "U/L", "U/l", "kU/L", "[iU]/L", "[iU]/l", "m[iU]/L", "m[iU]/l", "m[iU]/mL", "10*3/uL", "10*6/uL", "10*9/L", "10*9/l", "10*12/L", "10*12/l",
        "/min", "mm[Hg]", "kg", "g", "mg", "ug", "cm", "m", "kg/m2", "Cel", "[degF]", "s", "min", "h", "d", "wk", "mo", "a", "mL", "ml", "L", "l", "mL/min", "ml/min", "mL/min/{1.73_m2}", "{score}", "[pH]", "mosm/kg", "mm/h", "{INR}", "1",
    ];

    /// <summary>Codes as sent, with the source's words; null where it said nothing at all.</summary>
    public static CodeableConcept? Concept(Concept? concept)
    {
        if (concept is not { SaysSomething: true }) return null;
        var made = new CodeableConcept { Text = Words(concept.Name) };
        foreach (var code in concept.Codes ?? [])
            if (Served(code) is { } value)
                made.Coding.Add(new Coding { System = value.System.Length > 0 ? value.System : null, Code = value.Code, Display = Words(code.Display) });
        return made;
    }

    /// <summary>A code as FHIR can hold it, its system empty where it is no address; null where it is no code.</summary>
    public static CodedValue? Served(CodedValue code) =>
        code.Code.Trim() is { Length: > 0 } value && CodeForm.IsMatch(value) ? new CodedValue(IsAddress(code.System) ? code.System : "", value) : null;

    public static List<CodeableConcept> Concepts(IEnumerable<Concept>? concepts) => [.. (concepts ?? []).Select(Concept).OfType<CodeableConcept>()];

    public static CodeableConcept InWords(string text) => new() { Text = Words(text) };

    public static CodeableConcept Coded(string system, string code, string? display = null) => new() { Coding = [new Coding { System = system, Code = code, Display = display }] };

    /// <summary>A moment at the source's precision. A time without zone or seconds is no FHIR dateTime: the day is given, the text shows the rest.</summary>
    /// <returns>Null where the source's date is none that FHIR knows.</returns>
    public static FhirDateTime? Moment(FactDate? date)
    {
        if (date is not { Text: { } text, From: not null }) return null;
        if (text.Length is 4 or 7 or 10) return new FhirDateTime(text);
        if (text.Length < 10) return null;
        if (Whole.IsMatch(text)) return new FhirDateTime(text);
        return ToTheMinute.Match(text) is { Success: true } match ? new FhirDateTime($"{match.Groups["minute"].Value}:00{match.Groups["zone"].Value}") : new FhirDateTime(text[..10]);
    }

    /// <summary>The moment, or an element that says why there is none.</summary>
    public static FhirDateTime MomentOrReason(FactDate? date)
    {
        if (Moment(date) is { } moment) return moment;
        var none = new FhirDateTime();
        none.AddExtension(AbsentReason, new Code(ReasonOf(date?.Absent)));
        return none;
    }

    /// <summary>From and until where the source gives both or an end, else the moment.</summary>
    public static DataType? Time(Fact fact)
    {
        var (start, end) = (Moment(fact.Start), Moment(fact.End));
        if (end is null) return start;
        return start is not null && fact.Start!.From > fact.End!.From ? start : new Period { StartElement = start, EndElement = end };
    }

    public static DataType TimeOrReason(Fact fact) => Time(fact) ?? MomentOrReason(fact.Start);

    public static T Absent<T>(T element, string? reason = null)
        where T : Element
    {
        element.AddExtension(AbsentReason, new Code(ReasonOf(reason)));
        return element;
    }

    public static CodeableConcept Reason(string? reason) => Coded(AbsentSystem, ReasonOf(reason));

    /// <summary>A value of an observation; null where it is absent.</summary>
    public static DataType? Value(FactValue value) => value.Type switch
    {
        FactValueType.Quantity => Quantity(value) is { } quantity ? quantity : Words(value.Number) is { } number ? new FhirString(number) : null,
        FactValueType.Coded => Concept(value.Coded),
        FactValueType.Text => Words(value.Text) is { } text ? new FhirString(text) : null,
        FactValueType.Range when Range(value) is { } range => range,
        FactValueType.Ratio when value is { Low: { } low, High: { } high } && Quantity(low) is { } numerator && Quantity(high) is { } denominator => new Ratio { Numerator = numerator, Denominator = denominator },
        FactValueType.Time => Moment(value.Time),
        FactValueType.Flag when value.Flag is { } flag => new FhirBoolean(flag),
        _ => null,
    };

    /// <summary>Number and unit with the digits of the source; null where the number is none.</summary>
    public static Quantity? Quantity(FactValue? value)
    {
        if (value is not { Type: FactValueType.Quantity } || Number(value) is not { } number) return null;
        var made = new Quantity { Value = number, Unit = Words(value.Unit) };
        if ((value.UnitCode ?? value.Unit)?.Trim() is { } code && (value.UnitCode is not null ? CodeForm.IsMatch(code) : Units.Contains(code))) (made.System, made.Code) = (Ucum, code);
        made.Comparator = value.Comparator switch
        {
            "<" => Hl7.Fhir.Model.Quantity.QuantityComparator.LessThan,
            "<=" => Hl7.Fhir.Model.Quantity.QuantityComparator.LessOrEqual,
            ">" => Hl7.Fhir.Model.Quantity.QuantityComparator.GreaterThan,
            ">=" => Hl7.Fhir.Model.Quantity.QuantityComparator.GreaterOrEqual,
            _ => null,
        };
        return made;
    }

    public static Hl7.Fhir.Model.Range? Range(FactValue value)
    {
        var (low, high) = (Bound(value.Low), Bound(value.High));
        if (low is null && high is null) return null;
        return new Hl7.Fhir.Model.Range { Low = low, High = high };
    }

    /// <summary>A bound has no comparator of its own.</summary>
    public static Quantity? Bound(FactValue? value)
    {
        if (Quantity(value) is not { } bound) return null;
        bound.Comparator = null;
        return bound;
    }

    /// <summary>Text that JSON, XML and FHIR can hold, without control characters; null where nothing is left.</summary>
    public static string? Words(string? text)
    {
        if (text is null) return null;
        var clean = text.Any(char.IsControl) || text.Any(char.IsSurrogate) ? string.Concat(text.EnumerateRunes().Select(r => System.Text.Rune.IsControl(r) ? " " : r.ToString())) : text;
        return clean.Trim() is { Length: > 0 } words ? words : null;
    }

    private static decimal? Number(FactValue value) =>
        decimal.TryParse(value.Number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string ReasonOf(string? reason) =>
        reason is null ? "unknown" : Reasons.TryGetValue(reason, out var known) ? known : FhirReasons.Contains(reason) ? reason : "unknown";

    private static bool IsAddress(string system) => system.Length > 0 && !system.Any(char.IsWhiteSpace) && Uri.TryCreate(system, UriKind.Absolute, out _);

    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
    private static readonly Regex CodeForm = new("^[^\\s]+( [^\\s]+)*$", Plain);
    private static readonly Regex Whole = new("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$", Plain);
    private static readonly Regex ToTheMinute = new("^(?<minute>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d)(?<zone>Z|[+-]\\d\\d:\\d\\d)$", Plain);
}
