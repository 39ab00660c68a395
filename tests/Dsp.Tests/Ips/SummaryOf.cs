using System.Globalization;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Interop.Ips;

namespace Dsp.Tests.Ips;

/// <summary>Summaries without a server: of facts, for a person of our own.</summary>
internal static class SummaryOf
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly RecordId Record = new(new Guid("0195a1b2-0000-7000-8000-000000000001"));

    public static StoredDocument Document(DataCategory category, int day = 1)
    {
        var at = new DateTimeOffset(2026, 3, day, 9, 0, 0, TimeSpan.Zero);
        return new StoredDocument
        {
            Id = new DocumentId(Guid.CreateVersion7(at)),
            Record = Record,
            Content = default,
            State = new DocumentState(DocumentStatus.Current, at),
            Version = 1,
            Entry = new DocumentEntry { Facts = new DocumentFacts { Category = category }, AddedAt = at, Submission = default, Content = default, ContentSalt = [], InstitutionName = "Cabinet (fictif)" },
            MetadataFrom = new Lazy<DocumentMetadata>(() => new DocumentMetadata { UniqueId = "urn:oid:1.2." + day, Category = category, MimeType = "text/xml", Title = $"Rapport <{day}>" }),
        };
    }

    public static PatientSummary Facts(IReadOnlyList<RecordedFact> facts, params StoredDocument[] others) =>
        PatientSummary.Of(
            new FoundFacts(Record, facts, [.. facts.Select(f => f.Source).Concat(others).Distinct()], []),
            new Person(default, Record, 1, new PersonDetails { Family = "Weberscheid", Given = "Emma", BirthDate = new Dsp.Identity.PartialDate(1984, 3, 12), Gender = Gender.Female, Identifiers = [new PersonIdentifier(Identifiers.NationalNumber, "1984031299114")] }),
            new Guid("0195a1b2-0000-7000-8000-0000000000aa"), Now);

    public static IpsFacts In(string language) => new("https://dsp.example.lu/fhir", "0.1.0", IpsTexts.For(CultureInfo.GetCultureInfo(language)));
}
