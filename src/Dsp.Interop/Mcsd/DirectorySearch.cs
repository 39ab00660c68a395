using System.Globalization;
using Dsp.Clinical;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Hl7.Fhir.Model;
using SearchParameter = Dsp.Interop.Fhir.SearchParameter;

namespace Dsp.Interop.Mcsd;

/// <summary>A search in the register as it was understood (mCSD ITI-90).</summary>
/// <param name="After">Continue after this id; from a paging link bound to the caller.</param>
/// <param name="Includes">Values of <c>_include</c> and <c>_revinclude</c> that are offered for the type.</param>
/// <param name="Applied">The query string of what was really applied: the self link.</param>
public sealed record DirectorySearch(string Type, IReadOnlyList<Func<Resource, bool>> Criteria, int Count, string? After, IReadOnlyList<string> Includes, string Applied)
{
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total"];

    public bool Fits(Resource resource) => Criteria.All(c => c(resource));

    /// <summary>The value of the page parameter for what comes after this resource.</summary>
    public string Next(Resource last, ReadOnlySpan<byte> key, string callerId) => PageToken.Seal($"{Type} {last.Id} {Applied}", key, callerId);

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    public static Outcome<DirectorySearch> Read(string type, IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId)
    {
        var given = parameters.ToList();
        string? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (PageToken.Open(page.Value, settings.PagingKey.Span, callerId)?.Split(' ', 3) is not [var of, var id, var rest] || of != type)
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = (id, DocumentQuery.Parse(rest));
        }
        var (route, problems, criteria, includes, applied, count) = (DirectoryRoutes.Of(type), new Problems(), new List<Func<Resource, bool>>(), new List<string>(), new List<KeyValuePair<string, string>>(), 50);
        foreach (var pair in given)
        {
            var p = SearchParameter.Of(pair);
            if (Ignored.Contains(p.Name) || p.Raw.Length == 0) continue;
            if (p.Name is "_include" or "_revinclude")
            {
                if (p.Modifier is not null || !(p.Name == "_include" ? route.Includes : route.ReverseIncludes).Contains(p.Raw)) problems.Add(p.Invalid("This include is not offered. See the capability statement."));
                else includes.Add(p.Raw);
            }
            else if (p.Name == "_count")
            {
                if (p.Modifier is not null || !int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1) problems.Add(p.Invalid("The count is a whole number from 1 on."));
                count = Math.Clamp(count, 1, DocumentSearchReader.MaxCount);
            }
            else if (route.Parameters.FirstOrDefault(r => r.Name == p.Name) is { } offered)
            {
                if (Criterion(offered, p) is { } criterion) criteria.Add(criterion);
                else problems.Add(p.Invalid("This modifier is not offered."));
            }
            else
            {
                if (strict) problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
                continue;
            }
            applied.Add(pair);
        }
        return problems.Any ? problems.Refusal() : new DirectorySearch(type, criteria, count, after, includes, DocumentQuery.Format(applied));
    }

    /// <returns>Null for a modifier that is not offered.</returns>
    private static Func<Resource, bool>? Criterion(SearchParameterRoute route, SearchParameter p) => route.Kind switch
    {
        SearchKind.Text when p.Modifier is null => r => DirectoryValues.Texts(r, p.Name).Any(t => p.Values.Any(v => Folding.Fold(t).StartsWith(Folding.Fold(v), StringComparison.Ordinal))),
        SearchKind.Text when p.Modifier == "contains" => r => DirectoryValues.Texts(r, p.Name).Any(t => p.Values.Any(v => Folding.Fold(t).Contains(Folding.Fold(v), StringComparison.Ordinal))),
        SearchKind.Text when p.Modifier == "exact" => r => DirectoryValues.Texts(r, p.Name).Any(p.Values.Contains),
        SearchKind.Token when p.Modifier is null => r => DirectoryValues.Tokens(r, p.Name).Any(t => p.Tokens.Any(w => (w.System is null || w.System == (t.System ?? "")) && (w.Code is null || w.Code == t.Code))),
        SearchKind.Token when p is { Modifier: "text", Name: "specialty" } => r => DirectoryValues.Tokens(r, p.Name).Any(t => p.Values.Any(v => Folding.Fold(t.Code).StartsWith(Folding.Fold(v), StringComparison.Ordinal))),
        SearchKind.Reference when p.Modifier is null => r => DirectoryValues.References(r, p.Name).Any(t => p.Values.Any(v => v == t || v.EndsWith("/" + t, StringComparison.Ordinal) || t.EndsWith("/" + v, StringComparison.Ordinal))),
        _ => null,
    };
}

/// <summary>What a parameter looks at in a resource of the register.</summary>
public static class DirectoryValues
{
    public static IEnumerable<string> Texts(Resource resource, string name) => (resource, name) switch
    {
        (Practitioner p, "family") => p.Name.Select(n => n.Family).OfType<string>(),
        (Practitioner p, "given") => p.Name.SelectMany(n => n.Given).OfType<string>(),
        (Practitioner p, _) => p.Name.SelectMany(n => n.Given.Prepend(n.Family)).OfType<string>(),
        (Organization o, _) => [o.Name!],
        (Location l, _) => [l.Name!],
        (HealthcareService h, _) => [h.Name!],
        _ => [],
    };

    public static IEnumerable<(string? System, string Code)> Tokens(Resource resource, string name) => (resource, name) switch
    {
        (_, "_id") => [(null, resource.Id!)],
        (Organization o, "active") => Flag(o.Active),
        (Practitioner p, "active") => Flag(p.Active),
        (PractitionerRole r, "active") => Flag(r.Active),
        (HealthcareService h, "active") => Flag(h.Active),
        (Organization o, "identifier") => o.Identifier.Select(Named),
        (Location l, "identifier") => l.Identifier.Select(Named),
        (Practitioner p, "identifier") => p.Identifier.Select(Named),
        (Organization o, "type") => o.Type.SelectMany(Coded),
        (Location l, "type") => l.Type.SelectMany(Coded),
        (Location, "status") => [("http://hl7.org/fhir/location-status", "active")],
        (HealthcareService h, "service-type") => h.Type.SelectMany(Coded),
        (PractitionerRole r, "role") => r.Code.SelectMany(Coded),
        (PractitionerRole r, "specialty") => r.Specialty.Select(s => ((string?)null, s.Text!)),
        _ => [],
    };

    public static IEnumerable<string> References(Resource resource, string name) => ((resource, name) switch
    {
        (Location l, "organization") => [l.ManagingOrganization],
        (HealthcareService h, "organization") => [h.ProvidedBy],
        (HealthcareService h, "location") => h.Location,
        (PractitionerRole r, "organization") => [r.Organization],
        (PractitionerRole r, "practitioner") => [r.Practitioner],
        (PractitionerRole r, "location") => r.Location,
        (PractitionerRole r, "service") => r.HealthcareService,
        _ => Enumerable.Empty<ResourceReference?>(),
    }).Select(r => r!.Reference!);

    private static IEnumerable<(string?, string)> Flag(bool? value) => [("http://hl7.org/fhir/CodeSystem/special-values", value == true ? "true" : "false")];

    private static (string?, string) Named(Identifier identifier) => (identifier.System, identifier.Value!);

    private static IEnumerable<(string?, string)> Coded(CodeableConcept concept) => concept.Coding.Select(c => (c.System, c.Code!));
}
