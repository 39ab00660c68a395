using System.Globalization;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;
using SearchParameter = Dsp.Interop.Fhir.SearchParameter;

namespace Dsp.Interop.Resources;

/// <summary>Parameters of a GET or a form → a search in the resources of one record (QEDm PCC-44, EU Health Data API, IPA).</summary>
public static class ResourceSearchReader
{
    private const string Origin = StatementTypes.Provenance + ":target";
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total"];

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    /// <param name="callerId">Who asks; a paging link of somebody else is refused.</param>
    public static Outcome<ResourceSearch> Read(string type, IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId)
    {
        var given = parameters.ToList();
        ResourcePosition? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (ResourcePosition.Continue(type, page.Value, settings.PagingKey.Span, callerId) is not { } continued)
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = continued;
        }
        var state = new State(type, settings.BaseUrl);
        foreach (var pair in given) state.Take(SearchParameter.Of(pair), pair, strict);
        state.Whose.Require();
        if (state.Problems.Any) return state.Problems.Refusal();
        return new ResourceSearch(type, state.Whose.Patient!, state.Criteria, state.Count, after, state.WithProvenance, DocumentQuery.Format(state.Applied));
    }

    private sealed class State(string type, string baseUrl)
    {
        private readonly Problems problems = new();
        private readonly ResourceRoute route = ResourceRoutes.Of(type);
        private PatientParameter? whose;

        public Problems Problems => problems;
        public PatientParameter Whose => whose ??= new PatientParameter(baseUrl, problems);
        public List<Func<Served, ResourceFacts, bool>> Criteria { get; } = [];
        public int Count { get; private set; } = 50;
        public bool WithProvenance { get; private set; }
        public List<KeyValuePair<string, string>> Applied { get; } = [];

        public void Take(SearchParameter p, KeyValuePair<string, string> pair, bool strict)
        {
            // An empty parameter says nothing (FHIR R4 3.1.1.4.5).
            if (Ignored.Contains(p.Name) || p.Raw.Length == 0) return;
            if (Known(p)) Applied.Add(pair);
            else if (strict) problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
        }

        private bool Known(SearchParameter p)
        {
            if (Whose.Take(p)) return true;
            switch (p.Name)
            {
                case "_count":
                    if (p.Modifier is not null) return Bad(p, "This modifier is not offered.");
                    if (!int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1) return Bad(p, "The count is a whole number from 1 on.");
                    Count = Math.Min(count, DocumentSearchReader.MaxCount);
                    return true;
                case "_include":
                    // Medicines stand in their resource as a concept: there is nothing to include.
                    return p.Modifier is null && route.Includes.Contains(p.Raw) || Bad(p, "This inclusion is not offered. See the capability statement.");
                case "_revinclude":
                    if (p.Modifier is not null || p.Raw != Origin) return Bad(p, "This inclusion is not offered. See the capability statement.");
                    WithProvenance = true;
                    return true;
                default:
                    return route.Parameters.FirstOrDefault(r => r.Name == p.Name) is { } known && TakeOf(p, known.Kind);
            }
        }

        private bool TakeOf(SearchParameter p, SearchKind kind)
        {
            if (p.Modifier is not null) return Bad(p, "This modifier is not offered.");
            if (kind == SearchKind.Date)
            {
                if (!p.TryDates(out var bounds)) return Bad(p, "The value cannot be read. A date takes eq, lt, le, gt or ge.");
                Criteria.Add((s, _) => s.Time is { } time && bounds.Any(b => DocumentCriterion.Date.Meets(time, b)));
                return true;
            }
            var tokens = p.Tokens;
            if (tokens.Count == 0) return Bad(p, "The value cannot be read.");
            var name = p.Name;
            Criteria.Add((s, facts) => ValuesOf(name, s, facts).Any(v => tokens.Any(t => DocumentCriterion.Token.Is(v, t))));
            return true;
        }

        /// <summary>What a token parameter looks at. Codes and categories are read from the fact: a list of results is not made to be counted.</summary>
        private static IEnumerable<CodedValue> ValuesOf(string name, Served served, ResourceFacts facts) => (name, name is "code" or "category" ? null : served.Make(facts)) switch
        {
            ("code", _) => served.Codes,
            ("category", _) => served.Categories,
            ("clinical-status", Condition c) => Coded(c.ClinicalStatus),
            ("clinical-status", AllergyIntolerance a) => Coded(a.ClinicalStatus),
            ("class", Encounter { Class: { } sent }) => [new CodedValue(sent.System ?? "", sent.Code ?? "")],
            ("intent", MedicationRequest { Intent: { } intent }) => [Code(intent)],
            ("status", Observation { Status: { } s }) => [Code(s)],
            ("status", DiagnosticReport { Status: { } s }) => [Code(s)],
            ("status", MedicationRequest { Status: { } s }) => [Code(s)],
            ("status", MedicationDispense { Status: { } s }) => [Code(s)],
            ("status", MedicationStatement { Status: { } s }) => [Code(s)],
            ("status", Immunization { Status: { } s }) => [Code(s)],
            ("status", Encounter { Status: { } s }) => [Code(s)],
            _ => [],
        };

        private static CodedValue Code<T>(T value) where T : struct, Enum => new(value.GetSystem() ?? "", value.GetLiteral() ?? "");

        private static IEnumerable<CodedValue> Coded(CodeableConcept? concept) => concept?.Coding.Select(c => new CodedValue(c.System ?? "", c.Code ?? "")) ?? [];

        private bool Bad(SearchParameter p, string reason)
        {
            problems.Add(p.Invalid(reason));
            return true;
        }
    }
}
