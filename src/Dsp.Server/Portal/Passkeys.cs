using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dsp.Accounts;
using Dsp.Sealing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dsp.Server.Portal;

/// <summary>
/// Passkeys (WebAuthn): the framework checks what a browser answers, this class keeps the question in a sealed cookie of ten
/// minutes and asks for a resident key whose device verifies its user. The answer names a credential; whose it is, is our own row.
/// </summary>
public sealed class Passkeys(ServiceKeys keys, FindPasskey find, ServerSettings settings, TimeProvider clock)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-passkey";

    private const int Longest = 16 * 1024;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>The question for a sign-in, as JSON for the browser; it names no credential, so it says nothing about anybody.</summary>
    public async Task<string> AskAsync(HttpContext context)
    {
        var asked = await Handler(context, null, null).MakeRequestOptionsAsync(null, context);
        Keep(context, asked.AssertionState ?? "");
        return asked.RequestOptionsJson;
    }

    /// <summary>What the browser answered; null where it proves nothing.</summary>
    public async Task<PasskeyProof?> CheckAsync(HttpContext context, string? credential)
    {
        if (Take(context) is not { } state || credential is not { Length: > 0 and < Longest } || IdOf(credential) is not { } id) return null;
        if (await find.RunAsync(id, context.RequestAborted) is not { } known) return null;
        var result = await Handler(context, new PasskeyOwner(OwnerIdOf(known.Person)), known.Credential).PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = state });
        return result is { Succeeded: true, Passkey.IsUserVerified: true } && ChallengeOf(credential) is { } challenge
            ? new PasskeyProof(id, result.Passkey.SignCount, result.Passkey.IsBackedUp, challenge)
            : null;
    }

    /// <summary>The question for a new passkey.</summary>
    /// <param name="name">What the person's own device shows when it offers the key.</param>
    public async Task<string> AskForNewAsync(HttpContext context, PersonId person, string name)
    {
        var owner = OwnerIdOf(person);
        var asked = await Handler(context, new PasskeyOwner(owner), null).MakeCreationOptionsAsync(new PasskeyUserEntity { Id = owner, Name = name, DisplayName = name }, context);
        Keep(context, asked.AttestationState ?? "");
        return asked.CreationOptionsJson;
    }

    /// <summary>The new passkey's public part; null where the answer does not fit the question, or the device did not verify its user.</summary>
    public async Task<PasskeyCredential?> CheckNewAsync(HttpContext context, PersonId person, string? credential)
    {
        if (Take(context) is not { } state || credential is not { Length: > 0 and < Longest }) return null;
        var result = await Handler(context, new PasskeyOwner(OwnerIdOf(person)), null).PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = state });
        if (result is not { Succeeded: true, Passkey: { IsUserVerified: true } made } || result.UserEntity.Id != OwnerIdOf(person)) return null;
        return new PasskeyCredential(made.CredentialId, made.PublicKey, made.SignCount, made.Transports ?? [], made.IsBackupEligible, made.IsBackedUp, clock.Now());
    }

    /// <summary>Opaque to the device and to whoever reads it there.</summary>
    private string OwnerIdOf(PersonId person) => Base64Url.EncodeToString(keys.Token("passkey-owner", person.ToString()).AsSpan(0, 16));

    private PasskeyHandler<PasskeyOwner> Handler(HttpContext context, PasskeyOwner? owner, PasskeyCredential? credential)
    {
        var options = new IdentityPasskeyOptions
        {
            ServerDomain = settings.PublicBase is { } site ? new Uri(site).Host : context.Request.Host.Host,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = Life / 2,
            ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == OriginOf(context)),
        };
#pragma warning disable CA2000 // The manager owns nothing but this store, which owns nothing.
        var users = new UserManager<PasskeyOwner>(new OneOwner(owner, credential), Options.Create(new IdentityOptions()), new PasswordHasher<PasskeyOwner>(), [], [], new UpperInvariantLookupNormalizer(),
            new IdentityErrorDescriber(), context.RequestServices, NullLogger<UserManager<PasskeyOwner>>.Instance);
#pragma warning restore CA2000
        return new PasskeyHandler<PasskeyOwner>(users, Options.Create(options));
    }

    private string OriginOf(HttpContext context) => settings.PublicBase is { } site ? new Uri(site).GetLeftPart(UriPartial.Authority) : $"{context.Request.Scheme}://{context.Request.Host}";

    private void Keep(HttpContext context, string state)
    {
        var until = clock.GetUtcNow() + Life;
        var text = until.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture) + "|" + state;
        context.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(keys.SealServerKey("portal-passkey", Encoding.UTF8.GetBytes(text))), CookieOptions(Life));
    }

    /// <summary>The question that was asked; the cookie goes, and the answer's challenge is spent where it is used.</summary>
    private string? Take(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 and < 4096 } text || !Base64Url.IsValid(text)) return null;
        context.Response.Cookies.Delete(Cookie, CookieOptions(null));
        try
        {
            var parts = Encoding.UTF8.GetString(keys.OpenServerKey("portal-passkey", Base64Url.DecodeFromChars(text))).Split('|', 2);
            return clock.GetUtcNow().ToUnixTimeSeconds() < long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) ? parts[1] : null;
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }

    private CookieOptions CookieOptions(TimeSpan? life) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, MaxAge = life, Secure = PortalSession.Secure(settings) };

    private static byte[]? IdOf(string credential) => Bytes(credential, root => root.GetProperty("rawId").GetString());

    private static byte[]? ChallengeOf(string credential)
    {
        if (Bytes(credential, root => root.GetProperty("response").GetProperty("clientDataJSON").GetString()) is not { } data) return null;
        return Bytes(Encoding.UTF8.GetString(data), root => root.GetProperty("challenge").GetString());
    }

    private static byte[]? Bytes(string json, Func<JsonElement, string?> part)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return part(parsed.RootElement) is { Length: > 0 } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Whose passkey is asked about, as the framework's check wants to be told.</summary>
internal sealed record PasskeyOwner(string Id);

/// <summary>The framework's view of one owner and at most one passkey: it reads what we found and writes nothing.</summary>
internal sealed class OneOwner(PasskeyOwner? owner, PasskeyCredential? credential) : IUserPasskeyStore<PasskeyOwner>
{
    private UserPasskeyInfo? Info => credential is null ? null : new UserPasskeyInfo(credential.Id, credential.PublicKey, credential.CreatedAt, credential.SignCount, [.. credential.Transports],
        isUserVerified: true, credential.BackupEligible, credential.BackedUp, [], []);

    public Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(owner?.Id == userId ? owner : null);

    public Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult(IsOurs(credentialId) ? owner : null);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult(IsOurs(credentialId) ? Info : null);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<IList<UserPasskeyInfo>>(Info is { } info ? [info] : []);

    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id);

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Id);

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<PasskeyOwner?>(null);

    // Nothing is written through the framework: use and registration are operations of the platform.
    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private bool IsOurs(byte[] credentialId) => credential is not null && CryptographicOperations.FixedTimeEquals(credential.Id, credentialId);
}
