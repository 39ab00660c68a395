using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dsp.Server.SignIn.Cards;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Dsp.Server.Tls;

/// <summary>
/// Ends TLS in this process (BCP 195: 1.2 and 1.3). Which name the client asks for decides whether it is asked for a
/// certificate: the portal's never is. The handshake proves possession of the key; whether the certificate is good is asked
/// behind it, where a refusal can be said in words.
/// </summary>
internal static class TlsListening
{
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(15);

    /// <exception cref="InvalidOperationException">An https address is named without certificates, or they cannot be read.</exception>
    public static void UseTls(ListenOptions listen, ServerSettings settings, CardIssuers? issuers, TimeProvider clock)
    {
        if (settings.Tls.Folder is not { } folder) throw new InvalidOperationException("An https address to listen at needs TlsFolder: the folder of this server's certificates.");
        var trust = issuers is null ? null : SslCertificateTrust.CreateForX509Collection([.. issuers.Roots, .. issuers.Intermediates], sendTrustInHandshake: true);
        var certificates = new ServerCertificates(folder, trust, settings.Tls.CardBase?.Host, clock);
        _ = certificates.Of("");
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeTime,
            OnConnection = connection =>
            {
                var name = connection.ClientHelloInfo.ServerName;
                var asks = IsOf(settings.Tls.CardBase, name) || IsOf(settings.Tls.SystemsBase, name);
#pragma warning disable CA5359 // The handshake proves the key; who the certificate belongs to is asked behind it: CardCheck, and the registration of a software.
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificates.Of(name),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    ClientCertificateRequired = asks,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
                });
#pragma warning restore CA5359
            },
        });
    }

    private static bool IsOf(Uri? address, string name) => address is not null && string.Equals(address.Host, name, StringComparison.OrdinalIgnoreCase);
}
