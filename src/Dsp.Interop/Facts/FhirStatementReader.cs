using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Facts;

/// <summary>One FHIR resource → its facts.</summary>
internal sealed class FhirStatementReader(FhirBundle bundle)
{
    /// <summary>LOINC codes about pregnancy, as IPS lists them.</summary>
    private static readonly HashSet<string> Pregnancy =
        ["82810-3", "11778-8", "11779-6", "11780-4", "57062-2", "11636-8", "11637-6", "11638-4", "11639-2", "11640-0", "11612-9", "11613-7", "11614-5", "33065-4", "69043-8"];

    private static readonly HashSet<string> Social = ["72166-2", "74013-4", "11367-0"];

    /// <summary>The source has taken it back, or never carried it out as a result.</summary>
    public static bool IsInError(FhirElement r) =>
        r.Text("status") == "entered-in-error"
        || (r.Type is "Observation" or "DiagnosticReport" && r.Text("status") == "cancelled")
        || r["verificationStatus"]?.All("coding").Any(c => c.Text("code") == "entered-in-error") == true;

    /// <summary>The facts of a resource; none for what is no clinical statement.</summary>
    /// <param name="section">The kind of the section that lists it.</param>
    public IEnumerable<Fact> Read(FhirElement r, FactKind? section, DataCategory document) => r.Type switch
    {
        "AllergyIntolerance" => [Allergy(r)],
        "Condition" => [Condition(r)],
        "MedicationStatement" or "MedicationUsage" or "MedicationRequest" or "MedicationDispense" or "MedicationAdministration" => [Medicine(r)],
        "Immunization" => [Immunization(r)],
        "Observation" => Observations(r, section, document),
        "DiagnosticReport" => Report(r),
        "Procedure" => [Procedure(r)],
        "DeviceUseStatement" => [DeviceUse(r)],
        "Device" when section == FactKind.Device && !bundle.IsUsed(r) => [Said(Basic(r, FactKind.Device) with { Code = DeviceConcept(r), Identifier = DeviceId(r) })],
        "Flag" => [Said(Basic(r, FactKind.Alert) with { Code = FhirValues.Concept(r["code"]) }, r["period"] is { } p ? ("Period", p) : null)],
        "Consent" => [Said(Basic(r, FactKind.AdvanceDirective) with { Code = FhirValues.Concept(r["category"]) ?? FhirValues.Concept(r["scope"]), Value = r["provision"]?.Text("type") is { } type ? new FactValue { Type = FactValueType.Text, Text = type } : null, Start = FhirValues.Date(r["dateTime"]) })],
        "DocumentReference" when section == FactKind.AdvanceDirective => [Said(Basic(r, FactKind.AdvanceDirective) with { Code = FhirValues.Concept(r["type"]) ?? Words(r.Text("description")), Start = FhirValues.Date(r["date"]) })],
        "FamilyMemberHistory" => Family(r),
        "Encounter" => [Said(Basic(r, FactKind.Encounter) with { Code = FhirValues.Concept(r["type"]) ?? FhirValues.Concept(r["class"]), Reasons = FhirValues.Concepts(r.All("reasonCode")) }, r["period"] is { } period ? ("Period", period) : null)],
        "ServiceRequest" or "NutritionOrder" or "DeviceRequest" => [Negatable(Basic(r, FactKind.Plan) with { Stage = StageOf(r, FactStage.Ordered), Code = FhirValues.Concept(r["code"]) ?? FhirValues.Concept(r.Choice("code")?.Element), Reasons = FhirValues.Concepts(r.All("reasonCode")), Recorded = FhirValues.Date(r["authoredOn"]) }, r.Text("doNotPerform") == "true", r.Choice("occurrence"))],
        "CarePlan" => [Said(Basic(r, FactKind.Plan) with { Stage = FactStage.Ordered, Code = FhirValues.Concept(r["category"]) ?? Words(r.Text("title") ?? r.Text("description")), Note = FhirValues.Cut(r.Text("description"), Fact.LongestText) }, r["period"] is { } planned ? ("Period", planned) : null)],
        "Goal" => [Said(Basic(r, FactKind.Plan) with { Stage = FactStage.Goal, Code = FhirValues.Concept(r["description"]), RecordStatus = r.Text("lifecycleStatus") }, r.Choice("start"))],
        "Coverage" => [Said(Basic(r, FactKind.Coverage) with { Code = FhirValues.Concept(r["type"]), Identifier = r.Text("subscriberId") }, r["period"] is { } covered ? ("Period", covered) : null)],
        "ClinicalImpression" => [Said(Basic(r, FactKind.Other) with { Code = FhirValues.Concept(r["code"]) ?? Words(r.Text("description")), Value = Text(r.Text("summary")) }, r.Choice("effective"))],
        "ImagingStudy" => [Said(Basic(r, FactKind.Result) with { Code = FhirValues.Concept(r["procedureCode"]) ?? Words(r.Text("description")) ?? FhirValues.Concept(r["modality"]), Aspect = FhirValues.Concept(r["modality"]), Start = FhirValues.Date(r["started"]) })],
        _ => [],
    };

    public FactAuthor? AuthorOf(FhirElement? reference, FhirElement holder, FactDate? at = null)
    {
        if (reference is null) return null;
        var found = bundle.Resolve(reference, holder);
        var (person, organization) = found?.Type switch
        {
            "PractitionerRole" => (bundle.Resolve(found["practitioner"], found), bundle.Resolve(found["organization"], found)),
            "Organization" => (null, found),
            _ => (found, null),
        };
        var name = NameOf(person) ?? (found is null ? reference.Text("display") : null) ?? found?["practitioner"]?.Text("display");
        var place = organization?.Text("name") ?? found?["organization"]?.Text("display");
        return name is null && place is null ? null : new FactAuthor(FhirValues.Cut(name, 200), FhirValues.Cut(place, 200), at);
    }

    private static string? NameOf(FhirElement? person)
    {
        if (person?["name"] is not { } name) return person?["deviceName"]?.Text("name");
        return name.Value ?? name.Text("text") ?? (string.Join(' ', name.All("prefix").Concat(name.All("given")).Concat(name.All("family")).Select(p => p.Value).OfType<string>()) is { Length: > 0 } parts ? parts : null);
    }

    private Fact Basic(FhirElement r, FactKind kind) => new()
    {
        Kind = kind,
        RecordStatus = r.Text("status"),
        Note = FhirValues.Cut(string.Join('\n', r.All("note").Select(n => n.Text("text")).OfType<string>()), Fact.LongestText),
        Author = AuthorOf(r["asserter"] ?? r["recorder"] ?? r["author"] ?? r["requester"] ?? r["performer"]?["actor"] ?? r["performer"] ?? r["informationSource"], r),
    };

    private Fact Allergy(FhirElement r) => Refutable(r, Basic(r, FactKind.Allergy) with
    {
        Code = FhirValues.Concept(r["code"]) ?? r.All("reaction").Select(x => FhirValues.Concept(x["substance"])).FirstOrDefault(c => c is not null),
        Aspect = r.Text("type") is { } type ? Words(string.Join(", ", r.All("category").Select(c => c.Value).Prepend(type))) : Words(r.Text("category")),
        Criticality = r["criticality"] is { } c ? c.Value is { } high ? new Concept([new CodedValue("http://hl7.org/fhir/allergy-intolerance-criticality", high)]) : null : null,
        Reactions = r.All("reaction").Take(16).SelectMany(x => x.All("manifestation").DefaultIfEmpty().Select(m => new Reaction(FhirValues.Concept(m), Words(x.Text("severity")), FhirValues.Cut(x.Text("description"), 500)))).ToList() is { Count: > 0 } some ? some : null,
    });

    private Fact Condition(FhirElement r)
    {
        var fact = Refutable(r, Basic(r, FactKind.Problem) with { Code = FhirValues.Concept(r["code"]), Aspect = FhirValues.Concept(r["category"]), Severity = FhirValues.Concept(r["severity"]), BodySite = FhirValues.Concept(r["bodySite"]) });
        var (end, _) = FhirValues.Time(r.Choice("abatement"));
        return fact with { End = fact.End ?? end };
    }

    /// <summary>Allergies and conditions: clinical status and certainty apart; refuted is a negation.</summary>
    private static Fact Refutable(FhirElement r, Fact fact) => Negatable(fact with
    {
        ClinicalStatus = r["clinicalStatus"]?.All("extension").Any(e => e.Text("url") == FhirNames.StatusNotSaid) == true ? null : FhirValues.Concept(r["clinicalStatus"]),
        Verification = FhirValues.Concept(r["verificationStatus"]),
        Recorded = FhirValues.Date(r["recordedDate"] ?? r["assertedDate"]),
    }, r["verificationStatus"]?.All("coding").Any(c => c.Text("code") == "refuted") == true, r.Choice("onset"));

    private Fact Medicine(FhirElement r)
    {
        var chosen = r.Choice("medication");
        var medication = chosen is ("Reference", var reference) ? bundle.Resolve(reference, r) : null;
        var code = chosen is ("CodeableConcept", var concept) ? FhirValues.Concept(concept) : FhirValues.Concept(medication?["code"]) ?? Words(chosen?.Element.Text("display"));
        var ingredients = medication?.All("ingredient").Take(32).Select(i => (Substance: i.Choice("item") is ("CodeableConcept", var item) ? FhirValues.Concept(item) : Words(i.Choice("item")?.Element.Text("display")), i)).Where(i => i.Substance is { SaysSomething: true })
            .Select(i => new Ingredient(i.Substance!, i.i["strength"] is { } s ? FhirValues.Value(("Ratio", s)) : null)).ToList();
        var stage = r.Type switch
        {
            "MedicationRequest" => StageOf(r, FactStage.Ordered),
            "MedicationDispense" => FactStage.Dispensed,
            _ => r.Text("status") == "intended" ? FactStage.Proposed : FactStage.Done,
        };
        var dosage = r.All("dosage").Concat(r.All("dosageInstruction")).Take(32).Select(FhirValues.Dosage).Where(d => d.SaysSomething).ToList();
        return Negatable(Basic(r, FactKind.Medicine) with
        {
            Stage = stage,
            Code = code is { SaysSomething: true } ? code : ingredients is { Count: > 0 } ? ingredients[0].Substance : code ?? new Concept(Absent: chosen?.Element.AbsentReason ?? "unknown"),
            Ingredients = ingredients is { Count: > 0 } ? ingredients : null,
            Doses = dosage.Count > 0 ? dosage : null,
            Quantity = FhirValues.Quantity(r["quantity"] ?? r["dispenseRequest"]?["quantity"]),
            Recorded = FhirValues.Date(r["authoredOn"] ?? r["dateAsserted"]),
            Reasons = FhirValues.Concepts(r.All("reasonCode")),
            Start = FhirValues.Date(r["whenHandedOver"] ?? r["whenPrepared"]),
        }, r.Text("doNotPerform") == "true" || r.Text("status") is "not-taken" or "not-done" or "declined", r.Choice("effective"));
    }

    private Fact Immunization(FhirElement r) => Negatable(Basic(r, FactKind.Immunization) with
    {
        Code = FhirValues.Concept(r["vaccineCode"]),
        Lot = r.Text("lotNumber"),
        DoseNumber = r["protocolApplied"]?.Choice("doseNumber")?.Element.Value,
        BodySite = FhirValues.Concept(r["site"]),
        Reasons = FhirValues.Concepts(r.All("statusReason").Concat(r.All("reasonCode"))),
        Recorded = FhirValues.Date(r["recorded"]),
        Doses = FhirValues.Quantity(r["doseQuantity"]) is { } dose ? [new Dosage { Dose = dose, Route = FhirValues.Concept(r["route"]) }] : null,
    }, r.Text("status") == "not-done", r.Choice("occurrence"));

    private IEnumerable<Fact> Observations(FhirElement r, FactKind? section, DataCategory document)
    {
        var kind = KindOf(r, section, document);
        var code = FhirValues.Concept(r["code"]);
        var components = r.All("component").Take(200).ToList();
        var value = FhirValues.Value(r.Choice("value")) ?? (FhirValues.Concept(r["dataAbsentReason"]) is { } none ? FactValue.None(none.Absent ?? none.Name ?? "unknown") : null);
        var whole = Basic(r, kind) with
        {
            Subject = r["focus"] is { } focus ? Words(focus.Text("display") ?? "focus") : null,
            BodySite = FhirValues.Concept(r["bodySite"]),
            Method = FhirValues.Concept(r["method"]),
            Recorded = FhirValues.Date(r["issued"]),
        };
        if (value is not null || (components.Count == 0 && r["hasMember"] is null))
            yield return Measured(whole with { Code = code, Value = value, Ranges = FhirValues.Ranges(r.All("referenceRange")), Interpretations = FhirValues.Concepts(r.All("interpretation")) }, r);
        foreach (var component in components)
        {
            var part = FhirValues.Value(component.Choice("value")) ?? (FhirValues.Concept(component["dataAbsentReason"]) is { } why ? FactValue.None(why.Absent ?? why.Name ?? "unknown") : null);
            yield return Measured(whole with { Code = FhirValues.Concept(component["code"]), Panel = code, Value = part, Ranges = FhirValues.Ranges(component.All("referenceRange")), Interpretations = FhirValues.Concepts(component.All("interpretation")) }, r);
        }
    }

    private static Fact Measured(Fact fact, FhirElement r)
    {
        var read = Said(fact, r.Choice("effective"));
        return read.Statement == FactStatement.Asserted && fact.Value is { Type: FactValueType.Absent, Absent: { } reason } ? read with { Statement = Never(reason) } : read;
    }

    private static FactKind KindOf(FhirElement r, FactKind? section, DataCategory document)
    {
        var codes = r["code"]?.All("coding").Select(c => c.Text("code")).OfType<string>().ToList() ?? [];
        if (codes.Any(Pregnancy.Contains)) return FactKind.Pregnancy;
        if (codes.Any(Social.Contains)) return FactKind.SocialHistory;
        foreach (var category in r.All("category").SelectMany(c => c.All("coding")))
        {
            switch (category.Text("code"))
            {
                case "vital-signs": return FactKind.VitalSign;
                case "laboratory" or "imaging": return FactKind.Result;
                case "social-history": return section is FactKind.Pregnancy ? FactKind.Pregnancy : FactKind.SocialHistory;
                default: break;
            }
        }
        return section is { } known and not (FactKind.Medicine or FactKind.Allergy or FactKind.Encounter) ? known
            : document is DataCategory.MedicalAnalyses or DataCategory.MedicalImaging ? FactKind.Result : FactKind.Other;
    }

    /// <summary>A report stands for itself where it concludes something or lists no result.</summary>
    private IEnumerable<Fact> Report(FhirElement r)
    {
        var conclusion = FhirValues.Concept(r["conclusionCode"]) is { SaysSomething: true } coded ? new FactValue { Type = FactValueType.Coded, Coded = coded } : Text(r.Text("conclusion"));
        if (conclusion is null && r["result"] is not null) yield break;
        yield return Said(Basic(r, FactKind.Result) with { Code = FhirValues.Concept(r["code"]), Value = conclusion, Recorded = FhirValues.Date(r["issued"]) }, r.Choice("effective"));
    }

    private Fact Procedure(FhirElement r) => Negatable(Basic(r, FactKind.Procedure) with
    {
        Code = FhirValues.Concept(r["code"]),
        Stage = r.Text("status") == "preparation" ? FactStage.Ordered : FactStage.Done,
        BodySite = FhirValues.Concept(r["bodySite"]),
        Reasons = FhirValues.Concepts(r.All("statusReason").Concat(r.All("reasonCode"))),
    }, r.Text("status") == "not-done", r.Choice("performed") ?? r.Choice("occurrence"));

    private Fact DeviceUse(FhirElement r)
    {
        var device = bundle.Resolve(r["device"], r);
        return Said(Basic(r, FactKind.Device) with
        {
            Code = (device is null ? null : DeviceConcept(device)) ?? Words(r["device"]?.Text("display")) ?? new Concept(Absent: r["device"]?.AbsentReason ?? "unknown"),
            Identifier = device is null ? null : DeviceId(device),
            BodySite = FhirValues.Concept(r["bodySite"]),
            Recorded = FhirValues.Date(r["recordedOn"]),
        }, r.Choice("timing"));
    }

    private static Concept? DeviceConcept(FhirElement device) => FhirValues.Concept(device["type"]) ?? Words(device["deviceName"]?.Text("name"));

    private static string? DeviceId(FhirElement device) => FhirValues.Cut(device["udiCarrier"]?.Text("deviceIdentifier") ?? device.Text("serialNumber") ?? device["identifier"]?.Text("value"), 200);

    private IEnumerable<Fact> Family(FhirElement r)
    {
        var whole = Basic(r, FactKind.FamilyHistory) with { Subject = FhirValues.Concept(r["relationship"]) ?? new Concept(Absent: "unknown"), Start = FhirValues.Date(r["date"]) };
        var conditions = r.All("condition").Take(100).ToList();
        if (conditions.Count == 0) yield return Said(whole with { Code = Words(r.Text("status") == "health-unknown" ? null : r.Text("name")) ?? new Concept(Absent: FhirValues.Concept(r["dataAbsentReason"])?.Absent ?? "unknown") });
        foreach (var condition in conditions) yield return Said(whole with { Code = FhirValues.Concept(condition["code"]), Value = FhirValues.Concept(condition["outcome"]) is { } outcome ? new FactValue { Type = FactValueType.Coded, Coded = outcome } : null });
    }

    private static FactStage StageOf(FhirElement r, FactStage order) => r.Text("intent") is "proposal" or "plan" or "option" ? FactStage.Proposed : order;

    private static Fact Said(Fact fact, (string, FhirElement)? time = null) => Negatable(fact, false, time);

    /// <summary>With its time, and with what it says: by the code in the subject's place, by not-done and the like, by what is missing.</summary>
    private static Fact Negatable(Fact fact, bool negated, (string, FhirElement)? time)
    {
        var (start, end) = FhirValues.Time(time);
        var says = AbsentCodes.Says(fact.Code) ?? AbsentCodes.Says(fact.Value?.Coded);
        var statement = says is FactStatement.NoInformation or FactStatement.Unknown ? says.Value
            : negated || says == FactStatement.Negated ? FactStatement.Negated
            : AbsentCodes.Answers(fact.Value?.Coded) is { } answer && fact.Kind is FactKind.Problem or FactKind.FamilyHistory or FactKind.Pregnancy ? answer
            : fact.Code is null or { SaysSomething: false } ? Never(fact.Code?.Absent ?? "unsupported")
            : !fact.Code.HasCode && AbsentCodes.SaysNoneInWords(fact.Code.Text) ? FactStatement.Unknown
            : FactStatement.Asserted;
        return fact with { Start = fact.Start ?? start, End = fact.End ?? end, Statement = statement };
    }

    private static FactStatement Never(string reason) => AbsentCodes.OfReason(reason) is var said && said == FactStatement.Negated ? FactStatement.Unknown : said;

    private static Concept? Words(string? text) => FhirValues.Cut(text, 500) is { } words ? new Concept(Text: words) : null;

    private static FactValue? Text(string? text) => FhirValues.Cut(text, Fact.LongestText) is { } words ? new FactValue { Type = FactValueType.Text, Text = words } : null;
}
