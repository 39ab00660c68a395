using System.Globalization;
using Dsp.Clinical;
using Hl7.Fhir.Model;
using Given = Dsp.Clinical.Dosage;

namespace Dsp.Interop.Ips;

/// <summary>A medicine: taken (statement), prescribed or proposed (request), handed out (dispense).</summary>
internal static class IpsMedicines
{
    private static readonly string[] TimeUnits = ["s", "min", "h", "d", "wk", "mo", "a"];

    public static Resource Of(SummaryEntry entry, IStatementLinks made, CodeableConcept product, List<Annotation> notes, IpsWording wording)
    {
        var fact = entry.Shown.Fact;
        var doses = (fact.Doses ?? []).Select(d => Dose(d, wording)).OfType<Hl7.Fhir.Model.Dosage>().ToList();
        return fact.Stage switch
        {
            // IPS forbids a request not to do: what was not prescribed is a statement of not taking.
            FactStage.Ordered or FactStage.Proposed or FactStage.Goal when fact.Statement != FactStatement.Negated => new MedicationRequest
            {
                Meta = IpsAssembly.Claims("MedicationRequest-uv-ips"),
                Status = RequestStatus(entry),
                Intent = fact.Stage == FactStage.Ordered ? MedicationRequest.MedicationRequestIntent.Order : MedicationRequest.MedicationRequestIntent.Proposal,
                Medication = product,
                Subject = made.Patient,
                AuthoredOnElement = IpsValues.Moment(fact.Recorded ?? fact.Start),
                ReasonCode = IpsValues.Concepts(fact.Reasons),
                DosageInstruction = Bounded(doses, fact),
                Note = notes,
            },
            FactStage.Dispensed when fact.Statement != FactStatement.Negated => new MedicationDispense
            {
                Status = fact.RecordStatus == "completed" ? MedicationDispense.MedicationDispenseStatusCodes.Completed : MedicationDispense.MedicationDispenseStatusCodes.Unknown,
                Medication = product,
                Subject = made.Patient,
                Quantity = IpsValues.Bound(fact.Quantity),
                WhenHandedOverElement = IpsValues.Moment(fact.Start),
                DosageInstruction = doses,
                Note = notes,
            },
            _ => new MedicationStatement
            {
                Meta = IpsAssembly.Claims("MedicationStatement-uv-ips"),
                Status = StatementStatus(entry),
                Medication = product,
                Subject = made.Patient,
                Effective = IpsValues.TimeOrReason(fact),
                DateAssertedElement = IpsValues.Moment(fact.Recorded),
                ReasonCode = IpsValues.Concepts(fact.Reasons),
                Dosage = doses,
                Note = notes,
            },
        };
    }

    /// <summary>From when to when it is to be taken, where the source says so: a request has no other place for it.</summary>
    private static List<Hl7.Fhir.Model.Dosage> Bounded(List<Hl7.Fhir.Model.Dosage> doses, Fact fact)
    {
        if (fact.End?.From is null || IpsValues.TimeOrReason(fact) is not Period period) return doses;
        if (doses.Count == 0) doses.Add(new Hl7.Fhir.Model.Dosage());
        foreach (var dose in doses)
        {
            dose.Timing ??= new Timing();
            dose.Timing.Repeat ??= new Timing.RepeatComponent();
            dose.Timing.Repeat.Bounds = (Period)period.DeepCopy()!;
        }
        return doses;
    }

    private static MedicationStatement.MedicationStatusCodes StatementStatus(SummaryEntry entry) => (entry.Shown.Fact, entry.Current) switch
    {
        ({ Statement: FactStatement.Negated } fact, _) => LiveSummary.IsGeneral(fact) ? MedicationStatement.MedicationStatusCodes.Unknown : MedicationStatement.MedicationStatusCodes.NotTaken,
        (_, true) => MedicationStatement.MedicationStatusCodes.Active,
        ({ RecordStatus: "stopped" or "aborted" }, false) => MedicationStatement.MedicationStatusCodes.Stopped,
        (_, false) => MedicationStatement.MedicationStatusCodes.Completed,
        ({ RecordStatus: "on-hold" or "suspended" }, _) => MedicationStatement.MedicationStatusCodes.OnHold,
        // "Completed" is said of an entry as often as of a treatment: only FHIR's own statement means the treatment.
        ({ RecordStatus: "completed" } fact, _) when fact.Place.Path.StartsWith("Medication", StringComparison.Ordinal) => MedicationStatement.MedicationStatusCodes.Completed,
        _ => MedicationStatement.MedicationStatusCodes.Unknown,
    };

    private static MedicationRequest.MedicationrequestStatus RequestStatus(SummaryEntry entry) => (entry.Shown.Fact.RecordStatus, entry.Current) switch
    {
        ("cancelled", _) => MedicationRequest.MedicationrequestStatus.Cancelled,
        ("stopped" or "aborted", _) => MedicationRequest.MedicationrequestStatus.Stopped,
        ("on-hold" or "suspended", _) => MedicationRequest.MedicationrequestStatus.OnHold,
        ("draft", _) => MedicationRequest.MedicationrequestStatus.Draft,
        (_, true) => MedicationRequest.MedicationrequestStatus.Active,
        (_, false) => MedicationRequest.MedicationrequestStatus.Completed,
        ("completed", _) when entry.Shown.Fact.Place.Path.StartsWith("Medication", StringComparison.Ordinal) => MedicationRequest.MedicationrequestStatus.Completed,
        _ => MedicationRequest.MedicationrequestStatus.Unknown,
    };

    private static Hl7.Fhir.Model.Dosage? Dose(Given dose, IpsWording wording)
    {
        if (wording.Dose(dose) is not { } words) return null;
        var made = new Hl7.Fhir.Model.Dosage { Text = words, Route = IpsValues.Concept(dose.Route), Site = IpsValues.Concept(dose.Site) };
        if (dose.AsNeeded) made.AsNeeded = new FhirBoolean(true);
        DataType? amount = dose.Dose is { Type: FactValueType.Range } range ? IpsValues.Range(range) : IpsValues.Bound(dose.Dose);
        if (amount is not null) made.DoseAndRate = [new Hl7.Fhir.Model.Dosage.DoseAndRateComponent { Dose = amount }];
        made.Timing = Every(dose);
        return made;
    }

    /// <summary>How often, where the source counts it; anything else stays in the words of the dosage.</summary>
    private static Timing? Every(Given dose)
    {
        if (dose.Period is not { Number: { } number, Unit: { } unit } || Array.IndexOf(TimeUnits, unit) < 0 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var period) || period <= 0) return null;
        var repeat = new Timing.RepeatComponent { Period = period, PeriodUnit = Enum.GetValues<Timing.UnitsOfTime>()[Array.IndexOf(TimeUnits, unit)] };
        if (int.TryParse(dose.Times, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times > 0) repeat.Frequency = times;
        return new Timing { Repeat = repeat };
    }
}
