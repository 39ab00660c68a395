using System.Buffers;
using System.Globalization;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;

namespace Dsp.Interop.Ips;

/// <summary>
/// Makes one summary of invented statements and throws it away: what the runtime compiles and the FHIR serialiser looks up at
/// its first use (about a second of CPU) is done before somebody waits for it.
/// </summary>
public static class IpsPractice
{
    public static void Run(DateTimeOffset now)
    {
        var source = new StoredDocument
        {
            Id = new DocumentId(Guid.CreateVersion7(now)),
            Record = new RecordId(Guid.CreateVersion7(now)),
            Content = default,
            State = new DocumentState(DocumentStatus.Current, now),
            Version = 1,
            Entry = new DocumentEntry { Facts = new DocumentFacts { Category = DataCategory.CareReports }, AddedAt = now, Submission = default, Content = default, ContentSalt = [] },
            MetadataFrom = new Lazy<DocumentMetadata>(() => new DocumentMetadata { UniqueId = "urn:oid:2.999", Category = DataCategory.CareReports, MimeType = "text/xml", Title = "Invented" }),
        };
        // Through the sealed form and back, as facts come.
        var facts = FactSheet.FromBytes(new FactSheet([.. Enum.GetValues<FactKind>().Select(Invented)], new ReadingReport()).ToBytes()).Facts;
        var holder = new Person(default, source.Record, 1, new PersonDetails { Family = "Invented", Given = "Person", BirthDate = new Identity.PartialDate(2000) });
        var summary = PatientSummary.Of(new FoundFacts(source.Record, [.. facts.Select(f => new RecordedFact(f, source))], [source], []), holder, source.Id.Value, now);
        IpsBundle.Write(new ArrayBufferWriter<byte>(64 * 1024), summary, new IpsFacts("https://example.org/fhir", "0", IpsTexts.For(CultureInfo.InvariantCulture)));
    }

    private static Fact Invented(FactKind kind)
    {
        var code = new Concept([new CodedValue("http://snomed.info/sct", "404684003", "Finding")], "Finding");
        var one = new FactValue { Type = FactValueType.Quantity, Number = "1", Unit = "mg" };
        var day = new FactDate("2026-03-02", new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero));
        return new Fact
        {
            Kind = kind,
            Code = code,
            Start = day,
            ClinicalStatus = new Concept([new CodedValue("", "active")]),
            Value = one,
            Ranges = [new ReferenceRange(one, one)],
            Reactions = [new Reaction(code)],
            Doses = [new Dosage { Dose = one, Route = code }],
            Note = "Invented",
            Author = new FactAuthor("Invented", "Invented", day),
        };
    }
}
