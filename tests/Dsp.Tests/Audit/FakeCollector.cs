using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dsp.Tests.Support;

namespace Dsp.Tests.Audit;

/// <summary>What a collector does with one connection.</summary>
internal enum Manner
{
    /// <summary>Reads to the end and answers it, as RFC 5425 asks.</summary>
    Answers,
    /// <summary>Reads to the end and closes without a word.</summary>
    ClosesPlainly,
    /// <summary>Cuts the connection in the middle of a message.</summary>
    CutsInside,
    /// <summary>Reads everything and never answers the end.</summary>
    FallsSilent,
}

/// <summary>A syslog collector over TLS, strict about the octet count; it behaves badly when told to.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 certificate;
    private readonly bool asksForCertificate;
    private TcpListener? listener;

    public FakeCollector(TestIssuer issuer, string name = "127.0.0.1", bool asksForCertificate = false)
    {
        certificate = issuer.Issue("CN=" + name, purpose: "1.3.6.1.5.5.7.3.1", policy: null, host: name);
        this.asksForCertificate = asksForCertificate;
        Port = TestTls.FreePort();
    }

    public int Port { get; }

    /// <summary>For the next connections, in their order; after them every one is answered.</summary>
    public ConcurrentQueue<Manner> Manners { get; } = new();

    /// <summary>Whole messages, as they came.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();
    public ConcurrentQueue<string?> ClientNames { get; } = new();
    public ConcurrentQueue<string> Faults { get; } = new();
    public int Connections { get; private set; }

    public FakeCollector Start()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        _ = AcceptAsync(listener);
        return this;
    }

    public void Leave() => listener?.Stop();

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                var client = await from.AcceptTcpClientAsync(stop.Token);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It left.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var manner = Manners.TryDequeue(out var told) ? told : Manner.Answers;
        using var owned = client;
        try
        {
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, ClientCertificateRequired = asksForCertificate,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, shown, _, _) => !asksForCertificate || shown is not null,
            }, stop.Token);
            ClientNames.Enqueue(tls.RemoteCertificate?.Subject);
            var (kept, buffer) = (new List<byte>(), new byte[8192]);
            while (await tls.ReadAsync(buffer, stop.Token) is > 0 and var read)
            {
                kept.AddRange(buffer.AsSpan(0, read));
                if (manner == Manner.CutsInside && kept.Count > 1500)
                {
                    Take(kept);
                    client.Client.Close(0);
                    return;
                }
            }
            Take(kept);
            if (kept.Count > 0) Faults.Enqueue($"{kept.Count} bytes are no whole message");
            if (manner == Manner.Answers) await tls.ShutdownAsync();
            else if (manner == Manner.FallsSilent) await Task.Delay(TimeSpan.FromSeconds(30), stop.Token);
            else client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other end went, or would not come in.
        }
    }

    /// <summary>Takes whole messages off the front: a count in ASCII, a space, so many octets.</summary>
    private void Take(List<byte> bytes)
    {
        while (bytes.IndexOf((byte)' ') is > 0 and var space && int.TryParse(Encoding.ASCII.GetString([.. bytes[..space]]), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && bytes.Count >= space + 1 + count)
        {
            var message = Encoding.UTF8.GetString([.. bytes.GetRange(space + 1, count)]);
            if (!message.StartsWith("<85>1 ", StringComparison.Ordinal) || !message.EndsWith("</AuditMessage>", StringComparison.Ordinal)) Faults.Enqueue("not a whole message: " + message);
            Messages.Enqueue(message);
            bytes.RemoveRange(0, space + 1 + count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener?.Dispose();
        certificate.Dispose();
        stop.Dispose();
    }
}
