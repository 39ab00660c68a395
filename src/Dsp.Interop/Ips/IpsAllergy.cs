using Dsp.Clinical;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>An allergy or intolerance, or what a source said of having none.</summary>
internal static class IpsAllergy
{
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";

    /// <summary>What CDA documents write in the place of type and category: SNOMED CT kinds of propensity.</summary>
    private static readonly Dictionary<string, (AllergyIntolerance.AllergyIntoleranceType? Type, AllergyIntolerance.AllergyIntoleranceCategory? Category)> Kinds = new(StringComparer.Ordinal)
    {
        ["allergy"] = (AllergyIntolerance.AllergyIntoleranceType.Allergy, null),
        ["intolerance"] = (AllergyIntolerance.AllergyIntoleranceType.Intolerance, null),
        ["food"] = (null, AllergyIntolerance.AllergyIntoleranceCategory.Food),
        ["medication"] = (null, AllergyIntolerance.AllergyIntoleranceCategory.Medication),
        ["environment"] = (null, AllergyIntolerance.AllergyIntoleranceCategory.Environment),
        ["biologic"] = (null, AllergyIntolerance.AllergyIntoleranceCategory.Biologic),
        ["419199007"] = (AllergyIntolerance.AllergyIntoleranceType.Allergy, null),
        ["416098002"] = (AllergyIntolerance.AllergyIntoleranceType.Allergy, AllergyIntolerance.AllergyIntoleranceCategory.Medication),
        ["414285001"] = (AllergyIntolerance.AllergyIntoleranceType.Allergy, AllergyIntolerance.AllergyIntoleranceCategory.Food),
        ["419511003"] = (null, AllergyIntolerance.AllergyIntoleranceCategory.Medication),
        ["418471000"] = (null, AllergyIntolerance.AllergyIntoleranceCategory.Food),
        ["59037007"] = (AllergyIntolerance.AllergyIntoleranceType.Intolerance, AllergyIntolerance.AllergyIntoleranceCategory.Medication),
        ["235719002"] = (AllergyIntolerance.AllergyIntoleranceType.Intolerance, AllergyIntolerance.AllergyIntoleranceCategory.Food),
    };

    public static AllergyIntolerance Of(SummaryEntry entry, IStatementLinks made, IpsTexts texts, CodeableConcept subject, List<Annotation> notes)
    {
        var fact = entry.Shown.Fact;
        var kinds = KindsOf(fact).ToList();
        return new AllergyIntolerance
        {
            Meta = IpsAssembly.Claims("AllergyIntolerance-uv-ips"),
            ClinicalStatus = Status(entry, texts),
            VerificationStatus = IpsEntries.Verified(fact, "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "unconfirmed", "confirmed"),
            Type = kinds.Select(k => k.Type).FirstOrDefault(t => t is not null),
            Category = [.. kinds.Select(k => k.Category).Where(c => c is not null).Distinct()],
            Criticality = CriticalityOf(fact.Criticality),
            Code = subject,
            Patient = made.Patient,
            Onset = IpsValues.Moment(fact.Start),
            RecordedDateElement = IpsValues.Moment(fact.Recorded ?? fact.Author?.At),
            Note = notes,
            Reaction = [.. (fact.Reactions ?? []).Select(Reaction).OfType<AllergyIntolerance.ReactionComponent>()],
        };
    }

    /// <summary>FHIR asks for a status of every allergy (ait-1). Where its source gives none, the careful one stands, its text says that no source said so, and so does an extension: read again, it is no statement.</summary>
    private static CodeableConcept Status(SummaryEntry entry, IpsTexts texts)
    {
        var code = entry.Shown.Fact.ClinicalStatus?.Codes?.Select(c => c.Code).Select(c => c switch
        {
            "active" or "inactive" or "resolved" => c,
            "55561003" => "active",
            "73425007" => "inactive",
            "413322009" => "resolved",
            _ => null,
        }).FirstOrDefault(c => c is not null) ?? (entry.Current == false ? "inactive" : null);
        if (code is not null) return IpsValues.Coded(Clinical, code);
        var assumed = IpsValues.Coded(Clinical, "active");
        assumed.Text = texts.StatusNotSaid;
        assumed.AddExtension(FhirNames.StatusNotSaid, new FhirBoolean(true));
        return assumed;
    }

    private static IEnumerable<(AllergyIntolerance.AllergyIntoleranceType? Type, AllergyIntolerance.AllergyIntoleranceCategory? Category)> KindsOf(Fact fact) =>
        (fact.Aspect?.Codes?.Select(c => c.Code) ?? []).Concat((fact.Aspect?.Text ?? "").Split(", ")).Where(Kinds.ContainsKey).Select(k => Kinds[k]);

    private static AllergyIntolerance.AllergyIntoleranceCriticality? CriticalityOf(Concept? sent) => sent?.Codes is [var first, ..] ? first.Code switch
    {
        "high" or "CRITH" => AllergyIntolerance.AllergyIntoleranceCriticality.High,
        "low" or "CRITL" => AllergyIntolerance.AllergyIntoleranceCriticality.Low,
        "unable-to-assess" or "CRITU" => AllergyIntolerance.AllergyIntoleranceCriticality.UnableToAssess,
        _ => null,
    } : null;

    private static AllergyIntolerance.ReactionComponent? Reaction(Reaction reaction)
    {
        var words = IpsValues.Words(reaction.Text);
        if ((IpsValues.Concept(reaction.Manifestation) ?? (words is null ? null : IpsValues.InWords(words))) is not { } manifestation) return null;
        return new AllergyIntolerance.ReactionComponent
        {
            Manifestation = [manifestation],
            Description = words,
            Severity = (reaction.Severity?.Codes is [var first, ..] ? first.Code : reaction.Severity?.Text) switch
            {
                "mild" or "255604002" => AllergyIntolerance.AllergyIntoleranceSeverity.Mild,
                "moderate" or "6736007" => AllergyIntolerance.AllergyIntoleranceSeverity.Moderate,
                "severe" or "24484000" => AllergyIntolerance.AllergyIntoleranceSeverity.Severe,
                _ => null,
            },
        };
    }
}
