using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>One statement of CDA and what is nested in it about it → one fact.</summary>
internal sealed class CdaStatementReader(CdaValues values, CdaTexts texts)
{
    private readonly CdaMedicineReader medicines = new(values, texts);

    public Fact Read(XElement e, CdaContext context)
    {
        var kind = KindOf(e, context);
        var text = e.Child("text");
        var fact = new Fact
        {
            Kind = kind,
            Stage = e.Is("supply") && kind == FactKind.Medicine && context.Stage == FactStage.Done ? FactStage.Dispensed : context.Stage,
            Subject = context.Subject,
            Panel = context.Panel,
            RecordStatus = Status(e),
            ConcernStatus = context.ConcernStatus,
            Author = context.Author,
            Text = texts.Of(text),
            BodySite = values.Concept(e.Child("targetSiteCode")),
            Method = values.Concept(e.Child("methodCode")),
            Place = context.Place with { EntryId = IdOf(e), TextReference = CdaTexts.Reference(text) },
        };
        fact = WithTime(e, WithSubject(e, fact, context), context);
        fact = WithNested(e, fact);
        return fact with { Statement = Statement(e, fact, context.Negated) };
    }

    /// <summary>What a nested statement tells about its holder; null where it stands for itself.</summary>
    public CdaRole? RoleOf(XElement nested, string? type) => CdaTables.RoleOf(
        [.. nested.Children("templateId").Select(t => t.Attr("root")?.Trim()).OfType<string>()], nested.Child("code")?.Attr("code"), type);

    /// <summary>Further dosage lines and the order of a supply belong to the medicine that holds them.</summary>
    public bool IsPartOf(XElement holder, XElement nested) =>
        holder.Is("substanceAdministration") && (nested.Is("substanceAdministration") || (nested.Is("supply") && nested.Attr("moodCode") is "INT" or "RQO"));

    private static FactKind KindOf(XElement e, CdaContext context)
    {
        if (context.Risk) return FactKind.Other;
        if (context.Subject is not null && (context.TemplateKind ?? context.OrganizerKind ?? context.SectionKind) is FactKind.FamilyHistory or FactKind.Problem or null) return FactKind.FamilyHistory;
        var kind = context.TemplateKind ?? context.OrganizerKind ?? context.SectionKind;
        // A device is not the intervention that placed it, unless it stands among the devices.
        if (kind == FactKind.Procedure && context.SectionKind == FactKind.Device && e.Children("participant").Any(p => p.Attr("typeCode") is "DEV" or "PRD")) return FactKind.Device;
        return (kind, e.Name.LocalName) switch
        {
            (FactKind.Plan, "substanceAdministration") => FactKind.Medicine,
            (FactKind.Problem or FactKind.Allergy or FactKind.Encounter or null, "substanceAdministration") => FactKind.Medicine,
            (FactKind.Medicine, "observation") => FactKind.Other,
            (FactKind.Medicine, "procedure") => FactKind.Procedure,
            (FactKind.Problem or FactKind.Allergy, "procedure") => FactKind.Procedure,
            (FactKind.Problem, "encounter") => FactKind.Encounter,
            (FactKind.Encounter, "observation") => FactKind.Problem,
            (null, "procedure") => FactKind.Procedure,
            (null, "encounter") => FactKind.Encounter,
            ({ } known, _) => known,
            _ => FactKind.Other,
        };
    }

    /// <summary>What the statement is about, and its value where it is a question with an answer.</summary>
    private Fact WithSubject(XElement e, Fact fact, CdaContext context)
    {
        var code = values.Concept(e.Child("code"));
        if (e.Is("substanceAdministration") || (e.Is("supply") && fact.Kind != FactKind.Device)) return medicines.Read(e, fact, code, context);
        var sent = e.Children("value").ToList();
        var value = sent.Select(values.Value).FirstOrDefault(v => v is not null);
        switch (fact.Kind)
        {
            case FactKind.Allergy:
                var type = value?.Coded;
                var agent = Agent(e);
                return agent is { SaysSomething: true } ? fact with { Code = agent, Aspect = type is { SaysSomething: true } ? type : code } : fact with { Code = type is { SaysSomething: true } ? type : agent ?? type ?? code, Aspect = code };
            case FactKind.Problem or FactKind.FamilyHistory when e.Is("observation"):
                if (value is null) return fact with { Code = code };
                // "Finding: absent" asks in the code and answers in the value.
                if (AbsentCodes.Answers(value.Coded) is not null && code is { SaysSomething: true }) return fact with { Code = code, Value = value };
                return fact with { Code = value.Coded ?? (value.Text is { } words ? new Concept(Text: words) : new Concept(Absent: value.Absent ?? "UNK")), Aspect = code, Value = value.Type is FactValueType.Coded or FactValueType.Text or FactValueType.Absent ? null : value };
            case FactKind.Device:
                var device = Device(e);
                return fact with { Code = device is { SaysSomething: true } ? device : code ?? device, Aspect = device is { SaysSomething: true } ? code : null, Identifier = DeviceId(e), Value = value };
            default:
                return fact with { Code = code, Value = value, Ranges = Ranges(e), Interpretations = Many(e.Children("interpretationCode").Select(values.Concept)) };
        }
    }

    private Fact WithTime(XElement e, Fact fact, CdaContext context)
    {
        var (start, end) = fact.Start is not null || fact.End is not null ? (fact.Start, fact.End) : CdaValues.Period(e.Children("effectiveTime").FirstOrDefault());
        var own = start is { Absent: null } || end is { Absent: null };
        return fact with { Start = own ? start : context.Start ?? start, End = own ? end : context.End ?? end, Recorded = CdaValues.Date(e.Child("author")?.Child("time")) };
    }

    private Fact WithNested(XElement e, Fact fact)
    {
        foreach (var (nested, type, _) in CdaFactReader.Nested(e, ""))
        {
            if (nested is null) continue;
            if (IsPartOf(e, nested))
            {
                if (nested.Is("substanceAdministration")) fact = medicines.WithLine(nested, fact);
                continue;
            }
            var told = values.Value(nested.Children("value").FirstOrDefault());
            fact = RoleOf(nested, type) switch
            {
                CdaRole.Severity => fact with { Severity = told?.Coded ?? fact.Severity },
                CdaRole.Criticality => fact with { Criticality = told?.Coded ?? fact.Criticality },
                CdaRole.Status => fact with { ClinicalStatus = told?.Coded ?? fact.ClinicalStatus },
                CdaRole.Certainty => fact with { Verification = told?.Coded ?? fact.Verification },
                CdaRole.Comment => fact with { Note = Cut(Joined(fact.Note, texts.Of(nested.Child("text")))) },
                CdaRole.DoseNumber => fact with { DoseNumber = told?.Number ?? told?.Text ?? fact.DoseNumber },
                CdaRole.Reaction => fact with { Reactions = [.. fact.Reactions ?? [], ReactionOf(nested, told)] },
                CdaRole.Reason => fact with { Reasons = (told?.Coded ?? values.Concept(nested.Child("code"))) is { } reason ? [.. fact.Reasons ?? [], reason] : fact.Reasons },
                _ => fact,
            };
        }
        return fact;
    }

    private Reaction ReactionOf(XElement nested, FactValue? told)
    {
        var severity = CdaFactReader.Nested(nested, "").Where(n => n.Statement is not null && RoleOf(n.Statement, n.Type) == CdaRole.Severity)
            .Select(n => values.Value(n.Statement!.Children("value").FirstOrDefault())?.Coded).FirstOrDefault(c => c is not null);
        return new Reaction(told?.Coded ?? (told?.Text is { } words ? new Concept(Text: words) : null), severity, texts.Of(nested.Child("text")));
    }

    /// <summary>
    /// What the source says: by the code in the subject's place, by negationInd, by what is missing. "No information" stays that
    /// even where it is negated; words that say "none" without a code are never an assertion.
    /// </summary>
    private static FactStatement Statement(XElement e, Fact fact, bool negated)
    {
        var says = AbsentCodes.Says(fact.Code) ?? AbsentCodes.Says(fact.Aspect) ?? AbsentCodes.Says(fact.Value?.Coded);
        if (says is FactStatement.NoInformation or FactStatement.Unknown) return says.Value;
        if (negated || says == FactStatement.Negated) return FactStatement.Negated;
        if (AbsentCodes.Answers(fact.Value?.Coded) is { } answer && fact.Kind is FactKind.Problem or FactKind.FamilyHistory or FactKind.Pregnancy && answer != FactStatement.Asserted) return answer;
        if (e.Attr("nullFlavor") is { } whole && fact.Code is not { SaysSomething: true }) return Never(whole);
        if (fact.Code is null or { SaysSomething: false })
            return fact.Code?.Absent is { } reason ? (fact.Text is not null && !AbsentCodes.SaysNoneInWords(fact.Text) && reason is "OTH" ? FactStatement.Asserted : Never(reason)) : fact.Value is { Type: not FactValueType.Absent } ? FactStatement.Asserted : FactStatement.NoInformation;
        if (!fact.Code.HasCode && AbsentCodes.SaysNoneInWords(fact.Code.Text)) return FactStatement.Unknown;
        return fact.Value is { Type: FactValueType.Absent } none ? Never(none.Absent ?? "UNK") : FactStatement.Asserted;
    }

    private static FactStatement Never(string reason) => AbsentCodes.OfReason(reason) is var said && said == FactStatement.Negated ? FactStatement.Unknown : said;

    private Concept? Agent(XElement e)
    {
        foreach (var participant in e.Children("participant").Where(p => p.Attr("typeCode") is "CSM" or null))
        {
            var entity = participant.Child("participantRole")?.Elements().FirstOrDefault(c => c.Name.LocalName is "playingEntity" or "playingDevice");
            if (entity is null) continue;
            var concept = values.Concept(entity.Child("code"));
            var name = texts.Of(entity.Child("name"));
            if (concept is null && name is null) continue;
            return (concept ?? new Concept()) with { Text = concept?.Text ?? name };
        }
        return null;
    }

    private Concept? Device(XElement e)
    {
        foreach (var role in e.Children("participant").Where(p => p.Attr("typeCode") is "DEV" or "PRD" or null).Select(p => p.Child("participantRole")).Concat(e.Children("product").Select(p => p.Child("manufacturedProduct"))))
        {
            var thing = role?.Elements().FirstOrDefault(c => c.Name.LocalName is "playingDevice" or "playingEntity" or "manufacturedMaterial");
            var name = texts.Of(thing?.Child("manufacturerModelName")) ?? texts.Of(thing?.Child("name"));
            if (values.Concept(thing?.Child("code")) is { } concept) return concept with { Text = concept.Text ?? (concept.HasCode ? null : name) };
            if (name is not null) return new Concept(Text: name);
        }
        return null;
    }

    private static string? DeviceId(XElement e) =>
        e.Children("participant").Select(p => p.Child("participantRole")?.Child("id")).Select(i => (i?.Attribute("extension") ?? i?.Attribute("root"))?.Value).FirstOrDefault(v => v is { Length: <= 200 });

    private List<ReferenceRange>? Ranges(XElement e)
    {
        var ranges = new List<ReferenceRange>();
        foreach (var range in e.Children("referenceRange").Select(r => r.Child("observationRange")).OfType<XElement>().Take(8))
        {
            var value = values.Value(range.Child("value"));
            var made = new ReferenceRange(
                value is { Type: FactValueType.Range } ? value.Low : null, value is { Type: FactValueType.Range } ? value.High : null,
                texts.Of(range.Child("text")) ?? (value is { Type: FactValueType.Text } ? value.Text : null), values.Concept(range.Child("interpretationCode")));
            if (made != new ReferenceRange()) ranges.Add(made);
        }
        return ranges.Count > 0 ? ranges : null;
    }

    private static List<Concept>? Many(IEnumerable<Concept?> concepts) => concepts.OfType<Concept>().Take(8).ToList() is { Count: > 0 } some ? some : null;

    private static string? Status(XElement e) => e.Child("statusCode") is { } status ? status.Attr("code") ?? status.Attr("nullFlavor") : null;

    private static string? IdOf(XElement e) =>
        e.Child("id") is { } id && id.Attr("root") is { Length: <= 200 } root ? id.Attr("extension") is { Length: > 0 and <= 200 } extension ? $"{root}^{extension}" : root : null;

    internal static string? Joined(string? first, string? second) => first is null ? second : second is null || first.Contains(second, StringComparison.Ordinal) ? first : first + "\n" + second;

    private static string? Cut(string? text) => text is { Length: > Fact.LongestText } ? text[..Fact.LongestText] : text;
}
