using System.Globalization;
using System.Text;
using System.Xml;
using Dsp.Journal;

namespace Dsp.Interop.Balp;

/// <summary>Who reports, in the messages that leave.</summary>
/// <param name="SourceId">The name of this installation at the collector.</param>
/// <param name="SiteId">The site; null where none is named.</param>
/// <param name="BaseUrl">The public FHIR base, without a slash at its end.</param>
public sealed record AuditReporter(string SourceId, string? SiteId, string BaseUrl);

/// <summary>
/// A journal entry, as far as it leaves, as an audit message of DICOM PS3.15 A.5, which is what ITI-20 carries. The same shape as
/// the FHIR event of the same entry.
/// </summary>
public static class DicomAuditWriter
{
    private const string Transactions = "IHE Transactions";
    private static readonly XmlWriterSettings Form = new() { OmitXmlDeclaration = true, Indent = false, Encoding = new UTF8Encoding(false), CheckCharacters = true };

    /// <param name="entry">Already without what may not leave (<see cref="AuditFeed.Outward"/>).</param>
    public static byte[] Bytes(JournalEntry entry, AuditReporter reporter)
    {
        var pattern = AuditPattern.Of(entry);
        using var output = new MemoryStream(2048);
        using (var xml = XmlWriter.Create(output, Form))
        {
            xml.WriteStartElement("AuditMessage");
            Event(xml, entry, pattern);
            Participants(xml, entry, pattern, reporter);
            xml.WriteStartElement("AuditSourceIdentification");
            if (reporter.SiteId is { } site) Attribute(xml, "AuditEnterpriseSiteID", site);
            Attribute(xml, "AuditSourceID", reporter.SourceId);
            Code(xml, "AuditSourceTypeCode", "4", "DCM", "Application Server Process or Thread");
            xml.WriteEndElement();
            Objects(xml, entry, pattern, reporter);
            xml.WriteEndElement();
        }
        return output.ToArray();
    }

    private static void Event(XmlWriter xml, JournalEntry entry, AuditPattern pattern)
    {
        var (id, name) = EventOf(pattern);
        xml.WriteStartElement("EventIdentification");
        Attribute(xml, "EventActionCode", pattern.Action);
        Attribute(xml, "EventDateTime", entry.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        Attribute(xml, "EventOutcomeIndicator", entry.Permitted ? "0" : "4");
        Code(xml, "EventID", id, "DCM", name);
        foreach (var (system, code, display) in pattern.Subtypes)
            Code(xml, "EventTypeCode", code, system switch { AuditPattern.Dcm => "DCM", AuditPattern.IheEvent => Transactions, _ => system }, display ?? code);
        if (!entry.Permitted) xml.WriteElementString("EventOutcomeDescription", Clean(entry.Rule.Length > 0 ? "Refused: " + entry.Rule : "Refused"));
        xml.WriteEndElement();
    }

    /// <summary>REST has no event of its own in DICOM: by the side that sends and what is done.</summary>
    private static (string Id, string Name) EventOf(AuditPattern pattern) => (pattern.TypeSystem, pattern.Action) switch
    {
        (AuditPattern.Rest, "C") => ("110107", "Import"),
        (AuditPattern.Rest, "R") => ("110106", "Export"),
        (AuditPattern.Rest, "U" or "D") => ("110110", "Patient Record"),
        (AuditPattern.Rest, _) => ("110112", "Query"),
        _ => (pattern.Type, pattern.TypeDisplay),
    };

    private static void Participants(XmlWriter xml, JournalEntry entry, AuditPattern pattern, AuditReporter reporter)
    {
        var (client, server) = pattern.Sides switch
        {
            AuditSides.ClientSends => (("110153", "Source Role ID"), ("110152", "Destination Role ID")),
            AuditSides.ServerSends => (("110152", "Destination Role ID"), ("110153", "Source Role ID")),
            _ => (("110150", "Application"), ("110150", "Application")),
        };
        var software = entry.Software ?? (entry.Call is null ? "portal" : "unknown");
        Participant(xml, entry.Call?.ClientId ?? software, null, software, entry.Person is null, software, "1", (client.Item1, "DCM", client.Item2));
        Participant(xml, reporter.BaseUrl, null, reporter.SourceId, false, reporter.BaseUrl, "5", (server.Item1, "DCM", server.Item2));
        if (entry.Person is { } person)
        {
            // A token names its user as alias<user@issuer> (ITI TF-2 3.40).
            var token = AuditPattern.TokenOfPerson(entry) is not null && entry.Call is { Issuer: { } issuer, Subject: { } subject } ? $"<{subject}@{issuer}>" : null;
            (string, string, string)[] roles = entry.Profession is { } profession ? [(profession, "urn:dsp:profession", profession)] : [];
            Participant(xml, "urn:uuid:" + person, token, entry.PersonName, true, null, null, [(pattern.UserRole, "2.16.840.1.113883.5.90", pattern.UserRole == "IRCP" ? "information recipient" : "author (originator)"), .. roles]);
        }
        if (entry.Institution is { } institution) Participant(xml, "urn:uuid:" + institution, null, entry.InstitutionName, false, null, null, ("PROV", "2.16.840.1.113883.5.110", "healthcare provider"));
        if (entry.OnBehalfOf is { } represented) Participant(xml, "urn:uuid:" + represented, null, null, false, null, null, ("SBJ", "2.16.840.1.113883.5.90", "subject"));
    }

    private static void Participant(XmlWriter xml, string id, string? other, string? name, bool requestor, string? address, string? addressType, params (string Code, string System, string Text)[] roles)
    {
        xml.WriteStartElement("ActiveParticipant");
        Attribute(xml, "UserID", id);
        if (other is not null) Attribute(xml, "AlternativeUserID", other);
        if (!string.IsNullOrEmpty(name)) Attribute(xml, "UserName", name);
        Attribute(xml, "UserIsRequestor", requestor ? "true" : "false");
        if (address is not null)
        {
            Attribute(xml, "NetworkAccessPointID", address);
            Attribute(xml, "NetworkAccessPointTypeCode", addressType!);
        }
        foreach (var (code, system, text) in roles) Code(xml, "RoleIDCode", code, system, text);
        xml.WriteEndElement();
    }

    private static void Objects(XmlWriter xml, JournalEntry entry, AuditPattern pattern, AuditReporter reporter)
    {
        if (pattern.Patient is { } patient) Object(xml, patient, "1", "1", ("2", "RFC-3881", "Patient Number"), patient, null, ("context", entry.Context));
        if (pattern.Query is { } query)
        {
            var (_, code, display) = pattern.Subtypes.FirstOrDefault(s => s.System == AuditPattern.IheEvent);
            Object(xml, code ?? "query", "2", "24", (code ?? "10", code is null ? "RFC-3881" : Transactions, display ?? "Search Criteria"), null, AuditPattern.IsAddress(query) ? $"{reporter.BaseUrl}/{query}" : query);
        }
        foreach (var one in pattern.Objects) Object(xml, one.Reference, one.Type, one.Role, ("12", "RFC-3881", "URI"), one.Reference, null);
        // The journal's own line, so that a message that comes twice is known, and the line is found.
        Object(xml, "urn:uuid:" + Ids.Text(entry.Id), "2", "13", ("12", "RFC-3881", "URI"), pattern.IsAboutTheLog ? "Security Audit Log" : "Journal entry", null, ("detail", entry.Detail), ("request", entry.Call?.RequestId), ("token", entry.Call?.TokenId));
    }

    /// <param name="name">Or <paramref name="query"/>: one of the two.</param>
    private static void Object(XmlWriter xml, string id, string type, string role, (string Code, string System, string Text) idType, string? name, string? query, params (string Type, string? Value)[] details)
    {
        xml.WriteStartElement("ParticipantObjectIdentification");
        Attribute(xml, "ParticipantObjectID", id);
        Attribute(xml, "ParticipantObjectTypeCode", type);
        Attribute(xml, "ParticipantObjectTypeCodeRole", role);
        Code(xml, "ParticipantObjectIDTypeCode", idType.Code, idType.System, idType.Text);
        if (query is not null) xml.WriteElementString("ParticipantObjectQuery", Convert.ToBase64String(Encoding.UTF8.GetBytes(query)));
        else xml.WriteElementString("ParticipantObjectName", Clean(name!));
        foreach (var (kind, value) in details)
        {
            if (string.IsNullOrEmpty(value)) continue;
            xml.WriteStartElement("ParticipantObjectDetail");
            Attribute(xml, "type", kind);
            Attribute(xml, "value", Convert.ToBase64String(Encoding.UTF8.GetBytes(value)));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Code(XmlWriter xml, string element, string code, string system, string text)
    {
        xml.WriteStartElement(element);
        Attribute(xml, "csd-code", code);
        Attribute(xml, "codeSystemName", system);
        Attribute(xml, "originalText", text);
        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Clean(value));

    /// <summary>A name may hold what XML cannot: it leaves all the same.</summary>
    private static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value < 0x10000 && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
