using Dsp.Identity.Software;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>A passkey's answer that the edge has verified: signature, origin, challenge, and that the device verified its user.</summary>
/// <param name="Challenge">The challenge that was answered; it is taken once.</param>
public sealed record PasskeyProof(byte[] CredentialId, uint SignCount, bool BackedUp, byte[] Challenge);

/// <summary>Finds the public part of a passkey by its credential id, for whoever verifies an answer.</summary>
public sealed class FindPasskey(AccountStore accounts, ServiceKeys keys) : IOperation
{
    public async Task<(PersonId Person, PasskeyCredential Credential)?> RunAsync(byte[] credentialId, CancellationToken cancel)
    {
        var (_, factor) = await accounts.LoadByLookupAsync(Lookup(keys, credentialId), null, cancel);
        return factor is { Kind: FactorKind.Passkey, Secret.Passkey: { } credential } ? (factor.Person, credential) : null;
    }

    internal static byte[] Lookup(ServiceKeys keys, byte[] credentialId) => keys.Token("passkey", Convert.ToHexString(credentialId));
}

/// <summary>
/// A passkey alone: the key is one factor, the device's check of its user the other. It is not slowed down by guesses at a name:
/// there is nothing to guess, so a stranger's attempts never shut its person out.
/// </summary>
public sealed class SignInWithPasskey(AccountStore accounts, SignIns signIns, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<SignedIn>> RunAsync(PasskeyProof proof, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        var (state, factor) = await accounts.LoadByLookupAsync(FindPasskey.Lookup(keys, proof.CredentialId), place.Device, cancel);
        var uses = new Batch();
        if (!Use(uses, keys, factor, proof, clock.Now())) return await signIns.FailAsync(state, Refusals.SignInFailed, cancel);
        if (!factor!.IsOpen) return await signIns.FailAsync(state, Refusals.AccountWaits, cancel);
        return await signIns.SucceedAsync(state, null, uses, ["hwk", "user"], place, life, cancel);
    }

    /// <summary>Longer than any question is open.</summary>
    internal static readonly TimeSpan ProofsKept = TimeSpan.FromHours(1);

    /// <summary>A counter that did not grow says that the key was copied (WebAuthn 6.1.1); a challenge is answered once.</summary>
    internal static bool Use(Batch batch, ServiceKeys keys, FactorRow? factor, PasskeyProof proof, DateTimeOffset now)
    {
        if (factor is not { Kind: FactorKind.Passkey, Secret.Passkey: { } known }) return false;
        if ((proof.SignCount != 0 || known.SignCount != 0) && proof.SignCount <= known.SignCount) return false;
        UsedProofs.Spend(batch, keys, "passkey", "", Convert.ToHexString(proof.Challenge), now + ProofsKept);
        factor.Use(batch, keys, factor.Secret with { Passkey = known with { SignCount = proof.SignCount, BackedUp = proof.BackedUp } });
        return true;
    }
}
