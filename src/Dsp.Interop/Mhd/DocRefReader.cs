using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;

namespace Dsp.Interop.Mhd;

/// <summary>What <c>$docref</c> asks for.</summary>
/// <param name="Query">The stored documents; null where only what is made on demand is wanted.</param>
/// <param name="WithSummary">The patient summary that is made when it is asked for belongs to the answer.</param>
public sealed record DocRef(PatientIdentifier Patient, DocumentQuery? Query, bool WithSummary, string Applied);

/// <summary>
/// The parameters of <c>DocumentReference/$docref</c> (IPA 1.1, US Core): patient, dates of care, type, on-demand, profile; as a query
/// or as a posted Parameters resource.
/// </summary>
public static class DocRefReader
{
    private const string Loinc = "http://loinc.org";
    private static readonly string[] Ignored = ["_format", "_pretty", DocumentQuery.PageParameter];

    /// <param name="strict">Prefer: handling=strict: unknown parameters are refused instead of ignored.</param>
    /// <param name="callerId">Who asks; a paging link of somebody else is refused.</param>
    public static Outcome<DocRef> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict, SearchSettings settings, string callerId)
    {
        var given = parameters.ToList();
        (DateTimeOffset, DocumentId)? after = null;
        if (given.Find(p => p.Key == DocumentQuery.PageParameter) is { Key: not null } page)
        {
            if (DocumentQuery.Continue(page.Value, settings.PagingKey.Span, callerId) is not { } continued)
                return Refusals.ParameterInvalid.Because("This paging link is not valid for you. Repeat the search.").At(DocumentQuery.PageParameter);
            (after, given) = continued;
        }
        var problems = new Problems();
        var whose = new PatientParameter(settings.BaseUrl, problems);
        var criteria = new List<DocumentCriterion>();
        (bool Said, bool Summary) type = (false, false);
        var onDemand = false;
        var count = 50;
        var applied = new List<KeyValuePair<string, string>>();
        foreach (var pair in given.Where(p => p.Value.Length > 0 && !Ignored.Contains(p.Key)))
        {
            var p = SearchParameter.Of(pair);
            applied.Add(pair);
            switch (p.Name)
            {
                case "patient" or "patient.identifier":
                    whose.Take(p);
                    break;
                case var _ when p.Modifier is not null:
                    problems.Add(p.Invalid("This modifier is not offered."));
                    break;
                case "start" or "end":
                    if (!FhirDates.TryParse(p.Raw.Replace(' ', '+'), out PartialDate date, zoneOptional: true)) problems.Add(p.Invalid("A date, or a date and time with its zone, is expected."));
                    else criteria.Add(new DocumentCriterion.Date(Care, [(p.Name == "start" ? "ge" : "le", date.From, date.To)]));
                    break;
                case "type":
                    var tokens = p.Tokens;
                    type = (true, tokens.Any(t => DocumentCriterion.Token.Is(new CodedValue(Loinc, IpsBundle.TypeCode), t)));
                    if (tokens.Count == 0) problems.Add(p.Invalid("The value cannot be read."));
                    else criteria.Add(new DocumentCriterion.Token(DocumentParameters.Tokens["type"], tokens));
                    break;
                case "on-demand":
                    if (p.Raw is not ("true" or "false")) problems.Add(p.Invalid("on-demand is true or false."));
                    onDemand = p.Raw == "true";
                    break;
                case "profile":
                    if (p.Raw.Split('|')[0] is not (IpsBundle.Profile or IpsBundle.CompositionProfile)) problems.Add(p.Invalid("The one profile offered is that of the International Patient Summary."));
                    break;
                case "_count":
                    if (!int.TryParse(p.Raw, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out count) || count < 1) problems.Add(p.Invalid("The count is a whole number from 1 on."));
                    break;
                default:
                    applied.Remove(pair);
                    if (strict) problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
                    break;
            }
        }
        whose.Require();
        if (problems.Any) return problems.Refusal();
        var self = DocumentQuery.Format(applied);
        var search = new DocumentSearch { Criteria = criteria, Count = Math.Min(count, DocumentSearchReader.MaxCount), After = after, WithTotal = true, AsSent = "$docref?" + self };
        // A summary made now belongs to the first page only.
        return new DocRef(whose.Patient!, onDemand ? null : new DocumentQuery(whose.Patient!, search, self), after is null && (type.Said ? type.Summary : onDemand), self);
    }

    /// <summary>The time of care; where a document names none, when it was made.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Care(StoredDocument document) =>
        document.Metadata.Period is not null ? DocumentParameters.Dates["period"](document) : DocumentParameters.Dates["creation"](document);
}
