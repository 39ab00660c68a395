using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Terminology;

/// <summary>What <c>$expand</c> was asked.</summary>
/// <param name="Filter">Words that begin a word of a name, or the code; null: all.</param>
/// <param name="Language">Two letters; null: the first name of each code.</param>
public sealed record ExpandAsked(string? Url, string? Filter, int Offset, int Count, string? Language, bool Designations)
{
    public bool Fits(OwnCode code) => Filter is null || code.Code.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || code.Names.Any(n => Clinical.Folding.Fold(n.Name).Contains(Clinical.Folding.Fold(Filter), StringComparison.Ordinal));
}

/// <summary>What <c>$validate-code</c> was asked: one of these codes.</summary>
public sealed record CodeAsked(string? Url, IReadOnlyList<(string? System, string Code)> Codes, string? Display, string? Language);

/// <summary>Reads the parameters of searches and operations on value sets.</summary>
public static class TerminologyReader
{
    /// <summary>Most codes of one page of an expansion.</summary>
    public const int Most = 1000;

    private static readonly string[] Ignored = ["_format", "_pretty", "_summary", "_elements", "_total", "_sort", "_count"];

    /// <summary>Parameters of <c>$expand</c> (FHIR R4 valueset-operation-expand).</summary>
    public static Outcome<ExpandAsked> Expand(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict)
    {
        var (problems, read) = Take(parameters, strict, ["url", "valueSetVersion", "filter", "offset", "count", "displayLanguage", "includeDesignations"]);
        var (offset, count) = (Number(read, "offset", 0, problems), Number(read, "count", Most, problems));
        return problems.Any ? problems.Refusal() : new ExpandAsked(One(read, "url"), One(read, "filter"), offset, Math.Min(count, Most), Language(read), One(read, "includeDesignations") == "true");
    }

    /// <summary>Parameters of <c>$validate-code</c> (FHIR R4 valueset-operation-validate-code): code with system, coding, or codeableConcept.</summary>
    public static Outcome<CodeAsked> Validate(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict)
    {
        var (problems, read) = Take(parameters, strict, ["url", "valueSetVersion", "code", "system", "systemVersion", "display", "coding", "codeableConcept", "displayLanguage", "context", "date", "abstract"]);
        var codes = new List<(string? System, string Code)>();
        if (One(read, "code") is { } code) codes.Add((One(read, "system"), code));
        foreach (var pair in read.Where(p => p.Key is "coding" or "codeableConcept"))
            codes.AddRange(SearchParameter.Of(pair).Tokens.Where(t => t.Code is not null).Select(t => (t.System, t.Code!)));
        if (codes.Count == 0 && !problems.Any) problems.Add(Refusals.ParameterInvalid.Because("A code is missing: code with system, coding, or codeableConcept.").At("code"));
        return problems.Any ? problems.Refusal() : new CodeAsked(One(read, "url"), codes, One(read, "display"), Language(read));
    }

    /// <summary>Which sets a search wants; null: all.</summary>
    public static Outcome<Func<OwnValueSet, TerminologyFacts, bool>> Search(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict)
    {
        var (problems, read) = Take(parameters, strict, ["_id", "url", "name", "title", "status", "version"]);
        foreach (var modified in parameters.Where(p => p.Key.Contains(':', StringComparison.Ordinal))) problems.Add(SearchParameter.Of(modified).Invalid("This modifier is not offered."));
        if (problems.Any) return problems.Refusal();
        return new Func<OwnValueSet, TerminologyFacts, bool>((set, facts) => read.All(p => SearchParameter.Of(p).Values is var values && p.Key switch
        {
            "_id" => values.Contains(set.Id),
            "url" => values.Contains(ValueSetWriter.UrlOf(set, facts)),
            "status" => values.Contains("active"),
            "version" => values.Contains(facts.Version),
            _ => values.Any(v => Clinical.Folding.Fold(set.Title).StartsWith(Clinical.Folding.Fold(v), StringComparison.Ordinal) || ValueSetWriter.Of(set, facts).Name!.StartsWith(v, StringComparison.OrdinalIgnoreCase)),
        }));
    }

    private static (Problems Problems, List<KeyValuePair<string, string>> Read) Take(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict, string[] offered)
    {
        var problems = new Problems();
        var read = parameters.Where(p => p.Value.Length > 0 && offered.Contains(p.Key)).ToList();
        if (strict)
            foreach (var other in parameters.Where(p => !offered.Contains(p.Key) && !Ignored.Contains(p.Key))) problems.Add(SearchParameter.Of(other).Invalid("This parameter is not offered."));
        return (problems, read);
    }

    private static string? One(List<KeyValuePair<string, string>> parameters, string name) => parameters.Find(p => p.Key == name).Value;

    private static string? Language(List<KeyValuePair<string, string>> parameters) => One(parameters, "displayLanguage")?.Split('-')[0].ToLowerInvariant();

    private static int Number(List<KeyValuePair<string, string>> parameters, string name, int otherwise, Problems problems)
    {
        if (One(parameters, name) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        problems.Add(Refusals.ParameterInvalid.Because("A whole number from 0 on is expected.").At(name));
        return otherwise;
    }
}
