using System.Globalization;
using Dsp.Codes;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Terminology;

/// <summary>What the resources say of the installation.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
public sealed record TerminologyFacts(string BaseUrl, string Version, DateTimeOffset Now, AffinityDomain Domain);

/// <summary>Own value sets as FHIR R4 ValueSet, with their expansion, and the answer of <c>$validate-code</c>.</summary>
public static class ValueSetWriter
{
    public static string UrlOf(OwnValueSet set, TerminologyFacts facts) => $"{facts.BaseUrl}/ValueSet/{set.Id}";

    public static ValueSet Of(OwnValueSet set, TerminologyFacts facts, bool composed = true) => new()
    {
        Id = set.Id,
        Url = UrlOf(set, facts),
        Version = facts.Version,
        Name = string.Concat(set.Id.Split('-').Select(p => char.ToUpperInvariant(p[0]) + p[1..])),
        Title = set.Title,
        Status = PublicationStatus.Active,
        Experimental = false,
        Description = set.Description,
        Compose = composed ? new ValueSet.ComposeComponent { Include = [.. Includes(set)] } : null,
    };

    /// <summary>The codes that are listed; an open set says that there are more.</summary>
    public static ValueSet Expanded(OwnValueSet set, TerminologyFacts facts, ExpandAsked asked)
    {
        var fitting = set.Listed.Where(asked.Fits).ToList();
        var made = Of(set, facts, composed: false);
        made.Expansion = new ValueSet.ExpansionComponent
        {
            Identifier = "urn:uuid:" + Ids.Text(Guid.CreateVersion7(facts.Now)),
            TimestampElement = new FhirDateTime(facts.Now),
            Total = fitting.Count,
            Offset = asked.Offset,
            Parameter = [new ValueSet.ParameterComponent { Name = "offset", Value = new Integer(asked.Offset) }, new ValueSet.ParameterComponent { Name = "count", Value = new Integer(asked.Count) }],
            Contains = [.. fitting.Skip(asked.Offset).Take(asked.Count).Select(c => new ValueSet.ContainsComponent { System = c.System, Code = c.Code, Display = c.Name(asked.Language), Designation = asked.Designations ? Designations(c) : [] })],
        };
        if (asked.Filter is { } filter) made.Expansion.Parameter.Add(new ValueSet.ParameterComponent { Name = "filter", Value = new FhirString(filter) });
        if (asked.Language is { } language) made.Expansion.Parameter.Add(new ValueSet.ParameterComponent { Name = "displayLanguage", Value = new Code(language) });
        if (set.Systems.Count > 0) made.Expansion.Extension.Add(new Extension("http://hl7.org/fhir/StructureDefinition/valueset-unclosed", new FhirBoolean(true)));
        return made;
    }

    /// <summary>True where one of the codes is taken; else why not.</summary>
    public static Parameters Validated(OwnValueSet set, TerminologyFacts facts, CodeAsked asked)
    {
        var answer = new Parameters();
        var taken = asked.Codes.Where(c => set.Takes(facts.Domain, c.System, c.Code)).ToList();
        var listed = taken.SelectMany(c => set.Listed.Where(l => l.Code == c.Code && (c.System is null || c.System == l.System))).FirstOrDefault();
        // A name that is not ours is told, and no reason to refuse a code.
        var named = asked.Display is null || listed is null || listed.Names.Any(n => string.Equals(n.Name, asked.Display, StringComparison.OrdinalIgnoreCase));
        answer.Add("result", new FhirBoolean(taken.Count > 0 && named));
        if (taken.Count == 0) answer.Add("message", new FhirString("The code is not in this value set."));
        else if (!named) answer.Add("message", new FhirString("The code is in this value set under another name."));
        if (listed?.Name(asked.Language) is { } display) answer.Add("display", new FhirString(display));
        return answer;
    }

    private static IEnumerable<ValueSet.ConceptSetComponent> Includes(OwnValueSet set) =>
        set.Listed.Where(c => !set.Systems.Contains(c.System)).GroupBy(c => c.System).Select(g => new ValueSet.ConceptSetComponent
        {
            System = g.Key,
            Concept = [.. g.Select(c => new ValueSet.ConceptReferenceComponent { Code = c.Code, Display = c.Name(null), Designation = Designations(c) })],
        }).Concat(set.Systems.Select(s => new ValueSet.ConceptSetComponent { System = s }));

    private static List<ValueSet.DesignationComponent> Designations(OwnCode code) => [.. code.Names.Skip(1).Select(n => new ValueSet.DesignationComponent { Language = n.Language, Value = n.Name })];
}
