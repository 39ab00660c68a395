using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>Whose record a search asks for: <c>patient</c> by id, or <c>patient.identifier</c>; once, and in one way. <c>subject</c> is the same.</summary>
internal sealed class PatientParameter(string baseUrl, Problems problems)
{
    private bool refused;

    /// <summary>With <see cref="PatientIdentifier.Record"/> set where named by id; null where nobody is named.</summary>
    public PatientIdentifier? Patient { get; private set; }

    /// <returns>False where the parameter is another one; its problems are noted.</returns>
    public bool Take(SearchParameter p)
    {
        if (p.Name is not ("patient" or "subject" or "patient.identifier" or "subject.identifier")) return false;
        var byIdentifier = p.Name.EndsWith(".identifier", StringComparison.Ordinal) || p.Modifier == "identifier";
        if (p.Modifier is not (null or "identifier" or "Patient")) return Refuse(p, "This modifier is not offered.");
        PatientIdentifier? named = null;
        if (byIdentifier)
        {
            if (p.Tokens is [({ Length: > 0 } system, { } value)]) named = new PatientIdentifier(system, value);
        }
        else if (p.Values is [var reference])
        {
            var id = Ids.TryParse(reference, out var bare) ? bare : RecordReferences.Id(reference, "Patient", baseUrl);
            named = id is { } known ? RecordReferences.OfRecord(new RecordId(known)) : new PatientIdentifier(FhirNames.UriSystem, reference, RecordId.None);
        }
        if (named is null) return Refuse(p, byIdentifier ? "The patient is named as system|value, once." : "The patient is named once.");
        if (Patient is not null && Patient != named) return Refuse(p, "A search names one patient, in one way.");
        Patient = named;
        return true;
    }

    /// <summary>Notes that nobody was named, unless a problem with the name is told already.</summary>
    public void Require()
    {
        if (Patient is null && !refused) problems.Add(Refusals.PatientRequired);
    }

    private bool Refuse(SearchParameter p, string reason)
    {
        refused = true;
        problems.Add(p.Invalid(reason));
        return true;
    }
}
