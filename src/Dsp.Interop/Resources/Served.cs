using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Resources;

/// <summary>What a resource names beside its own content.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
/// <param name="Now">Decides what is current.</param>
public sealed record ResourceFacts(string BaseUrl, StatementIds Ids, IpsTexts Texts, DateTimeOffset Now);

/// <summary>One resource of a document, not yet made: a search looks at most of them and shows few.</summary>
public abstract class Served(string type, StoredDocument source)
{
    private Resource? made;

    public string Type { get; } = type;
    public StoredDocument Source { get; } = source;

    /// <summary>Orders lists, the newest first.</summary>
    public abstract DateTimeOffset At { get; }

    /// <summary>Where in its document; unique there among resources of its type.</summary>
    public abstract string Place { get; }

    /// <summary>What it says it is about, as it will stand there.</summary>
    internal abstract IEnumerable<CodedValue> Codes { get; }

    internal abstract IEnumerable<CodedValue> Categories { get; }

    /// <summary>The interval a search by date looks at; null where its source gives no date.</summary>
    internal abstract (DateTimeOffset From, DateTimeOffset To)? Time { get; }

    public string Name(ResourceFacts facts) => facts.Ids.Of(Source.Id, Type, Place);

    /// <summary>The resource, with its id.</summary>
    public Resource Make(ResourceFacts facts)
    {
        made ??= Build(facts);
        made.Id = Name(facts);
        return made;
    }

    /// <summary>Where it comes from: the document, by name, and whose words they are (mXDE, document provenance policy).</summary>
    internal string ProvenanceName(ResourceFacts facts) => facts.Ids.Of(Source.Id, StatementTypes.Provenance, $"{Type}/{Place}");

    public Provenance Origin(ResourceFacts facts)
    {
        var origin = new Provenance
        {
            Id = ProvenanceName(facts),
            Target = [new ResourceReference($"{Type}/{Name(facts)}")],
            // The moment its document was read: the same whenever it is asked for.
            Recorded = Source.AddedAt,
            Policy = [IpsAssembly.FromDocument],
            Agent = [IpsAssembly.Agent("assembler", new ResourceReference { Display = "DSP" })],
            Entity = [new Provenance.EntityComponent { Role = Provenance.ProvenanceEntityRole.Source, What = new ResourceReference($"DocumentReference/{Source.Id}") }],
        };
        if (Author is { } author) origin.Agent.Insert(0, IpsAssembly.Agent("author", new ResourceReference { Display = author }));
        return origin;
    }

    protected abstract string? Author { get; }

    protected abstract Resource Build(ResourceFacts facts);

    internal static ResourceReference Patient(StoredDocument source) => new($"Patient/{source.Record}");

    /// <summary>Everything of one type that these facts make.</summary>
    public static IEnumerable<Served> Of(string type, FoundFacts found)
    {
        if (type != StatementTypes.Report) return found.Facts.Where(f => StatementTypes.Of(f.Fact) == type).Select(f => new ServedStatement(type, f));
        var facts = found.Facts.ToLookup(f => f.Source.Id);
        return found.Documents.Where(d => StatementTypes.IsReport(d.Entry.Facts.Category)).Select(d => new ServedReport(d, [.. facts[d.Id]]));
    }

    /// <summary>The resource of this type and name; null where these facts make none of that name.</summary>
    public static Resource? Find(string type, string name, FoundFacts found, ResourceFacts facts) => type == StatementTypes.Provenance
        ? StatementTypes.All.Where(t => t != type).SelectMany(t => Of(t, found)).FirstOrDefault(s => s.ProvenanceName(facts) == name)?.Origin(facts)
        : Of(type, found).FirstOrDefault(s => s.Name(facts) == name)?.Make(facts);
}

/// <summary>References of a resource that stands for itself: by address, and by name where there is no resource.</summary>
internal sealed class AddressLinks(StoredDocument source) : IStatementLinks
{
    public ResourceReference Patient { get; } = Served.Patient(source);

    public ResourceReference Support(string kind, string name, Func<Resource> make) => throw new NotSupportedException("No served type refers to a resource of its own making");

    public ResourceReference? Author(RecordedFact said) => IpsAssembly.Speaker(said) is (var person, var place) && (person ?? place) is { } name ? new ResourceReference { Display = name } : null;
}
