using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Dsp.Demo.Content;

/// <summary>The frame of a CDA R2 document: header and structured body, elements in the order of POCD_MT000040.</summary>
internal static class DemoCda
{
    public static readonly XNamespace V3 = "urn:hl7-org:v3";
    public static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    private const string LoincOid = "2.16.840.1.113883.6.1";

    public static XElement E(string name, params object?[] content) => new(V3 + name, content);

    public static XAttribute A(string name, string value) => new(name, value);

    public static XElement Code(string element, string code, string system, string display, params object?[] more) =>
        E(element, A("code", code), A("codeSystem", system), A("displayName", display), more);

    public static XElement Loinc(string element, string code, string display) => Code(element, code, LoincOid, display, A("codeSystemName", "LOINC"));

    public static XElement Template(string root) => E("templateId", A("root", root));

    public static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static byte[] Write(DemoShelf shelf, DemoSpec spec, IReadOnlyList<XElement> sections)
    {
        var author = DemoPeople.Professionals[spec.Author];
        var institution = DemoPeople.Institutions[author.InstitutionKey];
        var created = shelf.Created(spec);
        var time = E("time", A("value", Time(created)));
        var root = E("ClinicalDocument",
            new XAttribute(XNamespace.Xmlns + "xsi", Xsi.NamespaceName),
            E("realmCode", A("code", "LU")),
            E("typeId", A("root", "2.16.840.1.113883.1.3"), A("extension", "POCD_HD000040")),
            TemplateOf(spec.Type.Code) is { } template ? Template(template) : null,
            E("id", A("root", shelf.Oid(spec.Key))),
            Loinc("code", spec.Type.Code, spec.Type.Display),
            E("title", spec.Title),
            E("effectiveTime", A("value", Time(created))),
            Code("confidentialityCode", spec.Confidentiality, "2.16.840.1.113883.5.25", spec.Confidentiality == "N" ? "normal" : "restricted"),
            E("languageCode", A("code", spec.Language)),
            E("setId", A("root", shelf.Oid(spec.Replaces ?? spec.Key) + ".0")),
            E("versionNumber", A("value", spec.Replaces is null ? "1" : "2")),
            Patient(shelf.Holders[spec.Holder]),
            E("author", time, E("assignedAuthor", Professional(author), Organization("representedOrganization", institution))),
            E("custodian", E("assignedCustodian", Organization("representedCustodianOrganization", institution))),
            E("legalAuthenticator", new XElement(time), E("signatureCode", A("code", "S")),
                E("assignedEntity", Professional(author), Organization("representedOrganization", institution))),
            spec.Replaces is { } replaced ? E("relatedDocument", A("typeCode", "RPLC"), E("parentDocument", E("id", A("root", shelf.Oid(replaced))))) : null,
            E("documentationOf", E("serviceEvent", E("effectiveTime", E("low", A("value", Time(created))), E("high", A("value", Time(created)))))),
            E("component", E("structuredBody", sections.Select(s => E("component", s)))));

        using var target = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" };
        using (var writer = XmlWriter.Create(target, settings))
        {
            root.Save(writer);
        }

        return target.ToArray();
    }

    /// <summary>A section with code, title, narrative and entries.</summary>
    public static XElement Section(string loinc, string display, string title, XElement text, params IEnumerable<XElement> entries) =>
        E("section", Loinc("code", loinc, display), E("title", title), text, entries);

    /// <summary>A narrative of paragraphs.</summary>
    public static XElement Paragraphs(params IEnumerable<string> paragraphs) => E("text", paragraphs.Select(p => E("paragraph", p)));

    /// <summary>A narrative list.</summary>
    public static XElement Items(params IEnumerable<string> items) => E("text", E("list", items.Select(i => E("item", i))));

    /// <summary>A narrative table. A cell that begins with "#id|" carries that ID.</summary>
    public static XElement Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows) => E("table",
        E("thead", E("tr", head.Select(h => E("th", h)))),
        E("tbody", rows.Select(r => E("tr", r.Select(Cell)))));

    private static XElement Cell(string cell)
    {
        var bar = cell.StartsWith('#') ? cell.IndexOf('|', StringComparison.Ordinal) : -1;
        return bar < 0 ? E("td", cell) : E("td", A("ID", cell[1..bar]), cell[(bar + 1)..]);
    }

    private static string Time(DateTimeOffset time) =>
        time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);

    private static XElement Patient(DemoHolder holder) => E("recordTarget", E("patientRole",
        holder.NationalId is { } number ? E("id", A("root", "1.3.182.4.4"), A("extension", number)) : E("id", A("nullFlavor", "UNK")),
        E("patient",
            E("name", E("given", holder.Given), E("family", holder.Family)),
            holder.Sex is { } sex
                ? Code("administrativeGenderCode", sex, "2.16.840.1.113883.5.1", sex == "F" ? "féminin" : "masculin")
                : E("administrativeGenderCode", A("nullFlavor", "UNK")),
            E("birthTime", A("value", Day(holder.BirthDate))))));

    private static object[] Professional(DemoProfessional author) =>
    [
        E("id", A("root", DemoPeople.ProfessionalRoot), A("extension", author.Id)),
        Code("code", author.PracticeSetting, "2.16.840.1.113883.6.96", author.Specialty),
        E("assignedPerson", E("name", author.Prefix.Length > 0 ? E("prefix", author.Prefix) : null, E("given", author.Given), E("family", author.Family))),
    ];

    private static XElement Organization(string element, DemoInstitution institution) => E(element,
        E("id", A("root", DemoPeople.InstitutionRoot), A("extension", institution.Id)),
        E("name", institution.Name),
        E("addr", E("streetAddressLine", institution.Street), E("postalCode", institution.PostalCode), E("city", institution.City), E("country", "LU")));

    /// <summary>The published template of a document type: eHDSI patient summary, IHE laboratory report, IHE medical summary, IHE immunization content.</summary>
    private static string? TemplateOf(string type) => type switch
    {
        "60591-5" => "1.3.6.1.4.1.12559.11.10.1.3.1.1.3",
        "11502-2" => "1.3.6.1.4.1.19376.1.3.3",
        "18842-5" => "1.3.6.1.4.1.19376.1.5.3.1.1.2",
        "11369-6" => "1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2",
        _ => null,
    };
}
