using System.Security.Cryptography;
using System.Text;
using Dsp.Clinical;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>
/// The resources of one summary under their <c>urn:uuid</c> names, each once: sources as DocumentReference, authors as
/// Practitioner and Organization, and for every statement a Provenance that names them. Names are made of what they name, so that
/// the same statement has the same name in the next summary.
/// </summary>
internal sealed class IpsAssembly(PatientSummary summary, string baseUrl) : IStatementLinks
{
    public const string Profiles = "http://hl7.org/fhir/uv/ips/StructureDefinition/";

    /// <summary>mXDE: what is taken from a document names it (IHE ITI mXDE, policy of 2023).</summary>
    public const string FromDocument = "urn:ihe:iti:mxde:2023:document-provenance-policy";
    private readonly Dictionary<Guid, Resource> known = [];
    private readonly List<(Guid Id, Resource Resource)> clinical = [];
    private readonly List<(Guid Id, Resource Resource)> supporting = [];
    private readonly List<(Guid Id, Resource Resource)> provenances = [];

    public ResourceReference Patient { get; } = new($"urn:uuid:{summary.Record}");
    public ResourceReference Assembler { get; private set; } = null!;

    /// <summary>In the order of a document: statements, what they refer to, where they come from.</summary>
    public IEnumerable<(Guid Id, Resource Resource)> All => clinical.Concat(supporting).Concat(provenances);

    public void Software(string name, string version) =>
        Assembler = Support("device", name, () => new Device { Meta = Claims("Device-observer-uv-ips"), Manufacturer = name, DeviceName = [new Device.DeviceNameComponent { Name = name, Type = DeviceNameType.UserFriendlyName }], Version = [new Device.VersionComponent { Value = version }] });

    /// <summary>Adds a statement with its provenance.</summary>
    public ResourceReference Statement(Resource resource, SummaryEntry entry)
    {
        var shown = entry.Shown;
        var id = NameOf("statement", $"{shown.Source.Id}/{shown.Fact.Kind}/{shown.Fact.Place.Path}");
        // One entry of a document can hold several statements that share a place.
        for (var again = 1; known.ContainsKey(id); again++) id = NameOf("statement", $"{shown.Source.Id}/{shown.Fact.Kind}/{shown.Fact.Place.Path}/{again}");
        Add(clinical, id, resource);
        var reference = new ResourceReference($"urn:uuid:{Ids.Text(id)}");
        var provenance = new Provenance
        {
            Target = [new ResourceReference(reference.Reference)],
            Recorded = summary.At,
            Policy = [FromDocument],
            Agent = [Agent("assembler", Assembler)],
            Entity = [.. entry.Sources.Select(s => s.Source).Where(d => d.Id != default).DistinctBy(d => d.Id).Select(d => new Provenance.EntityComponent { Role = Provenance.ProvenanceEntityRole.Source, What = Document(d) })],
        };
        foreach (var author in entry.Sources.Select(Author).OfType<ResourceReference>().DistinctBy(a => a.Reference)) provenance.Agent.Insert(0, Agent("author", author));
        Add(provenances, NameOf("provenance", Ids.Text(id)), provenance);
        return reference;
    }

    public ResourceReference Support(string kind, string name, Func<Resource> make)
    {
        var id = NameOf(kind, name);
        if (!known.ContainsKey(id)) Add(supporting, id, make());
        return new ResourceReference($"urn:uuid:{Ids.Text(id)}");
    }

    public ResourceReference? Author(RecordedFact said)
    {
        var (person, place) = Speaker(said);
        if (person is not null) return Support("practitioner", person, () => new Practitioner { Meta = Claims("Practitioner-uv-ips"), Name = [new HumanName { Text = person }] });
        return place is null ? null : Support("organization", place, () => new Organization { Meta = Claims("Organization-uv-ips"), Name = place });
    }

    /// <summary>Whose words these are, by name: the person, and the institution where no person is named.</summary>
    public static (string? Person, string? Place) Speaker(RecordedFact said) =>
        (IpsValues.Words(said.Fact.Author?.Name), IpsValues.Words(said.Fact.Author?.Organization) ?? IpsValues.Words(said.Source.Entry.InstitutionName));

    /// <summary>The source document, to be read at our own address under the reader's rights of that moment.</summary>
    public ResourceReference Document(StoredDocument document)
    {
        var id = document.Id.Value;
        if (!known.ContainsKey(id)) Add(supporting, id, Entry(document));
        return new ResourceReference($"urn:uuid:{Ids.Text(id)}");
    }

    public static Meta Claims(string profile) => new() { Profile = [Profiles + profile] };

    private DocumentReference Entry(StoredDocument document)
    {
        var metadata = document.Metadata;
        return new DocumentReference
        {
            MasterIdentifier = new Identifier(FhirNames.UriSystem, metadata.UniqueId),
            Status = DocumentReferenceStatus.Current,
            Type = metadata.Type is { } type ? IpsValues.Concept(new Concept([type])) : null,
            Subject = new ResourceReference(Patient.Reference),
            Date = document.AddedAt,
            Author = [.. metadata.Authors.Select(a => IpsValues.Words(a.Name)).OfType<string>().Take(4).Select(a => new ResourceReference { Display = a })],
            Content = [new DocumentReference.ContentComponent { Attachment = new Attachment { ContentType = metadata.MimeType, Url = $"{baseUrl}/Binary/{document.Id}", Title = IpsValues.Words(metadata.Title) } }],
        };
    }

    public static Provenance.AgentComponent Agent(string type, ResourceReference who) => new()
    {
        Type = IpsValues.Coded("http://terminology.hl7.org/CodeSystem/provenance-participant-type", type),
        Who = new ResourceReference(who.Reference, who.Display),
    };

    private void Add(List<(Guid, Resource)> list, Guid id, Resource resource)
    {
        resource.Id = Ids.Text(id);
        known.Add(id, resource);
        list.Add((id, resource));
    }

    /// <summary>A UUID of version 8 (RFC 9562 §5.8) over the record and what is named.</summary>
    private Guid NameOf(string kind, string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{summary.Record}\n{kind}\n{name}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
