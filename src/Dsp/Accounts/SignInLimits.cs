using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>From where somebody tries.</summary>
/// <param name="Address">The network address; null where it says nothing (this machine, a proxy that is not named).</param>
/// <param name="Device">The secret of the device cookie, as it came.</param>
/// <param name="DeviceName">Browser and system, for the person's own list.</param>
public sealed record SignInPlace(string? Address, string? Device, string DeviceName);

/// <summary>An attempt that was counted before anything was compared.</summary>
internal sealed record Attempt(Guid Id, IReadOnlyList<byte[]> Scopes, bool Allowed, bool Doubtful);

/// <summary>
/// Counts attempts per name, per device of an account, per address and per institution. An attempt counts before it is decided and
/// stops counting when it succeeds, so that many at once never come further than one after another. Names that nobody has are
/// counted alike. Guesses from elsewhere never use up what a known device may try, and passkeys are not counted by name: nobody
/// is locked out by a stranger's guesses.
/// </summary>
public sealed class SignInLimits(Database database, ServiceKeys keys, TimeProvider clock)
{
    /// <summary>Failures of one name from unknown devices: then it is slowed down.</summary>
    internal static readonly (int Most, TimeSpan Within)[] OfAName = [(5, TimeSpan.FromMinutes(15)), (20, TimeSpan.FromDays(1))];

    /// <summary>Failures of one account from one device that its person has used before.</summary>
    internal static readonly (int Most, TimeSpan Within)[] OfADevice = [(10, TimeSpan.FromMinutes(15)), (40, TimeSpan.FromDays(1))];

    /// <summary>Failures from one address, whatever the names: a whole practice may share it.</summary>
    internal static readonly (int Most, TimeSpan Within)[] OfAnAddress = [(60, TimeSpan.FromMinutes(15)), (400, TimeSpan.FromDays(1))];

    /// <summary>Failures over all people of one institution.</summary>
    internal static readonly (int Most, TimeSpan Within)[] OfAnInstitution = [(100, TimeSpan.FromHours(1))];

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Counts an attempt at a name.</summary>
    internal Task<Attempt> BeginAsync(string purpose, LoginName name, SignInPlace place, AccountState? state, CancellationToken cancel)
    {
        var own = state?.Device is { } device ? (keys.Token("attempt/device", purpose, Ids.Text(device.Id)), OfADevice) : (keys.Token("attempt/name", purpose, name.Text), OfAName);
        return BeginAsync(own, place, state?.Institutions ?? [], cancel);
    }

    /// <summary>Counts an attempt of a session that is asked for a fresh factor.</summary>
    internal Task<Attempt> BeginAsync(SessionId session, SignInPlace place, CancellationToken cancel) =>
        BeginAsync((keys.Token("attempt/session", session.ToString()), OfADevice), place, [], cancel);

    private async Task<Attempt> BeginAsync((byte[] Token, (int Most, TimeSpan Within)[] Limits) own, SignInPlace place, IReadOnlyList<InstitutionId> institutions, CancellationToken cancel)
    {
        var now = clock.Now();
        var scopes = new List<(byte[] Token, (int Most, TimeSpan Within)[] Limits, bool Refuses)> { (own.Token, own.Limits, true) };
        if (place.Address is { } address) scopes.Add((keys.Token("attempt/address", address), OfAnAddress, true));
        // That an institution is slowed down would tell who works there: such an attempt fails like a wrong one.
        scopes.AddRange(institutions.Select(i => (keys.Token("attempt/institution", i.ToString()), OfAnInstitution, false)));
        var id = Ids.New(clock);
        var write = new Batch().Add("DELETE FROM sign_in_failures WHERE failed_at <= @old", ("old", now - Kept));
        foreach (var scope in scopes)
            write.Add("INSERT INTO sign_in_failures (scope, failure_id, failed_at) VALUES (@scope, @failure, @now)", ("scope", scope.Token), ("failure", id), ("now", now));
        await database.CommitAsync(write, cancel);
        var read = new Batch();
        var times = scopes.Select(scope => (scope, Slot: read.Query(row => row.Instant(0), "SELECT failed_at FROM sign_in_failures WHERE scope = @scope", ("scope", scope.Token)))).ToList();
        await database.ReadAsync(read, cancel);
        bool Over((byte[] Token, (int Most, TimeSpan Within)[] Limits, bool Refuses) scope, Slot<DateTimeOffset> slot) => Array.Exists(scope.Limits, l => slot.Rows.Count(t => t > now - l.Within) > l.Most);
        var attempt = new Attempt(id, [.. scopes.Select(s => s.Token)],
            Allowed: !times.Exists(t => t.scope.Refuses && Over(t.scope, t.Slot)), Doubtful: times.Exists(t => !t.scope.Refuses && Over(t.scope, t.Slot)));
        // What is not let through is not counted either: waiting is always enough.
        if (!attempt.Allowed)
        {
            var undone = new Batch();
            Forget(undone, attempt);
            await database.CommitAsync(undone, cancel);
        }
        return attempt;
    }

    /// <summary>The attempt succeeded, or nothing was wrong with it.</summary>
    internal static void Forget(Batch batch, Attempt attempt)
    {
        foreach (var scope in attempt.Scopes)
            batch.Add("DELETE FROM sign_in_failures WHERE scope = @scope AND failure_id = @failure", ("scope", scope), ("failure", attempt.Id));
    }
}
