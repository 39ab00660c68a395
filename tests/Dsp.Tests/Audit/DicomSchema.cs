using System.Globalization;
using System.Xml.Linq;

namespace Dsp.Tests.Audit;

/// <summary>The grammar of DICOM PS3.15 A.5.1: elements in their order, attributes and their values; anything else is a fault.</summary>
internal static class DicomSchema
{
    private static readonly string[] Roles = [.. Enumerable.Range(1, 26).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public static List<string> Faults(XElement message)
    {
        var faults = new List<string>();
        Element(faults, message, "AuditMessage", []);
        Children(faults, message, ("EventIdentification", 1, 1), ("ActiveParticipant", 1, 99), ("AuditSourceIdentification", 1, 1), ("ParticipantObjectIdentification", 0, 999));
        foreach (var part in message.Elements())
        {
            switch (part.Name.LocalName)
            {
                case "EventIdentification":
                    Element(faults, part, null, ["EventActionCode?=C R U D E", "EventDateTime", "EventOutcomeIndicator=0 4 8 12"]);
                    Children(faults, part, ("EventID", 1, 1), ("EventTypeCode", 0, 99), ("EventOutcomeDescription", 0, 1));
                    if (!DateTimeOffset.TryParse((string?)part.Attribute("EventDateTime"), CultureInfo.InvariantCulture, out _)) faults.Add("EventDateTime");
                    break;
                case "ActiveParticipant":
                    Element(faults, part, null, ["UserID", "AlternativeUserID?", "UserName?", "UserIsRequestor=true false", "NetworkAccessPointID?", "NetworkAccessPointTypeCode?=1 2 3 4 5"]);
                    Children(faults, part, ("RoleIDCode", 0, 99));
                    break;
                case "AuditSourceIdentification":
                    Element(faults, part, null, ["AuditEnterpriseSiteID?", "AuditSourceID"]);
                    Children(faults, part, ("AuditSourceTypeCode", 0, 9));
                    break;
                default:
                    Element(faults, part, null, ["ParticipantObjectID", "ParticipantObjectTypeCode?=1 2 3 4", "ParticipantObjectTypeCodeRole?=" + string.Join(' ', Roles)]);
                    var choice = part.Element("ParticipantObjectQuery") is null ? "ParticipantObjectName" : "ParticipantObjectQuery";
                    Children(faults, part, ("ParticipantObjectIDTypeCode", 1, 1), (choice, 1, 1), ("ParticipantObjectDetail", 0, 99));
                    foreach (var detail in part.Elements("ParticipantObjectDetail"))
                    {
                        Element(faults, detail, null, ["type", "value"]);
                        Base64(faults, (string?)detail.Attribute("value"));
                    }
                    if (part.Element("ParticipantObjectQuery") is { } query) Base64(faults, query.Value);
                    break;
            }
            foreach (var code in part.Elements().Where(e => e.Name.LocalName.EndsWith("Code", StringComparison.Ordinal) || e.Name.LocalName == "EventID")) Element(faults, code, null, ["csd-code", "codeSystemName", "displayName?", "originalText"]);
        }
        return faults;
    }

    private static void Element(List<string> faults, XElement element, string? name, string[] attributes)
    {
        if (name is not null && element.Name != name) faults.Add($"{element.Name} is not {name}");
        var allowed = attributes.Select(a => a.Split('=')).ToDictionary(a => a[0].TrimEnd('?'), a => (Optional: a[0].EndsWith('?'), Values: a.Length > 1 ? a[1].Split(' ') : null));
        foreach (var attribute in element.Attributes())
            if (!allowed.TryGetValue(attribute.Name.LocalName, out var rule)) faults.Add($"{element.Name}: {attribute.Name} is unknown");
            else if (rule.Values is { } values && !values.Contains(attribute.Value)) faults.Add($"{element.Name}: {attribute.Name} is {attribute.Value}");
        faults.AddRange(allowed.Where(a => !a.Value.Optional && element.Attribute(a.Key) is null).Select(a => $"{element.Name}: {a.Key} is missing"));
    }

    private static void Children(List<string> faults, XElement element, params (string Name, int Min, int Max)[] order)
    {
        var rest = element.Elements().Select(e => e.Name.LocalName).ToList();
        foreach (var (name, min, max) in order)
        {
            var count = rest.TakeWhile(n => n == name).Count();
            if (count < min || count > max) faults.Add($"{element.Name}: {name} stands {count} times");
            rest.RemoveRange(0, count);
        }
        if (rest.Count > 0) faults.Add($"{element.Name}: {rest[0]} stands in a wrong place");
    }

    private static void Base64(List<string> faults, string? value)
    {
        if (value is null || !Convert.TryFromBase64String(value, new byte[value.Length], out _)) faults.Add("not base64: " + value);
    }
}
