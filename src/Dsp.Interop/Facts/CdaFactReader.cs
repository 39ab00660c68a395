using System.Globalization;
using System.Xml.Linq;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Cda;

namespace Dsp.Interop.Facts;

/// <summary>
/// CDA R2 → facts: every entry of every section, organizers and concerns opened, nested statements taken to the one that holds
/// them or standing for themselves. Lenient about form, strict about meaning: what is not asserted is never read as asserted.
/// </summary>
internal sealed class CdaFactReader
{
    private static readonly HashSet<string> Statements = ["observation", "substanceAdministration", "supply", "procedure", "encounter", "act", "organizer"];
    private readonly CdaValues values;
    private readonly CdaTexts texts;
    private readonly CdaStatementReader statements;
    private readonly DataCategory document;
    private readonly List<Fact> facts = [];
    private int leftOut;
    private bool cut;
    private int unread;
    private int uncoded;

    private CdaFactReader(XElement clinical, DataCategory document)
    {
        this.document = document;
        texts = new CdaTexts(clinical);
        values = new CdaValues(texts);
        statements = new CdaStatementReader(values, texts);
    }

    /// <param name="clinical">The ClinicalDocument element, depth and size bounded by its reader.</param>
    /// <param name="document">The category the document was deposited under.</param>
    public static FactSheet Read(XElement clinical, DataCategory document)
    {
        var reader = new CdaFactReader(clinical, document);
        var author = clinical.Children("author").Select(AuthorOf).FirstOrDefault(a => a is not null);
        foreach (var body in clinical.Children("component").SelectMany(c => c.Children("structuredBody"))) reader.Sections(body, "", author);
        return new FactSheet(reader.facts, new ReadingReport(LeftOut: reader.leftOut, Cut: reader.cut, Author: author, UnreadSections: reader.unread, UncodedSections: reader.uncoded));
    }

    private void Sections(XElement parent, string path, FactAuthor? author)
    {
        var number = 0;
        foreach (var section in parent.Elements().SelectMany(e => e.Is("component") ? e.Children("section") : e.Is("section") ? [e] : []))
            Section(section, $"{path}{(path.Length > 0 ? "." : "")}{(++number).ToString(CultureInfo.InvariantCulture)}", author);
    }

    private void Section(XElement section, string path, FactAuthor? author)
    {
        var code = section.Child("code")?.Attr("code");
        var place = new FactPlace(path, code, CdaHeaderReader.Clean(section.Child("title")?.Value));
        var context = new CdaContext { Place = place, SectionKind = CdaTables.OfSection(code), Author = section.Children("author").Select(AuthorOf).FirstOrDefault(a => a is not null) ?? author };
        // A section that says why it is empty makes that statement; one that is merely short makes none.
        if (section.Attr("nullFlavor") is { } reason && context.SectionKind is { } kind && !section.Children("entry").Any())
            Add(new Fact { Kind = kind, Statement = NeverNone(AbsentCodes.OfReason(reason)), Code = new Concept(Absent: reason), Text = texts.Of(section.Child("text")), Author = context.Author, Place = place });
        if (string.IsNullOrWhiteSpace(code)) uncoded++;
        var (number, before) = (0, facts.Count + leftOut);
        foreach (var entry in section.Children("entry"))
        {
            number++;
            if (StatementIn(entry) is { } statement) Statement(statement, context with { Place = place with { Path = $"{path}/e{number.ToString(CultureInfo.InvariantCulture)}" } });
        }
        if (number > 0 && facts.Count + leftOut == before && !cut) unread++;
        Sections(section, path, context.Author);
    }

    private static FactStatement NeverNone(FactStatement statement) => statement == FactStatement.Negated ? FactStatement.NoInformation : statement;

    private void Statement(XElement e, CdaContext context)
    {
        if (facts.Count >= FactSheet.MostFacts)
        {
            cut = true;
            return;
        }
        if (e.Child("statusCode")?.Attr("code") is "nullified")
        {
            leftOut++;
            return;
        }
        var templates = e.Children("templateId").Select(t => t.Attr("root")?.Trim()).OfType<string>().ToList();
        context = context.Entering(e, CdaTables.OfTemplates(templates), AuthorIn(e), SubjectOf(e) ?? context.Subject);
        if (e.Is("organizer") || IsLaboratoryFrame(e, templates, context)) Organizer(e, context);
        else if (e.Is("act") && IsConcern(e, templates)) Concern(e, context, CdaTables.IsRisk(templates));
        else Single(e, context);
    }

    /// <summary>A battery, a cluster, a family member: its parts, with its code as their panel and its time where they have none.</summary>
    private void Organizer(XElement e, CdaContext context)
    {
        var (start, end) = CdaValues.Period(e.Child("effectiveTime"));
        var inner = context with { Panel = values.Concept(e.Child("code")) ?? context.Panel, Start = start ?? context.Start, End = end ?? context.End, OrganizerKind = context.TemplateKind ?? context.OrganizerKind };
        foreach (var (statement, _, path) in Nested(e, context.Place.Path))
            if (statement is not null && statements.RoleOf(statement, null) is not CdaRole.Comment)
                Statement(statement, inner with { Place = context.Place with { Path = path } });
    }

    /// <summary>An act that only holds statements: a concern about problems or allergies, a diagnosis of an encounter, a coverage.</summary>
    private void Concern(XElement e, CdaContext context, bool risk)
    {
        var (start, end) = CdaValues.Period(e.Child("effectiveTime"));
        var inner = context with
        {
            ConcernStatus = e.Child("statusCode")?.Attr("code") ?? context.ConcernStatus,
            Start = start is { Absent: null } ? start : context.Start,
            End = end is { Absent: null } ? end : context.End,
            OrganizerKind = risk ? FactKind.Other : context.TemplateKind ?? context.OrganizerKind,
            Risk = risk || context.Risk,
        };
        foreach (var (statement, type, path) in Nested(e, context.Place.Path))
        {
            if (statement is null || type == "RSON" || statements.RoleOf(statement, type) is not null || IsReference(statement)) continue;
            Statement(statement, inner with { Place = context.Place with { Path = path } });
        }
    }

    private void Single(XElement e, CdaContext context)
    {
        var fact = statements.Read(e, context);
        Add(fact);
        foreach (var (statement, type, path) in Nested(e, context.Place.Path))
        {
            if (statement is null || statements.RoleOf(statement, type) is not null || IsReference(statement) || statements.IsPartOf(e, statement)) continue;
            Statement(statement, context.Beneath(fact) with { Place = context.Place with { Path = path } });
        }
    }

    private void Add(Fact fact) => facts.Add(fact with { Category = FactCategories.Of(fact.Kind, fact.Stage, document) });

    /// <summary>Does the act say nothing of its own but hold statements? By template, or by its code.</summary>
    private static bool IsConcern(XElement e, List<string> templates)
    {
        if (!Nested(e, "").Any(n => n.Statement is not null && !IsReference(n.Statement))) return false;
        if (CdaTables.IsConcern(templates)) return true;
        var code = e.Child("code");
        return code?.Attr("code") is null or "CONC" && code?.Elements().Any() != true && e.Child("text") is null;
    }

    /// <summary>The act of IHE Laboratory (XD-LAB 1.3.6.1.4.1.19376.1.3.1) and its like: a frame around batteries, with their specialty as its code.</summary>
    private static bool IsLaboratoryFrame(XElement e, List<string> templates, CdaContext context) =>
        e.Is("act")
        && (templates.Contains("1.3.6.1.4.1.19376.1.3.1") || (context.TemplateKind ?? context.OrganizerKind ?? context.SectionKind) is FactKind.Result or FactKind.VitalSign)
        && Nested(e, "").Any(n => n.Statement is { } inner && (inner.Is("organizer") || inner.Is("observation")));

    /// <summary>An act that only names the id of another entry.</summary>
    private static bool IsReference(XElement e) =>
        e.Children("templateId").Any(t => t.Attr("root") is "2.16.840.1.113883.10.20.22.4.122")
        || (!e.Elements().Any(c => c.Name.LocalName is "code" or "value" or "consumable" or "participant" or "entryRelationship" or "component" or "product") && e.Child("id") is not null && e.Child("text") is null);

    /// <summary>The statements nested in one, each with how it is related and its place.</summary>
    internal static IEnumerable<(XElement? Statement, string? Type, string Path)> Nested(XElement e, string path)
    {
        var number = 0;
        foreach (var link in e.Elements().Where(c => c.Is("entryRelationship") || c.Is("component")))
            yield return (StatementIn(link), link.Attr("typeCode"), $"{path}/{(++number).ToString(CultureInfo.InvariantCulture)}");
    }

    private static XElement? StatementIn(XElement link) => link.Elements().FirstOrDefault(c => Statements.Contains(c.Name.LocalName) && c.Is(c.Name.LocalName));

    private static FactAuthor? AuthorIn(XElement e) => e.Children("author").Select(AuthorOf).FirstOrDefault(a => a is not null);

    private static FactAuthor? AuthorOf(XElement author)
    {
        var entity = author.Child("assignedAuthor") ?? author.Child("assignedEntity");
        var device = entity?.Child("assignedAuthoringDevice");
        var person = entity?.Child("assignedPerson")?.Child("name");
        var name = person is null ? CdaHeaderReader.Clean(device?.Child("softwareName")?.Value) ?? CdaHeaderReader.Clean(device?.Child("manufacturerModelName")?.Value)
            : CdaHeaderReader.Clean(string.Join(' ', person.DescendantNodes().OfType<XText>().Select(t => t.Value)));
        var organization = CdaHeaderReader.Clean(entity?.Child("representedOrganization")?.Child("name")?.Value);
        var at = CdaValues.Date(author.Child("time"));
        return name is null && organization is null && at is not { Absent: null } ? null : new FactAuthor(name, organization, at is { Absent: null } ? at : null);
    }

    /// <summary>Whom a statement is about where it says so: a relative, a fetus, a donor.</summary>
    private Concept? SubjectOf(XElement e) =>
        e.Child("subject")?.Child("relatedSubject") is { } relative ? values.Concept(relative.Child("code")) ?? new Concept(Text: relative.Attr("classCode") ?? "relative") : null;
}

/// <summary>What a statement has from those that hold it.</summary>
internal sealed record CdaContext
{
    public required FactPlace Place { get; init; }
    public FactKind? SectionKind { get; init; }
    public FactKind? TemplateKind { get; init; }
    public FactKind? OrganizerKind { get; init; }
    public FactAuthor? Author { get; init; }
    public Concept? Subject { get; init; }
    public Concept? Panel { get; init; }
    public Concept? Product { get; init; }
    public FactDate? Start { get; init; }
    public FactDate? End { get; init; }
    public string? ConcernStatus { get; init; }
    public FactStage Stage { get; init; }

    /// <summary>The statement or one that holds it carries negationInd: two negations are still one.</summary>
    public bool Negated { get; init; }
    public bool Risk { get; init; }

    public CdaContext Entering(XElement e, FactKind? template, FactAuthor? author, Concept? subject)
    {
        var stage = e.Attr("moodCode") switch
        {
            "INT" or "RQO" or "APT" or "ARQ" => FactStage.Ordered,
            "PRMS" or "PRP" => FactStage.Proposed,
            "GOL" => FactStage.Goal,
            _ => FactStage.Done,
        };
        return this with
        {
            TemplateKind = template,
            Author = author ?? Author,
            Subject = subject,
            // What stands inside a plan or a goal is planned too.
            Stage = stage == FactStage.Done ? Stage : stage,
            Negated = Negated || e.Attr("negationInd") is "true" or "1",
        };
    }

    /// <summary>For what is nested in a statement and stands for itself.</summary>
    public CdaContext Beneath(Fact holder) => this with
    {
        Negated = false,
        ConcernStatus = null,
        OrganizerKind = holder.Kind is FactKind.Encounter or FactKind.Procedure ? null : holder.Kind,
        SectionKind = holder.Kind is FactKind.Encounter ? FactKind.Problem : SectionKind,
        Product = holder.Kind is FactKind.Medicine or FactKind.Immunization ? holder.Code : null,
        Panel = holder.Kind is FactKind.Result or FactKind.VitalSign or FactKind.FunctionalStatus ? holder.Code : null,
        Start = holder.Start ?? Start,
        End = null,
    };
}
