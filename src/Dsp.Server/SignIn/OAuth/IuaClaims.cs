using System.Text.Json;
using System.Text.Json.Nodes;
using Dsp.Access;
using Dsp.Codes;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// Who a token speaks for, in the words of IHE IUA (ITI TF-2 3.71.4.1.2.2.1): <c>extensions.ihe_iua</c>. For the software and
/// for other resource servers; our own decisions never read it.
/// </summary>
internal static class IuaClaims
{
    /// <summary>The claim's name.</summary>
    public const string Name = "extensions";

    private const string Reason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private const string Professions = "urn:dsp:profession";

    /// <summary>A person at a place, or for the own record.</summary>
    public static JsonElement Of(Caller caller, string? name, string? organization, string? profession, MatrixGroup? group) => Of(
        name, organization, caller.Institution, caller.Kind == CallerKind.Professional ? "TREAT" : "PATRQT",
        group is { } code ? new JsonObject { ["system"] = Professions, ["code"] = code.ToString(), ["display"] = profession } : null);

    /// <summary>A software as itself.</summary>
    public static JsonElement Of(string software, string? organization, InstitutionId? institution) => Of(software, organization, institution, "TREAT", null);

    private static JsonElement Of(string? name, string? organization, InstitutionId? institution, string purpose, JsonObject? role)
    {
        var claims = new JsonObject();
        if (name is not null) claims["subject_name"] = name;
        if (organization is not null) claims["subject_organization"] = organization;
        if (institution is { } id) claims["subject_organization_id"] = "urn:uuid:" + id;
        if (role is not null) claims["subject_role"] = new JsonArray(role);
        claims["purpose_of_use"] = new JsonArray(new JsonObject { ["system"] = Reason, ["code"] = purpose });
        return JsonSerializer.SerializeToElement(new JsonObject { ["ihe_iua"] = claims });
    }
}
