using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>
/// Metadata made by our own pages, commands and demo → the same canonical FHIR bytes a provided DocumentReference has, so
/// that a document of the portal cannot be told from one of a system by its form.
/// </summary>
public static class SinglePartBuilder
{
    /// <summary>The canonical bytes of one document; hash and size are taken from the metadata.</summary>
    public static byte[] Document(DocumentMetadata m)
    {
        var document = new DocumentReference
        {
            MasterIdentifier = new Identifier(FhirNames.UriSystem, m.UniqueId) { Type = new CodeableConcept(FhirNames.IdentifierTypes, "uniqueId") },
            Identifier = [.. m.Identifiers.Select(Identifier)],
            Type = Concept(m.Type),
            Category = m.ClassCodes.Count > 0 ? [new CodeableConcept { Coding = [.. m.ClassCodes.Select(Coding)] }] : [],
            Description = m.Description,
            SecurityLabel = [.. m.SecurityLabels.Select(l => Concept(l)!)],
            Content =
            [
                new DocumentReference.ContentComponent
                {
                    Attachment = new Attachment
                    {
                        ContentType = m.MimeType,
                        Language = m.Language,
                        Hash = m.Sha1.Length > 0 ? m.Sha1 : null,
                        SizeElement = m.Sha1.Length > 0 ? new UnsignedInt((int)m.Size) : null,
                        Title = m.Title,
                        Creation = m.Creation?.Text,
                    },
                    Format = m.Format is { } f ? Coding(f) : null,
                },
            ],
            Context = new DocumentReference.ContextComponent
            {
                Event = [.. m.Events.Select(e => Concept(e)!)],
                Period = m.Period is { } p ? new Period { Start = p.Start?.Text, End = p.End?.Text } : null,
                FacilityType = Concept(m.Facility),
                PracticeSetting = Concept(m.PracticeSetting),
                Related = [.. m.References.Select(r => new ResourceReference { Identifier = Identifier(r) })],
            },
        };
        if (m.Date is { } date) document.Date = date.From;
        if (m.SourcePatientId is { } patient)
            document.Context.SourcePatientInfo = Contained(document, new Patient { Identifier = [Identifier(patient)] });
        foreach (var author in m.Authors) document.Author.Add(Author(document, author));
        if (m.Authenticator is { } legal) document.Authenticator = Author(document, legal);
        return CanonicalDocument.Make(document);
    }

    /// <summary>The canonical bytes of a submission set.</summary>
    public static byte[] Submission(Submission s)
    {
        var list = new List
        {
            Mode = ListMode.Working,
            Title = s.Title,
            Code = new CodeableConcept(FhirNames.ListTypes, "submissionset"),
            Date = Instants.Text(s.SubmittedAt),
            Identifier =
            [
                new Identifier(FhirNames.UriSystem, s.UniqueId) { Use = Hl7.Fhir.Model.Identifier.IdentifierUse.Usual, Type = new CodeableConcept(FhirNames.IdentifierTypes, "uniqueId") },
                .. s.Identifiers.Where(i => i.Value != s.UniqueId).Select(Identifier),
            ],
        };
        if (s.ContentType is { } type) list.AddExtension(FhirNames.DesignationType, Concept(type)!);
        if (s.SourceId is { } source) list.AddExtension(FhirNames.SourceId, new Identifier { Value = source });
        foreach (var recipient in s.IntendedRecipients) list.AddExtension(FhirNames.IntendedRecipient, new ResourceReference { Display = recipient });
        if (s.Author is { } author) list.Source = Author(list, author);
        return CanonicalList.Make(list);
    }

    private static ResourceReference Author(DomainResource container, Author author)
    {
        var identifiers = author.Identifiers.Select(Identifier).ToList();
        var organization = author.Institution is { } name ? new Organization { Name = name } : null;
        if (author.Family is null && author.Given.Count == 0 && organization is not null && author.Role is null && author.Specialty is null)
        {
            organization.Identifier = identifiers;
            return Contained(container, organization);
        }
        var practitioner = new Practitioner { Identifier = identifiers };
        if (author.Family is not null || author.Given.Count > 0) practitioner.Name = [new HumanName { Family = author.Family, Given = [.. author.Given] }];
        var person = Contained(container, practitioner);
        if (organization is null && author.Role is null && author.Specialty is null) return person;
        return Contained(container, new PractitionerRole
        {
            Practitioner = person,
            Organization = organization is null ? null : Contained(container, organization),
            Code = author.Role is { } role ? [new CodeableConcept { Text = role }] : [],
            Specialty = author.Specialty is { } specialty ? [new CodeableConcept { Text = specialty }] : [],
        });
    }

    private static ResourceReference Contained(DomainResource container, Resource resource)
    {
        resource.Id = $"c{container.Contained.Count + 1}";
        container.Contained.Add(resource);
        return new ResourceReference("#" + resource.Id);
    }

    private static Identifier Identifier(EntryIdentifier i) => new()
    {
        System = i.System.Length > 0 ? i.System : null,
        Value = i.Value,
        Use = i.Use is { } use && Enum.TryParse<Identifier.IdentifierUse>(use, ignoreCase: true, out var known) ? known : null,
        Type = i.Type is { } type ? new CodeableConcept { Coding = [new Coding { System = TypeSystem(type), Code = type }] } : null,
    };

    /// <summary>Types of reference ids are URNs without a system of their own; entryUUID and uniqueId are MHD's.</summary>
    private static string? TypeSystem(string type) => type is "entryUUID" or "uniqueId" ? FhirNames.IdentifierTypes : null;

    private static CodeableConcept? Concept(CodedValue? value) => value is null ? null : new CodeableConcept { Coding = [Coding(value)] };

    private static Coding Coding(CodedValue value) => new() { System = value.System.Length > 0 ? value.System : null, Code = value.Code, Display = value.Display };
}
