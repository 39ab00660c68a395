using System.Security.Claims;
using System.Text.Json;
using Dsp.Access;
using Dsp.Identity.Software;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>Whom a grant stands for, in the claims that the tokens of it carry.</summary>
internal static class Principals
{
    private static readonly string[] InAccessToken =
    [
        TokenClaims.Kind, TokenClaims.Institution, TokenClaims.Program, TokenClaims.Software, TokenClaims.Session, TokenClaims.Patient,
        TokenClaims.Authenticated, TokenClaims.Methods, TokenClaims.Level, IuaClaims.Name,
    ];

    private static readonly string[] InIdToken = [TokenClaims.Session, TokenClaims.Authenticated, TokenClaims.Methods, TokenClaims.Level, ScopeSet.FhirUser];

    /// <summary>A software as itself.</summary>
    /// <param name="owner">Name of the institution that owns it.</param>
    public static ClaimsPrincipal Of(RegisteredClient client, GrantRow grant, IEnumerable<string> scopes, string audience, string? owner)
    {
        var identity = Begin(grant, CallerKind.System, client, scopes, audience);
        identity.SetClaim(IuaClaims.Name, IuaClaims.Of(client.System.Name, owner, client.System.Institution));
        if (client.System.Institution is { } institution) identity.SetClaim(TokenClaims.Institution, institution.ToString()).SetClaim(TokenClaims.Program, institution.ToString());
        return Finish(identity);
    }

    /// <summary>A person through a software.</summary>
    /// <param name="caller">As the portal's session says.</param>
    /// <param name="patient">The launch's patient.</param>
    /// <param name="fhirUser">The person as a resource; given where <c>fhirUser</c> was asked for.</param>
    /// <param name="iua">Who the person is, for others that read the token.</param>
    public static ClaimsPrincipal Of(Caller caller, RegisteredClient client, GrantRow grant, IEnumerable<string> scopes, string audience, RecordId? patient, string? fhirUser, JsonElement iua)
    {
        var identity = Begin(grant, caller.Kind, client, scopes, audience);
        if (caller.Institution is { } institution) identity.SetClaim(TokenClaims.Institution, institution.ToString());
        if (ProgramOf(client, caller) is { } program) identity.SetClaim(TokenClaims.Program, program.ToString());
        if (patient is { } record) identity.SetClaim(TokenClaims.Patient, record.ToString());
        if (fhirUser is not null) identity.SetClaim(ScopeSet.FhirUser, fhirUser);
        identity.SetClaim(IuaClaims.Name, iua);
        identity.SetClaim(TokenClaims.Authenticated, (caller.AuthenticatedAt ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds());
        identity.SetClaims(TokenClaims.Methods, caller.Strong ? [TokenClaims.TwoFactors] : ["pwd"]);
        identity.SetClaim(TokenClaims.Level, caller.Strong ? "http://eidas.europa.eu/LoA/high" : "http://eidas.europa.eu/LoA/low");
        return Finish(identity);
    }

    /// <summary>The institution acted for, where this is its own attested program (A909 art. 5(1) 2°).</summary>
    public static InstitutionId? ProgramOf(RegisteredClient client, Caller caller) =>
        caller.Kind == CallerKind.Professional && client.Client.AttestedAt is not null && client.System.Institution == caller.Institution ? caller.Institution : null;

    /// <summary>Binds what is issued to a certificate (RFC 8705).</summary>
    public static void Bind(ClaimsPrincipal principal, string thumbprint) =>
        principal.SetClaim(TokenClaims.Confirmation, JsonSerializer.SerializeToElement(new Dictionary<string, string> { [TokenClaims.Thumbprint] = thumbprint }));

    /// <summary>The certificate it is bound to; null where it is not.</summary>
    public static string? BoundTo(ClaimsPrincipal principal)
    {
        if (principal.GetClaim(TokenClaims.Confirmation) is not { } text) return null;
        using var bound = JsonDocument.Parse(text);
        return bound.RootElement.GetProperty(TokenClaims.Thumbprint).GetString();
    }

    private static ClaimsIdentity Begin(GrantRow grant, CallerKind kind, RegisteredClient client, IEnumerable<string> scopes, string audience)
    {
        var identity = new ClaimsIdentity("dsp", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, grant.Subject)
            .SetClaim(TokenClaims.Kind, TokenClaims.KindName(kind))
            .SetClaim(TokenClaims.Session, Ids.Text(grant.Id))
            .SetClaim(TokenClaims.Software, client.System.Id.ToString());
        identity.SetScopes(scopes).SetResources(audience).SetAuthorizationId(Ids.Text(grant.Id));
        return identity;
    }

    private static ClaimsPrincipal Finish(ClaimsIdentity identity)
    {
        var principal = new ClaimsPrincipal(identity);
        Send(principal);
        return principal;
    }

    private static void Send(ClaimsPrincipal principal) => principal.SetDestinations(static claim =>
    [
        .. InAccessToken.Contains(claim.Type) ? [Destinations.AccessToken] : Array.Empty<string>(),
        .. InIdToken.Contains(claim.Type) ? [Destinations.IdentityToken] : Array.Empty<string>(),
    ]);
}
