using System.Text.Json.Serialization;
using Dsp.Codes;

namespace Dsp.Clinical;

/// <summary>A coded idea with its translations.</summary>
/// <param name="Codes">The source's own code first, then its translations; systems as URIs, unknown OIDs as <c>urn:oid:</c>.</param>
/// <param name="Text">The source's words, where it gave any.</param>
/// <param name="Absent">Why there is no code, as sent: a nullFlavor or a data-absent-reason.</param>
public sealed record Concept(IReadOnlyList<CodedValue>? Codes = null, string? Text = null, string? Absent = null)
{
    [JsonIgnore]
    public string? Name => Text ?? Codes?.Select(c => c.Display).FirstOrDefault(d => d is not null) ?? (Codes is [var first, ..] ? first.Code : null);

    [JsonIgnore]
    public bool HasCode => Codes is { Count: > 0 };

    [JsonIgnore]
    public bool SaysSomething => HasCode || Text is not null;

    public string? CodeIn(string system) => Codes?.FirstOrDefault(c => c.System == system)?.Code;
}

/// <summary>What kind of value a <see cref="FactValue"/> holds.</summary>
public enum FactValueType { Quantity, Coded, Text, Range, Ratio, Time, Flag, Absent }

/// <summary>A value as sent; numbers keep the digits of the source, units its writing.</summary>
public sealed record FactValue
{
    public FactValueType Type { get; init; }
    public string? Number { get; init; }

    /// <summary>&lt;, &lt;=, &gt;=, &gt; where the source gives a bound instead of the number.</summary>
    public string? Comparator { get; init; }

    /// <summary>The unit as the source writes it.</summary>
    public string? Unit { get; init; }

    /// <summary>The unit's UCUM code, where it is given apart from its writing.</summary>
    public string? UnitCode { get; init; }
    public Concept? Coded { get; init; }
    public string? Text { get; init; }

    /// <summary>Range: lower bound. Ratio: numerator.</summary>
    public FactValue? Low { get; init; }

    /// <summary>Range: upper bound. Ratio: denominator.</summary>
    public FactValue? High { get; init; }
    public FactDate? Time { get; init; }
    public bool? Flag { get; init; }

    /// <summary>Why there is no value, as sent.</summary>
    public string? Absent { get; init; }

    /// <summary>The same quantity in other units, as the source itself translated it.</summary>
    public IReadOnlyList<FactValue>? Translations { get; init; }

    public static FactValue None(string reason) => new() { Type = FactValueType.Absent, Absent = reason };
}

/// <summary>A date of any precision and the interval it covers (end exclusive, UTC); or why there is none.</summary>
public sealed record FactDate(string? Text = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Absent = null);

/// <summary>The laboratory's own range for one result.</summary>
public sealed record ReferenceRange(FactValue? Low = null, FactValue? High = null, string? Text = null, Concept? Meaning = null);

/// <summary>What an allergy did.</summary>
public sealed record Reaction(Concept? Manifestation, Concept? Severity = null, string? Text = null);

/// <summary>One line of a dosage, as sent.</summary>
public sealed record Dosage
{
    public string? Text { get; init; }
    public FactValue? Dose { get; init; }
    public FactValue? Rate { get; init; }
    public Concept? Route { get; init; }
    public Concept? Site { get; init; }
    public Concept? Form { get; init; }

    /// <summary>Every so long.</summary>
    public FactValue? Period { get; init; }

    /// <summary>How many times in a period; as sent.</summary>
    public string? Times { get; init; }

    /// <summary>Morning, before meals; as sent.</summary>
    public IReadOnlyList<Concept>? Events { get; init; }
    public FactValue? Most { get; init; }
    public bool AsNeeded { get; init; }
    public FactDate? Start { get; init; }
    public FactDate? End { get; init; }

    [JsonIgnore]
    public bool SaysSomething => this != new Dosage();
}

/// <summary>An active ingredient and how much of it.</summary>
public sealed record Ingredient(Concept Substance, FactValue? Strength = null);

/// <summary>Who says so: the nearest author the document names.</summary>
public sealed record FactAuthor(string? Name, string? Organization = null, FactDate? At = null);

/// <summary>Where in its document a statement stands.</summary>
/// <param name="Path">CDA: sections, entry and nested statements by ordinal (<c>2.1/e3/1</c>). FHIR: the resource, <c>Observation/7</c>.</param>
/// <param name="Section">The section's LOINC code.</param>
/// <param name="EntryId">The source's own identifier of the entry.</param>
/// <param name="TextReference">The id of the narrative the entry points to.</param>
public sealed record FactPlace(string Path, string? Section = null, string? Title = null, string? EntryId = null, string? TextReference = null)
{
    public static FactPlace Nowhere { get; } = new("");
}
