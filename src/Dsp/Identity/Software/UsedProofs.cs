using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity.Software;

/// <summary>
/// Remembers what is good once, for all nodes and over a crash: a client's assertion (RFC 7523 §3, <c>jti</c>), a launch. Kept
/// as a keyed hash until it would have ended anyway.
/// </summary>
public sealed class UsedProofs(Database database, ServiceKeys keys, TimeProvider clock)
{
    /// <summary>Uses a proof.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="owner">Whose it is: ids need only be unique among one owner's.</param>
    /// <param name="until">From when on it is refused by its age.</param>
    /// <returns>False where it was used before.</returns>
    public async Task<bool> UseAsync(string kind, string owner, string id, DateTimeOffset until, CancellationToken cancel)
    {
        try
        {
            var batch = new Batch();
            Spend(batch, keys, kind, owner, id, until);
            await database.CommitAsync(batch, cancel);
            return true;
        }
        catch (DuplicateKeyException)
        {
            return false;
        }
    }

    /// <summary>The same inside an act: a second use ends its batch with <see cref="DuplicateKeyException"/>.</summary>
    public static void Spend(Batch batch, ServiceKeys keys, string kind, string owner, string id, DateTimeOffset until) =>
        batch.Add("INSERT INTO used_proofs (token, until_at) VALUES (@token, @until)", ("token", keys.Token("used/" + kind, owner, id)), ("until", until));

    /// <summary>Forgets those that are refused by their age.</summary>
    public Task ForgetAsync(CancellationToken cancel) =>
        database.CommitAsync(new Batch().Add("DELETE FROM used_proofs WHERE until_at < @now", ("now", clock.Now())), cancel);
}
