using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dsp.Server.Audit;

/// <summary>Where audit events are sent (ITI-20), and whose clock is asked (ITI-1).</summary>
public sealed record AuditSettings
{
    private const int SyslogTls = 6514;
    private const int Ntp = 123;

    /// <summary>The collector, <c>host:port</c> (6514 where no port is named), syslog over TLS. Null: nothing is sent.</summary>
    public (string Host, int Port)? Collector { get; init; }

    /// <summary>The name its certificate must carry. Null: the collector's host.</summary>
    public string? CollectorName { get; init; }

    /// <summary>A file with the certificates (PEM) of those whose word about the collector counts. Null: those the machine trusts.</summary>
    public string? CollectorIssuers { get; init; }

    /// <summary>Our own certificate, shown to the collector: a PEM file with its chain, its key beside it as <c>.key</c>. Null: none is shown.</summary>
    public string? Certificate { get; init; }

    /// <summary>
    /// The collector answers the end of a connection with its own <c>close_notify</c>, as RFC 5425 §4.4 asks: that answer is the proof that
    /// everything arrived. Off: an orderly end of the connection is taken for it.
    /// </summary>
    public bool ClosesWithNotify { get; init; } = true;

    /// <summary>This installation's name at the collector (AuditSourceID).</summary>
    public string SourceId { get; init; } = "dsp";

    /// <summary>After how many minutes the oldest event that waits is an alarm.</summary>
    public TimeSpan Behind { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The time server, <c>host:port</c> (123 where no port is named), asked by SNTP. Null: nobody is asked.</summary>
    public (string Host, int Port)? TimeServer { get; init; }

    /// <exception cref="InvalidOperationException">One cannot be read; the message names it.</exception>
    internal static AuditSettings From(Func<string, string?> find)
    {
        var usual = new AuditSettings();
        var settings = new AuditSettings
        {
            Collector = Place(find, "AuditCollector", SyslogTls),
            CollectorName = find("AuditCollectorName"),
            CollectorIssuers = Certificates(find, "AuditCollectorIssuers"),
            Certificate = find("AuditCertificate"),
            ClosesWithNotify = find("AuditCollectorClose") switch
            {
                null or "notify" => true,
                "plain" => false,
                var other => throw new InvalidOperationException($"The setting AuditCollectorClose is '{other}': give notify or plain."),
            },
            SourceId = find("AuditSourceId") ?? usual.SourceId,
            Behind = find("AuditBehind") is not { } minutes ? usual.Behind
                : int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole is > 0 and <= 1440 ? TimeSpan.FromMinutes(whole)
                : throw new InvalidOperationException($"The setting AuditBehind is '{minutes}': give whole minutes, 1 to 1440."),
            TimeServer = Place(find, "TimeServer", Ntp),
        };
        if (settings.Certificate is { } own)
        {
            try
            {
                using var _ = X509Certificate2.CreateFromPemFile(own, Path.ChangeExtension(own, ".key"));
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new InvalidOperationException($"The setting AuditCertificate is '{own}': it, or its key beside it, cannot be read.", e);
            }
        }
        return settings;
    }

    private static (string, int)? Place(Func<string, string?> find, string name, int usual)
    {
        if (find(name) is not { } text) return null;
        // An address of IPv6 stands in brackets where a port follows.
        return Uri.TryCreate($"tls://{text}", UriKind.Absolute, out var place) && place.Host.Length > 0 && place.PathAndQuery is "/" or "" && place.UserInfo.Length == 0 && place.Port is > 0 or -1
            ? (place.DnsSafeHost, place.Port == -1 ? usual : place.Port)
            : throw new InvalidOperationException($"The setting {name} is '{text}': give a host, or host:port.");
    }

    private static string? Certificates(Func<string, string?> find, string name)
    {
        if (find(name) is not { } file) return null;
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            if (read.Count > 0) return file;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The setting {name} is '{file}': it cannot be read.", e);
        }
        throw new InvalidOperationException($"The setting {name} is '{file}': it holds no certificate.");
    }
}
