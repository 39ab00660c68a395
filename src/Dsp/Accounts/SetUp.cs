using Dsp.Sealing;

namespace Dsp.Accounts;

/// <summary>Makes factors of what somebody set up; refuses what would not protect.</summary>
internal static class SetUp
{
    public static async Task<Outcome<IReadOnlyList<FactorRow>>> MakeAsync(ServiceKeys keys, TimeProvider clock, PersonId person, string login, NewFactors wanted, bool open, CancellationToken cancel)
    {
        var made = new List<FactorRow>();
        // First: a code is shown for half a minute, and hashing takes its time.
        if (wanted.TotpKey is { } key)
        {
            if (OfTotp(clock, person, key, wanted.TotpCode, open) is not { } factor) return Refusals.FactorInvalid;
            made.Add(factor);
        }
        if (wanted.Password is { } password)
        {
            var factor = await PasswordAsync(clock, person, login, password, open, cancel);
            if (!factor.Succeeded) return factor.Refusal;
            made.Add(factor.Value);
        }
        if (wanted.Passkey is { } passkey) made.Add(OfPasskey(keys, clock, person, passkey, wanted.PasskeyLabel, open));
        var two = made.Exists(f => f.Kind == FactorKind.Passkey) || (made.Exists(f => f.Kind == FactorKind.Password) && made.Exists(f => f.Kind == FactorKind.Totp));
        return two ? made : Refusals.FactorInvalid;
    }

    public static async Task<Outcome<FactorRow>> PasswordAsync(TimeProvider clock, PersonId person, string login, string password, bool open, CancellationToken cancel) =>
        Passwords.IsStrong(password, login)
            ? New(clock, person, FactorKind.Password, null, new FactorSecret { Hash = await Passwords.HashAsync(password, cancel) }, open)
            : Refusals.PasswordTooWeak;

    /// <summary>The code shown at set-up is used up by it.</summary>
    public static FactorRow? OfTotp(TimeProvider clock, PersonId person, byte[] key, string? code, bool open) =>
        key.Length == Totp.KeyLength && Totp.StepOf(key, (code ?? "").Replace(" ", "", StringComparison.Ordinal), 0, clock.Now()) is { } step
            ? New(clock, person, FactorKind.Totp, null, new FactorSecret { Key = key, LastStep = step }, open)
            : null;

    public static FactorRow OfPasskey(ServiceKeys keys, TimeProvider clock, PersonId person, PasskeyCredential passkey, string? label, bool open) =>
        New(clock, person, FactorKind.Passkey, FindPasskey.Lookup(keys, passkey.Id), new FactorSecret { Passkey = passkey, Label = label }, open);

    private static FactorRow New(TimeProvider clock, PersonId person, FactorKind kind, byte[]? lookup, FactorSecret secret, bool open) =>
        new(person, Ids.New(clock), kind, lookup, 1, clock.Now(), open ? clock.Now() : null, secret);
}
