using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Dsp.Server.Wire;

/// <summary>What came back from outside: status and bytes, never shown to anybody.</summary>
internal sealed record OutboundAnswer(int Status, string ContentType, byte[] Body);

/// <summary>
/// The way out of this process (security §5; only the framework's own questions about a card's revocation go past it): https, to the address that was checked, without redirects, cookies or a proxy;
/// five seconds and 1 MiB at most. Targets come from settings and registers, never from a request.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    private const int Longest = 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly HttpMessageInvoker outside = Make(isInternal: false);
    private readonly HttpMessageInvoker inside = Make(isInternal: true);

    /// <summary>An address that may be called: https; in an own network also http on loopback.</summary>
    public static bool MayCall(string? address, bool isInternal) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (isInternal && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <returns>Null where nothing, too much, or nothing in time came back.</returns>
    internal async Task<OutboundAnswer?> SendAsync(HttpMethod method, string address, bool isInternal, HttpContent? content, AuthenticationHeaderValue? authorization, CancellationToken cancel)
    {
        if (!MayCall(address, isInternal)) return null;
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = authorization;
        request.Content = content;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            using var response = await (isInternal ? inside : outside).SendAsync(request, limit.Token);
            return await ReadAsync(response, limit.Token) is { } body ? new OutboundAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", body) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose()
    {
        outside.Dispose();
        inside.Dispose();
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > Longest) return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            if (body.Length + count > Longest) return null;
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }

#pragma warning disable CA2000 // The invoker owns its handler.
    private static HttpMessageInvoker Make(bool isInternal) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None, MaxResponseHeadersLength = 32,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, isInternal, cancel),
    });
#pragma warning restore CA2000

    /// <summary>Dials the address that was checked: a name that changes between check and call gains nothing.</summary>
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool isInternal, CancellationToken cancel)
    {
        var found = await Dns.GetHostAddressesAsync(target.Host, cancel);
        var allowed = found.Where(a => isInternal || IsPublic(a)).ToArray();
        if (allowed.Length == 0) throw new HttpRequestException("No address that may be called.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An address of the public internet (RFC 6890): not this machine, not a house's own network, not a cloud's metadata.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        // Of IPv6, 2000::/3 alone is public; 2001:db8, 6to4 and Teredo inside it lead elsewhere.
        if (b.Length == 16) return (b[0] & 0xE0) == 0x20 && !(b[0] == 0x20 && b[1] == 0x02) && !(b[0] == 0x20 && b[1] == 0x01 && ((b[2] == 0x0D && b[3] == 0xB8) || b[2] < 0x02));
        return !(b[0] is 0 or 10 or 127 or >= 224
            || (b[0] == 100 && b[1] is >= 64 and < 128) || (b[0] == 169 && b[1] == 254) || (b[0] == 172 && b[1] is >= 16 and < 32)
            || (b[0] == 192 && ((b[1] == 0 && b[2] is 0 or 2) || b[1] == 168 || (b[1] == 88 && b[2] == 99)))
            || (b[0] == 198 && (b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100))) || (b[0] == 203 && b[1] == 0 && b[2] == 113));
    }
}
