using Dsp.Clinical;
using Dsp.Codes;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>
/// A line of a summary as a resource of the IPS profiles. What a source did not say is left out, or said to be unknown where
/// FHIR asks for an element; what no profile can hold without saying more is null, and stands in the text with its document.
/// </summary>
internal sealed class IpsEntries(IStatementLinks made, IpsTexts texts, IpsWording wording)
{
    internal const string ObservationCategory = "http://terminology.hl7.org/CodeSystem/observation-category";

    public Resource? Of(SummaryEntry entry)
    {
        var fact = entry.Shown.Fact;
        return (fact.Kind, fact.Stage) switch
        {
            (FactKind.Allergy, FactStage.Done) => IpsAllergy.Of(entry, made, texts, Subject(fact), Notes(entry)),
            (FactKind.Problem, FactStage.Done) => Problem(entry),
            (FactKind.Medicine, _) => IpsMedicines.Of(entry, made, Subject(fact), Notes(entry), wording),
            (FactKind.Immunization, FactStage.Done) => Immunization(entry),
            (FactKind.Procedure, FactStage.Done or FactStage.Ordered) => Procedure(entry),
            (FactKind.Device, FactStage.Done) when fact.Statement == FactStatement.Asserted => Device(entry),
            (FactKind.Result or FactKind.VitalSign or FactKind.Pregnancy, FactStage.Done) when fact.Statement == FactStatement.Asserted => Measured(entry),
            (FactKind.Alert, FactStage.Done) when entry.Current == true => new Flag { Meta = IpsAssembly.Claims("Flag-alert-uv-ips"), Status = Flag.FlagStatus.Active, Code = Subject(fact), Subject = made.Patient, Period = IpsValues.Time(fact) as Period },
            _ => null,
        };
    }

    /// <summary>A denial as a resource: where its source coded it so, or where it names what it rules out.</summary>
    public Resource? OfDenial(SummaryEntry denial)
    {
        var fact = denial.Shown.Fact;
        if (LiveSummary.IsGeneral(fact) && (AbsentCodes.Says(fact.Code) != FactStatement.Negated || fact.Kind is not (FactKind.Allergy or FactKind.Problem or FactKind.Medicine))) return null;
        return Of(denial);
    }

    private Condition Problem(SummaryEntry entry)
    {
        var fact = entry.Shown.Fact;
        var condition = new Condition
        {
            Meta = IpsAssembly.Claims("Condition-uv-ips"),
            ClinicalStatus = Status(fact.ClinicalStatus) ?? (entry.Current == false ? Clinical("inactive") : null),
            VerificationStatus = Verified(fact, "http://terminology.hl7.org/CodeSystem/condition-ver-status", "unconfirmed", "provisional", "differential", "confirmed"),
            Severity = IpsValues.Concept(fact.Severity),
            Code = Subject(fact),
            BodySite = IpsValues.Concept(fact.BodySite) is { } site ? [site] : [],
            Subject = made.Patient,
            Onset = IpsValues.Moment(fact.Start),
            RecordedDateElement = IpsValues.Moment(fact.Recorded),
            Note = Notes(entry),
        };
        // A date of abatement says that it is over (con-4): it stands only where the status says the same.
        if (condition.ClinicalStatus?.Coding[0].Code is "inactive" or "resolved" or "remission") condition.Abatement = IpsValues.Moment(fact.End);
        return condition;
    }

    private static CodeableConcept Clinical(string code) => IpsValues.Coded("http://terminology.hl7.org/CodeSystem/condition-clinical", code);

    private static CodeableConcept? Status(Concept? sent) => sent?.Codes?.Select(c => c.Code).Select(c => c switch
    {
        "active" or "recurrence" or "relapse" or "inactive" or "remission" or "resolved" => c,
        "55561003" => "active",
        "73425007" => "inactive",
        "413322009" => "resolved",
        "277022003" => "remission",
        "246455001" => "recurrence",
        _ => null,
    }).FirstOrDefault(c => c is not null) is { } code ? Clinical(code) : null;

    private Immunization Immunization(SummaryEntry entry)
    {
        var fact = entry.Shown.Fact;
        return new Immunization
        {
            Meta = IpsAssembly.Claims("Immunization-uv-ips"),
            Status = fact.Statement == FactStatement.Negated ? Hl7.Fhir.Model.Immunization.ImmunizationStatusCodes.NotDone : Hl7.Fhir.Model.Immunization.ImmunizationStatusCodes.Completed,
            VaccineCode = Subject(fact),
            Patient = made.Patient,
            Occurrence = IpsValues.MomentOrReason(fact.Start),
            RecordedElement = IpsValues.Moment(fact.Recorded),
            LotNumber = IpsValues.Words(fact.Lot),
            Site = IpsValues.Concept(fact.BodySite),
            Route = IpsValues.Concept(fact.Doses is [{ Route: { } route }, ..] ? route : null),
            DoseQuantity = fact.Doses is [{ Dose: { } dose }, ..] ? IpsValues.Bound(dose) : null,
            ProtocolApplied = IpsValues.Words(fact.DoseNumber) is { } number ? [new Immunization.ProtocolAppliedComponent { DoseNumber = new FhirString(number) }] : [],
            Note = Notes(entry),
        };
    }

    private Procedure Procedure(SummaryEntry entry)
    {
        var fact = entry.Shown.Fact;
        return new Procedure
        {
            Meta = IpsAssembly.Claims("Procedure-uv-ips"),
            Status = fact switch
            {
                { Statement: FactStatement.Negated } => EventStatus.NotDone,
                { Stage: FactStage.Ordered } => EventStatus.Preparation,
                { RecordStatus: "completed" } => EventStatus.Completed,
                { RecordStatus: "in-progress" or "active" } => EventStatus.InProgress,
                { RecordStatus: "stopped" or "aborted" } => EventStatus.Stopped,
                { RecordStatus: "on-hold" or "suspended" } => EventStatus.OnHold,
                _ => EventStatus.Unknown,
            },
            Code = Subject(fact),
            Subject = made.Patient,
            Performed = IpsValues.TimeOrReason(fact),
            BodySite = IpsValues.Concept(fact.BodySite) is { } site ? [site] : [],
            ReasonCode = IpsValues.Concepts(fact.Reasons),
            Note = Notes(entry),
        };
    }

    private DeviceUseStatement Device(SummaryEntry entry)
    {
        var fact = entry.Shown.Fact;
        var device = made.Support("used-device", $"{entry.Shown.Source.Id}/{fact.Place.Path}/{fact.Name}", () => new Device
        {
            Meta = IpsAssembly.Claims("Device-uv-ips"),
            Identifier = IpsValues.Words(fact.Identifier) is { } number ? [new Identifier { Value = number }] : [],
            Type = Subject(fact),
            Patient = new ResourceReference(made.Patient.Reference),
        });
        var statement = new DeviceUseStatement
        {
            Meta = IpsAssembly.Claims("DeviceUseStatement-uv-ips"),
            StatusElement = new Code<DeviceUseStatement.DeviceUseStatementStatus>(entry.Current switch
            {
                true => DeviceUseStatement.DeviceUseStatementStatus.Active,
                false => DeviceUseStatement.DeviceUseStatementStatus.Completed,
                // The list of statuses has no "unknown": the element says itself why it has no value.
                null => null,
            }),
            Subject = made.Patient,
            Timing = IpsValues.TimeOrReason(fact),
            RecordedOnElement = IpsValues.Moment(fact.Recorded),
            Device = device,
            BodySite = IpsValues.Concept(fact.BodySite),
            Note = Notes(entry),
        };
        if (entry.Current is null) IpsValues.Absent(statement.StatusElement);
        return statement;
    }

    private Observation Measured(SummaryEntry entry)
    {
        var fact = entry.Shown.Fact;
        var value = fact.Value is { } sent ? IpsValues.Value(sent) : null;
        var imaging = fact.Category == DataCategory.MedicalImaging;
        var observation = new Observation
        {
            Status = fact.RecordStatus switch
            {
                "registered" => ObservationStatus.Registered,
                "preliminary" => ObservationStatus.Preliminary,
                "final" or "completed" => ObservationStatus.Final,
                "amended" => ObservationStatus.Amended,
                "corrected" => ObservationStatus.Corrected,
                _ => ObservationStatus.Unknown,
            },
            Code = Subject(fact),
            Subject = made.Patient,
            Effective = IpsValues.TimeOrReason(fact),
            Value = value,
            DataAbsentReason = value is null ? IpsValues.Reason(fact.Value?.Absent) : null,
            Interpretation = IpsValues.Concepts(fact.Interpretations),
            BodySite = IpsValues.Concept(fact.BodySite),
            Method = IpsValues.Concept(fact.Method),
            Note = Notes(entry),
        };
        foreach (var range in fact.Ranges ?? [])
        {
            var (low, high, words) = (IpsValues.Bound(range.Low), IpsValues.Bound(range.High), IpsValues.Words(range.Text));
            if (low is not null || high is not null || words is not null) observation.ReferenceRange.Add(new Observation.ReferenceRangeComponent { Low = low, High = high, Text = words, Type = IpsValues.Concept(range.Meaning) });
        }
        if (CategoryOf(fact) is not { } category) return observation;
        observation.Category.Add(IpsValues.Coded(ObservationCategory, category));
        if (fact.Kind == FactKind.VitalSign) return observation;
        observation.Performer.Add(made.Author(entry.Shown) ?? IpsValues.Absent(new ResourceReference()));
        // A day at least is asked of an image's date (ips-1).
        if (!imaging || observation.Effective is FhirDateTime { Value.Length: >= 8 }) observation.Meta = IpsAssembly.Claims(imaging ? "Observation-results-radiology-uv-ips" : "Observation-results-laboratory-pathology-uv-ips");
        return observation;
    }

    /// <summary>The category of a measurement in <see cref="ObservationCategory"/>; none for what says that somebody is pregnant.</summary>
    internal static string? CategoryOf(Fact fact) => fact.Kind switch
    {
        FactKind.Pregnancy => null,
        FactKind.VitalSign => "vital-signs",
        _ => fact.Category == DataCategory.MedicalImaging ? "imaging" : "laboratory",
    };

    /// <summary>The subject with its codes; in words where the source gave no code.</summary>
    private CodeableConcept Subject(Fact fact) => IpsValues.Concept(fact.Code) ?? IpsValues.InWords(fact.Text ?? texts.NoName);

    private List<Annotation> Notes(SummaryEntry entry)
    {
        var notes = new List<Annotation>();
        if (IpsValues.Words(entry.Shown.Fact.Note) is { } note) notes.Add(new Annotation { Text = note });
        if (entry.Shown.Fact.Statement == FactStatement.Negated) notes.Add(new Annotation { Text = $"{texts.Quoted} {wording.Denial(entry.Shown)} – {wording.Source(entry.Shown)}" });
        if (entry.Disputed) notes.Add(new Annotation { Text = texts.Disputed });
        return notes;
    }

    /// <summary>How sure its source is, in FHIR's words; a denied subject is refuted, a general denial refutes nothing.</summary>
    internal static CodeableConcept? Verified(Fact fact, string system, params string[] known)
    {
        if (fact.Statement == FactStatement.Negated) return LiveSummary.IsGeneral(fact) ? null : IpsValues.Coded(system, "refuted");
        return fact.Verification?.Codes?.Select(c => c.Code).FirstOrDefault(known.Contains) is { } code ? IpsValues.Coded(system, code) : null;
    }
}
