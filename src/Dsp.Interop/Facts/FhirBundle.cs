using Dsp.Clinical;

namespace Dsp.Interop.Facts;

/// <summary>The resources of a document Bundle by every name they are called, and the section that lists each.</summary>
internal sealed class FhirBundle
{
    private readonly Dictionary<string, FhirElement> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<FhirElement, (string? Code, string? Title)> sections = [];
    private readonly Dictionary<FhirElement, Concept> panels = [];
    private readonly HashSet<FhirElement> used = [];

    public FhirBundle(FhirElement bundle)
    {
        foreach (var entry in bundle.All("entry"))
        {
            if (entry["resource"] is not { Type: not null } resource) continue;
            Resources.Add((entry.Text("fullUrl"), resource));
            if (entry.Text("fullUrl") is { } url) byName.TryAdd(url, resource);
            if (resource.Text("id") is { } id) byName.TryAdd($"{resource.Type}/{id}", resource);
        }
        Composition = Resources.Select(r => r.Resource).FirstOrDefault(r => r.Type == "Composition");
        if (Composition is not null) Sections(Composition);
        foreach (var (_, resource) in Resources)
        {
            foreach (var name in PanelParts(resource))
                foreach (var reference in resource.All(name))
                    if (Resolve(reference, resource) is { } part && part != resource && FhirValues.Concept(resource["code"]) is { } panel) panels.TryAdd(part, panel);
            if (resource.Type == "DeviceUseStatement" && Resolve(resource["device"], resource) is { } device) used.Add(device);
        }
    }

    public List<(string? Url, FhirElement Resource)> Resources { get; } = [];
    public FhirElement? Composition { get; }

    /// <summary>Sections that hold no entry and say why.</summary>
    public List<(string? Code, string? Title, string Reason, FhirElement Section)> Empty { get; } = [];

    public (string? Code, string? Title) SectionOf(FhirElement resource) => sections.GetValueOrDefault(resource);

    /// <summary>The report or group that lists an observation.</summary>
    public Concept? PanelOf(FhirElement resource) => panels.GetValueOrDefault(resource);

    public bool IsUsed(FhirElement device) => used.Contains(device);

    /// <summary>A reference: contained in the holder, by full address, or by type and id.</summary>
    public FhirElement? Resolve(FhirElement? reference, FhirElement holder)
    {
        if (reference?.Text("reference") is not { } name) return null;
        if (name is ['#', .. var id]) return holder.All("contained").FirstOrDefault(c => c.Text("id") == id);
        if (byName.TryGetValue(name, out var found)) return found;
        var parts = name.Split('/');
        return parts.Length >= 2 && byName.TryGetValue($"{parts[^2]}/{parts[^1]}", out found) ? found : null;
    }

    private static string[] PanelParts(FhirElement resource) => resource.Type switch
    {
        "DiagnosticReport" => ["result"],
        "Observation" => ["hasMember"],
        _ => [],
    };

    private void Sections(FhirElement parent)
    {
        foreach (var section in parent.All("section"))
        {
            var code = section["code"]?.All("coding").Select(c => c.Text("code")).FirstOrDefault(c => c is not null);
            var title = section.Text("title");
            foreach (var entry in section.All("entry"))
                if (Resolve(entry, Composition!) is { } resource) sections.TryAdd(resource, (code, title));
            if (section["entry"] is null && section["emptyReason"]?.All("coding").Select(c => c.Text("code")).FirstOrDefault(c => c is not null) is { } reason) Empty.Add((code, title, reason, section));
            Sections(section);
        }
    }
}
