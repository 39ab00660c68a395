using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;

namespace Dsp.Interop.Pdqm;

/// <summary>Parameters of a search in Patient: one person by <c>_id</c> or <c>identifier</c>; there is no search by name at this door.</summary>
public static class PatientSearchReader
{
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total", "_count"];

    /// <returns>Whom the search names; with <see cref="PatientIdentifier.Record"/> set where by id.</returns>
    public static Outcome<PatientIdentifier> Read(IEnumerable<KeyValuePair<string, string>> parameters, bool strict)
    {
        var problems = new Problems();
        PatientIdentifier? named = null;
        foreach (var pair in parameters)
        {
            var p = SearchParameter.Of(pair);
            if (Ignored.Contains(p.Name) || p.Raw.Length == 0) continue;
            PatientIdentifier? found = null;
            switch (p.Name)
            {
                case "_id" when p.Modifier is null:
                    found = Ids.TryParse(p.Raw, out var id) ? RecordReferences.OfRecord(new RecordId(id)) : new PatientIdentifier(FhirNames.UriSystem, p.Raw, RecordId.None);
                    break;
                case "identifier" when p.Modifier is null:
                    if (p.Tokens is [({ Length: > 0 } system, { } value)]) found = new PatientIdentifier(system, value);
                    break;
                case "_id" or "identifier":
                    problems.Add(p.Invalid("This modifier is not offered."));
                    continue;
                default:
                    if (strict) problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
                    continue;
            }
            if (found is null || (named is not null && named != found)) problems.Add(p.Invalid("The patient is named once: _id, or identifier as system|value."));
            named = found ?? named;
        }
        if (named is null && !problems.Any) problems.Add(Refusals.PatientRequired.Because("A search names one patient: _id or identifier."));
        return problems.Any ? problems.Refusal() : named!;
    }
}
