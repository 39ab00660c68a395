using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;

namespace Dsp.Interop.Balp;

/// <summary>A search in the journal of one record.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
public sealed record AuditQuery(PatientIdentifier Patient, DateTimeOffset From, DateTimeOffset To)
{
    public Guid? Id { get; init; }

    /// <summary>Persons or institutions, by our ids; null where not asked for.</summary>
    public IReadOnlyList<Guid>? Agents { get; init; }
    public IReadOnlyList<DocumentId>? Documents { get; init; }

    /// <summary>Done or refused; null where not asked for.</summary>
    public bool? Permitted { get; init; }

    /// <summary>Codes of interactions, transactions or acts; null where not asked for.</summary>
    public IReadOnlyList<(string? System, string? Code)>? Subtypes { get; init; }

    /// <summary>1 to 200.</summary>
    public int Count { get; init; } = 50;

    /// <summary>A value was asked for that no entry can have: the answer is empty.</summary>
    public bool Nothing { get; init; }

    /// <summary>The query string of what was really applied.</summary>
    public string Applied { get; init; } = "";

    /// <summary>Whether an entry of the record and period fits every other condition.</summary>
    public bool Matches(Journal.JournalEntry entry) =>
        !Nothing
        && entry.At >= From && entry.At < To
        && (Id is null || entry.Id == Id)
        && (Permitted is null || entry.Permitted == Permitted)
        && (Agents is null || Agents.Any(a => entry.Person?.Value == a || entry.Institution?.Value == a))
        && (Documents is null || Documents.Any(entry.Documents.Contains))
        && (Subtypes is null || AuditPattern.Of(entry, new AuditFacts("")).Subtypes.Any(s => Subtypes.Any(w => (w.System is null || w.System == s.System) && w.Code == s.Code)));
}

/// <summary>ITI-81 as a holder uses it: parameters of a search in AuditEvent; the date is bounded on both sides.</summary>
public static class AuditSearchReader
{
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total"];

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    public static Outcome<AuditQuery> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, string baseUrl)
    {
        var problems = new Problems();
        var applied = new List<KeyValuePair<string, string>>();
        var query = new AuditQuery(null!, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        foreach (var pair in parameters)
        {
            var p = SearchParameter.Of(pair);
            if (Ignored.Contains(p.Name) || p.Raw.Length == 0) continue;
            if (p.Modifier is not null && FhirRoutes.AuditEvent.Parameters.Any(r => r.Name == p.Name))
            {
                problems.Add(p.Invalid("This modifier is not offered."));
                continue;
            }
            var taken = Take(query, p, baseUrl, problems);
            if (taken is not null)
            {
                query = taken;
                applied.Add(pair);
            }
            else if (strict)
            {
                problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
            }
        }
        if (query.Patient is null && !problems.Any) problems.Add(Refusals.PatientRequired);
        if ((query.From == DateTimeOffset.MinValue || query.To == DateTimeOffset.MaxValue) && !problems.Any)
            problems.Add(Refusals.ParameterInvalid.Because("The date is bounded on both sides, for example date=ge2026-01-01&date=le2026-01-31.").At("date"));
        return problems.Any ? problems.Refusal() : query with { Applied = DocumentQuery.Format(applied) };
    }

    private static AuditQuery? Take(AuditQuery query, SearchParameter p, string baseUrl, Problems problems)
    {
        switch (p.Name)
        {
            case "patient":
                var id = Ids.TryParse(p.Raw, out var bare) ? bare : RecordReferences.Id(p.Raw, "Patient", baseUrl);
                return Patient(query, p, id is { } known ? RecordReferences.OfRecord(new RecordId(known)) : new PatientIdentifier(FhirNames.UriSystem, p.Raw, RecordId.None), problems);
            case "patient.identifier":
                return p.Tokens is [({ Length: > 0 } system, { } value)]
                    ? Patient(query, p, new PatientIdentifier(system, value), problems)
                    : Bad(query, p, "The patient is named as system|value, once.", problems);
            case "date":
                return p.TryDates(out var bounds) && bounds is [var bound] ? Bound(query, bound) : Bad(query, p, "The date cannot be read.", problems);
            case "_id":
                return Ids.TryParse(p.Raw, out var entry) ? query with { Id = entry } : query with { Nothing = true };
            case "agent.identifier":
                var agents = Uuids(p);
                return query with { Agents = agents, Nothing = query.Nothing || agents.Count == 0 };
            case "entity.identifier":
                var documents = Uuids(p).Select(g => new DocumentId(g)).ToList();
                return query with { Documents = documents, Nothing = query.Nothing || documents.Count == 0 };
            case "outcome":
                var codes = p.Tokens.Select(t => t.Code).ToList();
                var (done, refused) = (codes.Contains("0"), codes.Contains("4"));
                return query with { Permitted = done == refused ? null : done, Nothing = query.Nothing || (!done && !refused) };
            case "subtype":
                return query with { Subtypes = p.Tokens };
            case "_count":
                return int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
                    ? query with { Count = Math.Min(count, DocumentSearchReader.MaxCount) }
                    : Bad(query, p, "The count is a whole number from 1 on.", problems);
            default:
                return null;
        }
    }

    private static AuditQuery Patient(AuditQuery query, SearchParameter p, PatientIdentifier patient, Problems problems) =>
        query.Patient is not null && query.Patient != patient
            ? Bad(query, p, "A search names one patient, in one way.", problems)
            : query with { Patient = patient };

    private static AuditQuery Bound(AuditQuery query, (string Prefix, DateTimeOffset From, DateTimeOffset To) bound)
    {
        var (from, to) = bound.Prefix switch
        {
            "ge" => (bound.From, DateTimeOffset.MaxValue),
            "gt" => (bound.To, DateTimeOffset.MaxValue),
            "le" => (DateTimeOffset.MinValue, bound.To),
            "lt" => (DateTimeOffset.MinValue, bound.From),
            _ => (bound.From, bound.To),
        };
        return query with { From = from > query.From ? from : query.From, To = to < query.To ? to : query.To };
    }

    private static AuditQuery Bad(AuditQuery query, SearchParameter p, string reason, Problems problems)
    {
        problems.Add(p.Invalid(reason));
        return query;
    }

    private static List<Guid> Uuids(SearchParameter p) =>
        [.. p.Tokens.Where(t => t.System is null or FhirNames.UriSystem)
            .Select(t => t.Code is { } code && code.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase) ? code[9..] : t.Code)
            .Where(c => Ids.TryParse(c, out _)).Select(c => Guid.Parse(c!))];
}
