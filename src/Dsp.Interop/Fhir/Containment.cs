using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>
/// Takes the people and institutions that stand beside a resource in its message into the resource: what is stored must not
/// lead to entries that exist nowhere any more.
/// </summary>
public static class Containment
{
    /// <summary>Contains every resource referred to by fullUrl from author, authenticator, sourcePatientInfo, source and recipients, and what those refer to.</summary>
    public static void Take(DomainResource container, ReferenceResolver resolver)
    {
        if (!resolver.HasParties) return;
        var taken = new Dictionary<Resource, string>(ReferenceEqualityComparer.Instance);
        var open = new Queue<Base>();
        open.Enqueue(container);
        foreach (var inner in container.Contained) open.Enqueue(inner);
        while (open.TryDequeue(out var next))
            foreach (var reference in References(next))
                Take(container, reference, resolver, taken, open);
    }

    private static void Take(DomainResource container, ResourceReference reference, ReferenceResolver resolver, Dictionary<Resource, string> taken, Queue<Base> open)
    {
        if (ReferenceResolver.IsContained(reference) || resolver.Resolve(container, reference) is not { } target) return;
        // Relations lead to other documents, not to parts of this one.
        if (!ReferenceResolver.IsParty(target)) return;
        if (!taken.TryGetValue(target, out var id))
        {
            var number = container.Contained.Count + 1;
            while (container.Contained.Exists(r => r.Id == $"c{number}")) number++;
            taken[target] = id = $"c{number}";
            var copy = (Resource)target.DeepCopy();
            copy.Id = id;
            copy.Meta = null;
            container.Contained.Add(copy);
            open.Enqueue(copy);
        }
        reference.Reference = "#" + id;
    }

    /// <summary>Every reference below an element, contained resources left out.</summary>
    public static IEnumerable<ResourceReference> References(Base element)
    {
        foreach (var (name, value) in element.EnumerateElements())
        {
            if (name is "contained") continue;
            foreach (var child in value is IEnumerable<Base> many ? many : value is Base one ? [one] : [])
            {
                if (child is ResourceReference reference) yield return reference;
                foreach (var inner in References(child)) yield return inner;
            }
        }
    }
}
