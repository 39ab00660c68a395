using System.Globalization;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>A search for lists as it was understood.</summary>
/// <param name="Patient">Whose lists, as for <see cref="DocumentQuery"/>.</param>
/// <param name="Applied">The query string of what was really applied, percent-encoded: the self link.</param>
public sealed record ListQuery(PatientIdentifier Patient, ListSearch Search, string Applied)
{
    private const string Kind = "List";

    /// <summary>The value of <see cref="DocumentQuery.PageParameter"/> for the page after this list, bound to the caller.</summary>
    public string Next(DocumentList last, ReadOnlySpan<byte> key, string callerId) =>
        PageToken.Seal(string.Create(CultureInfo.InvariantCulture, $"{Kind} {Instants.ToMicroseconds(last.AddedAt)} {Ids.Text(last.Id)} {Applied}"), key, callerId);

    internal static ((DateTimeOffset, Guid) After, List<KeyValuePair<string, string>> Parameters)? Continue(string token, ReadOnlySpan<byte> key, string callerId)
    {
        if (PageToken.Open(token, key, callerId)?.Split(' ', 4) is not [Kind, var at, var id, var applied]) return null;
        if (!long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var micros) || !Ids.TryParse(id, out var list)) return null;
        return ((Instants.FromMicroseconds(micros), list), DocumentQuery.Parse(applied));
    }
}

/// <summary>ITI-66 Find Document Lists: parameters of a GET or a form → a search for submission sets and folders in one record.</summary>
public static class ListSearchReader
{
    /// <summary>The one include: the documents in the lists.</summary>
    public const string Items = "List:item";

    private const string ListStatus = "http://hl7.org/fhir/list-status";
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements"];

    private static readonly Dictionary<string, Func<DocumentList, IEnumerable<CodedValue>>> Tokens = new(StringComparer.Ordinal)
    {
        ["code"] = l => [new CodedValue(FhirNames.ListTypes, l.Kind == ListKind.Folder ? "folder" : "submissionset")],
        ["designationType"] = l => l.Types,
        ["identifier"] = l => l.Identifiers.Select(i => new CodedValue(i.System, i.Value)).Append(new CodedValue(FhirNames.UriSystem, l.UniqueId)).Append(new CodedValue(FhirNames.UriSystem, "urn:uuid:" + Ids.Text(l.Id))),
        ["sourceId"] = l => l.SourceId is { } source ? [new CodedValue("", source)] : [],
    };

    private static readonly Dictionary<string, Func<DocumentList, IEnumerable<string>>> Texts = new(StringComparer.Ordinal)
    {
        ["source.family"] = l => l.Author?.Family is { } family ? [family] : [],
        ["source.given"] = l => l.Author?.Given ?? [],
    };

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    /// <param name="callerId">Who asks; a paging link of somebody else is refused.</param>
    public static Outcome<ListQuery> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId)
    {
        var given = parameters.ToList();
        (DateTimeOffset, Guid)? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (ListQuery.Continue(page.Value, settings.PagingKey.Span, callerId) is not { } continued)
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = continued;
        }
        var state = new State(settings);
        foreach (var pair in given.Where(p => p.Value.Length > 0))
        {
            var p = SearchParameter.Of(pair);
            if (Ignored.Contains(p.Name)) continue;
            if (state.Take(p)) state.Applied.Add(pair);
            else if (strict) state.Problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
        }
        state.Whose.Require();
        if (state.Problems.Any) return state.Problems.Refusal();
        var applied = DocumentQuery.Format(state.Applied);
        return new ListQuery(state.Whose.Patient!, state.Search with { After = after, AsSent = "List?" + applied }, applied);
    }

    private sealed class State
    {
        private readonly SearchSettings settings;
        private readonly List<Func<DocumentList, bool>> criteria = [];

        public State(SearchSettings settings)
        {
            this.settings = settings;
            Whose = new PatientParameter(settings.BaseUrl, Problems);
            Search = new ListSearch { Criteria = criteria };
        }

        public Problems Problems { get; } = new();
        public PatientParameter Whose { get; }
        public ListSearch Search { get; private set; }
        public List<KeyValuePair<string, string>> Applied { get; } = [];

        /// <returns>False where the parameter is none of ours; its problems are noted.</returns>
        public bool Take(SearchParameter p)
        {
            if (Whose.Take(p)) return true;
            if (Tokens.TryGetValue(p.Name, out var coded))
                return Add(p, p.Modifier is null, p.Tokens.Count > 0, () => TokensOf(p) is var tokens ? l => coded(l).Any(v => tokens.Any(t => DocumentCriterion.Token.Is(v, t))) : null!);
            if (Texts.TryGetValue(p.Name, out var text))
                return Add(p, p.Modifier is null or "exact", p.Values.Count > 0, () => l => text(l).Any(v => p.Values.Any(t => p.Modifier == "exact" ? v == t : Folded.StartsWith(v, t))));
            switch (p.Name)
            {
                case "date":
                    var readable = p.TryDates(out var bounds);
                    return Add(p, p.Modifier is null, readable, () => l => bounds.Any(b => DocumentCriterion.Date.Meets((l.ChangedAt, l.ChangedAt.AddMilliseconds(1)), b)));
                case "status":
                    if (p.Tokens.Any(t => t.Code is not ("current" or "retired" or "entered-in-error"))) return Bad(p, "The status is current or retired.");
                    // Every list here is current.
                    return Add(p, p.Modifier is null, p.Tokens.Count > 0, () => _ => p.Tokens.Any(t => t.Code == "current" && t.System is null or "" or ListStatus));
                case "_id":
                    return Add(p, p.Modifier is null, p.Values.Count > 0, () => l => p.Values.Any(v => Ids.TryParse(v, out var id) && id == l.Id));
                case "targetCommunityIdList":
                    return Add(p, p.Modifier is null, p.Values.Count > 0, () => _ => settings.HomeCommunity is not { } home || p.Values.Contains(home));
                case "_include":
                    if (p.Modifier is not null || p.Raw is not (Items or Items + ":DocumentReference")) return Bad(p, $"The one include offered is {Items}.");
                    Search = Search with { WithDocuments = true };
                    return true;
                case "_count":
                    if (p.Modifier is not null || !int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1) return Bad(p, "The count is a whole number from 1 on.");
                    Search = Search with { Count = Math.Min(count, DocumentSearchReader.MaxCount) };
                    return true;
                case "_total":
                    // MHD asks for the total in every answer.
                    return (p.Modifier is null && p.Raw is "none" or "estimate" or "accurate") || Bad(p, "The total is none, estimate or accurate.");
                default:
                    return false;
            }
        }

        /// <summary>Unique ids are kept in lower case; a sourceId has no system of its own.</summary>
        private static List<(string? System, string? Code)> TokensOf(SearchParameter p) => p.Name switch
        {
            "identifier" => [.. p.Tokens, .. p.Tokens.Where(t => UniqueIds.IsValid(t.Code)).Select(t => (t.System, (string?)UniqueIds.Normal(t.Code!)))],
            "sourceId" => [.. p.Tokens.Select(t => ((string?)null, t.Code))],
            _ => [.. p.Tokens],
        };

        private bool Add(SearchParameter p, bool offered, bool readable, Func<Func<DocumentList, bool>> criterion)
        {
            if (!offered) return Bad(p, "This modifier is not offered.");
            if (!readable) return Bad(p, "The value cannot be read.");
            criteria.Add(criterion());
            return true;
        }

        private bool Bad(SearchParameter p, string reason)
        {
            Problems.Add(p.Invalid(reason));
            return true;
        }
    }
}
