using System.Buffers;
using Dsp.Clinical;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>What a summary names beside its own content.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
public sealed record IpsFacts(string BaseUrl, string SoftwareVersion, IpsTexts Texts)
{
    /// <summary>Who read every line and answers for it; null for a summary that rules alone have made.</summary>
    public IpsSigner? Signer { get; init; }

    /// <summary>The document is this part of a summary only, under its own type and title; null for a whole one.</summary>
    public IpsExtract? Extract { get; init; }
}

/// <summary>The doctor who signs.</summary>
public sealed record IpsSigner(string Name, string? Institution);

/// <summary>A document of one section.</summary>
/// <param name="Type">LOINC.</param>
public sealed record IpsExtract(string Type, string Display, string Title, IReadOnlyList<FactKind> Kinds);

/// <summary>
/// A summary as an International Patient Summary (HL7 IPS 2.0): a document Bundle of Composition, Patient, statements with their
/// provenance and source documents; every reference resolves in it. A mandatory section without statements says
/// <c>unavailable</c>; nothing here ever says <c>nilknown</c>, for the record is no source of its own.
/// </summary>
public static class IpsBundle
{
    private const string Loinc = "http://loinc.org";
    /// <summary>LOINC type of a patient summary.</summary>
    public const string TypeCode = "60591-5";
    public const string Profile = IpsAssembly.Profiles + "Bundle-uv-ips";
    public const string CompositionProfile = IpsAssembly.Profiles + "Composition-uv-ips";

    public static void Write(IBufferWriter<byte> output, PatientSummary summary, IpsFacts facts) => output.Write(FhirJson.Bytes(Of(summary, facts)));

    public static Bundle Of(PatientSummary summary, IpsFacts facts)
    {
        var texts = facts.Texts;
        var wording = new IpsWording(texts);
        var narrative = new IpsNarrative(texts, wording);
        var made = new IpsAssembly(summary, facts.BaseUrl);
        var entries = new IpsEntries(made, texts, wording);
        made.Software("DSP", facts.SoftwareVersion);
        var composition = new Composition
        {
            Id = Ids.Text(summary.Id),
            Meta = facts.Extract is null ? IpsAssembly.Claims("Composition-uv-ips") : null,
            Language = texts.Language,
            Text = narrative.About(summary),
            // Composed by rules and signed by nobody: not a final document.
            Status = facts.Signer is null ? CompositionStatus.Preliminary : CompositionStatus.Final,
            Type = facts.Extract is { } type ? IpsValues.Coded(Loinc, type.Type, type.Display) : IpsValues.Coded(Loinc, TypeCode, "Patient summary Document"),
            Subject = made.Patient,
            DateElement = new FhirDateTime(summary.At),
            Author = [new ResourceReference(made.Assembler.Reference)],
            Title = facts.Extract?.Title ?? texts.Title,
            Section =
            [
                .. facts.Signer is null ? [About(summary, narrative, texts)] : Array.Empty<Composition.SectionComponent>(),
                .. summary.Parts.Where(p => facts.Extract is { } one ? one.Kinds.Contains(p.Kind) && !p.Past : IpsSections.IsShown(p)).Select(p => Section(p, made, entries, narrative, texts)),
            ],
        };
        if (facts.Signer is { } signer) Sign(composition, made, signer, summary.At);
        var bundle = new Bundle
        {
            Id = Ids.Text(summary.Id),
            Meta = facts.Extract is null ? IpsAssembly.Claims("Bundle-uv-ips") : null,
            Language = texts.Language,
            Identifier = new Identifier(FhirNames.UriSystem, $"urn:uuid:{summary.Id}"),
            Type = Bundle.BundleType.Document,
            Timestamp = summary.At,
        };
        Add(bundle, summary.Id, composition);
        Add(bundle, summary.Record.Value, IpsPatient.Of(summary));
        foreach (var (id, resource) in made.All) Add(bundle, id, resource);
        return bundle;
    }

    /// <summary>Who signs is author and attester; the software stays named in each line's provenance.</summary>
    private static void Sign(Composition composition, IpsAssembly made, IpsSigner signer, DateTimeOffset at)
    {
        var who = made.Support("practitioner", signer.Name, () => new Practitioner { Meta = IpsAssembly.Claims("Practitioner-uv-ips"), Name = [new HumanName { Text = signer.Name }] });
        composition.Author = [who];
        composition.Attester = [new Composition.AttesterComponent { Mode = Composition.CompositionAttestationMode.Professional, TimeElement = new FhirDateTime(at), Party = new ResourceReference(who.Reference) }];
        if (signer.Institution is { } place)
            composition.Custodian = new ResourceReference(made.Support("organization", place, () => new Organization { Meta = IpsAssembly.Claims("Organization-uv-ips"), Name = place }).Reference);
    }

    /// <summary>Readers that show sections only shall see it too: the summary may be incomplete.</summary>
    private static Composition.SectionComponent About(PatientSummary summary, IpsNarrative narrative, IpsTexts texts) =>
        new() { Title = texts.About, Code = IpsValues.Coded(Loinc, "48767-8", "Annotation comment"), Text = narrative.About(summary) };

    private static Composition.SectionComponent Section(SummaryPart part, IpsAssembly made, IpsEntries entries, IpsNarrative narrative, IpsTexts texts)
    {
        var code = IpsSections.CodeOf(part);
        var section = new Composition.SectionComponent { Title = texts.Sections[code], Code = IpsValues.Coded(Loinc, code, IpsSections.DisplayOf(code)), Text = narrative.Section(part) };
        var references = part.Entries.Select(e => (Entry: e, Resource: entries.Of(e))).Concat(part.Denials.Select(d => (Entry: d, Resource: entries.OfDenial(d))))
            // What no resource can say stands in the text, and its documents stand here.
            .SelectMany(x => x.Resource is { } resource ? [made.Statement(resource, x.Entry)] : x.Entry.Sources.Where(s => s.Source.Id != default).Select(s => made.Document(s.Source)));
        section.Entry = [.. references.DistinctBy(r => r.Reference)];
        if (section.Entry.Count == 0) section.EmptyReason = IpsValues.Coded("http://terminology.hl7.org/CodeSystem/list-empty-reason", "unavailable", "Unavailable");
        return section;
    }

    private static void Add(Bundle bundle, Guid id, Resource resource) => bundle.Entry.Add(new Bundle.EntryComponent { FullUrl = $"urn:uuid:{Ids.Text(id)}", Resource = resource });
}
