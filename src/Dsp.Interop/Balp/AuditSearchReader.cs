using System.Globalization;
using System.Text.Json;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>A search in the journal: of one record, or of the installation where no patient is named.</summary>
/// <param name="From">Inclusive.</param>
/// <param name="To">Exclusive.</param>
public sealed record AuditQuery(PatientIdentifier? Patient, DateTimeOffset From, DateTimeOffset To)
{
    public Guid? Id { get; init; }

    /// <summary>Documents asked for; null where none is.</summary>
    public IReadOnlyList<DocumentId>? Documents { get; init; }

    /// <summary>Done or refused; null where not asked for.</summary>
    public bool? Permitted { get; init; }

    /// <summary>1 to 200.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Continue after this entry.</summary>
    public Guid? After { get; init; }

    /// <summary>A value was asked for that no entry can have: the answer is empty.</summary>
    public bool Nothing { get; init; }

    /// <summary>The query string of what was really applied.</summary>
    public string Applied { get; init; } = "";

    /// <summary>What is compared with the event as it would be answered.</summary>
    internal IReadOnlyList<Func<JsonElement, bool>> Criteria { get; init; } = [];

    /// <summary>Whether an entry of the record and period fits every other condition.</summary>
    public bool Matches(JournalEntry entry, AuditFacts facts)
    {
        if (Nothing || entry.At < From || entry.At >= To || (Id is { } id && entry.Id != id) || (Permitted is { } done && entry.Permitted != done)) return false;
        if (Documents is { } documents && !documents.Any(entry.Documents.Contains)) return false;
        if (Criteria.Count == 0) return true;
        using var told = JsonDocument.Parse(AuditEventWriter.Bytes(entry, facts));
        return Criteria.All(c => c(told.RootElement));
    }

    /// <summary>The value of the paging parameter for the page after this entry, bound to the caller.</summary>
    public string Next(Guid after, ReadOnlySpan<byte> key, string callerId) => PageToken.Seal($"audit\n{Ids.Text(after)}\n{Applied}", key, callerId);
}

/// <summary>ITI-81: parameters of a search in AuditEvent; the date is bounded on both sides.</summary>
public static class AuditSearchReader
{
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total"];

    /// <summary>Reads the parameters; every problem found is in the refusal.</summary>
    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    /// <param name="callerId">Who asks; a paging link of somebody else is refused.</param>
    /// <param name="ofInstallation">The caller may ask without naming a patient.</param>
    public static Outcome<AuditQuery> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId, bool ofInstallation = false)
    {
        var given = parameters.ToList();
        Guid? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (PageToken.Open(page.Value, settings.PagingKey.Span, callerId)?.Split('\n') is not ["audit", var last, var applied] || !Ids.TryParse(last, out var id))
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = (id, DocumentQuery.Parse(applied));
        }
        var read = Read(given, strict, settings.BaseUrl, ofInstallation);
        return read.Succeeded ? read.Value with { After = after } : read.Refusal;
    }

    private static Outcome<AuditQuery> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, string baseUrl, bool ofInstallation)
    {
        var problems = new Problems();
        var applied = new List<KeyValuePair<string, string>>();
        var query = new AuditQuery(null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
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
        if (query.Patient is null && !ofInstallation && !problems.Any) problems.Add(Refusals.PatientRequired);
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
            case "_lastUpdated":
                // An entry never changes: it was updated when it was written.
                return p.TryDates(out var written) && written is [var last] ? Bound(query, last) : Bad(query, p, "The date cannot be read.", problems);
            case "agent.identifier":
                return With(query, p, AuditValues.Agents);
            case "entity.identifier":
                var documents = Uuids(p).Select(g => new DocumentId(g)).ToList();
                // A document by its id is looked for in the journal's own rows.
                return documents.Count > 0 && documents.Count == p.Tokens.Count ? query with { Documents = documents } : With(query, p, AuditValues.Entities);
            case "entity-type":
                return With(query, p, AuditValues.EntityTypes);
            case "entity-role":
                return With(query, p, AuditValues.EntityRoles);
            case "source.identifier":
                return With(query, p, AuditValues.Source);
            case "type":
                return With(query, p, AuditValues.Type);
            case "subtype":
                return With(query, p, AuditValues.Subtypes);
            case "address":
                var addresses = p.Values;
                return query with { Criteria = [.. query.Criteria, e => AuditValues.Addresses(e).Any(a => addresses.Any(w => a.StartsWith(w, StringComparison.OrdinalIgnoreCase)))] };
            case "outcome":
                var codes = p.Tokens.Select(t => t.Code).ToList();
                var (done, refused) = (codes.Contains("0"), codes.Contains("4"));
                return query with { Permitted = done == refused ? null : done, Nothing = query.Nothing || (!done && !refused) };
            case "_count":
                return int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
                    ? query with { Count = Math.Min(count, DocumentSearchReader.MaxCount) }
                    : Bad(query, p, "The count is a whole number from 1 on.", problems);
            default:
                return null;
        }
    }

    private static AuditQuery With(AuditQuery query, SearchParameter p, Func<JsonElement, IEnumerable<(string? System, string Code)>> values)
    {
        var wanted = p.Tokens;
        return query with { Criteria = [.. query.Criteria, e => values(e).Any(v => wanted.Any(w => (w.System is null || w.System == (v.System ?? "")) && (w.Code is null || w.Code == v.Code)))] };
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
