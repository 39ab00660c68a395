using System.Diagnostics;
using System.Net;
using System.Text;
using Dsp.Sealing;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Storage;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dsp.Tests.Wire;

/// <summary>Host names, headers, sizes, time and faults: what holds for every surface, over a real socket.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData("evil.example:{port}", "", 421)]
    [InlineData("127.0.0.1", "", 421)]
    [InlineData("127.0.0.1:1", "", 421)]
    [InlineData("localhost.evil.example:{port}", "", 421)]
    [InlineData("localhost:{port}", "", 200)]
    [InlineData("127.0.0.1:{port}", "", 200)]
    [InlineData("127.0.0.1:{port}", "X-Forwarded-For: 10.0.0.1\r\n", 421)]
    [InlineData("127.0.0.1:{port}", "Forwarded: for=10.0.0.1\r\n", 421)]
    [InlineData("127.0.0.1:{port}", "X-Forwarded-Host: dsp.example\r\n", 421)]
    public async Task In_the_demo_only_loopback_names_with_the_port_and_nothing_forwarded_are_answered(string host, string header, int status)
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var port = new Uri(server.Base).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var answer = await server.RawAsync($"GET /health/live HTTP/1.1\r\nHost: {host.Replace("{port}", port, StringComparison.Ordinal)}\r\n{header}Connection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_the_demo_only_the_public_name_is_answered_and_forwarded_headers_are_not_believed()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite, s => s with { Demo = false, PublicBase = "https://dsp.example" });
        using var direct = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Get<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First().Split(':')[^1]}") };

        async Task<HttpStatusCode> AskAsync(string host, string forwarded = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/x");
            request.Headers.Host = host;
            if (forwarded.Length > 0) request.Headers.Add("X-Forwarded-Host", forwarded);
            using var response = await direct.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("dsp.example"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await AskAsync("evil.example"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await AskAsync("evil.example", "dsp.example"));
        Assert.Equal("https://dsp.example/fhir", server.Fhir);
    }

    [Fact]
    public async Task Every_surface_carries_its_protective_headers_and_no_server_name()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        foreach (var path in new[] { "/", "/fhir/x", "/api/x", "/health/live", server.ContentBase + "/content/x" })
        {
            var answer = await server.GetAsync(path);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
            Assert.Equal("no-store", answer.Header("Cache-Control"));
            Assert.StartsWith("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Empty(answer.Header("Server"));
            Assert.Empty(answer.Header("X-Powered-By"));
        }
    }

    [Fact]
    public async Task The_two_origins_answer_nothing_of_each_other()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite, routes: app => app.MapGet("/page", () => "a page"));

        Assert.Equal(200, (await server.GetAsync("/page")).Status);
        Assert.Equal(404, (await server.GetAsync(server.ContentBase + "/page")).Status);
        Assert.Equal(404, (await server.GetAsync(server.ContentBase + "/fhir/x", server.AnyToken())).Status);
        Assert.Equal(404, (await server.GetAsync(server.ContentBase + "/health/live")).Status);
        Assert.Equal(404, (await server.GetAsync("/content/x")).Status);
        Assert.Equal(404, (await server.GetAsync(server.ContentBase + "/content/x")).Status);
    }

    [Fact]
    public async Task Health_tells_alive_and_ready()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        Assert.Equal("alive", (await server.GetAsync("/health/live")).Json.GetProperty("status").GetString());
        Assert.Equal("ready", (await server.GetAsync("/health/ready")).Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("/fhir/probe", "OperationOutcome")]
    [InlineData("/api/probe", "urn:dsp:refusal:DSP-5001")]
    public async Task An_announced_body_over_the_limit_is_refused_before_it_is_sent(string path, string words)
    {
        await using var server = await StartWithProbeAsync();

        var answer = await server.RawAsync($"POST {path} HTTP/1.1\r\nHost: {new Uri(server.Base).Authority}\r\nAuthorization: Bearer {server.AnyToken()}\r\nContent-Type: application/json\r\nContent-Length: 200000000\r\n\r\n", TimeSpan.FromSeconds(3));

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains(words, answer, StringComparison.Ordinal);
        Assert.Contains("DSP-5001", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_is_refused_at_the_limit()
    {
        await using var server = await StartWithProbeAsync(s => s with { Limits = s.Limits with { MaxBody = 100_000 } });
        var chunk = "4000\r\n" + new string('x', 0x4000) + "\r\n";

        var answer = await server.RawAsync($"POST /fhir/probe HTTP/1.1\r\nHost: {new Uri(server.Base).Authority}\r\nAuthorization: Bearer {server.AnyToken()}\r\nTransfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat(chunk, 8)), TimeSpan.FromSeconds(3));

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("OperationOutcome", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200_000_000, false)]
    [InlineData(200_000_000, true)]
    public async Task Memory_stays_flat_on_an_upload_of_200_MB(long size, bool chunked)
    {
        await using var server = await StartWithProbeAsync(s => s with { Limits = s.Limits with { MaxBody = 8_000_000, BufferedAtOnce = 32_000_000 } });
        var before = Process.GetCurrentProcess().PrivateMemorySize64;
        var highest = before;

        using var request = new HttpRequestMessage(HttpMethod.Post, server.Base + "/fhir/probe") { Content = new Zeroes(size, chunked, () => highest = Math.Max(highest, Fresh())) };
        request.Headers.Authorization = new("Bearer", server.AnyToken());
        int? status = null;
        try
        {
            using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            status = (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The server closed while we were still sending: also a refusal.
        }

        Assert.True(status is null or 413, $"{status}");
        Assert.True(highest - before < 100_000_000, $"grew by {(highest - before) / 1_000_000} MB");

        static long Fresh()
        {
            using var process = Process.GetCurrentProcess();
            return process.PrivateMemorySize64;
        }
    }

    [Fact]
    public async Task A_body_that_trickles_is_given_up()
    {
        await using var server = await StartWithProbeAsync(s => s with { Limits = s.Limits with { BodyTime = TimeSpan.FromSeconds(1) } });

        var answer = await server.RawAsync($"POST /fhir/probe HTTP/1.1\r\nHost: {new Uri(server.Base).Authority}\r\nAuthorization: Bearer {server.AnyToken()}\r\nContent-Length: 1000\r\n\r\n{{", TimeSpan.FromSeconds(5));

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("DSP-5005", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_of_all_requests_together_stay_within_their_room()
    {
        await using var server = await StartWithProbeAsync(s => s with { Limits = s.Limits with { BufferedAtOnce = 20_000 } });

        var answer = await server.PostJsonAsync("/api/probe", server.AnyToken(), new string(' ', 30_000));

        Assert.Equal(503, answer.Status);
        Assert.Equal("5", answer.Header("Retry-After"));
    }

    [Theory]
    [InlineData("/fhir/store", 503, "DSP-5004")]
    [InlineData("/api/store", 503, "DSP-5004")]
    [InlineData("/fhir/seal", 500, "Reference")]
    [InlineData("/api/seal", 500, "Reference")]
    [InlineData("/fhir/bug", 500, "Reference")]
    [InlineData("/api/bug", 500, "Reference")]
    [InlineData("/fhir/changed", 409, "DSP-2005")]
    public async Task Faults_are_told_neutrally_and_logged_under_their_reference(string path, int status, string words)
    {
        await using var server = await StartWithProbeAsync();

        var answer = await server.GetAsync(path, server.AnyToken());

        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        Assert.Equal(status == 503 ? "5" : "", answer.Header("Retry-After"));
        Assert.DoesNotContain(server.Log, l => l.Contains("secret", StringComparison.Ordinal));
        if (path.EndsWith("seal", StringComparison.Ordinal)) Assert.Contains(server.World.Platform.Alarms.Recent, a => a.Kind == "seal-broken");
        if (status == 500)
        {
            var reference = answer.Text.Split("Reference ")[1].Split('.')[0];
            Assert.Contains(server.Log, l => l.Contains(reference, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_log_holds_no_path_no_query_and_no_header()
    {
        await using var server = await StartWithProbeAsync();

        await server.GetAsync("/fhir/DocumentReference?patient.identifier=secret-number&title=secret-word", server.AnyToken(), ("X-Test", "secret-header"));
        await server.GetAsync("/api/secret-path?q=secret-word", server.AnyToken());
        await server.GetAsync("/fhir/bug?secret-query", server.AnyToken());
        await server.RawAsync("GET /secret-path\r\n\r\n", TimeSpan.FromSeconds(1));

        Assert.DoesNotContain(server.Log, l => l.Contains("secret", StringComparison.Ordinal));
    }

    private static Task<RunningServer> StartWithProbeAsync(Func<Dsp.Server.ServerSettings, Dsp.Server.ServerSettings>? settings = null) => RunningServer.StartAsync(Store.Sqlite, settings, app =>
    {
        foreach (var surface in new[] { "/fhir", "/api" })
        {
            app.MapPost(surface + "/probe", ProbeAsync).Needs(Scopes.Read);
            app.MapGet(surface + "/store", void () => throw new StorageUnavailableException(new InvalidOperationException("secret connection"))).Needs(Scopes.Read);
            app.MapGet(surface + "/seal", void () => throw new SealBrokenException("secret place")).Needs(Scopes.Read);
            app.MapGet(surface + "/bug", void () => throw new InvalidOperationException("secret thing")).Needs(Scopes.Read);
            app.MapGet(surface + "/changed", void () => throw new SheetChangedException()).Needs(Scopes.Read);
        }
    });

    private static async Task ProbeAsync(HttpContext context, BodyReader bodies)
    {
        var read = await bodies.ReadAsync(context);
        if (!read.Succeeded)
        {
            await Answers.RefuseAsync(context, read.Refusal);
            return;
        }
        using var body = read.Value;
        await context.Response.WriteAsync($"{body.Bytes.Length}");
    }

    private sealed class Zeroes(long size, bool chunked, Action look) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = Encoding.ASCII.GetBytes(new string('0', 1 << 20));
            for (long sent = 0; sent < size; sent += piece.Length)
            {
                await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, size - sent)));
                look();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return !chunked;
        }
    }
}
