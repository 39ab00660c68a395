using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dsp.Access;
using Dsp.Sealing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn;

/// <summary>
/// Signs and checks bearer tokens (RFC 9068 shape, RS256) with a random key of the data folder, sealed by the platform.
/// A small issuer for demo and tests behind <see cref="ITokenValidator"/>.
/// </summary>
public sealed class SmallIssuer : ITokenValidator, IDisposable
{
    private const string KeyName = "token-signing";
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
    private readonly ServerSettings settings;
    private readonly TimeProvider clock;
    private readonly RSA rsa;
    private readonly SigningCredentials signing;
    private readonly TokenValidationParameters rules;
    private readonly ProvenTokens remembered = new(4096);

    /// <exception cref="SealBrokenException">The key file is not this installation's.</exception>
    public SmallIssuer(ServerSettings settings, ServiceKeys keys, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        Issuer = settings.Demo ? ServerSettings.DemoIssuer : settings.Issuer;
        rsa = OpenKey(Path.Combine(settings.DataFolder, KeyName + ".sealed"), keys);
        var key = new RsaSecurityKey(rsa) { KeyId = Convert.ToHexStringLower(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..16] };
        key.CryptoProviderFactory.CacheSignatureProviders = false;
        signing = new SigningCredentials(key, SecurityAlgorithms.RsaSha256);
        rules = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            ValidIssuer = Issuer,
            ValidAudience = settings.Audience,
            ValidTypes = ["at+jwt"],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
            // The platform's clock decides, not the machine's.
            LifetimeValidator = (from, until, _, _) => until is { } end && InForce(from is { } f ? new DateTimeOffset(f, TimeSpan.Zero) : DateTimeOffset.MinValue, new DateTimeOffset(end, TimeSpan.Zero)),
        };
    }

    public string Issuer { get; }

    /// <summary>Signs a token.</summary>
    /// <exception cref="ArgumentException">A scope this server does not know.</exception>
    public string Issue(TokenRequest request)
    {
        if (request.Scopes.FirstOrDefault(s => !Scopes.All.Contains(s)) is { } unknown) throw new ArgumentException($"{unknown} is not a scope of this server", nameof(request));
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = Ids.Text(request.Subject),
            ["jti"] = Ids.Text(Ids.New(clock)),
            ["client_id"] = request.ClientId,
            ["scope"] = string.Join(' ', request.Scopes),
            ["dsp_kind"] = KindName(request.Kind),
        };
        if (request.Session is { } session) claims["sid"] = session.ToString();
        if (request.Institution is { } institution) claims["dsp_institution"] = institution.ToString();
        if (request.Program is { } program) claims["dsp_program"] = program.ToString();
        if (request.Kind != CallerKind.System)
        {
            claims["auth_time"] = now.ToUnixTimeSeconds();
            claims["amr"] = request.Strong ? new[] { "pwd", "otp", "mfa" } : ["pwd"];
            claims["acr"] = request.Strong ? "http://eidas.europa.eu/LoA/high" : "http://eidas.europa.eu/LoA/low";
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
            SigningCredentials = signing,
        });
    }

    public async ValueTask<ProvenToken?> ValidateAsync(string token, CancellationToken cancel)
    {
        if (token.Length > 8192) return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        if (remembered.Find(hash) is { } known) return InForce(known.NotBefore, known.ExpiresAt) ? known : null;
        var result = await Handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt || Read(jwt) is not { } proven) return null;
        remembered.Keep(hash, proven);
        return proven;
    }

    public void Dispose() => rsa.Dispose();

    private bool InForce(DateTimeOffset from, DateTimeOffset until)
    {
        var now = clock.GetUtcNow();
        return now >= from - Skew && now < until + Skew;
    }

    private ProvenToken? Read(JsonWebToken token)
    {
        if (!Ids.TryParse(token.Subject, out var subject) || KindOf(Text(token, "dsp_kind")) is not { } kind) return null;
        var scopes = (Text(token, "scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Text(token, "client_id") is not { Length: > 0 } client || scopes.Any(s => !Scopes.All.Contains(s))) return null;
        if (!TryId(token, "dsp_institution", out var institution) || !TryId(token, "dsp_program", out var program) || !TryId(token, "sid", out var session)) return null;
        var amr = token.Claims.Where(c => c.Type == "amr").Select(c => c.Value).ToList();
        var time = Text(token, "auth_time") is { } t && long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : (DateTimeOffset?)null;
        return new ProvenToken(kind, subject,
            institution is { } i ? new InstitutionId(i) : null, program is { } p ? new InstitutionId(p) : null, session is { } s ? new SessionId(s) : null, client, scopes,
            Strong: amr.Contains("mfa"), time, LongLived: settings.Demo && Issuer == ServerSettings.DemoIssuer,
            new DateTimeOffset(token.ValidFrom, TimeSpan.Zero), new DateTimeOffset(token.ValidTo, TimeSpan.Zero));
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

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<object>(claim, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    private static string KindName(CallerKind kind) => kind switch
    {
        CallerKind.Person => "person",
        CallerKind.Professional => "professional",
        CallerKind.System => "system",
        _ => "agent",
    };

    private static CallerKind? KindOf(string? name) => name switch
    {
        "person" => CallerKind.Person,
        "professional" => CallerKind.Professional,
        "system" => CallerKind.System,
        "agent" => CallerKind.Agent,
        _ => null,
    };

    private static RSA OpenKey(string file, ServiceKeys keys)
    {
        var rsa = RSA.Create(2048);
        if (File.Exists(file))
        {
            rsa.ImportPkcs8PrivateKey(keys.OpenServerKey(KeyName, File.ReadAllBytes(file)), out _);
            return rsa;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unfinished = file + ".part";
        File.WriteAllBytes(unfinished, keys.SealServerKey(KeyName, rsa.ExportPkcs8PrivateKey()));
        File.Move(unfinished, file, overwrite: true);
        return rsa;
    }
}
