namespace Dsp.Journal;

/// <summary>
/// The call of a connected software that an entry is about: which transaction, and by which token. Nothing of it decides
/// anything. Old entries have none; in the canonical form it stands at the end, so that they stay what they were.
/// </summary>
public sealed record CallFacts
{
    /// <summary>A code of FHIR's restful-interaction, or <c>operation</c>.</summary>
    public required string Interaction { get; init; }

    /// <summary>The transaction's number, e.g. <c>ITI-67</c>, or an operation's name, e.g. <c>$summary</c>; null where it has none.</summary>
    public string? Transaction { get; init; }

    /// <summary>The token's id (<c>jti</c>), never the token.</summary>
    public string? TokenId { get; init; }
    public string? Issuer { get; init; }
    public string? Subject { get; init; }

    /// <summary>The software the token was issued to, by its id in the protocol.</summary>
    public string? ClientId { get; init; }

    /// <summary>The X-Request-Id, where one was sent.</summary>
    public string? RequestId { get; init; }

    /// <summary>The form's name in the canonical bytes.</summary>
    internal const string Form = "call/1";

    /// <summary>Whether an entry about this call was kept; the border writes one where no operation did.</summary>
    public bool Told => mark.Told;

    internal void Tell() => mark.Told = true;

    private readonly Mark mark = new();

    /// <summary>Copies of the facts are about the same call.</summary>
    private sealed class Mark
    {
        public volatile bool Told;
    }

    internal IReadOnlyList<(string Name, string? Value)> Pairs =>
    [
        ("interaction", Interaction), ("transaction", Transaction), ("token", TokenId), ("issuer", Issuer), ("subject", Subject), ("client", ClientId), ("request", RequestId),
    ];

    /// <returns>Null where the pairs name no call.</returns>
    internal static CallFacts? Of(IReadOnlyDictionary<string, string> pairs) => !pairs.TryGetValue("interaction", out var interaction) ? null : new CallFacts
    {
        Interaction = interaction,
        Transaction = pairs.GetValueOrDefault("transaction"),
        TokenId = pairs.GetValueOrDefault("token"),
        Issuer = pairs.GetValueOrDefault("issuer"),
        Subject = pairs.GetValueOrDefault("subject"),
        ClientId = pairs.GetValueOrDefault("client"),
        RequestId = pairs.GetValueOrDefault("request"),
    };
}
