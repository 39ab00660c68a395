using Dsp.Storage;
using Dsp.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Dsp.Tests.Support;

/// <summary>The real content store, into which a test puts a fault.</summary>
public sealed class FaultyContentStore(IContentStore real) : IContentStore
{
    /// <summary>Runs before bytes are kept.</summary>
    public Action? BeforeKeeping { get; set; }

    /// <summary>Runs when bytes were kept, before the database learns of it.</summary>
    public Action? AfterKeeping { get; set; }

    /// <summary>Runs before bytes are read.</summary>
    public Action? BeforeReading { get; set; }

    /// <summary>What the system says of a full disk.</summary>
    public static Exception DiskFull() => new IOException("No space left on device : '/data/content'", 28);

    /// <summary>Puts it under a process.</summary>
    public void Into(WebApplicationBuilder builder, Platform platform)
    {
        builder.Services.AddSingleton<IContentStore>(this);
        builder.Services.AddSingleton(new ContentVault(platform.Database, this, platform.Clock));
    }

    public async Task KeepAsync(RecordId record, ContentId content, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        BeforeKeeping?.Invoke();
        await real.KeepAsync(record, content, bytes, cancel);
        AfterKeeping?.Invoke();
    }

    public Task ReadAsync(RecordId record, ContentId content, long offset, Memory<byte> buffer, CancellationToken cancel)
    {
        BeforeReading?.Invoke();
        return real.ReadAsync(record, content, offset, buffer, cancel);
    }

    public Task RemoveAsync(RecordId record, ContentId content, CancellationToken cancel) => real.RemoveAsync(record, content, cancel);

    public IAsyncEnumerable<(RecordId Record, ContentId Content)> ListAsync(CancellationToken cancel) => real.ListAsync(cancel);
}
