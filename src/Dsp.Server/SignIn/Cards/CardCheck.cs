using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dsp.Accounts;

namespace Dsp.Server.SignIn.Cards;

/// <summary>Why a certificate is not taken as a card; each has its sentence for the person who holds it.</summary>
public enum CardRefusal
{
    /// <summary>No certificate was shown.</summary>
    None,
    /// <summary>It leads to no issuer that is trusted here.</summary>
    UnknownIssuer,
    /// <summary>It is not in force yet, or not any more.</summary>
    Expired,
    /// <summary>Its issuer took it back.</summary>
    Revoked,
    /// <summary>Its issuer was asked whether it is good and gave no answer.</summary>
    Unanswered,
    /// <summary>It was not made for signing in, or not on a card.</summary>
    WrongKind,
}

/// <summary>What a shown certificate proves.</summary>
/// <param name="Proof">Null where it proves nothing; then <paramref name="Refusal"/> says why.</param>
public sealed record CardResult(BindingProof? Proof, CardRefusal Refusal);

/// <summary>
/// Checks a certificate that a TLS handshake proved the key of (RFC 5280 §6): a trusted issuer, its dates by the platform's
/// clock, made for client authentication, on a card where policies are set, and not revoked. Where the issuer does not answer,
/// nothing is proven. A card is known by its issuer's key and its number: the same number from another issuer is another card.
/// </summary>
public sealed class CardCheck(CardSettings settings, CardIssuers? issuers, TimeProvider clock) : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CertificatePolicies = "2.5.29.32";
    private const string AnyPurpose = "2.5.29.37.0";
    private const int AtOnce = 4;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(6);
    private readonly SemaphoreSlim places = new(AtOnce);

    public async Task<CardResult> RunAsync(X509Certificate2? certificate, CancellationToken cancel)
    {
        if (certificate is null) return Refused(CardRefusal.None);
        if (issuers is null) return Refused(CardRefusal.UnknownIssuer);
        if (!IsForSigningIn(certificate) || !IsOnACard(certificate)) return Refused(CardRefusal.WrongKind);
        // Asking an issuer blocks a thread: few at once, so that one that is slow holds up nobody else.
        await places.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Check(certificate, issuers), cancel);
        }
        finally
        {
            places.Release();
        }
    }

    private CardResult Check(X509Certificate2 certificate, CardIssuers trusted)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(trusted.Roots);
        policy.ExtraStore.AddRange(trusted.Intermediates);
        // A certificate never says where its own issuer is to be fetched from.
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.RevocationMode = settings.CheckRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        policy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        policy.UrlRetrievalTimeout = AnswerTime;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        try
        {
            if (!chain.Build(certificate)) return Refused(Of(chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status)));
            if (chain.ChainElements.Count < 2) return Refused(CardRefusal.WrongKind);
            var issuer = chain.ChainElements[1].Certificate.PublicKey.ExportSubjectPublicKeyInfo();
            return new CardResult(new BindingProof(FactorKind.Card, Convert.ToHexStringLower(SHA256.HashData(issuer)), certificate.SerialNumber, IsStrong: true), CardRefusal.None);
        }
        finally
        {
            foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        }
    }

    /// <summary>The gravest first: what was revoked is not called expired.</summary>
    private static CardRefusal Of(X509ChainStatusFlags flags) =>
        flags.HasFlag(X509ChainStatusFlags.Revoked) ? CardRefusal.Revoked
        : (flags & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.Cyclic)) != X509ChainStatusFlags.NoError ? CardRefusal.UnknownIssuer
        : flags.HasFlag(X509ChainStatusFlags.NotTimeValid) ? CardRefusal.Expired
        : (flags & (X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation)) == flags ? CardRefusal.Unanswered
        : CardRefusal.WrongKind;

    private static bool IsForSigningIn(X509Certificate2 certificate)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>()).Select(o => o.Value).ToList();
        var key = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        return usages.Contains(ClientAuthentication) && !usages.Contains(AnyPurpose)
            && key?.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature) != false
            && certificate.Extensions.OfType<X509BasicConstraintsExtension>().All(b => !b.CertificateAuthority);
    }

    private bool IsOnACard(X509Certificate2 certificate)
    {
        if (settings.Policies.Count == 0) return true;
        if (certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == CertificatePolicies) is not { } extension) return false;
        try
        {
            var named = new List<string>();
            var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData) named.Add(reader.ReadSequence().ReadObjectIdentifier());
            return named.Intersect(settings.Policies, StringComparer.Ordinal).Any();
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    public void Dispose() => places.Dispose();

    private static CardResult Refused(CardRefusal refusal) => new(null, refusal);
}
