using System.Security.Cryptography;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>
/// A password and a one-time code, from an application or from the posted list. Whatever is wrong, the answer is one, and the
/// work is the same: an unknown name costs a hash, a code and a line in the journal too.
/// </summary>
public sealed class SignInWithPassword(AccountStore accounts, SignInLimits limits, SignIns signIns, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="life">How long the session lasts at most.</param>
    public async Task<Outcome<SignedIn>> RunAsync(string? login, string? password, string? code, SignInPlace place, TimeSpan life, CancellationToken cancel)
    {
        var name = LoginName.Read(login, Deadlines.DayOf(clock.Now()));
        var person = await accounts.PersonOfAsync(name, cancel);
        var state = await accounts.LoadAsync(person, place.Device, cancel);
        var attempt = await limits.BeginAsync("password", name, place, state, cancel);
        if (!attempt.Allowed) return await signIns.FailAsync(state, Refusals.SignInSlowed, cancel);

        // While something waits for its second channel, what was there before goes on working.
        var known = state.Open.FirstOrDefault(f => f.Kind == FactorKind.Password) ?? state.Waiting.FirstOrDefault(f => f.Kind == FactorKind.Password);
        var right = await Passwords.FitsAsync(password ?? "", known?.Secret.Hash, cancel);
        var uses = new Batch();
        var method = OneTimeCode.Use(uses, keys, state.Factors.Where(f => f.IsOpen == known?.IsOpen), code ?? "", clock.Now());
        if (!right || method is null || attempt.Doubtful) return await signIns.FailAsync(state, Refusals.SignInFailed, cancel);
        if (!known!.IsOpen) return await signIns.FailAsync(state, Refusals.AccountWaits, cancel);
        return await signIns.SucceedAsync(state, attempt, uses, ["pwd", method], place, life, cancel);
    }
}

/// <summary>A code that works once, against every factor that could have made it.</summary>
internal static class OneTimeCode
{
    private static readonly byte[] NobodysKey = new byte[Totp.KeyLength];

    /// <summary>Adds to the batch that the code was used.</summary>
    /// <returns><c>otp</c> or <c>list</c>; null where it is no code of these factors, or was used before.</returns>
    public static string? Use(Batch batch, ServiceKeys keys, IEnumerable<FactorRow> factors, string typed, DateTimeOffset now)
    {
        var digits = new string([.. typed.Where(c => !char.IsWhiteSpace(c)).Take(64)]);
        string? method = null;
        _ = Totp.StepOf(NobodysKey, digits, 0, now);
        foreach (var factor in factors)
        {
            if (factor is { Kind: FactorKind.Totp, Secret.Key: { } key } && Totp.StepOf(key, digits, factor.Secret.LastStep, now) is { } step && method is null)
            {
                factor.Use(batch, keys, factor.Secret with { LastStep = step });
                method = "otp";
            }
            if (factor is { Kind: FactorKind.Codes, Secret.Left: { } left })
            {
                var token = ListToken(keys, factor.Person, factor.Id, typed);
                var rest = left.Where(t => !CryptographicOperations.FixedTimeEquals(t, token)).ToList();
                if (rest.Count == left.Count || method is not null) continue;
                factor.Use(batch, keys, factor.Secret with { Left = rest });
                method = "list";
            }
        }
        return method;
    }

    public static byte[] ListToken(ServiceKeys keys, PersonId person, Guid list, string typed) => keys.Token("list-code", person.ToString(), Ids.Text(list), LetterCodes.Normalised(typed));
}
