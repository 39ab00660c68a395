using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Dsp.Cli.SelfTest;

/// <summary>
/// Stands before the demo and passes every call of <c>/fhir</c> and <c>/api</c> on, unchanged but for its own address, and notes it. The
/// first deposit is answered 503, as a network does now and then. Listens on loopback only; keeps nothing on disk.
/// </summary>
internal sealed class SelfTestProxy : IDisposable
{
    private const int LookedAt = 16 * 1024 * 1024;
    private static readonly string[] Passed = ["Accept", "Authorization", "Prefer", "If-Match", "If-None-Match", "If-None-Exist", "Range", "Accept-Language"];
    private readonly HttpListener listener = new();
#pragma warning disable RS0030 // Not the server: it calls the demo on this machine's loopback, and nothing else.
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
#pragma warning restore RS0030
    private readonly ConcurrentQueue<Exchange> run = new();
    private readonly string demo;
    private readonly string own;
    private int disturbed;

    /// <param name="demo">Base of the demo, without a slash at its end.</param>
    /// <param name="own">Own base, <c>http://127.0.0.1:port</c>.</param>
    public SelfTestProxy(string demo, string own)
    {
        (this.demo, this.own) = (demo, own);
        listener.Prefixes.Add(own + "/");
        listener.Start();
    }

    public IReadOnlyList<Exchange> Run => [.. run];

    /// <summary>Passes calls on until it is cancelled.</summary>
    public async Task ServeAsync(CancellationToken cancel)
    {
        using var stop = cancel.Register(listener.Stop);
        while (!cancel.IsCancellationRequested)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception e) when (cancel.IsCancellationRequested && e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            _ = PassAsync(call, cancel);
        }
    }

    public void Dispose()
    {
        listener.Close();
        http.Dispose();
    }

    private async Task PassAsync(HttpListenerContext call, CancellationToken cancel)
    {
        try
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body, cancel);
            var path = call.Request.Url!.AbsolutePath;
            var sent = body.ToArray();
            var noted = new Exchange(call.Request.HttpMethod, path, call.Request.Url.Query, call.Request.ContentType, sent.Length > LookedAt ? [] : sent, 0, [], Disturbed: false);
            if (!path.StartsWith("/fhir", StringComparison.Ordinal) && !path.StartsWith("/api/", StringComparison.Ordinal))
            {
                await AnswerAsync(call, 404, "text/plain", Encoding.UTF8.GetBytes($"The self-test passes /fhir and /api on. Sign in at {demo} itself.\n"), cancel);
                return;
            }
            if (noted.IsDeposit && Interlocked.Exchange(ref disturbed, 1) == 0)
            {
                run.Enqueue(noted with { Status = 503, Disturbed = true });
                call.Response.Headers["Retry-After"] = "1";
                await AnswerAsync(call, 503, "application/fhir+json", "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"transient\",\"diagnostics\":\"The self-test lets the first deposit fail. Send it again.\"}]}"u8.ToArray(), cancel);
                return;
            }
            using var request = new HttpRequestMessage(new HttpMethod(call.Request.HttpMethod), demo + call.Request.RawUrl);
            foreach (var name in Passed)
                if (call.Request.Headers[name] is { } value) request.Headers.TryAddWithoutValidation(name, value);
            if (sent.Length > 0 || call.Request.ContentType is not null)
            {
                request.Content = new ByteArrayContent(Renamed(sent, call.Request.ContentType, own, demo));
                if (call.Request.ContentType is { } type) request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(type, out var media) ? media : null;
            }
#pragma warning disable RS0030 // As above.
            using var answer = await http.SendAsync(request, cancel);
#pragma warning restore RS0030
            var contentType = answer.Content.Headers.ContentType?.ToString();
            var got = await answer.Content.ReadAsByteArrayAsync(cancel);
            run.Enqueue(noted with { Status = (int)answer.StatusCode, Got = got.Length > LookedAt ? [] : got });
            foreach (var header in answer.Headers.Where(h => h.Key is "Location" or "ETag" or "WWW-Authenticate" or "Retry-After" or "Accept-Ranges" or "Content-Location"))
                call.Response.Headers[header.Key] = string.Join(", ", header.Value).Replace(demo, own, StringComparison.Ordinal);
            await AnswerAsync(call, (int)answer.StatusCode, contentType, Renamed(got, contentType, demo, own), cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or HttpListenerException or ObjectDisposedException)
        {
            // The demo or the software went away: what was noted stands.
            call.Response.Abort();
        }
    }

    private static async Task AnswerAsync(HttpListenerContext call, int status, string? contentType, byte[] body, CancellationToken cancel)
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = contentType;
        if (status is not (204 or 304) && call.Request.HttpMethod != "HEAD")
        {
            call.Response.ContentLength64 = body.Length;
            await call.Response.OutputStream.WriteAsync(body, cancel);
        }
        call.Response.Close();
    }

    /// <summary>Addresses in a resource lead to this proxy, and back; documents are never touched.</summary>
    private static byte[] Renamed(byte[] body, string? contentType, string from, string to) =>
        contentType?.Contains("fhir+json", StringComparison.OrdinalIgnoreCase) == true || contentType?.Contains("fhir+xml", StringComparison.OrdinalIgnoreCase) == true
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(from, to, StringComparison.Ordinal))
            : body;
}
