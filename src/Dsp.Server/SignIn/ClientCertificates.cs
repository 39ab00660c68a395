using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;

namespace Dsp.Server.SignIn;

/// <summary>
/// Which certificate a software showed: on its own TLS connection, or to the named proxy that ends TLS for us and hands it on in
/// <c>Client-Cert</c> (RFC 9440). From any other address the header says nothing.
/// </summary>
internal sealed class ClientCertificates(RequestDelegate next, ServerSettings settings)
{
    private const string Header = "Client-Cert";
    private const int Longest = 8192;
    private readonly List<IPAddress> proxies = [.. settings.CertificateProxies.Select(IPAddress.Parse)];

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers[Header];
        if (headers.Count == 0) return next(context);
        if (context.Connection.RemoteIpAddress is { } from && proxies.Exists(p => p.Equals(from) || p.Equals(from.MapToIPv4())) && headers is [{ } header] && Read(header) is { } certificate)
            context.Features.Set(new Shown(certificate));
        // What was not believed is not there for anything behind us.
        context.Request.Headers.Remove(Header);
        return next(context);
    }

    /// <summary>SHA-256 of the certificate, as RFC 8705 §3.1 writes it; null where none was shown.</summary>
    public static string? ThumbprintOf(HttpContext context) =>
        (context.Features.Get<Shown>()?.Der ?? context.Connection.ClientCertificate?.RawData) is { } der ? Base64Url.EncodeToString(SHA256.HashData(der)) : null;

    /// <summary>The certificate itself; null where none was shown, or what the proxy handed on is none. The caller disposes of it.</summary>
    public static X509Certificate2? CertificateOf(HttpContext context)
    {
        if ((context.Features.Get<Shown>()?.Der ?? context.Connection.ClientCertificate?.RawData) is not { } der) return null;
        try
        {
            return X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Keeps the certificate of the connection for us, and from a library that has rules of its own for it.</summary>
    public static void KeepToUs(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } own) return;
        if (context.Features.Get<Shown>() is null) context.Features.Set(new Shown(own.RawData));
        context.Features.Set<ITlsConnectionFeature>(new NoCertificate());
    }

    /// <summary>A byte sequence of RFC 8941: base64 between colons.</summary>
    private static byte[]? Read(string header)
    {
        var text = header.Trim();
        if (text.Length is < 3 or > Longest || text[0] != ':' || text[^1] != ':') return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text.AsSpan(1, text.Length - 2), bytes, out var length) && length > 0 ? bytes[..length] : null;
    }

    private sealed record Shown(byte[] Der);

    private sealed class NoCertificate : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
