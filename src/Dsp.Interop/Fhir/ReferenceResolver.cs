using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>Follows references inside one message: contained resources and entries of the Bundle by fullUrl.</summary>
public sealed class ReferenceResolver(IReadOnlyDictionary<string, Resource> byFullUrl)
{
    public static readonly ReferenceResolver ContainedOnly = new(new Dictionary<string, Resource>());

    /// <summary>People or institutions stand beside the resources of the message.</summary>
    public bool HasParties { get; } = byFullUrl.Values.Any(IsParty);

    /// <summary>Somebody or something that a document's metadata speak of, in contrast to a document.</summary>
    public static bool IsParty(Resource resource) => resource is Practitioner or PractitionerRole or Organization or Patient or RelatedPerson or Device;

    /// <summary>The resource a reference of <paramref name="container"/> leads to; null where it leads out of the message.</summary>
    public Resource? Resolve(DomainResource container, ResourceReference? reference)
    {
        if (reference?.Reference is not { Length: > 0 } text) return null;
        return text[0] == '#' ? Contained(container, text[1..]) : byFullUrl.GetValueOrDefault(text);
    }

    /// <summary>The same for a reference inside a resource that is itself contained in or referred to by the container.</summary>
    public Resource? Resolve(DomainResource container, DomainResource inner, ResourceReference? reference) =>
        Resolve(inner, reference) ?? Resolve(container, reference);

    public static bool IsContained(ResourceReference reference) => reference.Reference is ['#', ..];

    private static Resource? Contained(DomainResource container, string id) =>
        container.Contained.Find(r => string.Equals(r.Id, id, StringComparison.Ordinal));
}
