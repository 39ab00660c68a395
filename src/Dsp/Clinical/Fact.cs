using System.Text.Json.Serialization;
using Dsp.Codes;

namespace Dsp.Clinical;

/// <summary>What a fact is about. The order is kept in sealed bytes: new kinds go to the end.</summary>
public enum FactKind
{
    Allergy,
    Problem,
    Medicine,
    Immunization,
    Result,
    Procedure,
    Device,
    VitalSign,
    Pregnancy,
    AdvanceDirective,

    /// <summary>A warning to whoever treats (IPS alerts).</summary>
    Alert,
    Encounter,
    SocialHistory,

    /// <summary>About relatives; never a fact of the patient's own.</summary>
    FamilyHistory,
    FunctionalStatus,
    Coverage,

    /// <summary>Planned care, goals and orders: nothing of it has happened.</summary>
    Plan,
    Other,
}

/// <summary>What the source says about it. "No information" is never "none".</summary>
public enum FactStatement
{
    /// <summary>It is, or was, so.</summary>
    Asserted,

    /// <summary>It is not so, says this source at this date ("no known allergy", not done, not taken, refuted).</summary>
    Negated,

    /// <summary>The source asked or looked, and does not know.</summary>
    Unknown,

    /// <summary>The source has nothing to say about it.</summary>
    NoInformation,
}

/// <summary>How far the act has come: what is ordered or proposed has not happened.</summary>
public enum FactStage { Done, Ordered, Dispensed, Proposed, Goal }

/// <summary>
/// One statement of a document, as its source made it: nothing is converted, completed or concluded. Clinical status (is the
/// problem active?) and record status (is the entry complete?) are two things and stay apart.
/// </summary>
public sealed record Fact
{
    public FactKind Kind { get; init; }

    /// <summary>The fact's own category in the access matrix; reading needs it beside the document's.</summary>
    public DataCategory Category { get; init; }
    public FactStatement Statement { get; init; }
    public FactStage Stage { get; init; }

    /// <summary>The subject: substance, problem, product, test, intervention, device.</summary>
    public Concept? Code { get; init; }

    /// <summary>In which sense: type of an allergy, of a problem; the class of a device.</summary>
    public Concept? Aspect { get; init; }

    /// <summary>The panel a result stands in.</summary>
    public Concept? Panel { get; init; }
    public FactValue? Value { get; init; }
    public IReadOnlyList<ReferenceRange>? Ranges { get; init; }
    public IReadOnlyList<Concept>? Interpretations { get; init; }

    /// <summary>When it was, began or was measured.</summary>
    public FactDate? Start { get; init; }
    public FactDate? End { get; init; }

    /// <summary>When the source wrote it down.</summary>
    public FactDate? Recorded { get; init; }

    /// <summary>As sent: active, resolved, remission; null where the source does not say.</summary>
    public Concept? ClinicalStatus { get; init; }

    /// <summary>As sent: completed, active, final; of the entry, not of the illness.</summary>
    public string? RecordStatus { get; init; }

    /// <summary>Status of the concern that holds the statement (CDA), as sent.</summary>
    public string? ConcernStatus { get; init; }

    /// <summary>How sure the source is, as sent.</summary>
    public Concept? Verification { get; init; }
    public Concept? Severity { get; init; }
    public Concept? Criticality { get; init; }
    public IReadOnlyList<Reaction>? Reactions { get; init; }
    public IReadOnlyList<Dosage>? Doses { get; init; }
    public IReadOnlyList<Ingredient>? Ingredients { get; init; }

    /// <summary>How much was supplied.</summary>
    public FactValue? Quantity { get; init; }
    public string? Lot { get; init; }

    /// <summary>Number of the dose in its series, as sent.</summary>
    public string? DoseNumber { get; init; }

    /// <summary>Serial number or device identifier.</summary>
    public string? Identifier { get; init; }
    public Concept? BodySite { get; init; }
    public Concept? Method { get; init; }
    public IReadOnlyList<Concept>? Reasons { get; init; }

    /// <summary>Whom it is about, where not the patient: mother, father, fetus.</summary>
    public Concept? Subject { get; init; }

    /// <summary>What the source wrote in words, white space folded; at most <see cref="LongestText"/> characters.</summary>
    public string? Text { get; init; }
    public string? Note { get; init; }
    public FactAuthor? Author { get; init; }

    /// <summary>Where in its document.</summary>
    public FactPlace Place { get; init; } = FactPlace.Nowhere;

    public const int LongestText = 2000;

    /// <summary>The patient's own, and it happened or holds.</summary>
    [JsonIgnore]
    public bool IsOwn => Subject is null && Kind != FactKind.FamilyHistory;

    /// <summary>The most readable name: the source's own words, the display of a code, the code.</summary>
    [JsonIgnore]
    public string? Name => Code?.Name ?? Text;
}
