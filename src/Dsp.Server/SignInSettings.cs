using System.Net;
using Dsp.Server.SignIn.Providers;

namespace Dsp.Server;

/// <summary>Which ways to sign in are offered, and whose word about the network address is taken.</summary>
public sealed record SignInSettings
{
    /// <summary>A password with a one-time code. On.</summary>
    public bool PasswordSignIn { get; init; } = true;

    /// <summary>A passkey. On; needs a host name (no passkey exists for an address in figures) and https, or localhost.</summary>
    public bool PasskeySignIn { get; init; } = true;

    /// <summary>
    /// The proxy that ends TLS: from it alone the last entry of <c>X-Forwarded-For</c> is taken as the address attempts are counted by.
    /// Null: no header is believed, and only public addresses are counted.
    /// </summary>
    public IPAddress? TrustedProxy { get; init; }

    /// <summary>External identity providers, in the order of their buttons. None.</summary>
    public IReadOnlyList<IdentityProvider> Providers { get; init; } = [];

    /// <exception cref="InvalidOperationException">One cannot be read; the message names it.</exception>
    internal static SignInSettings From(Func<string, string?> find)
    {
        bool Flag(string name, bool usual) => find(name) is not { } text ? usual : bool.TryParse(text, out var value) ? value : throw new InvalidOperationException($"The setting {name} is '{text}': give true or false.");
        var usual = new SignInSettings();
        return new SignInSettings
        {
            Providers = IdentityProvider.From(find),
            PasswordSignIn = Flag(nameof(PasswordSignIn), usual.PasswordSignIn),
            PasskeySignIn = Flag(nameof(PasskeySignIn), usual.PasskeySignIn),
            TrustedProxy = find(nameof(TrustedProxy)) is not { } proxy ? null
                : IPAddress.TryParse(proxy, out var address) ? address : throw new InvalidOperationException($"The setting TrustedProxy is '{proxy}': give the proxy's network address."),
        };
    }
}
