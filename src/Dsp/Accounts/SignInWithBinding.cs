using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>
/// What a card's certificate or an external provider says of a person, after the edge has verified it: the chain and the
/// handshake of the card, or signature, audience and nonce of the provider's statement. Nothing that somebody typed makes one.
/// </summary>
/// <param name="Issuer">The certificate's issuer, or the provider's.</param>
/// <param name="Subject">The certificate's serial number, or the subject.</param>
/// <param name="IsStrong">On our side the provider's level is known to mean two factors.</param>
public sealed record BindingProof(FactorKind Kind, string Issuer, string Subject, bool IsStrong)
{
    internal byte[] Lookup(ServiceKeys keys) => keys.Token(Kind == FactorKind.Card ? "card" : "external", Issuer, Subject);
}

/// <summary>Signs in by a card that is bound to an account: the row says whose, the edge has verified it. External identities: <see cref="SignInWithProvider"/>.</summary>
public sealed class SignInWithBinding(AccountStore accounts, SignIns signIns, ServiceKeys keys) : IOperation
{
    public async Task<Outcome<SignedIn>> RunAsync(BindingProof proof, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        if (proof.Kind != FactorKind.Card) throw new ArgumentOutOfRangeException(nameof(proof), proof.Kind, "A card");
        var (state, factor) = await accounts.LoadByLookupAsync(proof.Lookup(keys), place.Device, cancel);
        if (factor is null || factor.Kind != proof.Kind || !proof.IsStrong) return await signIns.FailAsync(state, Refusals.SignInFailed, cancel);
        if (!factor.IsOpen) return await signIns.FailAsync(state, Refusals.AccountWaits, cancel);
        return await signIns.SucceedAsync(state, null, new Batch(), ["sc"], place, life, cancel);
    }
}
