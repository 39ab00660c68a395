using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dsp.Server.SignIn.Cards;

/// <summary>The issuers whose cards are taken: those that signed themselves are trusted, the others lead to them.</summary>
public sealed class CardIssuers
{
    private CardIssuers(X509Certificate2Collection roots, X509Certificate2Collection intermediates) => (Roots, Intermediates) = (roots, intermediates);

    public X509Certificate2Collection Roots { get; }

    public X509Certificate2Collection Intermediates { get; }

    /// <summary>Reads a folder of certificates, PEM (one or more a file) or DER.</summary>
    /// <returns>Null where no folder is named.</returns>
    /// <exception cref="InvalidOperationException">A file cannot be read, or none signed itself; the message names it.</exception>
    public static CardIssuers? Read(string? folder)
    {
        if (folder is null) return null;
        var (roots, intermediates) = (new X509Certificate2Collection(), new X509Certificate2Collection());
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            foreach (var certificate in ReadFile(file))
                (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? roots : intermediates).Add(certificate);
        return roots.Count > 0 ? new CardIssuers(roots, intermediates) : throw new InvalidOperationException($"The folder CardIssuers ({folder}) holds no certificate that signed itself: there is nothing to trust.");
    }

    private static X509Certificate2Collection ReadFile(string file)
    {
        try
        {
            var read = new X509Certificate2Collection();
            var bytes = File.ReadAllBytes(file);
            if (bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0) read.ImportFromPemFile(file);
            else read.Add(X509CertificateLoader.LoadCertificate(bytes));
            return read;
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException($"{file} in the folder CardIssuers is no certificate: {e.Message}", e);
        }
    }
}
