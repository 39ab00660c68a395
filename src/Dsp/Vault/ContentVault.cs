using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Vault;

/// <summary>What a content needs to be opened, from its document's sealed row.</summary>
public sealed record ContentRef(ContentId Content, byte[] Salt, long Length, bool Inline);

/// <summary>Sealed bytes outside the database, by record and content.</summary>
public interface IContentStore
{
    /// <summary>Keeps sealed bytes under a new name; when it returns they survive a power cut. Writing the same name again replaces.</summary>
    /// <exception cref="IOException">They cannot be kept (full, gone, not allowed); what was begun is removed by <see cref="RemoveAsync"/>.</exception>
    Task KeepAsync(RecordId record, ContentId content, ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Fills the buffer from an offset of the sealed bytes.</summary>
    /// <exception cref="SealBrokenException">The bytes are missing or shorter.</exception>
    Task ReadAsync(RecordId record, ContentId content, long offset, Memory<byte> buffer, CancellationToken cancel);

    /// <summary>Removes; absent is fine.</summary>
    Task RemoveAsync(RecordId record, ContentId content, CancellationToken cancel);

    /// <summary>Everything kept, for the orphan sweep.</summary>
    IAsyncEnumerable<(RecordId Record, ContentId Content)> ListAsync(CancellationToken cancel);
}

/// <summary>
/// Keeps contents sealed under their record's key. Small ones (default ≤ 64 KiB) travel in the deposit's own batch;
/// larger ones go to the content store first, announced by an intent row, so that a crash leaves an orphan and never a
/// document without bytes.
/// </summary>
public sealed class ContentVault(Database database, IContentStore store, TimeProvider clock)
{
    public const int LargestInline = 64 * 1024;

    /// <summary>Seals a content. Inline: its row is added to the batch. Else: written to the store now, before the batch commits.</summary>
    /// <returns>What the document's sealed row must keep.</returns>
    public async Task<ContentRef> PutAsync(Permit permit, Batch batch, ContentId content, ReadOnlyMemory<byte> plain, CancellationToken cancel)
    {
        var salt = RandomNumberGenerator.GetBytes(32);
        var bytes = ContentSeal.Seal(permit.Key.ContentKey(content, salt), permit.Record, content, plain.Span);
        var inline = plain.Length <= LargestInline;
        if (inline)
        {
            batch.Add("INSERT INTO contents (record_id, content_id, sealed) VALUES (@record, @content, @sealed)",
                ("record", permit.Record), ("content", content), ("sealed", bytes));
            return new ContentRef(content, salt, plain.Length, Inline: true);
        }
        var intent = new Batch().Add("INSERT INTO content_intents (record_id, content_id, started_at) VALUES (@record, @content, @at) ON CONFLICT (record_id, content_id) DO NOTHING",
            ("record", permit.Record), ("content", content), ("at", clock.Now()));
        await database.CommitAsync(intent, cancel);
        try
        {
            await store.KeepAsync(permit.Record, content, bytes, cancel);
        }
        catch (Exception e) when (IsAway(e))
        {
            await GiveUpAsync(permit.Record, content, cancel);
            throw new StorageUnavailableException(e);
        }
        batch.Add(Forget(permit.Record, content));
        return new ContentRef(content, salt, plain.Length, Inline: false);
    }

    /// <summary>
    /// Commits the permit's journal entry and opens a range; length and hash stand in the sealed row that the caller opened.
    /// </summary>
    /// <returns>The plain bytes in pieces of at most 64 KiB; nothing is handed over before the entry is durable.</returns>
    public async Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> OpenAsync(Permit permit, ContentRef content, long offset, long count, CancellationToken cancel)
    {
        var batch = new Batch();
        var inline = content.Inline
            ? batch.Query(row => row.Bytes(0), "SELECT sealed FROM contents WHERE record_id = @record AND content_id = @content", ("record", permit.Record), ("content", content.Content))
            : null;
        await permit.SpendAsync(batch, cancel);
        var bytes = inline is null ? null : inline.First ?? throw new SealBrokenException("A content's row is missing");
        var key = permit.Key.ContentKey(content.Content, content.Salt);
        return ContentSeal.OpenAsync(key, permit.Record, content.Content, Reader(permit.Record, content.Content, bytes), content.Length, offset, count, CancellationToken.None);
    }

    /// <summary>
    /// Removes what a crash left: store objects that no document names and whose intent is older than an hour, and their intents.
    /// Never opens anything.
    /// </summary>
    /// <returns>How many orphans were removed.</returns>
    public async Task<int> SweepOrphansAsync(CancellationToken cancel)
    {
        var before = clock.Now() - TimeSpan.FromHours(1);
        var orphans = await database.QueryAsync(
            row => (Record: new RecordId(row.Guid(0)), Content: new ContentId(row.Guid(1))),
            """
            SELECT i.record_id, i.content_id
            FROM   content_intents i
            WHERE  i.started_at < @before
              AND  NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = i.record_id AND d.content_id = i.content_id)
            """, cancel, ("before", before));
        foreach (var (record, content) in orphans) await RemoveAsync(record, content, cancel);
        return orphans.Count;
    }

    /// <summary>Half a content would keep a full disk full: it goes at once, and where that fails too, with the sweep.</summary>
    private async Task GiveUpAsync(RecordId record, ContentId content, CancellationToken cancel)
    {
        try
        {
            await RemoveAsync(record, content, cancel);
        }
        catch (Exception e) when (IsAway(e) || e is StorageUnavailableException)
        {
            // The intent stands; the sweep finds it.
        }
    }

    private async Task RemoveAsync(RecordId record, ContentId content, CancellationToken cancel)
    {
        await store.RemoveAsync(record, content, cancel);
        await database.CommitAsync(new Batch().Add(Forget(record, content)), cancel);
    }

    private static Statement Forget(RecordId record, ContentId content) =>
        new("DELETE FROM content_intents WHERE record_id = @record AND content_id = @content", [("record", record), ("content", content)]);

    /// <summary>The store's own trouble: no space, no folder, no right to it.</summary>
    private static bool IsAway(Exception fault) => fault is IOException or UnauthorizedAccessException;

    private async Task ReadAsync(RecordId record, ContentId content, long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            await store.ReadAsync(record, content, offset, buffer, cancel);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new StorageUnavailableException(e);
        }
    }

    private Func<long, Memory<byte>, CancellationToken, Task> Reader(RecordId record, ContentId content, byte[]? inline) =>
        inline is null
            ? (offset, buffer, cancel) => ReadAsync(record, content, offset, buffer, cancel)
            : (offset, buffer, _) =>
            {
                if (offset + buffer.Length > inline.Length) throw new SealBrokenException("The content is cut");
                inline.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
                return Task.CompletedTask;
            };
}
