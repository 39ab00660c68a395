using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>The person, institution or device a document or submission names as its author, as the source asserts it.</summary>
public static class AuthorReader
{
    /// <summary>Null where the reference leads out of the message and says nothing by itself.</summary>
    public static Author? Read(DomainResource container, ResourceReference reference, ReferenceResolver resolver)
    {
        var institution = (resolver.Resolve(container, reference.GetExtensionValue<ResourceReference>(FhirNames.AuthorOrganization)) as Organization)?.Name;
        var author = resolver.Resolve(container, reference) switch
        {
            Practitioner p => Person(p.Name, p.Identifier),
            PractitionerRole r => Role(container, r, resolver),
            Patient p => Person(p.Name, p.Identifier),
            RelatedPerson p => Person(p.Name, p.Identifier),
            Organization o => new Author(null, [], MetadataReader.Identifiers(o.Identifier), o.Name),
            Device d => new Author(d.DeviceName.FirstOrDefault()?.Name, [], MetadataReader.Identifiers(d.Identifier)),
            _ when reference.Identifier?.Value is not null => new Author(reference.Display, [], [MetadataReader.Identifier(reference.Identifier)]),
            _ when reference.Reference is null && reference.Display is not null => new Author(reference.Display, [], []),
            _ => null,
        };
        return author is not null && institution is not null ? author with { Institution = institution } : author;
    }

    private static Author Role(DomainResource container, PractitionerRole role, ReferenceResolver resolver)
    {
        var person = resolver.Resolve(container, role, role.Practitioner) as Practitioner;
        var organization = resolver.Resolve(container, role, role.Organization) as Organization;
        var author = Person(person?.Name ?? [], [.. person?.Identifier ?? [], .. role.Identifier]);
        if (person is null && role.Practitioner is { } logical)
        {
            author = author with { Family = logical.Display };
            if (logical.Identifier?.Value is not null) author = author with { Identifiers = [MetadataReader.Identifier(logical.Identifier), .. author.Identifiers] };
        }
        return author with
        {
            Institution = organization?.Name ?? role.Organization?.Display,
            Role = Text(role.Code.FirstOrDefault()),
            Specialty = Text(role.Specialty.FirstOrDefault()),
        };
    }

    private static Author Person(List<HumanName> names, IEnumerable<Identifier> identifiers)
    {
        var name = names.FirstOrDefault(n => n.Use == HumanName.NameUse.Official) ?? (names.Count > 0 ? names[0] : null);
        return new Author(name?.Family ?? (name?.Given.Any() == true ? null : name?.Text), [.. (name?.Given ?? []).OfType<string>()], MetadataReader.Identifiers(identifiers));
    }

    private static string? Text(CodeableConcept? concept) =>
        concept?.Text ?? concept?.Coding.FirstOrDefault()?.Display ?? concept?.Coding.FirstOrDefault()?.Code;
}
