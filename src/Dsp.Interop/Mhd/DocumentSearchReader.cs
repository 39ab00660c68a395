using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>How search parameters are read in this installation.</summary>
/// <param name="BaseUrl">The configured public FHIR base, without a slash at its end.</param>
/// <param name="PagingKey">32 bytes; the same on every server.</param>
/// <param name="HomeCommunity">Our home community id as a URI; null where there is none, then targetCommunityIdList is taken as ours.</param>
public sealed record SearchSettings(string BaseUrl, ReadOnlyMemory<byte> PagingKey, string? HomeCommunity = null);

/// <summary>ITI-67 Find Document References: parameters of a GET or a form → a search in one record.</summary>
public static class DocumentSearchReader
{
    public const int MaxCount = 200;
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements"];

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    /// <param name="callerId">Who asks; a paging link of somebody else is refused.</param>
    public static Outcome<DocumentQuery> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId)
    {
        var given = parameters.ToList();
        (DateTimeOffset, DocumentId)? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (DocumentQuery.Continue(page.Value, settings.PagingKey.Span, callerId) is not { } continued)
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = continued;
        }

        var state = new State(settings);
        foreach (var pair in given) state.Take(SearchParameter.Of(pair), pair, strict);
        state.Whose.Require();
        if (state.Problems.Any) return state.Problems.Refusal();

        var applied = DocumentQuery.Format(state.Applied);
        return new DocumentQuery(
            state.Whose.Patient!,
            new DocumentSearch
            {
                Statuses = state.Statuses is { Count: > 0 } statuses ? statuses : [DocumentStatus.Current],
                Criteria = state.Criteria,
                Count = state.Count,
                After = after,
                WithTotal = state.WithTotal,
                AsSent = applied,
            },
            applied);
    }

    private sealed class State(SearchSettings settings)
    {
        private readonly Problems problems = new();
        private PatientParameter? whose;

        public Problems Problems => problems;
        public PatientParameter Whose => whose ??= new PatientParameter(settings.BaseUrl, problems);
        public List<DocumentStatus>? Statuses { get; private set; }
        public List<DocumentCriterion> Criteria { get; } = [];
        public int Count { get; private set; } = 50;
        public bool WithTotal { get; private set; }
        public List<KeyValuePair<string, string>> Applied { get; } = [];

        public void Take(SearchParameter p, KeyValuePair<string, string> pair, bool strict)
        {
            if (Known(p))
            {
                if (!Ignored.Contains(p.Name) && p.Raw.Length > 0) Applied.Add(pair);
            }
            else if (strict)
            {
                Problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
            }
        }

        private bool Known(SearchParameter p)
        {
            if (p is { Name: "_summary", Raw: "count" }) WithTotal = true;
            // An empty parameter says nothing (FHIR R4 3.1.1.4.5).
            if (Ignored.Contains(p.Name) || p.Raw.Length == 0) return true;
            if (Whose.Take(p)) return true;
            if (DocumentParameters.Tokens.TryGetValue(p.Name, out var field))
            {
                if (p.Modifier is not null && (p.Name, p.Modifier) is not ("related", "identifier")) return Unsupported(p);
                return Add(p, p.Tokens.Count > 0, () => new DocumentCriterion.Token(field, UniqueIdsLowered(p)));
            }
            if (p.Name is "related.identifier")
                return p.Modifier is not null ? Unsupported(p) : Add(p, p.Tokens.Count > 0, () => new DocumentCriterion.Token(DocumentParameters.Tokens["related"], p.Tokens));
            if (DocumentParameters.Texts.TryGetValue(p.Name, out var text))
                return p.Modifier is not (null or "exact") ? Unsupported(p) : Add(p, p.Values.Count > 0, () => new DocumentCriterion.Text(text, p.Values, p.Modifier == "exact"));
            if (DocumentParameters.Dates.TryGetValue(p.Name, out var date))
            {
                if (p.Modifier is not null) return Unsupported(p);
                return Add(p, p.TryDates(out var bounds), () => new DocumentCriterion.Date(date, bounds));
            }
            switch (p.Name)
            {
                case "status" or "_id" or "targetCommunityIdList" or "_count" or "_total" when p.Modifier is not null:
                    return Unsupported(p);
                case "status":
                    return TakeStatus(p);
                case "_id":
                    var ids = p.Values.Where(v => Ids.TryParse(v, out _)).Select(v => new DocumentId(Guid.Parse(v))).ToList();
                    return Add(p, p.Values.Count > 0, () => ids.Count > 0 ? new DocumentCriterion.Id(ids) : new DocumentCriterion.Nothing());
                case "targetCommunityIdList":
                    if (settings.HomeCommunity is { } home && !p.Values.Contains(home)) Criteria.Add(new DocumentCriterion.Nothing());
                    return true;
                case "_count":
                    if (!int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1) return Bad(p, "The count is a whole number from 1 on.");
                    Count = Math.Min(count, MaxCount);
                    return true;
                case "_total":
                    if (p.Raw is not ("none" or "estimate" or "accurate")) return Bad(p, "The total is none, estimate or accurate.");
                    WithTotal = p.Raw == "accurate";
                    return true;
                default:
                    return false;
            }
        }

        private bool TakeStatus(SearchParameter p)
        {
            var statuses = new List<DocumentStatus>();
            foreach (var (system, code) in p.Tokens)
            {
                if (system is { Length: > 0 } and not "http://hl7.org/fhir/document-reference-status") continue;
                if (code is "current") statuses.Add(DocumentStatus.Current);
                else if (code is "superseded") statuses.Add(DocumentStatus.Superseded);
                else if (code is not "entered-in-error") return Bad(p, "The status is current or superseded.");
            }
            Statuses = Statuses is null ? [.. statuses.Distinct()] : [.. Statuses.Intersect(statuses)];
            if (Statuses.Count == 0) Criteria.Add(new DocumentCriterion.Nothing());
            return true;
        }

        /// <summary>Unique ids are kept in lower case.</summary>
        private static IReadOnlyList<(string? System, string? Code)> UniqueIdsLowered(SearchParameter p) =>
            p.Name != "identifier" ? p.Tokens : [.. p.Tokens.Concat(p.Tokens.Where(t => UniqueIds.IsValid(t.Code)).Select(t => (t.System, (string?)UniqueIds.Normal(t.Code!))))];

        private bool Add(SearchParameter p, bool readable, Func<DocumentCriterion> criterion)
        {
            if (!readable) return Bad(p, "The value cannot be read.");
            Criteria.Add(criterion());
            return true;
        }

        private bool Unsupported(SearchParameter p) => Bad(p, "This modifier is not offered.");

        private bool Bad(SearchParameter p, string reason)
        {
            Problems.Add(p.Invalid(reason));
            return true;
        }
    }
}
