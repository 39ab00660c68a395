using System.Globalization;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Ips;

/// <summary>A line of a summary in words: what, in detail, from where. For narratives and pages alike; the caller escapes.</summary>
public sealed class IpsWording(IpsTexts texts)
{
    public string Name(RecordedFact said) => IpsValues.Words(said.Fact.Name) ?? texts.NoName;

    /// <summary>What a source denied: its subject, or that there is any.</summary>
    public string Denial(RecordedFact said) =>
        LiveSummary.IsGeneral(said.Fact) ? IpsValues.Words(said.Fact.Name) is { } words ? $"{texts.Denied} (« {words} »)" : texts.Denied : $"{Name(said)}: {texts.Refuted}";

    /// <summary>A denial as a dated quotation of its source.</summary>
    public string Quotation(SummaryEntry denial) => $"{Denial(denial.Shown)} – {Sources(denial)}{(denial.Disputed ? " – " + texts.Disputed : "")}";

    /// <summary>That a source says it does not know, and which one.</summary>
    public string Silence(RecordedFact said) => $"{texts.Silent} – {Source(said)}";

    /// <summary>Every source of a line.</summary>
    public string Sources(SummaryEntry entry) => string.Join(" · ", entry.Sources.Select(Source).Distinct());

    /// <summary>Everything a line says beyond its name, in short parts.</summary>
    /// <param name="brief">Without what is not said: for a page where only what is known counts.</param>
    public IReadOnlyList<string> Details(SummaryEntry entry, bool brief = false)
    {
        var fact = entry.Shown.Fact;
        return
        [
            .. new[]
            {
                Value(fact.Value), Stage(fact), brief && entry.Current is null && fact.Statement != FactStatement.Negated ? null : State(entry)?.TrimEnd('.'), Period(fact),
                fact.Severity?.Name is { } severity ? $"{texts.Severity}: {severity}" : null,
                Reactions(fact), Doses(fact), Ranges(fact),
                fact.Interpretations is { Count: > 0 } judged ? string.Join(", ", judged.Select(i => i.Name).OfType<string>()) : null,
                fact.Lot is { } lot ? $"{texts.Lot} {lot}" : null,
                fact.BodySite?.Name, fact.Note,
                entry.Disputed ? texts.Disputed : null,
            }.Select(IpsValues.Words).OfType<string>(),
        ];
    }

    /// <summary>Document, author and date of a statement: where it comes from and how old it is.</summary>
    public string Source(RecordedFact said)
    {
        var (document, metadata) = (said.Source, said.Source.Metadata);
        var title = metadata.Title ?? DocumentTypes.Find(metadata.Type?.Code)?.Name(texts.Language) ?? metadata.Type?.Display ?? texts.Labels.Untitled;
        var person = said.Fact.Author?.Name ?? metadata.Authors.Select(a => a.Name).FirstOrDefault(n => n.Length > 0) ?? document.Entry.DepositedByName;
        var place = said.Fact.Author?.Organization ?? document.Entry.InstitutionName;
        return string.Join(", ", new[] { title, person, place, Date(said.Fact.Recorded ?? said.Fact.Author?.At) ?? Day(document.Entry.Facts.At ?? document.AddedAt) }.Select(IpsValues.Words).OfType<string>());
    }

    /// <summary>A date no more precise than its source; its own words where it is none.</summary>
    public string? Date(FactDate? date)
    {
        if (date?.Text is not { } text) return null;
        if (date.From is null) return text;
        var digits = string.Concat(text.TakeWhile(c => c is not ('Z' or '+' or '.')).Where(char.IsAsciiDigit));
        // The zone of a time west of Greenwich is written with a hyphen, as the date is.
        if (digits.Length > 14) digits = digits[..14];
        if (digits.Length % 2 == 1 || text.Length == 13) digits = digits[..Math.Min(8, digits.Length)];
        return CdaTime.Parse(digits) is { } time ? time.ToText(texts.Labels.Culture, texts.Labels.DatePattern) : text;
    }

    public string Day(DateTimeOffset at) => Deadlines.DayOf(at).ToString(texts.Labels.DatePattern, texts.Labels.Culture);

    /// <summary>A value as its source wrote it.</summary>
    public string? Value(FactValue? value) => value switch
    {
        null => null,
        { Type: FactValueType.Quantity } => string.Join(' ', new[] { value.Comparator + value.Number, value.Unit }.Where(p => p is { Length: > 0 })),
        { Type: FactValueType.Coded } => value.Coded?.Name,
        { Type: FactValueType.Range } => $"{Value(value.Low)} – {Value(value.High)}",
        { Type: FactValueType.Ratio } => $"{Value(value.Low)} / {Value(value.High)}",
        { Type: FactValueType.Time } => Date(value.Time),
        { Type: FactValueType.Flag, Flag: { } flag } => flag ? "+" : "–",
        { Type: FactValueType.Absent } => texts.Silent,
        _ => value.Text,
    };

    /// <summary>One line of a dosage: the source's words, else its parts.</summary>
    public string? Dose(Dosage dose)
    {
        if (IpsValues.Words(dose.Text) is { } words) return words;
        var every = dose.Period is { } period ? (dose.Times is { } times ? times + " × / " : "/ ") + Value(period) : dose.Times is { } alone ? alone + " ×" : null;
        var amount = string.Join(' ', new[] { Value(dose.Dose), Value(dose.Rate), every }.Where(p => !string.IsNullOrWhiteSpace(p)));
        var parts = new[] { amount, dose.Events is { } events ? string.Join(", ", events.Select(e => e.Name)) : null, dose.Route?.Name, dose.AsNeeded ? texts.AsNeeded : null }.Select(IpsValues.Words).OfType<string>().ToList();
        return parts.Count > 0 ? string.Join(", ", parts) : null;
    }

    private string? State(SummaryEntry entry) => entry.Shown.Fact switch
    {
        { Statement: FactStatement.Negated } => texts.Refuted,
        // That it was handed out says nothing of the present.
        { Stage: FactStage.Dispensed } => null,
        { Kind: FactKind.Problem or FactKind.Medicine or FactKind.Allergy or FactKind.Alert or FactKind.Device } => entry.Current switch { true => texts.Active, false => texts.Over, null => texts.StatusNotSaid },
        _ => null,
    };

    private string? Stage(Fact fact) => fact.Stage switch
    {
        FactStage.Ordered => texts.Ordered,
        FactStage.Proposed or FactStage.Goal => texts.Proposed,
        FactStage.Dispensed => texts.Dispensed,
        _ => null,
    };

    private string? Period(Fact fact)
    {
        var (start, end) = (Date(fact.Start), Date(fact.End));
        var point = fact.Kind is FactKind.Result or FactKind.VitalSign or FactKind.Immunization or FactKind.Procedure or FactKind.Pregnancy || fact.Stage == FactStage.Dispensed;
        return (start, end) switch
        {
            (null, null) => null,
            (not null, null) => point ? start : $"{texts.From} {start}",
            (null, not null) => $"{texts.Until} {end}",
            _ => $"{texts.From} {start} {texts.Until} {end}",
        };
    }

    private string? Reactions(Fact fact)
    {
        var reactions = (fact.Reactions ?? []).Select(r => string.Join(", ", new[] { r.Manifestation?.Name ?? r.Text, r.Severity?.Name }.OfType<string>())).Where(r => r.Length > 0).ToList();
        return reactions.Count > 0 ? $"{texts.Reaction}: {string.Join("; ", reactions)}" : null;
    }

    private string? Doses(Fact fact)
    {
        var doses = (fact.Doses ?? []).Select(Dose).OfType<string>().ToList();
        return doses.Count > 0 ? string.Join("; ", doses) : null;
    }

    private string? Ranges(Fact fact) =>
        fact.Ranges is [var range, ..] && (range.Text ?? (range.Low is null && range.High is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Value(range.Low) ?? "…"} – {Value(range.High) ?? "…"}"))) is { } words ? $"{texts.LaboratoryRange}: {words}" : null;
}
