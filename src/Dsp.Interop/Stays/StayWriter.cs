using System.Globalization;
using Dsp.Access;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Stays;

/// <summary>A registered stay as an Encounter: number, kind, phase and the dates of the care context; nothing else is kept.</summary>
public static class StayWriter
{
    /// <summary>Until when the care context stands, unless it is prolonged or ended before.</summary>
    public const string ContextEnds = "urn:dsp:care-context-ends";

    private const string Classes = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    public static Encounter Of(RegisteredStay stay)
    {
        var context = stay.Context;
        var number = context.Admission?.Split('|', 2) ?? [];
        var over = context.EndedAt ?? context.CancelledAt;
        return new Encounter
        {
            Id = Ids.Text(context.Id),
            Meta = new Meta { VersionId = context.Version.ToString(CultureInfo.InvariantCulture) },
            Extension = [new Extension(ContextEnds, new FhirDateTime(over ?? context.EndsAt))],
            Identifier = number is [var system, var value] ? [new Identifier(system, value)] : [new Identifier { Value = context.Admission }],
            Status = context.CancelledAt is not null ? Encounter.EncounterStatus.Cancelled : context.EndedAt is not null ? Encounter.EncounterStatus.Finished : Encounter.EncounterStatus.InProgress,
            Class = context.Kind == CareContextKind.Emergency ? new Coding(Classes, "EMER", "emergency") : new Coding(Classes, "IMP", "inpatient encounter"),
            Subject = new ResourceReference("Patient/" + stay.Record),
            Period = new Period { StartElement = new FhirDateTime(context.StartsAt), EndElement = over is { } end ? new FhirDateTime(end) : null },
            ServiceProvider = context.Institution is { } place ? new ResourceReference("Organization/" + place) { Display = context.InstitutionName } : null,
        };
    }
}
