namespace Dsp.Storage;

/// <summary>
/// One worker at a time for a job, among any number of nodes: a row with name, owner, end and fence. Who lost a lease cannot
/// commit under it any more, because every batch of the job checks the fence.
/// </summary>
public sealed class Leases(Database database, TimeProvider clock)
{
    /// <returns>Null while another holds it.</returns>
    public async Task<Lease?> TakeAsync(string name, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var owner = Ids.Text(Ids.New(clock));
        var batch = new Batch().Add(
            """
            INSERT INTO leases (name, owner, until_at, fence) VALUES (@name, @owner, @until, 1)
            ON CONFLICT (name) DO UPDATE SET owner = @owner, until_at = @until, fence = leases.fence + 1 WHERE leases.until_at <= @now
            """, ("name", name), ("owner", owner), ("until", now + life), ("now", now));
        var slot = batch.Query(row => (Owner: row.Text(0), Fence: row.Long(1)), "SELECT owner, fence FROM leases WHERE name = @name", ("name", name));
        await database.CommitAsync(batch, cancel);
        return slot.First.Owner == owner ? new Lease(name, slot.First.Fence, life, database, clock) : null;
    }
}

/// <summary>A lease held; given back when disposed.</summary>
public sealed class Lease : IAsyncDisposable
{
    private readonly string name;
    private readonly long fence;
    private readonly TimeSpan life;
    private readonly Database database;
    private readonly TimeProvider clock;

    internal Lease(string name, long fence, TimeSpan life, Database database, TimeProvider clock) =>
        (this.name, this.fence, this.life, this.database, this.clock) = (name, fence, life, database, clock);

    /// <summary>Prolongs the lease in the batch's commit; where it was lost, nothing of the batch is kept.</summary>
    /// <remarks>A lost lease ends the commit with <see cref="SheetChangedException"/>.</remarks>
    public Batch Hold(Batch batch) =>
        batch.Add(new Statement("UPDATE leases SET until_at = @until WHERE name = @name AND fence = @fence AND until_at > @now",
            [("until", clock.Now() + life), ("name", name), ("fence", fence), ("now", clock.Now())])
        { Changes = 1 });

    public async ValueTask DisposeAsync() =>
        await database.CommitAsync(new Batch().Add("UPDATE leases SET until_at = 0 WHERE name = @name AND fence = @fence", ("name", name), ("fence", fence)), CancellationToken.None);
}
