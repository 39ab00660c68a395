namespace Dsp.Interop.Fhir;

/// <summary>Collects every problem of one message; the first of the worst kind leads, the others go with it.</summary>
public sealed class Problems
{
    private readonly List<Refusal> found = [];

    public bool Any => found.Count > 0;

    /// <summary>Something could not be read at all: rules about the content would speak of what is not there.</summary>
    public bool Unreadable => found.Any(r => r.Kind is RefusalKind.Malformed);

    /// <summary>The rule that is being checked; what is found meanwhile breaks it.</summary>
    public string? Rule { get; set; }

    /// <summary>Notes a problem once per place and kind.</summary>
    public void Add(Refusal refusal)
    {
        if (!found.Any(r => r.Id == refusal.Id && r.Expression == refusal.Expression)) found.Add(Rule is null ? refusal : refusal with { Rule = Rule });
    }

    public void AddRange(IEnumerable<Refusal> refusals)
    {
        foreach (var refusal in refusals) Add(refusal);
    }

    /// <summary>One refusal that carries all; what could not be read leads (400 before 422).</summary>
    public Refusal Refusal()
    {
        var lead = found.Find(r => r.Kind is RefusalKind.Malformed) ?? found[0];
        return lead with { Others = [.. found.Where(r => !ReferenceEquals(r, lead))] };
    }
}
