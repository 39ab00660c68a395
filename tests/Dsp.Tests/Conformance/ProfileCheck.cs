using Hl7.Fhir.ElementModel;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;
using Hl7.FhirPath;
using Hl7.FhirPath.Expressions;

namespace Dsp.Tests.Conformance;

/// <summary>
/// Compares a resource with the snapshots of profiles: cardinality of every element and slice, fixed values and patterns, types
/// of choices and of reference targets, required codes where the codes are in the packages, profiles of data types,
/// extensions, contained and bundled resources, and every constraint of severity error, by the FHIRPath engine of the SDK.
/// No validator of profiles can be restored here.
/// </summary>
internal sealed class ProfileCheck
{
    /// <summary>Held by the strict parser, or about contained resources that nobody names, which the engine cannot ask.</summary>
    private static readonly HashSet<string> Elsewhere = ["ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5"];

    /// <summary>Constraints of data types, which snapshots of profiles do not repeat.</summary>
    private static readonly (Type Type, string Key, string Expression)[] DataTypes =
    [
        (typeof(Period), "per-1", "start.hasValue().not() or end.hasValue().not() or (start <= end)"),
        (typeof(Quantity), "qty-3", "code.empty() or system.exists()"),
        (typeof(Timing.RepeatComponent), "tim-1", "duration.empty() or durationUnit.exists()"),
        (typeof(Timing.RepeatComponent), "tim-2", "period.empty() or periodUnit.exists()"),
        (typeof(Timing.RepeatComponent), "tim-5", "period.exists() implies period >= 0"),
        (typeof(Attachment), "att-1", "data.empty() or contentType.exists()"),
        (typeof(Narrative), "txt-2", "`div`.exists()"),
        (typeof(Bundle.EntryComponent), "bdl-8", "fullUrl.contains('/_history/').not()"),
        (typeof(MedicationDispense), "mdd-1", "whenHandedOver.empty() or whenPrepared.empty() or whenHandedOver >= whenPrepared"),
        (typeof(Observation), "obs-6", "dataAbsentReason.empty() or value.empty()"),
    ];

    private static readonly FhirPathCompilerCache Engine = new(new FhirPathCompiler(new SymbolTable().AddStandardFP().AddFhirExtensions()));

    /// <summary>Expressions that the engine of the SDK cannot ask, with its reason; what they stand for is not checked.</summary>
    public static System.Collections.Concurrent.ConcurrentDictionary<string, string> Unasked { get; } = new(StringComparer.Ordinal);

    private readonly Dictionary<string, PocoNode> byUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<(Base, string), bool> known = [];
    private readonly Slicing slicing;
    private readonly PocoNode top;
    private List<string> problems = [];
    private List<(string Part, string Location)>? mandatory;

    private ProfileCheck(Resource resource)
    {
        top = resource.ToPocoNode();
        slicing = new Slicing(Conforms, Resolved);
    }

    /// <summary>Every deviation from these profiles and from those that the resource, or one inside it, claims in <c>meta.profile</c>; each with its place.</summary>
    public static IReadOnlyList<string> Problems(Resource resource, params string[] profiles)
    {
        var check = new ProfileCheck(resource);
        check.Run(resource, profiles);
        return [.. check.problems.Distinct()];
    }

    /// <summary>The elements that a resource may not lose: where each stands, and for which part of which profile.</summary>
    public static IReadOnlyList<(string Part, string Location)> Mandatory(Resource resource)
    {
        var check = new ProfileCheck(resource) { mandatory = [] };
        check.Run(resource, []);
        return check.mandatory;
    }

    private void Run(Resource resource, string[] profiles)
    {
        if (resource is Bundle bundle) Index(bundle);
        foreach (var profile in profiles) Against(top, profile);
        foreach (var node in Resources(top))
            foreach (var profile in ((Resource)node.Poco).Meta?.Profile ?? [])
                if (!profiles.Contains(profile)) Against(node, profile!);
        foreach (var node in Below(top))
            foreach (var (type, key, expression) in DataTypes)
                if (node.Poco.GetType() == type && !Holds(node, expression)) problems.Add($"{key} on {type.Name} at {node.GetLocation()}");
        if (resource is Bundle { Type: Bundle.BundleType.Document })
            foreach (var reference in Below(top).Select(n => n.Poco).OfType<ResourceReference>())
                if (reference.Reference is { } target && target[0] != '#' && !byUrl.ContainsKey(target)) problems.Add($"reference {target} leads to nothing");
    }

    private void Index(Bundle bundle)
    {
        foreach (var entry in Slicing.Named(top, "entry"))
        {
            var url = ((Bundle.EntryComponent)entry.Poco).FullUrl;
            if (url is null || Slicing.Named(entry, "resource").FirstOrDefault() is not { } held) continue;
            if (!byUrl.TryAdd(url, held) && bundle.Type is Bundle.BundleType.Document) problems.Add($"fullUrl {url} stands twice");
            byUrl.TryAdd($"{held.Poco.TypeName}/{((Resource)held.Poco).Id}", held);
        }
    }

    private void Against(PocoNode node, string url)
    {
        if (GuidePackages.Instance.Profile(url) is not { } profile) problems.Add($"{node.Poco.TypeName}: claims {url}, which is not in the packages");
        else if (profile.Type != node.Poco.TypeName) problems.Add($"{node.Poco.TypeName}: is not the {profile.Type} of {profile}");
        else if (profile.Root is var root)
        {
            Rules([node], root, profile);
            Element(node, root, profile);
        }
    }

    private bool Conforms(PocoNode node, string url)
    {
        if (GuidePackages.Instance.Profile(url) is null) return GuidePackages.Instance.TypeOf(url) is var type && (type == node.Poco.TypeName || type == "Resource");
        if (known.TryGetValue((node.Poco, url), out var before)) return before;
        // A resource that leads back to itself is taken as conforming while it is looked at.
        known[(node.Poco, url)] = true;
        var (outer, inner, kept) = (problems, new List<string>(), mandatory);
        (problems, mandatory) = (inner, null);
        Against(node, url);
        (problems, mandatory) = (outer, kept);
        return known[(node.Poco, url)] = inner.Count == 0;
    }

    private void Element(PocoNode node, Shape shape, Profile profile)
    {
        Values(node, shape, profile);
        var children = shape.Content is { } reference ? profile.At(reference).Children : shape.Children;
        foreach (var child in children)
        {
            var found = Slicing.Named(node, child.Name).ToList();
            Count(found, child, node, profile);
            Rules(found, child, profile);
            foreach (var element in found) Element(element, child, profile);
            if (child.Slices.Count > 0) Slices(found, child, node, profile);
        }
    }

    private void Slices(List<PocoNode> found, Shape sliced, PocoNode parent, Profile profile)
    {
        if (sliced.Discriminators.Count == 0) return;
        var members = found.ToLookup(e => slicing.Of(e, sliced));
        if (sliced.Closed && members[null].Any()) problems.Add($"{profile}: {sliced.Id} holds one that is in none of its closed slices");
        foreach (var slice in sliced.Slices)
        {
            var own = members[slice].ToList();
            if (own.Count == 0 && found.Exists(e => slicing.IsIn(e, slice, sliced) is null))
            {
                Unasked[$"{profile}: {slice.Id}"] = "no discriminator of it can be compared";
                continue;
            }
            Count(own, slice, parent, profile);
            Rules(own, slice, profile);
            foreach (var element in own) Element(element, slice, profile);
            if (slice.Slices.Count > 0) Slices(own, slice, parent, profile);
        }
    }

    private void Count(List<PocoNode> found, Shape shape, PocoNode parent, Profile profile)
    {
        if (found.Count == shape.Min) mandatory?.AddRange(found.Select(f => ($"{profile} {shape.Id}", f.GetLocation())));
        if (found.Count < shape.Min || found.Count > shape.Max) problems.Add($"{profile}: {shape.Id} stands {found.Count} times, {shape.Min}..{(shape.Max == int.MaxValue ? "*" : shape.Max)} are asked for (at {parent.GetLocation()})");
    }

    private void Rules(List<PocoNode> found, Shape shape, Profile profile)
    {
        foreach (var (key, expression, human) in shape.Rules)
            if (!Elsewhere.Contains(key))
                foreach (var element in found)
                    if (!Holds(element, expression)) problems.Add($"{profile}: {shape.Id} breaks {key} ({human})");
    }

    private void Values(PocoNode element, Shape shape, Profile profile)
    {
        if (shape.Value is { } pattern && !Slicing.Matches(element, pattern)) problems.Add($"{profile}: {shape.Id} does not have its value {pattern.ToJsonString()}");
        if (shape.Required is { } set && GuidePackages.Instance.Codes(set) is { } codes && !Bindings.Has(element, codes)) problems.Add($"{profile}: {shape.Id} has no code of {set}");
        if (element.Poco is ResourceReference reference) Target(element, reference, shape, profile);
        if (shape.Id.EndsWith("[x]", StringComparison.Ordinal) && shape.Kinds.Count > 0 && !shape.Kinds.Any(t => t.Code == element.Poco.TypeName)) problems.Add($"{profile}: {shape.Id} is a {element.Poco.TypeName}");
        var wanted = shape.Kinds.Where(k => k.Code == element.Poco.TypeName || element.Poco is Resource).SelectMany(k => k.Profiles).Where(p => GuidePackages.Instance.Profile(p) is not null).ToList();
        if (wanted.Count > 0 && shape.Kinds.All(k => k.Profiles.Count > 0 || k.Code != element.Poco.TypeName) && !wanted.Exists(p => Conforms(element, p)))
        {
            problems.Add($"{profile}: {shape.Id} is not a {string.Join(" or ", wanted.Select(w => w.Split('/')[^1]))}");
            if (wanted.Count == 1) Against(element, wanted[0]);
        }
    }

    private void Target(PocoNode element, ResourceReference reference, Shape shape, Profile profile)
    {
        var kinds = shape.Kinds.Where(k => k.Code == "Reference" && k.Targets.Count > 0).ToList();
        if (kinds.Count == 0 || reference.Reference is not { Length: > 0 } url) return;
        if (kinds.TrueForAll(k => k.Contained) && url[0] != '#') problems.Add($"{profile}: {shape.Id} leads to something that is not contained");
        var targets = kinds.SelectMany(k => k.Targets).ToList();
        if (Resolved(element) is { } resource)
        {
            if (!targets.Exists(t => Conforms(resource, t))) problems.Add($"{profile}: {shape.Id} leads to a {resource.Poco.TypeName} that is not a {string.Join(" or ", targets.Select(t => t.Split('/')[^1]))}");
        }
        else if (url.Split('/') is { Length: > 1 } parts && ModelInfo.IsKnownResource(parts[^2]) && !targets.Exists(t => GuidePackages.Instance.TypeOf(t) is var type && (type == parts[^2] || type == "Resource"))) problems.Add($"{profile}: {shape.Id} leads to a {parts[^2]}");
    }

    private PocoNode? Resolved(PocoNode reference)
    {
        if (reference.Poco is not ResourceReference { Reference: { Length: > 0 } url }) return null;
        if (url[0] != '#') return byUrl.GetValueOrDefault(url);
        for (var node = reference; node is not null; node = node.Parent as PocoNode)
            if (node.Poco is DomainResource && Slicing.Named(node, "contained").FirstOrDefault(c => ((Resource)c.Poco).Id == url[1..]) is { } held) return held;
        return null;
    }

    private static bool Holds(PocoNode element, string expression)
    {
        try
        {
            return Engine.Predicate(element, expression, new FhirEvaluationContext());
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException or ArgumentException or FormatException or InvalidOperationException)
        {
            Unasked[expression] = e.Message;
            return true;
        }
    }

    private static IEnumerable<PocoNode> Resources(PocoNode node) => Below(node).Where(n => n.Poco is Resource);

    private static IEnumerable<PocoNode> Below(PocoNode node) => ((ITypedElement)node).Children().OfType<PocoNode>().SelectMany(Below).Prepend(node);
}
