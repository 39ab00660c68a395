using System.Globalization;
using System.Text.Json;
using Dsp.Access;
using Dsp.Identity.Software;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Dsp.Server.SignIn;

/// <summary>The claims of an access token, written and read in one place.</summary>
internal static class TokenClaims
{
    public const string Kind = "dsp_kind";

    /// <summary>The place a professional acts for.</summary>
    public const string Institution = "dsp_institution";

    /// <summary>The institution whose attested program the call comes through.</summary>
    public const string Program = "dsp_program";

    /// <summary>The registered software, by the id of its directory row.</summary>
    public const string Software = "dsp_software";

    /// <summary>The session, which every decision looks at.</summary>
    public const string Session = "sid";

    /// <summary>The launch's patient.</summary>
    public const string Patient = "patient";

    public const string Authenticated = "auth_time";
    public const string Methods = "amr";
    public const string Level = "acr";

    /// <summary>Two factors, in <see cref="Methods"/>.</summary>
    public const string TwoFactors = "mfa";

    /// <summary>The certificate a token is bound to (RFC 8705 §3.1).</summary>
    public const string Confirmation = "cnf";

    public const string Thumbprint = "x5t#S256";

    public static string KindName(CallerKind kind) => kind switch
    {
        CallerKind.Person => "person",
        CallerKind.Professional => "professional",
        CallerKind.System => "system",
        _ => "agent",
    };

    /// <summary>What a token says whose signature, issuer, audience and times are right; null where a claim is missing or wrong.</summary>
    public static ProvenToken? Read(JsonWebToken token, bool longLived)
    {
        if (!Ids.TryParse(token.Subject, out var subject) || KindOf(Text(token, Kind)) is not { } kind) return null;
        if (Text(token, "client_id") is not { Length: > 0 } client) return null;
        if (ScopeSet.Parse((Text(token, "scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)) is not { } scopes) return null;
        if (!TryId(token, Institution, out var institution) || !TryId(token, Program, out var program) || !TryId(token, Session, out var session)) return null;
        if (!TryId(token, Software, out var software) || !TryId(token, Patient, out var patient) || !TryThumbprint(token, out var thumbprint)) return null;
        var methods = token.Claims.Where(c => c.Type == Methods).Select(c => c.Value).ToList();
        var time = Text(token, Authenticated) is { } t && long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
        return new ProvenToken(kind, subject,
            institution is { } i ? new InstitutionId(i) : null, program is { } p ? new InstitutionId(p) : null, session is { } s ? new SessionId(s) : null, client, scopes,
            Strong: methods.Contains(TwoFactors), time, longLived, new DateTimeOffset(token.ValidFrom, TimeSpan.Zero), new DateTimeOffset(token.ValidTo, TimeSpan.Zero))
        {
            Software = software is { } w ? new SystemId(w) : null,
            Patient = patient is { } r ? new RecordId(r) : null,
            Thumbprint = thumbprint,
            TokenId = token.Id is { Length: > 0 } id ? id : null,
            Issuer = token.Issuer,
        };
    }

    /// <returns>False where the claim is there and is no id: such a token proves nothing.</returns>
    private static bool TryId(JsonWebToken token, string claim, out Guid? id)
    {
        id = null;
        if (Text(token, claim) is not { } text) return true;
        if (!Ids.TryParse(text, out var parsed)) return false;
        id = parsed;
        return true;
    }

    /// <returns>False where the token is bound to something this server cannot check.</returns>
    private static bool TryThumbprint(JsonWebToken token, out string? thumbprint)
    {
        thumbprint = null;
        if (!token.TryGetPayloadValue<JsonElement>(Confirmation, out var bound)) return !token.TryGetPayloadValue<object>(Confirmation, out _);
        if (bound.ValueKind != JsonValueKind.Object || !bound.TryGetProperty(Thumbprint, out var text) || text.ValueKind != JsonValueKind.String) return false;
        thumbprint = text.GetString();
        return true;
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    private static CallerKind? KindOf(string? name) => name switch
    {
        "person" => CallerKind.Person,
        "professional" => CallerKind.Professional,
        "system" => CallerKind.System,
        "agent" => CallerKind.Agent,
        _ => null,
    };
}
