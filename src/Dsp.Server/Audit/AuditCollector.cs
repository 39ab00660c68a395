using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Dsp.Server.Audit;

/// <summary>
/// One connection to the collector: TLS 1.2 or 1.3, its certificate checked, ours shown where there is one. Syslog has no answer of
/// its own; so a connection carries one portion, is ended by <c>close_notify</c>, and the collector's <c>close_notify</c> (RFC 5425 §4.4), which
/// comes after everything it has read, says that the portion is there. The target is the operator's own, from the settings alone.
/// </summary>
internal sealed class AuditCollector(AuditSettings settings)
{
    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToTake = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(10);

    /// <summary>Sends the frames in their order.</summary>
    /// <returns>Null where all of them arrived; else, in one word, why nobody knows: connect, tls, cut, silent.</returns>
    public async Task<string?> SendAsync(IReadOnlyList<byte[]> frames, CancellationToken cancel)
    {
        var (host, port) = settings.Collector ?? throw new InvalidOperationException("There is no collector");
        var step = "connect";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ToConnect);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(host, port, limit.Token);
            step = "tls";
            await using var watched = new Watched(new NetworkStream(socket, ownsSocket: false));
            await using var tls = new SslStream(watched, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsClientAsync(Options(settings.CollectorName ?? host), limit.Token);
            step = "cut";
            limit.CancelAfter(ToTake);
            foreach (var frame in frames) await tls.WriteAsync(frame, limit.Token);
            await tls.FlushAsync(limit.Token);
            limit.CancelAfter(ToAnswer);
            await tls.ShutdownAsync();
            return await IsAnsweredAsync(tls, watched, limit.Token) ? null : "silent";
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or InvalidOperationException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return e is AuthenticationException ? "tls" : e is OperationCanceledException && step == "cut" ? "silent" : step;
        }
    }

    /// <summary>The other end's last word: not the mere end of the connection, unless that is all it ever says.</summary>
    private async Task<bool> IsAnsweredAsync(SslStream tls, Watched watched, CancellationToken cancel)
    {
        var buffer = new byte[256];
        while (await tls.ReadAsync(buffer, cancel) > 0)
        {
            // A collector has nothing to say; what it says anyway is passed over.
        }
        return !settings.ClosesWithNotify || !watched.Ended;
    }

    private SslClientAuthenticationOptions Options(string name)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (settings.CollectorIssuers is { } issuers)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(issuers);
        }
        if (settings.Certificate is { } own)
        {
            // Read anew with each connection: a renewed one is shown without a restart.
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(own);
            options.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(own, Path.ChangeExtension(own, ".key")), chain, offline: true);
        }
        return options;
    }

    /// <summary>
    /// The bytes below TLS. Both a <c>close_notify</c> and a bare end of the connection end the reading above; only the second was an end here first.
    /// </summary>
    private sealed class Watched(Stream inner) : Stream
    {
        /// <summary>The connection ended here, before or without a word of TLS.</summary>
        public bool Ended { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            // Reading nothing is how a caller waits for something: it is no end.
            if (read == 0 && !buffer.IsEmpty) Ended = true;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
        public override void Flush() => inner.Flush();
        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
