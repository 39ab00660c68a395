using System.Globalization;
using System.Xml;

namespace Dsp.Tests.Facts;

/// <summary>A coded entry as the independent reader of the tests finds it.</summary>
/// <param name="Codes">Every code that stands in the entry's own code, value, agent, product or device.</param>
/// <param name="Negated">negationInd on it or on the acts that hold it, or a code of absence in it.</param>
/// <param name="NoInformation">A code that says that there is no information.</param>
/// <param name="Nameless">What it is about has a nullFlavor, and neither code, name nor words.</param>
internal sealed record CountedEntry(string Path, string Section, IReadOnlyList<string> Codes, bool Negated, bool NoInformation, bool Nameless);

/// <summary>
/// Counts the coded entries of a CDA document with XPath over the whole tree, knowing nothing of templates: it shares no code
/// with the reader it checks.
/// </summary>
internal static class CdaEntryCount
{
    private const string Statements =
        "//h:section/h:entry/h:observation | //h:section/h:entry/h:substanceAdministration | //h:section/h:entry/h:supply | //h:section/h:entry/h:procedure | //h:section/h:entry/h:encounter"
        + " | //h:section/h:entry/h:organizer/h:component/h:observation | //h:section/h:entry/h:organizer/h:component/h:procedure | //h:section/h:entry/h:organizer/h:component/h:substanceAdministration | //h:section/h:entry/h:organizer/h:component/h:organizer/h:component/h:observation"
        + " | //h:section/h:entry/h:act/h:entryRelationship[@typeCode='SUBJ' and not(@inversionInd='true')]/h:observation";

    private static readonly string[] Absent = ["716186003", "160244002", "409137002", "428607008", "429625007", "428197003", "160245001", "182849000", "787481004"];

    public static IReadOnlyList<CountedEntry> Of(byte[] bytes)
    {
        var document = new XmlDocument { XmlResolver = null };
        using (var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null })) document.Load(reader);
        var names = new XmlNamespaceManager(document.NameTable);
        names.AddNamespace("h", "urn:hl7-org:v3");
        var entries = new List<CountedEntry>();
        foreach (XmlElement statement in document.SelectNodes(Statements, names)!)
        {
            if (statement.SelectSingleNode("h:statusCode/@code", names)?.Value == "nullified") continue;
            var codes = Values(statement, names,
                "h:code/@code", "h:value/@code", "h:participant/h:participantRole/h:playingEntity/h:code/@code", "h:participant/h:participantRole/h:playingDevice/h:code/@code",
                "h:consumable/h:manufacturedProduct/*/h:code/@code", "h:product/h:manufacturedProduct/*/h:code/@code", ".//*[local-name()='ingredient']/*[local-name()='ingredient']/*[local-name()='code']/@code");
            if (codes.Count == 0) continue;
            var mine = Values(statement, names, "h:code/@code", "h:value/@code", "h:participant/h:participantRole/h:playingDevice/h:code/@code");
            entries.Add(new CountedEntry(
                PathOf(statement),
                statement.SelectSingleNode("ancestor::h:section[1]/h:code/@code", names)?.Value ?? "",
                codes,
                statement.SelectSingleNode("ancestor-or-self::*[@negationInd='true']", names) is not null || mine.Any(c => c.StartsWith("no-known-", StringComparison.Ordinal) || Absent.Contains(c)),
                mine.Any(c => c.StartsWith("no-", StringComparison.Ordinal) && c.EndsWith("-info", StringComparison.Ordinal)),
                IsNameless(statement, names)));
        }
        return entries;
    }

    /// <summary>An observation whose value, or a medicine whose product, is null and nothing but null.</summary>
    private static bool IsNameless(XmlElement statement, XmlNamespaceManager names)
    {
        var subject = statement.LocalName switch
        {
            "observation" => statement.SelectSingleNode("h:participant[@typeCode='CSM']", names) is null ? "h:value[@nullFlavor]" : "h:nothing",
            "substanceAdministration" when statement.SelectSingleNode("h:code/@code", names) is null => "h:consumable/h:manufacturedProduct/h:manufacturedMaterial[not(h:name[normalize-space()]) and not(.//*[local-name()='ingredient']//@code)]/h:code[@nullFlavor]",
            _ => "h:nothing",
        };
        return statement.SelectSingleNode(subject + "[not(@code) and not(@value) and not(h:translation) and not(h:originalText) and not(normalize-space())]", names) is not null;
    }

    /// <summary>Sections, entry and nested statements by their ordinals, as the reader under test writes a place.</summary>
    private static string PathOf(XmlElement statement)
    {
        var steps = new List<string>();
        var node = (XmlElement)statement.ParentNode!;
        for (; node.LocalName != "entry"; node = (XmlElement)node.ParentNode!)
            if (node.LocalName is "entryRelationship" or "component") steps.Insert(0, Ordinal(node, "entryRelationship", "component"));
        steps.Insert(0, "e" + Ordinal(node, "entry"));
        var sections = new List<string>();
        for (var section = (XmlElement)node.ParentNode!; section.LocalName == "section"; section = (XmlElement)section.ParentNode!.ParentNode!)
            sections.Insert(0, Ordinal((XmlElement)section.ParentNode!, "component"));
        return string.Join('.', sections) + "/" + string.Join('/', steps);
    }

    private static string Ordinal(XmlElement element, params string[] among) =>
        element.ParentNode!.ChildNodes.OfType<XmlElement>().Where(e => among.Contains(e.LocalName)).TakeWhile(e => e != element).Count() is var before
            ? (before + 1).ToString(CultureInfo.InvariantCulture) : "";

    private static List<string> Values(XmlElement statement, XmlNamespaceManager names, params string[] paths) =>
        [.. paths.SelectMany(p => statement.SelectNodes(p, names)!.OfType<XmlNode>()).Select(n => n.Value!.Trim()).Where(v => v.Length > 0)];
}
