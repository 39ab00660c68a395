using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn;

/// <summary>
/// Signs bearer tokens (RFC 9068 shape, RS256) without the authorization server: for a demo and for tests.
/// </summary>
public sealed class SmallIssuer(ServerSettings settings, SigningKey key, TimeProvider clock)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>The demo's; else that of the authorization server, whose key it is: tests ask a real server with it.</summary>
    public string Issuer => settings.Demo ? ServerSettings.DemoIssuer : settings.Issuer ?? throw new InvalidOperationException("Name the issuer");

    /// <summary>Signs a token.</summary>
    /// <exception cref="ArgumentException">A scope this server does not know.</exception>
    public string Issue(TokenRequest request)
    {
        if (request.Scopes.FirstOrDefault(s => !Scopes.IsKnown(s)) is { } unknown) throw new ArgumentException($"{unknown} is not a scope of this server", nameof(request));
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = Ids.Text(request.Subject),
            ["jti"] = Ids.Text(Ids.New(clock)),
            ["client_id"] = request.ClientId,
            ["scope"] = string.Join(' ', request.Scopes),
            [TokenClaims.Kind] = TokenClaims.KindName(request.Kind),
        };
        if (request.Session is { } session) claims[TokenClaims.Session] = session.ToString();
        if (request.Institution is { } institution) claims[TokenClaims.Institution] = institution.ToString();
        if (request.Program is { } program) claims[TokenClaims.Program] = program.ToString();
        if (request.Kind != Access.CallerKind.System)
        {
            claims[TokenClaims.Authenticated] = now.ToUnixTimeSeconds();
            claims[TokenClaims.Methods] = request.Strong ? new[] { "pwd", "otp", TokenClaims.TwoFactors } : ["pwd"];
            claims[TokenClaims.Level] = request.Strong ? "http://eidas.europa.eu/LoA/high" : "http://eidas.europa.eu/LoA/low";
        }
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = settings.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + request.Life).UtcDateTime,
            TokenType = "at+jwt",
            Claims = claims,
            SigningCredentials = key.Credentials,
        });
    }
}
