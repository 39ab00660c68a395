using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dsp.Server.Tls;

/// <summary>
/// The server's own certificates, by the name a client asks for (SNI, RFC 6066 §3). A changed file is taken up within a minute,
/// without a restart; one that cannot be read leaves what was in use.
/// </summary>
internal sealed class ServerCertificates(string folder, SslCertificateTrust? cardIssuers, string? cardHost, TimeProvider clock)
{
    private static readonly TimeSpan LookedAtAgain = TimeSpan.FromMinutes(1);
    private readonly Lock change = new();
    private List<Held> held = [];
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;

    /// <summary>What is shown to a client that asks for this name.</summary>
    /// <exception cref="InvalidOperationException">The folder holds no pair that can be read.</exception>
    public SslStreamCertificateContext Of(string name)
    {
        var known = Known();
        var fitting = known.Find(h => name.Length > 0 && h.Certificate.MatchesHostname(name)) ?? known.Find(h => h.Name == "default") ?? known[0];
        return cardHost is not null && string.Equals(name, cardHost, StringComparison.OrdinalIgnoreCase) ? fitting.ForCards : fitting.Usual;
    }

    private List<Held> Known()
    {
        lock (change)
        {
            var now = clock.GetUtcNow();
            if (held.Count > 0 && now - lookedAt < LookedAtAgain) return held;
            var stamps = Stamps();
            if (held.Count == 0 || !stamps.SequenceEqual(held.Select(h => h.Stamp))) held = Read(stamps) is { Count: > 0 } read ? read : held;
            lookedAt = now;
            return held.Count > 0 ? held : throw new InvalidOperationException($"{folder} holds no pair NAME.crt and NAME.key that can be read.");
        }
    }

    private List<(string File, DateTime Written)> Stamps() =>
        [.. Directory.EnumerateFiles(folder, "*.crt").Order(StringComparer.Ordinal).Select(f => (f, File.GetLastWriteTimeUtc(f)))];

    private List<Held>? Read(List<(string File, DateTime Written)> stamps)
    {
        try
        {
            return [.. stamps.Select(ReadOne)];
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return held.Count > 0 ? null : throw new InvalidOperationException($"A certificate in {folder} cannot be read: {e.Message}", e);
        }
    }

    private Held ReadOne((string File, DateTime Written) stamp)
    {
        var certificate = X509Certificate2.CreateFromPemFile(stamp.File, Path.ChangeExtension(stamp.File, ".key"));
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(stamp.File);
        return new Held(Path.GetFileNameWithoutExtension(stamp.File), stamp, certificate,
            SslStreamCertificateContext.Create(certificate, chain, offline: true),
            SslStreamCertificateContext.Create(certificate, chain, offline: true, trust: cardIssuers));
    }

    /// <param name="ForCards">The same certificate, with the names of the issuers whose cards are asked for.</param>
    private sealed record Held(string Name, (string File, DateTime Written) Stamp, X509Certificate2 Certificate, SslStreamCertificateContext Usual, SslStreamCertificateContext ForCards);
}
