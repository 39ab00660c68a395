using System.Globalization;
using Dsp.Ui.Languages;

namespace Dsp.Server.SignIn.Providers;

/// <summary>
/// An external OpenID Connect provider that people may sign in by, as the operator set it: who it is, how we prove ourselves to
/// it, and what of its word counts here.
/// </summary>
public sealed record IdentityProvider
{
    /// <summary>Short name in addresses and settings: a to z, 0 to 9 and hyphens, at most 20. Its redirect address ends in it.</summary>
    public required string Key { get; init; }

    /// <summary>What people read on the button.</summary>
    public required string Name { get; init; }

    /// <summary>The name in a language, where it differs.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>The provider's <c>iss</c>, to the letter; its discovery document lies below it.</summary>
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    /// <summary>PEM file of our private key (EC P-256, P-384 or RSA): <c>private_key_jwt</c>. A relative path lies in the key folder.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The <c>kid</c> under which the provider knows our key. Null: none is sent.</summary>
    public string? ClientKeyId { get; init; }

    /// <summary>File with the client secret on its only line, where the provider knows nothing better. A relative path lies in the key folder.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>What is asked for; <c>openid</c> is always among it.</summary>
    public string Scopes { get; init; } = "openid";

    /// <summary>The claim with the national number the provider has verified. Null: it says none, and only bound subjects sign in.</summary>
    public string? NumberClaim { get; init; }

    /// <summary>Values of <c>acr</c> that mean two factors here; they are asked for, and checked.</summary>
    public IReadOnlyList<string> StrongAcr { get; init; } = [];

    /// <summary>Sets of <c>amr</c> that mean two factors here: all members of one set must be there.</summary>
    public IReadOnlyList<IReadOnlyList<string>> StrongAmr { get; init; } = [];

    /// <summary>How old the person's proof at the provider may be: 0 to 60 minutes. 0: it is asked for each time.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>It stands in a network of our own: addresses that are not public are dialled, and on loopback http is allowed.</summary>
    public bool Internal { get; init; }

    /// <summary>The name in this language.</summary>
    public string NameIn(Language language) => Names.GetValueOrDefault(language.Code, Name);

    /// <summary>The provider's word counts as two factors.</summary>
    public bool IsStrong(string? acr, IReadOnlyCollection<string> amr) =>
        (acr is not null && StrongAcr.Contains(acr, StringComparer.Ordinal)) || StrongAmr.Any(set => set.Count > 0 && set.All(amr.Contains));

    /// <summary>Reads <c>Providers:0:Key</c> and what follows.</summary>
    /// <exception cref="InvalidOperationException">One is missing or cannot be read; the message names the setting, never its value.</exception>
    internal static IReadOnlyList<IdentityProvider> From(Func<string, string?> find)
    {
        var read = new List<IdentityProvider>();
        while (find($"Providers:{read.Count}:Key") is not null) read.Add(One(find, $"Providers:{read.Count}:"));
        var twice = read.GroupBy(p => p.Key).Concat(read.GroupBy(p => p.Issuer)).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? read : throw new InvalidOperationException($"Two identity providers are called '{twice}': each has its own key and issuer.");
    }

    private static IdentityProvider One(Func<string, string?> find, string at)
    {
        string Need(string name) => find(at + name) is { Length: > 0 } text ? text : throw new InvalidOperationException($"The setting {at}{name} is missing.");
        T Checked<T>(string name, T value, bool right, string rule) => right ? value : throw new InvalidOperationException($"The setting {at}{name} is not right: {rule}.");
        string[] List(string name, char by) => (find(at + name) ?? "").Split(by, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var isInternal = find(at + "Internal") is { } flag && Checked("Internal", bool.TryParse(flag, out var yes) && yes, bool.TryParse(flag, out _), "give true or false");
        var (key, issuer, minutes) = (Need("Key"), Need("Issuer"), find(at + "MaxAgeMinutes") ?? "5");
        var provider = new IdentityProvider
        {
            Key = Checked("Key", key, key.Length <= 20 && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'), "a to z, 0 to 9 and hyphens, at most 20"),
            Name = Need("Name"),
            Names = Language.All.Select(l => (l.Code, Name: find($"{at}Names:{l.Code}"))).Where(n => n.Name is { Length: > 0 }).ToDictionary(n => n.Code, n => n.Name!),
            Issuer = Checked("Issuer", issuer, Wire.OutboundHttp.MayCall(issuer, isInternal), "an https address (http on loopback, with Internal, for tests)"),
            ClientId = Need("ClientId"),
            ClientKeyFile = find(at + "ClientKeyFile"),
            ClientKeyId = find(at + "ClientKeyId"),
            ClientSecretFile = find(at + "ClientSecretFile"),
            Scopes = string.Join(' ', List("Scopes", ' ').Prepend("openid").Distinct(StringComparer.Ordinal)),
            NumberClaim = find(at + "NumberClaim") is { Length: > 0 } claim ? claim : null,
            StrongAcr = List("StrongAcr", ' '),
            StrongAmr = [.. List("StrongAmr", ' ').Select(set => set.Split('+', StringSplitOptions.RemoveEmptyEntries))],
            MaxAge = TimeSpan.FromMinutes(Checked("MaxAgeMinutes", int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : -1, age is >= 0 and <= 60, "whole minutes, 0 to 60")),
            Internal = isInternal,
        };
        Checked("ClientKeyFile", 0, (provider.ClientKeyFile is null) != (provider.ClientSecretFile is null), "give either ClientKeyFile or ClientSecretFile");
        // Without them nobody would ever be let in, and the operator would look for the fault elsewhere.
        return Checked("StrongAcr", provider, provider.StrongAcr.Count + provider.StrongAmr.Count > 0, "say which acr, or which amr (StrongAmr), means two factors");
    }
}
