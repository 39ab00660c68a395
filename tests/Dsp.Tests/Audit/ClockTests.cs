using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dsp.Journal;
using Dsp.Server.Audit;
using Dsp.Server.Wire;
using Dsp.Tests.Balp;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Audit;

/// <summary>ITI-1: a clock that is more than a second wrong is told.</summary>
public sealed class ClockTests
{
    [Theory, EveryStore]
    public async Task A_clock_that_drifts_is_an_alarm_a_line_in_the_journal_and_a_word_of_the_health_answer_once(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var clock = cast.Server.World.Clock;
        using var server = new TimeServer(clock);
        using var check = NewCheck(cast, server.Port);

        Assert.Equal("not compared yet", check.State);
        Assert.Equal(0, await check.RunAsync(cast.Server.World.Cancel));
        Assert.Equal("right", check.State);

        server.Ahead = TimeSpan.FromSeconds(3.2);
        Assert.Equal(1, await check.RunAsync(cast.Server.World.Cancel));
        Assert.Equal(1, await check.RunAsync(cast.Server.World.Cancel));
        Assert.StartsWith("off by 3.2 s", check.State, StringComparison.Ordinal);
        Assert.Single(cast.Server.World.Platform.Alarms.Recent, a => a.Kind == "clock-drift");
        var told = Assert.Single(await CallAuditTests.EntriesAsync(cast), e => e is { Action: JournalActions.Operate, Rule: "clock-drift" });
        Assert.False(told.Permitted);

        server.Ahead = TimeSpan.FromSeconds(-0.4);
        Assert.Equal(0, await check.RunAsync(cast.Server.World.Cancel));
        Assert.Equal("right", check.State);
        Assert.Single(await CallAuditTests.EntriesAsync(cast), e => e is { Action: JournalActions.Operate, Rule: "clock-right" });
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("unset")]
    [InlineData("kiss")]
    [InlineData("replay")]
    [InlineData("short")]
    public async Task An_answer_that_is_none_is_not_taken_for_the_time(string fault)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        using var server = new TimeServer(cast.Server.World.Clock) { Ahead = TimeSpan.FromDays(1), Fault = fault };
        using var check = NewCheck(cast, server.Port);

        await check.RunAsync(cast.Server.World.Cancel);

        Assert.Equal("not compared yet", check.State);
        Assert.DoesNotContain(cast.Server.World.Platform.Alarms.Recent, a => a.Kind == "clock-drift");
    }

    [Fact]
    public async Task The_era_of_the_time_server_may_be_the_next_one()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        cast.Server.World.Clock.Set(new DateTimeOffset(2036, 2, 7, 6, 28, 20, TimeSpan.Zero));
        using var server = new TimeServer(cast.Server.World.Clock) { Ahead = TimeSpan.FromSeconds(5) };

        var offset = await Sntp.OffsetAsync("127.0.0.1", server.Port, cast.Server.World.Clock, cast.Server.World.Cancel);

        Assert.Equal(5, offset!.Value.TotalSeconds, 0.5);
    }

    [Fact]
    public async Task The_health_answer_says_whether_events_are_sent_and_the_clock_is_right()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var ready = await server.GetAsync("/health/ready");

        Assert.Equal(("off", "not compared"), (ready.Json.GetProperty("audit").GetString(), ready.Json.GetProperty("clock").GetString()));
    }

    private static ClockCheck NewCheck(Cast cast, int port) =>
        new(new AuditSettings { TimeServer = ("127.0.0.1", port) }, cast.Server.Get<CallJournal>(), cast.Server.World.Platform.Alarms, cast.Server.World.Clock, cast.Server.Get<Microsoft.Extensions.Logging.ILoggerFactory>());

    /// <summary>A time server of one thread.</summary>
    private sealed class TimeServer : IDisposable
    {
        private static readonly DateTimeOffset Era = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private readonly UdpClient udp = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly MovedClock clock;

        public TimeServer(MovedClock clock)
        {
            this.clock = clock;
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)udp.Client.LocalEndPoint!).Port;
        public TimeSpan Ahead { get; set; }
        public string? Fault { get; init; }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var asked = await udp.ReceiveAsync();
                    if (Fault == "silent") continue;
                    var answer = new byte[Fault == "short" ? 40 : 48];
                    answer[0] = Fault == "unset" ? (byte)0xE4 : (byte)0x24;
                    answer[1] = Fault == "kiss" ? (byte)0 : (byte)2;
                    if (Fault != "replay") asked.Buffer.AsSpan(40, 8).CopyTo(answer.AsSpan(24, 8));
                    foreach (var at in Fault == "short" ? [] : new[] { 32, 40 })
                    {
                        var since = clock.GetUtcNow() + Ahead - Era;
                        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(at), unchecked((uint)(long)since.TotalSeconds));
                        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(at + 4), (uint)(since.TotalSeconds % 1 * 4294967296.0));
                    }
                    await udp.SendAsync(answer, asked.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        public void Dispose() => udp.Dispose();
    }
}
