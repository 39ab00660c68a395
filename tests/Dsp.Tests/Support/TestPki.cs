using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dsp.Tests.Support;

/// <summary>An issuer of certificates for one test, with a list of those it took back, published over HTTP.</summary>
public sealed class TestIssuer : IDisposable
{
    public const string OnACard = "0.4.0.194112.1.2";
    private readonly X509Certificate2 own;
    private readonly TimeProvider clock;
    private readonly CertificateRevocationListBuilder revoked = new();
    private readonly TcpListener? listener;
    private readonly CancellationTokenSource stop = new();
    private int number;
    private int asked;

    /// <param name="answers">Whether its list can be fetched.</param>
    public TestIssuer(string name, TimeProvider clock, bool answers = true)
    {
        this.clock = clock;
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}, O=Essai, C=LU", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        own = request.CreateSelfSigned(clock.GetUtcNow().AddYears(-5), clock.GetUtcNow().AddYears(15));
        if (!answers) return;
        listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = ServeAsync();
    }

    public X509Certificate2 Certificate => own;

    /// <summary>How often somebody came for its list.</summary>
    public int Asked => asked;

    public string Pem => own.ExportCertificatePem();

    private Uri List => new($"http://127.0.0.1:{(listener is null ? 9 : ((IPEndPoint)listener.LocalEndpoint).Port)}/{own.Thumbprint}.crl");

    /// <summary>A certificate with its key.</summary>
    /// <param name="serial">Its number; the next one where none is named.</param>
    public X509Certificate2 Issue(string subject, string? serial = null, string purpose = "1.3.6.1.5.5.7.3.2", string? policy = OnACard, TimeSpan? since = null, TimeSpan? until = null, bool authority = false, string? host = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([List.ToString()]));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(own, true, false));
        if (policy is not null) request.CertificateExtensions.Add(Policy(policy));
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
        }
        var bytes = serial is null ? BitConverter.GetBytes(IPAddress.HostToNetworkOrder(0x10000 + Interlocked.Increment(ref number))) : Convert.FromHexString(serial);
        var now = clock.GetUtcNow();
        using var issued = request.Create(own, now - (since ?? TimeSpan.FromDays(1)), now + (until ?? TimeSpan.FromDays(700)), bytes);
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Takes a certificate back; the next list says so.</summary>
    public void Revoke(X509Certificate2 certificate) => revoked.AddEntry(certificate, clock.GetUtcNow().AddMinutes(-1));

    public void Dispose()
    {
        stop.Cancel();
        listener?.Dispose();
        stop.Dispose();
        own.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                using var client = await listener!.AcceptTcpClientAsync(stop.Token);
                Interlocked.Increment(ref asked);
                var stream = client.GetStream();
                var read = await stream.ReadAsync(new byte[4096], stop.Token);
                var now = clock.GetUtcNow();
                var list = read == 0 ? [] : revoked.Build(own, 1, now.AddHours(1), HashAlgorithmName.SHA256, thisUpdate: now.AddMinutes(-5));
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: {list.Length}\r\nConnection: close\r\n\r\n"), stop.Token);
                await stream.WriteAsync(list, stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private static X509Extension Policy(string oid)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
            writer.WriteObjectIdentifier(oid);
        return new X509Extension("2.5.29.32", writer.Encode(), false);
    }
}

/// <summary>The files an operator puts beside the server: its own certificates, and the issuers of cards.</summary>
public static class TestTls
{
    /// <summary>A client that asks nothing of the server's certificate: who is asked is the loopback address.</summary>
#pragma warning disable CA5359
    public static RemoteCertificateValidationCallback AnyServer { get; } = static (_, _, _, _) => true;
#pragma warning restore CA5359

    /// <summary>A folder with one pair for each host.</summary>
    public static string ServerFolder(string folder, TestIssuer issuer, params string[] hosts)
    {
        Directory.CreateDirectory(folder);
        foreach (var (host, name) in hosts.Select((h, i) => (h, i == 0 ? "default" : h)))
        {
            using var certificate = issuer.Issue("CN=" + host, purpose: "1.3.6.1.5.5.7.3.1", policy: null, host: host);
            File.WriteAllText(Path.Combine(folder, name + ".crt"), certificate.ExportCertificatePem() + "\n" + issuer.Pem);
            File.WriteAllText(Path.Combine(folder, name + ".key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }
        return folder;
    }

    /// <summary>A folder with the certificates of these issuers.</summary>
    public static string IssuerFolder(string folder, params TestIssuer[] issuers)
    {
        Directory.CreateDirectory(folder);
        foreach (var issuer in issuers) File.WriteAllText(Path.Combine(folder, issuer.Certificate.Thumbprint + ".crt"), issuer.Pem);
        return folder;
    }

    /// <summary>A port nobody listens at now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
