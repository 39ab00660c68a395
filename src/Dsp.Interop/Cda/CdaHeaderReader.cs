using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dsp.Interop.Cda;

/// <summary>The header's parts, and the small types (codes, names, identifiers) they are made of.</summary>
internal static partial class CdaHeaderReader
{
    private static readonly string[] NameParts = ["prefix", "given", "family", "suffix"];

    public static CdaHeader Read(XElement clinical) => new(
        Clean(clinical.Child("title")?.Value),
        Code(clinical.Child("code")),
        CdaTime.Parse(clinical.Child("effectiveTime")?.Attribute("value")?.Value),
        Language(clinical.Child("languageCode")),
        Code(clinical.Child("confidentialityCode")),
        Patient(clinical.Child("recordTarget")?.Child("patientRole")),
        [.. clinical.Children("author").Select(a => Author(a, a.Child("assignedAuthor"), "representedOrganization")).OfType<CdaAuthor>()],
        Clean(clinical.Child("custodian")?.Child("assignedCustodian")?.Child("representedCustodianOrganization")?.Child("name")?.Value),
        clinical.Child("legalAuthenticator") is { } signer ? Author(signer, signer.Child("assignedEntity"), "representedOrganization") : null,
        [.. clinical.Children("participant").Select(p => Author(p, p.Child("associatedEntity"), "scopingOrganization")).OfType<CdaAuthor>()]);

    private static CdaPatient? Patient(XElement? role)
    {
        var person = role?.Child("patient");
        return role is null ? null : new CdaPatient(
            Name(person),
            CdaTime.Parse(person?.Child("birthTime")?.Attribute("value")?.Value),
            person?.Child("administrativeGenderCode")?.Attribute("code")?.Value,
            Identifiers(role));
    }

    private static CdaAuthor? Author(XElement act, XElement? entity, string organizationName)
    {
        if (entity is null)
        {
            return null;
        }

        var person = entity.Child("assignedPerson") ?? entity.Child("associatedPerson");
        var device = entity.Child("assignedAuthoringDevice");
        var name = Name(person) ?? Clean(device?.Child("softwareName")?.Value) ?? Clean(device?.Child("manufacturerModelName")?.Value);
        var organization = Clean(entity.Child(organizationName)?.Child("name")?.Value);
        return name is null && organization is null ? null
            : new CdaAuthor(name, organization, CdaTime.Parse(act.Child("time")?.Attribute("value")?.Value), Identifiers(entity));
    }

    /// <summary>The first name that says something, in the order prefix, given, family, suffix; a name without parts as it stands.</summary>
    private static string? Name(XElement? person) =>
        person?.Children("name").Select(Written).FirstOrDefault(n => n is not null);

    private static string? Written(XElement name)
    {
        var parts = NameParts.SelectMany(part => name.Children(part)).Select(p => Clean(p.Value)).OfType<string>().ToList();
        return parts.Count > 0 ? string.Join(' ', parts) : Clean(name.Value);
    }

    private static List<CdaIdentifier> Identifiers(XElement role) =>
        [.. role.Children("id")
            .Where(i => i.Attribute("root") is not null)
            .Select(i => new CdaIdentifier(i.Attribute("root")!.Value, i.Attribute("extension")?.Value))];

    public static CdaCode? Code(XElement? code)
    {
        if (code is null)
        {
            return null;
        }

        var display = Clean(code.Attribute("displayName")?.Value)
            ?? Clean(code.Child("originalText")?.Value)
            ?? Clean(code.Child("translation")?.Attribute("displayName")?.Value);
        var value = code.Attribute("code")?.Value;
        return value is null && display is null ? null : new CdaCode(value, code.Attribute("codeSystem")?.Value, display);
    }

    public static string? Language(XElement? code) => LanguageTag(code?.Attribute("code")?.Value);

    /// <summary>The tag when it has the form of BCP 47, else null: it ends in an attribute of the page.</summary>
    public static string? LanguageTag(string? tag) => tag is not null && WellFormedTag().IsMatch(tag) ? tag : null;

    /// <summary>White space folded; null when nothing is left.</summary>
    public static string? Clean(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex WellFormedTag();
}
