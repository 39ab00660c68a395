using Dsp.Codes;

namespace Dsp.Documents;

/// <summary>One condition of a search; applied in memory to opened, visible documents only.</summary>
public abstract record DocumentCriterion
{
    public abstract bool Matches(StoredDocument document);

    /// <summary>Any of the tokens equals any of the values; a null system matches every system, an empty one none.</summary>
    public sealed record Token(Func<StoredDocument, IEnumerable<CodedValue>> Field, IReadOnlyList<(string? System, string? Code)> AnyOf) : DocumentCriterion
    {
        public override bool Matches(StoredDocument document) => Field(document).Any(v => AnyOf.Any(t => Is(v, t)));

        /// <summary>Is a value what one token asks for?</summary>
        public static bool Is(CodedValue value, (string? System, string? Code) token) =>
            (token.System is null || string.Equals(token.System, value.System, StringComparison.Ordinal))
            && (token.Code is null || string.Equals(token.Code, value.Code, StringComparison.Ordinal));
    }

    /// <summary>Any of the texts begins with any of the values, case and accents folded; exact where asked.</summary>
    public sealed record Text(Func<StoredDocument, IEnumerable<string>> Field, IReadOnlyList<string> AnyOf, bool Exact) : DocumentCriterion
    {
        public override bool Matches(StoredDocument document) =>
            Field(document).Any(v => AnyOf.Any(t => Exact ? string.Equals(v, t, StringComparison.Ordinal) : Folded.StartsWith(v, t)));
    }

    /// <summary>The value's interval meets every bound: eq inside, lt and gt beyond, le and ge reaching (FHIR R4 search, date).</summary>
    public sealed record Date(Func<StoredDocument, IEnumerable<(DateTimeOffset From, DateTimeOffset To)>> Field, IReadOnlyList<(string Prefix, DateTimeOffset From, DateTimeOffset To)> AnyOf) : DocumentCriterion
    {
        public override bool Matches(StoredDocument document) => Field(document).Any(v => AnyOf.Any(b => Meets(v, b)));

        /// <summary>Does an interval meet one bound?</summary>
        public static bool Meets((DateTimeOffset From, DateTimeOffset To) value, (string Prefix, DateTimeOffset From, DateTimeOffset To) bound) => bound.Prefix switch
        {
            "eq" => value.From >= bound.From && value.To <= bound.To,
            "lt" => value.From < bound.From,
            "gt" => value.To > bound.To,
            "le" => value.From < bound.To,
            "ge" => value.To > bound.From,
            _ => false,
        };
    }

    /// <summary>The document is one of these.</summary>
    public sealed record Id(IReadOnlyList<DocumentId> AnyOf) : DocumentCriterion
    {
        public override bool Matches(StoredDocument document) => AnyOf.Contains(document.Id);
    }

    /// <summary>Nothing matches: a value that no document can have.</summary>
    public sealed record Nothing : DocumentCriterion
    {
        public override bool Matches(StoredDocument document) => false;
    }
}

/// <summary>A search in one record, newest submission first.</summary>
public sealed record DocumentSearch
{
    /// <summary>Statuses wanted; withdrawn is never found.</summary>
    public IReadOnlyList<DocumentStatus> Statuses { get; init; } = [DocumentStatus.Current];
    public IReadOnlyList<DocumentCriterion> Criteria { get; init; } = [];

    /// <summary>At most 200.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Continue after this document (exclusive); from a paging link bound to the caller.</summary>
    public (DateTimeOffset AddedAt, DocumentId Document)? After { get; init; }

    /// <summary>Count every visible match, not only the page.</summary>
    public bool WithTotal { get; init; }

    /// <summary>The search as the caller sent it, for the journal; sealed there.</summary>
    public string? AsSent { get; init; }

    /// <summary>Skip the canonical FHIR bytes: the portal's lists need the metadata only.</summary>
    public bool MetadataOnly { get; init; }
}

/// <summary>One page of what this caller may see.</summary>
/// <param name="More">There is a further page after the last document.</param>
public sealed record FoundDocuments(RecordId Record, IReadOnlyList<StoredDocument> Documents, bool More, int? Total);
