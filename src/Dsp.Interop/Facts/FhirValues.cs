using Dsp.Clinical;
using Dsp.Codes;

namespace Dsp.Interop.Facts;

/// <summary>Data types of FHIR → values as sent.</summary>
internal static class FhirValues
{
    private const int MostCodes = 16;

    /// <summary>Code systems whose codes are reasons for having none.</summary>
    private static readonly string[] Reasons =
    [
        "http://terminology.hl7.org/CodeSystem/data-absent-reason", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "http://hl7.org/fhir/v3/NullFlavor",
    ];

    /// <summary>CodeableConcept or Coding.</summary>
    public static Concept? Concept(FhirElement? concept)
    {
        if (concept is null) return null;
        var codings = concept.All("coding").ToList();
        if (codings.Count == 0 && concept["code"] is not null) codings = [concept];
        var codes = new List<CodedValue>();
        string? absent = concept.AbsentReason;
        foreach (var coding in codings.Take(MostCodes))
        {
            if (coding.Text("code") is not { Length: <= 128 } code)
            {
                absent ??= coding.AbsentReason;
                continue;
            }
            var system = CodeSystems.OfUri(coding.Text("system"));
            if (Reasons.Contains(system)) absent ??= code;
            else codes.Add(new CodedValue(system, code, Cut(coding.Text("display"), 500)));
        }
        var text = Cut(concept.Text("text"), Fact.LongestText) ?? (codes.Count == 0 ? Cut(concept.Text("display") ?? codings.Select(c => c.Text("display")).FirstOrDefault(d => d is not null), 500) : null);
        if (codes.Count > 0 || text is not null) return new Concept(codes.Count > 0 ? codes : null, text, codes.Count > 0 ? null : absent);
        return absent is null ? null : new Concept(Absent: absent);
    }

    public static List<Concept>? Concepts(IEnumerable<FhirElement> concepts) =>
        concepts.Select(Concept).OfType<Concept>().Take(MostCodes).ToList() is { Count: > 0 } some ? some : null;

    /// <summary>The value of a choice; null where nothing is said.</summary>
    public static FactValue? Value((string Type, FhirElement Element)? choice)
    {
        if (choice is not var (type, element)) return null;
        return type switch
        {
            "Quantity" or "Age" or "Duration" or "Count" or "SimpleQuantity" or "Money" => Quantity(element),
            "CodeableConcept" or "Coding" => Concept(element) is { } concept ? concept.SaysSomething ? new FactValue { Type = FactValueType.Coded, Coded = concept } : FactValue.None(concept.Absent!) : null,
            "Range" => new FactValue { Type = FactValueType.Range, Low = Quantity(element["low"]), High = Quantity(element["high"]) },
            "Ratio" => new FactValue { Type = FactValueType.Ratio, Low = Quantity(element["numerator"]), High = Quantity(element["denominator"]) },
            "DateTime" or "Date" or "Instant" => element.Value is { } time ? new FactValue { Type = FactValueType.Time, Time = FactDates.OfFhir(time) } : Absent(element),
            "Period" => Date(element["start"]) is { } start ? new FactValue { Type = FactValueType.Time, Time = start } : null,
            "Boolean" => element.Value is "true" or "false" ? new FactValue { Type = FactValueType.Flag, Flag = element.Value == "true" } : Absent(element),
            "Integer" or "Decimal" or "PositiveInt" or "UnsignedInt" => element.Value is { } number ? new FactValue { Type = FactValueType.Quantity, Number = number } : Absent(element),
            "String" or "Time" or "Markdown" or "Uri" => Cut(element.Value, Fact.LongestText) is { } text ? new FactValue { Type = FactValueType.Text, Text = text } : Absent(element),
            _ => Absent(element),
        };
    }

    public static FactValue? Quantity(FhirElement? quantity)
    {
        if (quantity is null) return null;
        if (quantity.Text("value") is not { } number) return Absent(quantity) ?? (quantity["value"] is { } empty ? Absent(empty) : null);
        var ucum = quantity.Text("system") is CodeSystems.Ucum or null ? quantity.Text("code") : null;
        var unit = quantity.Text("unit") ?? quantity.Text("code") ?? quantity.Text("currency");
        return new FactValue { Type = FactValueType.Quantity, Number = number, Comparator = quantity.Text("comparator"), Unit = unit, UnitCode = ucum == unit ? null : ucum };
    }

    public static FactDate? Date(FhirElement? date) =>
        date is null ? null : date.Value is { } text ? FactDates.OfFhir(text) : date.AbsentReason is { } reason ? new FactDate(Absent: reason) : null;

    /// <summary>dateTime, Period, Age, Range or string of a choice: from and until; an age or words are kept as words.</summary>
    public static (FactDate? Start, FactDate? End) Time((string Type, FhirElement Element)? choice) => choice switch
    {
        null => (null, null),
        ("Period", var period) => (Date(period["start"]), Date(period["end"])),
        ("Timing", var timing) => (Date(timing["event"]), null),
        ("Age" or "Range" or "Boolean", _) => (null, null),
        ("String", var words) => (words.Value is { } text ? new FactDate(text.Length > 64 ? text[..64] : text) : null, null),
        (_, var point) => (Date(point), null),
    };

    public static List<ReferenceRange>? Ranges(IEnumerable<FhirElement> ranges) =>
        ranges.Take(8).Select(r => new ReferenceRange(Quantity(r["low"]), Quantity(r["high"]), Cut(r.Text("text"), 500), Concept(r["type"]))).Where(r => r != new ReferenceRange()).ToList() is { Count: > 0 } some ? some : null;

    public static Dosage Dosage(FhirElement dosage)
    {
        var repeat = dosage["timing"]?["repeat"];
        var dose = dosage["doseAndRate"] ?? dosage;
        var events = repeat?.All("when").Select(w => new Concept(Text: w.Value)).ToList() ?? [];
        if (Concept(dosage["timing"]?["code"]) is { } named) events.Add(named);
        var (start, end) = repeat?.Choice("bounds") is ("Period", var bounds) ? (Date(bounds["start"]), Date(bounds["end"])) : (null, null);
        return new Dosage
        {
            Text = Cut(dosage.Text("text") ?? dosage.Text("patientInstruction"), Fact.LongestText),
            Dose = Value(dose.Choice("dose")),
            Rate = Value(dose.Choice("rate")),
            Route = Concept(dosage["route"]),
            Site = Concept(dosage["site"]),
            Period = repeat?.Text("period") is { } period ? new FactValue { Type = FactValueType.Quantity, Number = period, Unit = repeat.Text("periodUnit") } : null,
            Times = repeat?.Text("frequency"),
            Events = events.Count > 0 ? events : null,
            Most = dosage["maxDosePerPeriod"] is { } most ? new FactValue { Type = FactValueType.Ratio, Low = Quantity(most["numerator"]), High = Quantity(most["denominator"]) } : null,
            AsNeeded = dosage.Choice("asNeeded") is var (kind, needed) && (kind != "Boolean" || needed.Value == "true"),
            Start = start,
            End = end,
        };
    }

    public static string? Cut(string? text, int most)
    {
        if (Cda.CdaHeaderReader.Clean(text) is not { } clean) return null;
        return clean.Length > most ? clean[..most] : clean;
    }

    private static FactValue? Absent(FhirElement element) => element.AbsentReason is { } reason ? FactValue.None(reason) : null;
}
