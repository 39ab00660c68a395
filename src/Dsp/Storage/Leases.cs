namespace Dsp.Storage;

/// <summary>A lease held: the holder's fence grows by one whenever a lease changes hands, and each job transaction repeats it.</summary>
public sealed record Lease(string Name, string Owner, long Fence)
{
    /// <summary>
    /// The statement that binds a batch to this lease: in the batch, it prolongs the lease, or undoes the whole batch where
    /// another node holds it now (<see cref="SheetChangedException"/>: a precondition of the batch did not hold).
    /// </summary>
    public Statement Hold(DateTimeOffset until) => new(
        "UPDATE leases SET until_at = @until WHERE name = @name AND owner = @owner AND fence = @fence",
        [("until", until), ("name", Name), ("owner", Owner), ("fence", Fence)])
    { Changes = 1 };
}

/// <summary>
/// Who does a job that only one node may do at a time: a row with owner, end and fence (architecture §7). Time is the
/// platform clock's; a node whose clock is wrong is stopped by the fence, not by the time.
/// </summary>
public sealed class Leases(Database database, TimeProvider clock)
{
    private readonly string owner = Ids.Text(Ids.New(clock));

    /// <summary>Takes or prolongs a lease. Null where another node holds it.</summary>
    public async Task<Lease?> TryTakeAsync(string name, TimeSpan life, CancellationToken cancel)
    {
        var now = clock.Now();
        var batch = new Batch().Add(
            """
            INSERT INTO leases (name, owner, until_at, fence) VALUES (@name, @owner, @until, 1)
            ON CONFLICT (name) DO UPDATE
            SET    fence = CASE WHEN leases.owner = @owner THEN leases.fence ELSE leases.fence + 1 END, owner = @owner, until_at = @until
            WHERE  leases.owner = @owner OR leases.until_at <= @now
            """,
            ("name", name), ("owner", owner), ("until", now + life), ("now", now));
        var held = batch.Query(row => (Owner: row.Text(0), Fence: row.Long(1)), "SELECT owner, fence FROM leases WHERE name = @name", ("name", name));
        await database.CommitAsync(batch, cancel);
        return held.First is { } row && row.Owner == owner ? new Lease(name, owner, row.Fence) : null;
    }

    /// <summary>Gives a lease back at once, so that another node need not wait for its end.</summary>
    public Task ReleaseAsync(Lease lease, CancellationToken cancel) =>
        database.CommitAsync(new Batch().Add(
            "UPDATE leases SET until_at = @now WHERE name = @name AND owner = @owner AND fence = @fence",
            ("now", clock.Now()), ("name", lease.Name), ("owner", lease.Owner), ("fence", lease.Fence)), cancel);
}
