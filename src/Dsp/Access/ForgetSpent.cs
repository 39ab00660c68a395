using Dsp.Identity.Software;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>Forgets what has served its time: proofs that are refused by their age, what was issued to software and has ended, openings the brake counts no more.</summary>
public sealed class ForgetSpent(UsedProofs proofs, Grants grants, Database database, TimeProvider clock) : IOperation
{
    /// <summary>What ended is kept so long, so that its coming back is noticed.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancel)
    {
        await proofs.ForgetAsync(cancel);
        await grants.ForgetAsync(clock.Now() - Kept, cancel);
        await database.CommitAsync(new Batch().Add("DELETE FROM openings WHERE opened_at < @before", ("before", clock.Now() - BrakeQuery.Remembered)), cancel);
    }
}
