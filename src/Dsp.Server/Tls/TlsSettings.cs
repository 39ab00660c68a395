namespace Dsp.Server.Tls;

/// <summary>How this process ends TLS itself, and which of its names ask for a certificate.</summary>
public sealed record TlsSettings
{
    /// <summary>
    /// Certificates of this server: pairs <c>NAME.crt</c> (the certificate first, then its chain, PEM) and <c>NAME.key</c>. The
    /// first whose names fit what the client asks for is shown; <c>default</c> where none does. Null: addresses in clear only,
    /// behind a proxy that ends TLS.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The public https address at which people show a card; a name of its own, since a browser asks for a card where the server does. Null: no cards.</summary>
    public Uri? CardBase { get; init; }

    /// <summary>The public https address at which software shows its certificate. Null: software comes through a named proxy, or without one.</summary>
    public Uri? SystemsBase { get; init; }

    /// <exception cref="InvalidOperationException">One cannot be read, or lacks another; the message names it.</exception>
    internal static TlsSettings From(Func<string, string?> find)
    {
        Uri? Address(string name) => find(name) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/" ? address
            : throw new InvalidOperationException($"The setting {name} is '{text}': give an https address without a path.");
        var settings = new TlsSettings { Folder = find("TlsFolder"), CardBase = Address(nameof(CardBase)), SystemsBase = Address(nameof(SystemsBase)) };
        if (settings.Folder is { } folder && !Directory.Exists(folder)) throw new InvalidOperationException($"The setting TlsFolder is '{folder}': there is no such folder.");
        if ((settings.CardBase ?? settings.SystemsBase) is not null && find("PublicBase") is null) throw new InvalidOperationException("CardBase and SystemsBase need PublicBase: each is one of several names of this server.");
        return settings;
    }

    /// <summary>Whether a request came under this name.</summary>
    internal static bool IsFor(HttpContext context, Uri? name) => name is not null && string.Equals(context.Request.Host.Value, name.Authority, StringComparison.OrdinalIgnoreCase);
}
