using Dsp.Storage;

namespace Dsp.Sealing;

/// <summary>How far a rotation is.</summary>
/// <param name="Epoch">The epoch everything is wrapped under in the end.</param>
/// <param name="Rewrapped">Records rewrapped in this run.</param>
/// <param name="Left">Records still under an older epoch when last counted.</param>
public sealed record RotationProgress(int Epoch, long Rewrapped, long Left);

/// <summary>What stands under one epoch.</summary>
/// <param name="Current">New keys are wrapped under it.</param>
/// <param name="RetiredAt">Since when nothing new is; null for the current one.</param>
public sealed record EpochUse(int Epoch, bool Current, long Records, long ServiceKeys, DateTimeOffset? RetiredAt);

/// <summary>
/// Rewraps every living record's key, and the installation's own, under the current epoch (security §1). The keys themselves
/// stay, so nothing is sealed anew and readers notice nothing. Runs beside a working server, in batches, under a fenced lease;
/// interrupted, it goes on where it is repeated.
/// </summary>
public sealed class RotateKeys(Database database, IKeyProvider provider, Leases leases) : IOperation
{
    private const long AtOnce = 200;
    private static readonly TimeSpan LeaseLife = TimeSpan.FromMinutes(2);

    /// <param name="told">Called after every batch.</param>
    /// <returns>The end; null while another process rotates.</returns>
    /// <exception cref="SealBrokenException">A key does not open under the epoch its row names: nothing of that batch was changed.</exception>
    public async Task<RotationProgress?> RunAsync(Action<RotationProgress>? told, CancellationToken cancel)
    {
        await using var lease = await leases.TakeAsync("keys", LeaseLife, cancel);
        if (lease is null) return null;
        var epoch = provider.CurrentEpoch;
        await ServiceKeys.RewrapAsync(database, provider, cancel);
        var done = 0L;
        // Once more from the start until none is left: a server may make records under the former epoch in the first moment.
        for (var left = await LeftAsync(epoch, cancel); left > 0; left = await LeftAsync(epoch, cancel))
        {
            var after = Guid.Empty;
            while (await NextAsync(epoch, after, cancel) is { Count: > 0 } rows)
            {
                var batch = lease.Hold(new Batch());
                foreach (var row in rows) batch.Add(Rewrap(row, epoch));
                await database.CommitAsync(batch, cancel);
                after = rows[^1].Record.Value;
                done += rows.Count;
                left -= rows.Count;
                told?.Invoke(new RotationProgress(epoch, done, Math.Max(0, left)));
            }
        }
        return new RotationProgress(epoch, done, 0);
    }

    /// <summary>What stands under each epoch that a key or a row names.</summary>
    public static async Task<IReadOnlyList<EpochUse>> UsesAsync(Database database, KeyFolder folder, CancellationToken cancel)
    {
        var records = await CountsAsync(database, "SELECT key_epoch, COUNT(*) FROM records GROUP BY key_epoch", cancel);
        var services = await CountsAsync(database, "SELECT epoch, COUNT(*) FROM service_keys GROUP BY epoch", cancel);
        var current = folder.CurrentEpoch;
        return
        [
            .. folder.Epochs.Concat(records.Keys).Concat(services.Keys).Distinct().Order()
                .Select(e => new EpochUse(e, e == current, records.GetValueOrDefault(e), services.GetValueOrDefault(e), folder.RetiredAt(e))),
        ];
    }

    private Statement Rewrap(Wrapped row, int epoch) =>
        new("UPDATE records SET key_epoch = @epoch, wrapped_key = @wrapped WHERE record_id = @record AND key_epoch = @former",
            [("epoch", (long)epoch), ("wrapped", RecordKey.Unwrap(provider, row.Record, row.Epoch, row.Key).Wrap(provider, epoch)), ("record", row.Record), ("former", (long)row.Epoch)]);

    private Task<IReadOnlyList<Wrapped>> NextAsync(int epoch, Guid after, CancellationToken cancel) =>
        database.QueryAsync(row => new Wrapped(new(row.Guid(0)), row.Int(1), row.Bytes(2)),
            "SELECT record_id, key_epoch, wrapped_key FROM records WHERE key_epoch <> @epoch AND record_id > @after ORDER BY record_id LIMIT @most", cancel,
            ("epoch", (long)epoch), ("after", after), ("most", AtOnce));

    private async Task<long> LeftAsync(int epoch, CancellationToken cancel) =>
        (await database.QueryAsync(row => row.Long(0), "SELECT COUNT(*) FROM records WHERE key_epoch <> @epoch", cancel, ("epoch", (long)epoch)))[0];

    private static async Task<Dictionary<int, long>> CountsAsync(Database database, string sql, CancellationToken cancel) =>
        (await database.QueryAsync(row => (row.Int(0), row.Long(1)), sql, cancel)).ToDictionary(r => r.Item1, r => r.Item2);

    private sealed record Wrapped(RecordId Record, int Epoch, byte[] Key);
}
