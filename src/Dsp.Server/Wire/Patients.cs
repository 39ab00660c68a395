using Dsp.Access;
using Dsp.Documents;
using Dsp.Identity;
using Dsp.Sealing;

namespace Dsp.Server.Wire;

/// <summary>From what a message names a patient by to the record meant; an impossible identifier is nobody's, and answered as such.</summary>
internal sealed class Patients(ServiceKeys keys, TimeProvider clock)
{
    public RecordRef Of(RecordId record) => new RecordRef.ById(record);

    public RecordRef Of(string system, string value) =>
        Identifiers.TokenOf(keys, system, value, Deadlines.DayOf(clock.Now())) is { } token ? new RecordRef.ByToken(token) : new RecordRef.Nobody();

    public RecordRef Of(PatientIdentifier patient) => patient.Record is { } record ? Of(record) : Of(patient.System, patient.Value);
}
