using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Sealing;
using Dsp.Server.Wire;

namespace Dsp.Server.Content;

/// <summary>What a handle opens, and for whom.</summary>
internal sealed record ContentHandle(Guid Id, Caller Caller, RecordId Record, DocumentId Document, bool Save, DateTimeOffset Until);

/// <summary>
/// Handles by which a browser fetches one document from the content origin: sealed, for one use, within 60 seconds. The read
/// is decided and journalled when the handle is used, under the caller it was made for.
/// </summary>
public sealed class ContentHandles(ServiceKeys keys, Addresses addresses, TimeProvider clock)
{
    private const string Purpose = "content-handle";

    /// <summary>How long a handle waits to be used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> used = new();

    /// <summary>An absolute address on the content origin.</summary>
    /// <param name="save">Offer it as a file even where it could be shown.</param>
    public string AddressOf(Caller caller, RecordId record, DocumentId document, bool save = false)
    {
        var handle = new ContentHandle(new Guid(RandomNumberGenerator.GetBytes(16)), caller, record, document, save, clock.GetUtcNow() + Life);
        return $"{addresses.Content}/content/{keys.SealText(Purpose, handle, ContentHandleJson.Default.ContentHandle)}";
    }

    /// <returns>Null where it is none of ours, too old, or used.</returns>
    internal ContentHandle? Use(string text)
    {
        if (keys.OpenText(Purpose, text, ContentHandleJson.Default.ContentHandle) is not { } handle) return null;
        var now = clock.GetUtcNow();
        foreach (var (id, until) in used)
            if (until < now) used.TryRemove(id, out _);
        return now < handle.Until && used.TryAdd(handle.Id, handle.Until) ? handle : null;
    }
}

[JsonSourceGenerationOptions(Converters = [typeof(IdJson.Record), typeof(IdJson.Person), typeof(IdJson.Institution), typeof(IdJson.System), typeof(IdJson.Document), typeof(SessionIdJson)])]
[JsonSerializable(typeof(ContentHandle))]
internal sealed partial class ContentHandleJson : JsonSerializerContext;

internal sealed class SessionIdJson : IdJson.Converter<SessionId>
{
    protected override SessionId From(Guid value) => new(value);
    protected override Guid Value(SessionId id) => id.Value;
}
