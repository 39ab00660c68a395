using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Dsp.Server.Wire;

/// <summary>
/// Reads a body into memory within its limits: announced sizes are refused before the first byte, others at the limit;
/// memory grows only with what arrived, and all requests together stay within <see cref="ServerLimits.BufferedAtOnce"/>.
/// </summary>
internal sealed class BodyReader(ServerLimits limits, BodyBudget budget)
{
    public ServerLimits Limits => limits;

    /// <summary>A body to be filled, within the same budget.</summary>
    public Body Empty() => new(budget);

    /// <returns>The body, to be disposed when it was used; or too large, too slow, no room at this moment.</returns>
    public async Task<Outcome<Body>> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > limits.MaxBody) return RequestFaults.TooLarge(limits);
        using var tooSlow = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        tooSlow.CancelAfter(limits.BodyTime);
        var body = new Body(budget);
        var kept = false;
        try
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(tooSlow.Token);
                var room = body.TryAppend(read.Buffer, limits.MaxBody);
                reader.AdvanceTo(read.Buffer.End);
                if (room is { } refused) return refused == Room.NoMore ? RequestFaults.TooLarge(limits) : Refusals.Unavailable;
                if (!read.IsCompleted) continue;
                kept = true;
                return body;
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Refusals.TooSlow;
        }
        catch (BadHttpRequestException fault)
        {
            return RequestFaults.RefusalOf(fault, limits);
        }
        finally
        {
            if (!kept) body.Dispose();
        }
    }

    /// <summary>Well-formed JSON no deeper than the limit? Null: yes.</summary>
    public Refusal? CheckJson(ReadOnlySpan<byte> json)
    {
        // The reader below looks at the form alone; text that is not UTF-8 would be found only by whoever asks for it.
        if (!System.Text.Unicode.Utf8.IsValid(json)) return Refusals.Malformed;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.MaxDepth + 2 });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth > limits.MaxDepth) return Refusals.TooDeep;
            return null;
        }
        catch (JsonException)
        {
            return Refusals.Malformed;
        }
    }
}

/// <summary>Why a body found no room.</summary>
internal enum Room { NoMore, NotNow }

/// <summary>A body in pooled memory, wiped when given back.</summary>
internal sealed class Body(BodyBudget budget) : IDisposable
{
    private const int Smallest = 16 * 1024;
    private byte[] bytes = [];
    private int length;

    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

    public Room? TryAppend(in ReadOnlySequence<byte> more, long limit)
    {
        if (length + more.Length > limit) return Room.NoMore;
        if (length + more.Length > bytes.Length && !TryGrow((int)(length + more.Length))) return Room.NotNow;
        more.CopyTo(bytes.AsSpan(length));
        length += (int)more.Length;
        return null;
    }

    public void Dispose()
    {
        if (bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        budget.GiveBack(bytes.Length);
        (bytes, length) = ([], 0);
    }

    private bool TryGrow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Smallest, needed), (int)Math.Min(2L * bytes.Length, Array.MaxLength)));
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }
        var content = length;
        bytes.AsSpan(0, content).CopyTo(larger);
        Dispose();
        (bytes, length) = (larger, content);
        return true;
    }
}

/// <summary>Bytes that all bodies together may hold.</summary>
internal sealed class BodyBudget(ServerLimits limits)
{
    private long taken;

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref taken, count) <= limits.BufferedAtOnce) return true;
        Interlocked.Add(ref taken, -count);
        return false;
    }

    public void GiveBack(long count) => Interlocked.Add(ref taken, -count);
}
