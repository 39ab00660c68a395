using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Dsp.Server.Audit;

/// <summary>Asks a time server by SNTP (RFC 4330): how far its clock is ahead of ours.</summary>
internal static class Sntp
{
    private const int Length = 48;
    private const int Tries = 3;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);
    private static readonly DateTimeOffset Era = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>Of several answers the one that came fastest; null where none was usable.</returns>
    public static async Task<TimeSpan?> OffsetAsync(string host, int port, TimeProvider clock, CancellationToken cancel)
    {
        (TimeSpan Offset, TimeSpan Delay)? best = null;
        for (var i = 0; i < Tries; i++)
            if (await AskAsync(host, port, clock, cancel) is { } answer && (best is null || answer.Delay < best.Value.Delay)) best = answer;
        return best?.Offset;
    }

    private static async Task<(TimeSpan Offset, TimeSpan Delay)?> AskAsync(string host, int port, TimeProvider clock, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Wait);
        try
        {
            var address = (await Dns.GetHostAddressesAsync(host, limit.Token)).FirstOrDefault();
            if (address is null) return null;
            // Connected: an answer from another address is not taken.
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            var question = new byte[Length];
            question[0] = 0x23; // version 4, client
            // Not our time but a random word: an answer to something else is known, and nobody learns our clock.
            RandomNumberGenerator.Fill(question.AsSpan(40, 8));
            var (sent, began) = (clock.GetUtcNow(), clock.GetTimestamp());
            await socket.SendAsync(question, limit.Token);
            var answer = new byte[256];
            var read = await socket.ReceiveAsync(answer, limit.Token);
            var took = clock.GetElapsedTime(began);
            return Read(answer.AsSpan(0, read), question.AsSpan(40, 8), sent, took);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    private static (TimeSpan, TimeSpan)? Read(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> word, DateTimeOffset sent, TimeSpan took)
    {
        // A server's answer to this question; one that says it is not set, or asks to be left alone, tells no time.
        if (answer.Length < Length || (answer[0] & 7) != 4 || answer[0] >> 6 == 3 || answer[1] is 0 or > 15 || !answer.Slice(24, 8).SequenceEqual(word)) return null;
        var (received, replied) = (Time(answer.Slice(32, 8), sent), Time(answer.Slice(40, 8), sent));
        var offset = (received - sent + (replied - (sent + took))) / 2;
        return (offset, took - (replied - received));
    }

    /// <summary>Seconds since 1900 and their fraction, in the era nearest to our own time.</summary>
    private static DateTimeOffset Time(ReadOnlySpan<byte> bytes, DateTimeOffset near)
    {
        var seconds = (double)BinaryPrimitives.ReadUInt32BigEndian(bytes) + (BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) / 4294967296.0);
        var eras = Math.Round(((near - Era).TotalSeconds - seconds) / 4294967296.0);
        return Era.AddTicks((long)((seconds + (eras * 4294967296.0)) * TimeSpan.TicksPerSecond));
    }
}
