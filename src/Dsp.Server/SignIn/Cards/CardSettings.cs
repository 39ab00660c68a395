using System.Text.RegularExpressions;

namespace Dsp.Server.SignIn.Cards;

/// <summary>Whose cards are taken, and how it is asked whether one was revoked.</summary>
public sealed partial record CardSettings
{
    /// <summary>Certificates of the issuers, PEM or DER: self-signed ones are trusted, others are links to them. Null: no cards.</summary>
    public string? Issuers { get; init; }

    /// <summary>Certificate policies that say "a key on a card, behind a PIN" (RFC 5280 §4.2.1.4): a card names one of them. Empty: every certificate of the issuers counts.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Asks the issuer's OCSP or CRL address; where it does not answer, nobody is signed in. Off only where issuers publish neither.</summary>
    public bool CheckRevocation { get; init; } = true;

    /// <exception cref="InvalidOperationException">One cannot be read; the message names it.</exception>
    internal static CardSettings From(Func<string, string?> find)
    {
        var folder = find("CardIssuers");
        if (folder is not null && !Directory.Exists(folder)) throw new InvalidOperationException($"The setting CardIssuers is '{folder}': there is no such folder.");
        if (find("CardBase") is not null && folder is null) throw new InvalidOperationException("CardBase needs CardIssuers: the folder with the certificates of those whose cards are taken.");
        var policies = (find("CardPolicies") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (policies.FirstOrDefault(p => !Oid().IsMatch(p)) is { } wrong) throw new InvalidOperationException($"The setting CardPolicies names '{wrong}': give object identifiers such as 0.4.0.194112.1.2, with commas.");
        var check = find("CardRevocation") switch
        {
            null or "online" => true,
            "off" => false,
            var other => throw new InvalidOperationException($"The setting CardRevocation is '{other}': give online or off."),
        };
        return new CardSettings { Issuers = folder, Policies = policies, CheckRevocation = check };
    }

    [GeneratedRegex(@"^[0-2](\.[0-9]{1,39})+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Oid();
}
