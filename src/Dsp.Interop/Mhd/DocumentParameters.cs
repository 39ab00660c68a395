using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>The parameters of ITI-67 that select documents, each with the metadata it looks at.</summary>
internal static class DocumentParameters
{
    public static readonly IReadOnlyDictionary<string, Func<StoredDocument, IEnumerable<CodedValue>>> Tokens =
        new Dictionary<string, Func<StoredDocument, IEnumerable<CodedValue>>>(StringComparer.Ordinal)
        {
            ["category"] = d => d.Metadata.ClassCodes.Append(new CodedValue(AffinityDomain.CategorySystem, d.Metadata.Category.ToString())),
            ["type"] = d => One(d.Metadata.Type),
            ["event"] = d => d.Metadata.Events,
            ["facility"] = d => One(d.Metadata.Facility),
            ["format"] = d => One(d.Metadata.Format),
            ["setting"] = d => One(d.Metadata.PracticeSetting),
            ["security-label"] = d => d.Metadata.SecurityLabels,
            ["identifier"] = d => d.Metadata.Identifiers.Select(Value)
                .Append(new CodedValue(FhirNames.UriSystem, d.Metadata.UniqueId))
                .Append(new CodedValue(FhirNames.UriSystem, "urn:uuid:" + d.Id)),
            ["related"] = d => d.Metadata.References.Select(Value),
        };

    public static readonly IReadOnlyDictionary<string, Func<StoredDocument, IEnumerable<string>>> Texts =
        new Dictionary<string, Func<StoredDocument, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            ["author.family"] = d => d.Metadata.Authors.Select(a => a.Family).OfType<string>(),
            ["author.given"] = d => d.Metadata.Authors.SelectMany(a => a.Given),
        };

    public static readonly IReadOnlyDictionary<string, Func<StoredDocument, IEnumerable<(DateTimeOffset From, DateTimeOffset To)>>> Dates =
        new Dictionary<string, Func<StoredDocument, IEnumerable<(DateTimeOffset, DateTimeOffset)>>>(StringComparer.Ordinal)
        {
            ["creation"] = d => One(d.Metadata.Creation),
            ["date"] = d => d.Metadata.Date is { } said ? One(said) : One(d.Entry.AddedAt),
            ["_lastUpdated"] = d => One(d.State.Since),
            ["period"] = d => d.Metadata.Period is { } p ? [(p.Start?.From ?? DateTimeOffset.MinValue, p.End?.To ?? DateTimeOffset.MaxValue)] : [],
        };

    private static CodedValue Value(EntryIdentifier i) => new(i.System, i.Value);

    private static IEnumerable<CodedValue> One(CodedValue? value) => value is null ? [] : [value];

    /// <summary>An instant lasts as long as the clock can tell: a microsecond.</summary>
    private static IEnumerable<(DateTimeOffset, DateTimeOffset)> One(DateTimeOffset instant) => [(instant, instant.AddMicroseconds(1))];

    private static IEnumerable<(DateTimeOffset, DateTimeOffset)> One(PartialDate? date) => date is null ? [] : [(date.From, date.To)];
}
