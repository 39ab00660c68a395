using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>Data types of HL7 v3 → values as sent. The narrative is asked for every reference into it.</summary>
internal sealed class CdaValues(CdaTexts texts)
{
    private const string Xsi = "http://www.w3.org/2001/XMLSchema-instance";
    private const int MostTranslations = 16;
    private const int LongestCode = 128;
    private const int LongestDisplay = 500;

    /// <summary>CD, CE, CO, CV, CS: code, translations, the words the source gave, or why there is none.</summary>
    /// <returns>Null where the element is absent or says nothing at all.</returns>
    public Concept? Concept(XElement? code)
    {
        if (code is null) return null;
        var codes = new List<CodedValue>();
        Add(codes, code);
        foreach (var translation in code.Elements().Where(e => e.Name.LocalName == "translation").Take(MostTranslations)) Add(codes, translation);
        var text = texts.Of(code.Elements().FirstOrDefault(e => e.Name.LocalName == "originalText")) ?? (codes.Count == 0 ? Shown(code) : null);
        var absent = codes.Count == 0 || code.Attr("code") is null ? code.Attr("nullFlavor") : null;
        return codes.Count == 0 && text is null && absent is null ? null : new Concept(codes.Count > 0 ? codes : null, text, absent);
    }

    public FactValue? Value(XElement? value)
    {
        if (value is null) return null;
        var absent = value.Attr("nullFlavor");
        return TypeOf(value) switch
        {
            "PQ" => Quantity(value),
            "INT" or "REAL" or "MO" => Quantity(value),
            "CD" or "CE" or "CO" or "CV" or "CS" => Concept(value) is { } concept ? concept.SaysSomething ? new FactValue { Type = FactValueType.Coded, Coded = concept } : new FactValue { Type = FactValueType.Absent, Coded = concept, Absent = concept.Absent } : null,
            "IVL_PQ" or "IVL_INT" or "IVL_REAL" => Range(value),
            "RTO" or "RTO_PQ_PQ" or "RTO_QTY_QTY" => Ratio(value),
            "TS" => Date(value) is { } time ? time.Absent is null ? new FactValue { Type = FactValueType.Time, Time = time } : FactValue.None(time.Absent) : null,
            "IVL_TS" => Date(value.Child("low") ?? value) is { Absent: null } from ? new FactValue { Type = FactValueType.Time, Time = from } : FactValue.None(absent ?? "UNK"),
            "BL" => value.Attr("value") switch
            {
                "true" => new FactValue { Type = FactValueType.Flag, Flag = true },
                "false" => new FactValue { Type = FactValueType.Flag, Flag = false },
                _ => absent is null ? null : FactValue.None(absent),
            },
            "II" => (value.Attribute("extension") ?? value.Attribute("root"))?.Value is { } id ? Text(id) : absent is null ? null : FactValue.None(absent),
            _ => texts.Of(value) is { } text ? Text(text) : absent is null ? null : FactValue.None(absent),
        };
    }

    /// <summary>PQ, INT, REAL: the number with the digits of the source and the unit as written.</summary>
    public FactValue? Quantity(XElement? quantity)
    {
        if (quantity is null) return null;
        if (quantity.Child("low") is not null || quantity.Child("high") is not null) return Range(quantity);
        var number = quantity.Attr("value")?.Trim();
        var translations = quantity.Elements().Where(e => e.Name.LocalName == "translation").Take(MostTranslations).Select(Translated).OfType<FactValue>().ToList();
        if (string.IsNullOrEmpty(number))
        {
            if (translations.Count > 0) return translations[0] with { Absent = quantity.Attr("nullFlavor") };
            return quantity.Attr("nullFlavor") is { } absent ? FactValue.None(absent) : texts.Of(quantity) is { } words ? Text(words) : null;
        }
        return new FactValue { Type = FactValueType.Quantity, Number = number, Unit = Blank(quantity.Attr("unit") ?? quantity.Attr("currency")), Translations = translations.Count > 0 ? translations : null };
    }

    /// <summary>TS: a point of any precision.</summary>
    public static FactDate? Date(XElement? time)
    {
        if (time is null) return null;
        var sent = Blank(time.Attr("value"));
        if (sent is null) return time.Attr("nullFlavor") is { } absent ? new FactDate(Absent: absent) : null;
        return FactDates.OfHl7(sent);
    }

    /// <summary>IVL_TS, a single value, or a center: from and until.</summary>
    public static (FactDate? Start, FactDate? End) Period(XElement? time)
    {
        if (time is null) return (null, null);
        if (time.Child("low") is { } low) return (Date(low), Date(time.Child("high")));
        if (time.Child("high") is { } high) return (null, Date(high));
        return (Date(time) ?? Date(time.Child("center")) ?? Date(time.Child("comp")), null);
    }

    /// <summary>The xsi:type without its prefix; by its attributes where the source left it out.</summary>
    public static string TypeOf(XElement value)
    {
        var sent = value.Attribute(XName.Get("type", Xsi))?.Value.Trim();
        if (!string.IsNullOrEmpty(sent)) return sent[(sent.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (value.Attr("code") is not null) return "CD";
        if (value.Child("low") is not null || value.Child("high") is not null) return "IVL_PQ";
        return value.Attr("value") is not null ? "PQ" : "ST";
    }

    private FactValue? Range(XElement range)
    {
        if (range.Attr("value") is not null && range.Child("low") is null && range.Child("high") is null) return Quantity(Bare(range));
        var low = Bound(range.Child("low"), ">", ">=");
        var high = Bound(range.Child("high"), "<", "<=");
        if (low is null && high is null)
            return range.Attr("nullFlavor") is { } absent ? FactValue.None(absent) : Quantity(range.Child("center"));
        return new FactValue { Type = FactValueType.Range, Low = low, High = high };
    }

    private FactValue? Bound(XElement? bound, string open, string closed)
    {
        if (Quantity(bound) is not { Type: FactValueType.Quantity } value) return null;
        return bound!.Attr("inclusive") switch
        {
            "false" => value with { Comparator = open },
            "true" => value with { Comparator = closed },
            _ => value,
        };
    }

    private FactValue? Ratio(XElement ratio)
    {
        var (above, below) = (Quantity(ratio.Elements().FirstOrDefault(e => e.Name.LocalName == "numerator")), Quantity(ratio.Elements().FirstOrDefault(e => e.Name.LocalName == "denominator")));
        if (above is { Type: not FactValueType.Absent } || below is { Type: not FactValueType.Absent }) return new FactValue { Type = FactValueType.Ratio, Low = above, High = below };
        return (ratio.Attr("nullFlavor") ?? above?.Absent ?? below?.Absent) is { } absent ? FactValue.None(absent) : null;
    }

    /// <inheritdoc cref="Ratio(XElement)"/>
    public FactValue? Strength(XElement? quantity) => quantity is null ? null : Ratio(quantity) ?? Quantity(quantity);

    /// <summary>PQR: the quantity in another unit, named by a code.</summary>
    private static FactValue? Translated(XElement translation) =>
        Blank(translation.Attr("value")) is { } number
            ? new FactValue { Type = FactValueType.Quantity, Number = number, Unit = Blank(translation.Attr("displayName")) ?? Blank(translation.Attr("code")) ?? Blank(translation.Attr("unit")) ?? CdaHeaderReader.Clean(translation.Child("originalText")?.Value) }
            : null;

    private static XElement Bare(XElement range)
    {
        var copy = new XElement(range.Name);
        foreach (var attribute in range.Attributes()) copy.SetAttributeValue(attribute.Name, attribute.Value);
        return copy;
    }

    private static void Add(List<CodedValue> codes, XElement code)
    {
        if (Blank(code.Attr("code")) is { Length: <= LongestCode } value)
            codes.Add(new CodedValue(CodeSystems.OfOid(code.Attr("codeSystem")), value, Shown(code)));
    }

    private static string? Shown(XElement code) =>
        CdaHeaderReader.Clean(code.Attr("displayName")) is { } shown ? shown.Length > LongestDisplay ? shown[..LongestDisplay] : shown : null;

    private static FactValue Text(string text) => new() { Type = FactValueType.Text, Text = text };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
