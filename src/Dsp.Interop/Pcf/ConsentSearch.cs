using System.Globalization;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;

namespace Dsp.Interop.Pcf;

/// <summary>A search in the choices of one record as it was understood (PCF ITI-108).</summary>
/// <param name="After">Continue after this choice; from a paging link bound to the caller.</param>
/// <param name="Applied">The query string of what was really applied: the self link.</param>
public sealed record ConsentSearch(PatientIdentifier Patient, IReadOnlyList<Func<ChoiceVersion, DateTimeOffset, bool>> Criteria, int Count, Guid? After, string Applied)
{
    private const string StatusSystem = "http://hl7.org/fhir/consent-state-codes";
    private static readonly string[] Statuses = ["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"];
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total"];

    public bool Fits(ChoiceVersion version, DateTimeOffset now) => Criteria.All(c => c(version, now));

    /// <summary>The value of the page parameter for what comes after this choice.</summary>
    public string Next(Guid last, ReadOnlySpan<byte> key, string callerId) => PageToken.Seal($"Consent {Ids.Text(last)} {Applied}", key, callerId);

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    public static Outcome<ConsentSearch> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId)
    {
        var given = parameters.ToList();
        Guid? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (PageToken.Open(page.Value, settings.PagingKey.Span, callerId)?.Split(' ', 3) is not ["Consent", var id, var rest] || !Ids.TryParse(id, out var last))
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = (last, DocumentQuery.Parse(rest));
        }
        var (problems, criteria, applied, count) = (new Problems(), new List<Func<ChoiceVersion, DateTimeOffset, bool>>(), new List<KeyValuePair<string, string>>(), 50);
        var patient = new PatientParameter(settings.BaseUrl, problems);
        foreach (var pair in given)
        {
            var p = SearchParameter.Of(pair);
            if (Ignored.Contains(p.Name) || p.Raw.Length == 0) continue;
            if (p.Name == "_count")
            {
                if (p.Modifier is not null || !int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1) problems.Add(p.Invalid("The count is a whole number from 1 on."));
                count = Math.Clamp(count, 1, DocumentSearchReader.MaxCount);
            }
            else if (p.Name.StartsWith("subject", StringComparison.Ordinal) || !patient.Take(p))
            {
                if (!FhirRoutes.Consent.Parameters.Any(r => r.Name == p.Name))
                {
                    if (strict) problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
                    continue;
                }
                if (p.Modifier is not null) problems.Add(p.Invalid("This modifier is not offered."));
                else if (Criterion(p, settings.BaseUrl) is { } criterion) criteria.Add(criterion);
                else problems.Add(p.Invalid("This value cannot be read."));
            }
            applied.Add(pair);
        }
        patient.Require();
        return problems.Any ? problems.Refusal() : new ConsentSearch(patient.Patient!, criteria, count, after, DocumentQuery.Format(applied));
    }

    private static Func<ChoiceVersion, DateTimeOffset, bool>? Criterion(SearchParameter p, string baseUrl)
    {
        switch (p.Name)
        {
            case "_id":
                var ids = p.Values;
                return (v, _) => ids.Contains(Ids.Text(v.Choice.Id));
            case "status":
                if (p.Tokens.Any(t => t.Code is null || !Statuses.Contains(t.Code))) return null;
                var states = p.Tokens.Where(t => t.System is null or StatusSystem).Select(t => t.Code).ToList();
                return (v, now) => states.Contains(v.Choice.HoldsAt(now) ? "active" : "inactive");
            case "actor":
                var actors = p.Values.Select(a => Ids.TryParse(a, out var bare) ? bare : RecordReferences.Id(a, "Practitioner", baseUrl) ?? RecordReferences.Id(a, "Organization", baseUrl)).ToList();
                return (v, _) => actors.Exists(a => a is { } id && IsActor(v.Choice, id));
            default:
                if (!p.TryDates(out var bounds)) return null;
                return (v, _) => bounds.Any(b => b.Prefix switch
                {
                    "lt" => v.At < b.From,
                    "le" => v.At < b.To,
                    "gt" => v.At >= b.To,
                    "ge" => v.At >= b.From,
                    _ => v.At >= b.From && v.At < b.To,
                });
        }
    }

    /// <summary>An actor of the provision, as a Consent writes it: an objection's author is data, not an actor.</summary>
    private static bool IsActor(HolderChoice choice, Guid id) =>
        choice.Kind != ChoiceKind.Objection && (choice.Person?.Value == id || choice.Institution?.Value == id || choice.Except.Any(e => e.Value == id));
}
