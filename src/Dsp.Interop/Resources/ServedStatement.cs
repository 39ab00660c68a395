using System.Globalization;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Ips;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Resources;

/// <summary>One statement of one document as a resource, in the mapping of the patient summary.</summary>
internal sealed class ServedStatement(string type, RecordedFact said) : Served(type, said.Source)
{
    private const string ConditionCategory = "http://terminology.hl7.org/CodeSystem/condition-category";
    private const string ProblemList = "11450-4";

    private Fact Fact => said.Fact;

    public override DateTimeOffset At => said.At;

    public override string Place => string.Create(CultureInfo.InvariantCulture, $"{Fact.Kind}/{Fact.Place.Path}/{said.Again}");

    internal override IEnumerable<CodedValue> Codes => Fact.Code?.Codes is { } codes ? codes.Select(IpsValues.Served).OfType<CodedValue>() : [];

    internal override IEnumerable<CodedValue> Categories => Type switch
    {
        "Observation" when IpsEntries.CategoryOf(Fact) is { } category => [new CodedValue(IpsEntries.ObservationCategory, category)],
        "Condition" when Category is { } category => [new CodedValue(ConditionCategory, category)],
        _ => [],
    };

    internal override (DateTimeOffset From, DateTimeOffset To)? Time
    {
        get
        {
            var start = Type == "MedicationRequest" ? Fact.Recorded ?? Fact.Start : Fact.Start;
            var end = Type is "MedicationRequest" or "MedicationDispense" ? null : Fact.End;
            if (start?.From is not { } from) return end is { From: not null, To: { } only } ? (DateTimeOffset.MinValue, only) : null;
            return (from, end?.To is { } to && to > from ? to : start.To ?? from);
        }
    }

    protected override string? Author => IpsAssembly.Speaker(said) is var (person, place) ? person ?? place : null;

    protected override Resource Build(ResourceFacts facts)
    {
        var links = new AddressLinks(Source);
        if (Type == "Encounter") return EncounterResource.Of(said, links);
        // Asked, and without an answer: the observation's own element says why there is none.
        var stated = Fact.Statement is FactStatement.Asserted or FactStatement.Negated ? said : said with { Fact = Fact with { Statement = FactStatement.Asserted } };
        var entries = new IpsEntries(links, facts.Texts, new IpsWording(facts.Texts));
        var entry = new SummaryEntry([stated], false, LiveSummary.IsCurrent(stated, facts.Now));
        var made = (Fact.Statement == FactStatement.Negated ? entries.OfDenial(entry) : entries.Of(entry)) ?? throw new InvalidOperationException("A statement with a type has a resource");
        if (made is Condition condition && Category is { } category) condition.Category = [IpsValues.Coded(ConditionCategory, category)];
        return made;
    }

    /// <summary>Of a condition: as sent, or by the section it stands in.</summary>
    private string? Category => Fact.Aspect?.CodeIn(ConditionCategory) ?? (Fact.Place.Section == ProblemList ? "problem-list-item" : null);
}

/// <summary>A visit or stay as its source tells it.</summary>
internal static class EncounterResource
{
    private const string Classes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    public static Encounter Of(RecordedFact said, IStatementLinks links)
    {
        var fact = said.Fact;
        var kind = fact.Code?.CodeIn(Classes);
        return new Encounter
        {
            Status = fact.RecordStatus switch
            {
                "planned" => Encounter.EncounterStatus.Planned,
                "arrived" => Encounter.EncounterStatus.Arrived,
                "triaged" => Encounter.EncounterStatus.Triaged,
                "in-progress" or "active" => Encounter.EncounterStatus.InProgress,
                "onleave" => Encounter.EncounterStatus.Onleave,
                "finished" or "completed" => Encounter.EncounterStatus.Finished,
                "cancelled" or "aborted" => Encounter.EncounterStatus.Cancelled,
                _ => Encounter.EncounterStatus.Unknown,
            },
            Class = kind is null ? IpsValues.Absent(new Coding()) : new Coding(Classes, kind),
            Type = IpsValues.Concept(fact.Code) is { } type ? [type] : [],
            Subject = links.Patient,
            Period = IpsValues.Moment(fact.Start) is var start && IpsValues.Moment(fact.End) is var end && (start ?? end) is not null ? new Period { StartElement = start, EndElement = end } : null,
            ReasonCode = IpsValues.Concepts(fact.Reasons),
            ServiceProvider = links.Author(said),
        };
    }
}
