using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dsp.Access;
using Dsp.Server;
using Dsp.Server.SignIn;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dsp.Tests.Server;

/// <summary>The real process around a world: Kestrel on free loopback ports, asked over a socket.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningServer(World world, WebApplication app, ConcurrentQueue<string> log)
    {
        (World, this.app, Log) = (world, app, log);
        var addresses = app.Services.GetRequiredService<Addresses>();
        (Base, ContentBase) = (addresses.Base, addresses.Content);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = TestTls.AnyServer } }) { BaseAddress = new Uri(Base), Timeout = TimeSpan.FromSeconds(60) };
    }

    public World World { get; }
    public string Base { get; }
    public string ContentBase { get; }
    public string Fhir => Base + "/fhir";
    public HttpClient Http { get; }

    /// <summary>Every line the process logged.</summary>
    public ConcurrentQueue<string> Log { get; }
    public SmallIssuer Issuer => Get<SmallIssuer>();

    public static async Task<RunningServer> StartAsync(Store store, Func<ServerSettings, ServerSettings>? settings = null, Action<WebApplication>? routes = null) =>
        await StartAsync(await World.CreateAsync(store), settings, routes);

    /// <param name="extend">Replaces parts of the process.</param>
    public static async Task<RunningServer> StartAsync(World world, Func<ServerSettings, ServerSettings>? settings = null, Action<WebApplication>? routes = null, Action<WebApplicationBuilder>? extend = null)
    {
        var log = new ConcurrentQueue<string>();
        var usual = new ServerSettings
        {
            Listen = "http://127.0.0.1:0",
            ContentListen = "http://127.0.0.1:0",
            DataFolder = Path.Combine(world.Folder, "data"),
            KeyFolder = Path.Combine(world.Folder, "keys"),
            Demo = true,
            Jobs = false,
        };
        var app = ServerHost.Build(settings?.Invoke(usual) ?? usual, world.Platform, b =>
        {
            b.Logging.AddProvider(new Kept(log)).SetMinimumLevel(LogLevel.Trace);
            extend?.Invoke(b);
        }, routes);
        await app.StartAsync();
        return new RunningServer(world, app, log);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public string Token(CallerKind kind, Guid subject, Func<TokenRequest, TokenRequest>? change = null)
    {
        var request = new TokenRequest(kind, subject, TokenRequest.UsualScopes(kind));
        return Issuer.Issue(change?.Invoke(request) ?? request);
    }

    /// <summary>A token of somebody who has no record and no row: enough where the edge decides.</summary>
    public string AnyToken(params string[] scopes) => Issuer.Issue(new TokenRequest(CallerKind.Person, Ids.New(World.Clock), scopes.Length > 0 ? scopes : TokenRequest.UsualScopes(CallerKind.Person)));

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? token = null, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) ? path : Base + path) { Content = body };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, all, bytes);
    }

    public Task<Answer> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, token, null, headers);

    public Task<Answer> PostJsonAsync(string path, string? token, string json, string type = "application/json") =>
        SendAsync(HttpMethod.Post, path, token, new StringContent(json, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)));

    /// <summary>Sends text as it stands over a socket of its own and reads what comes back until the server closes or falls silent.</summary>
    public async Task<string> RawAsync(string request, TimeSpan? wait = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", new Uri(Base).Port, cancel);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancel);
        var answer = new StringBuilder();
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(wait ?? TimeSpan.FromSeconds(10));
        var buffer = new byte[8192];
        try
        {
            while (await stream.ReadAsync(buffer, silence.Token) is > 0 and var read) answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Silence: what came is the answer.
        }
        catch (IOException)
        {
            // Reset after the answer.
        }
        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await World.DisposeAsync();
    }

    private sealed class Kept(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{eventId.Id} {formatter(state, exception)} {exception}");
        public void Dispose() { }
    }
}

/// <summary>An answer as it came over the socket.</summary>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Bytes).RootElement;
    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : "";

    /// <summary>Status, headers and body but the date: what two answers are compared by.</summary>
    public string Whole => $"{Status}\n{string.Join('\n', Headers.Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {h.Value}"))}\n\n{Text}";
}
