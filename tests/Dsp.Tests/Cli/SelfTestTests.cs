using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dsp.Cli;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Cli;

/// <summary>The vendor's self-test: a software that keeps the rules is told so, and one that does not is told which.</summary>
public sealed class SelfTestTests
{
    [Fact]
    public async Task A_software_that_keeps_every_rule_is_told_so()
    {
        await using var desk = await Desk.StartAsync();
        var cast = desk.Cast;
        var first = Bundles.Provide(cast.Emma.Number!, [1]);
        Assert.Equal(503, (await desk.DepositAsync(first)).Status);
        Assert.Equal(422, (await desk.DepositAsync(Bundles.Provide(WorldPeople.UnknownNumber, [9]))).Status);
        var taken = await desk.DepositAsync(first);
        Assert.Equal(200, taken.Status);
        var id = taken.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
        var next = Bundles.Provide(cast.Emma.Number!, [2]);
        const string Head = "\"resourceType\":\"DocumentReference\",";
        var at = next.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        Assert.Equal(200, (await desk.DepositAsync(next.Insert(at, $"\"relatesTo\":[{{\"code\":\"replaces\",\"target\":{{\"reference\":\"DocumentReference/{id}\"}}}}],"))).Status);
        Assert.Equal(200, (await desk.DepositAsync(Bundles.Provide(cast.Emma.Number!, [3]))).Status);
        var page = await desk.SendAsync(HttpMethod.Post, "/fhir/DocumentReference/_search", new StringContent($"patient.identifier=urn:oid:1.3.182.4.4%7C{cast.Emma.Number}&status=current&_count=1", Encoding.UTF8, "application/x-www-form-urlencoded"));
        var link = page.Json.GetProperty("link").EnumerateArray().Single(l => l.GetProperty("relation").GetString() == "next").GetProperty("url").GetString()!;
        Assert.StartsWith(desk.Address, link, StringComparison.Ordinal);
        var further = await desk.SendAsync(HttpMethod.Get, link[desk.Address.Length..]);
        var document = further.Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!;
        Assert.Single((await desk.SendAsync(HttpMethod.Get, document[desk.Address.Length..])).Bytes);

        var (code, said) = await desk.EndAsync();

        Assert.True(code == ExitCode.Fine, said);
        Assert.DoesNotContain("not shown", said, StringComparison.Ordinal);
        Assert.Contains("11 of 11 rules held", said, StringComparison.Ordinal);
        Assert.All(JsonDocument.Parse(await File.ReadAllTextAsync(desk.Report, TestContext.Current.CancellationToken)).RootElement.EnumerateArray(), f => Assert.True(f.GetProperty("held").GetBoolean()));
    }

    [Fact]
    public async Task A_software_that_breaks_rules_is_told_which_and_why()
    {
        await using var desk = await Desk.StartAsync();
        var cast = desk.Cast;
        await desk.DepositAsync(Bundles.Provide(cast.Emma.Number!, [1]));
        // New ids after the fault, a refusal repeated, a search of everybody, a number in an address, a call nobody offers, one without proof.
        await desk.DepositAsync(Bundles.Provide(cast.Emma.Number!, [2]));
        var unknown = Bundles.Provide(WorldPeople.UnknownNumber, [9]);
        await desk.DepositAsync(unknown);
        await desk.DepositAsync(unknown);
        await desk.SendAsync(HttpMethod.Get, "/fhir/DocumentReference?status=current");
        await desk.SendAsync(HttpMethod.Get, $"/fhir/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4%7C{cast.Emma.Number}&_count=1");
        await desk.DepositAsync(Bundles.Provide(cast.Emma.Number!, [3]));
        await desk.SendAsync(HttpMethod.Get, $"/fhir/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4%7C{cast.Emma.Number}&_count=1");
        await desk.SendAsync(HttpMethod.Get, "/fhir/Binary/" + Guid.NewGuid());
        await desk.SendAsync(HttpMethod.Get, "/fhir/metadata", accept: "text/html");
        await desk.SendAsync(HttpMethod.Get, "/fhir/Patient", token: "nonsense");

        var (code, said) = await desk.EndAsync();

        Assert.Equal(ExitCode.Findings, code);
        var broken = said.Split('\n').Where(l => l.StartsWith("BROKEN", StringComparison.Ordinal)).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        Assert.Equal(["proof", "offered", "again", "refused", "search", "address", "pages", "retrieve"], broken);
        Assert.Contains("not shown  replace", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_demo_it_says_what_to_do()
    {
        using var cli = new CliWorld(Store.Sqlite);

        var (code, said) = await cli.RunAsync("selftest", "--demo", cli.FileOf("nothing.json", "{}"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("./dsp demo", said, StringComparison.Ordinal);
    }

    /// <summary>A vendor's desk: a server that stands for the demo, the self-test before it, and the software.</summary>
    private sealed class Desk(Cast cast, CliWorld cli, string address, Task<(int Code, string Said)> run, CancellationTokenSource stop) : IAsyncDisposable
    {
        private readonly HttpClient http = new();

        public Cast Cast => cast;
        public string Address => address;
        public string Report => Path.Combine(cli.Folder, "report.json");

        public static async Task<Desk> StartAsync()
        {
            var cast = await Cast.StartAsync(Store.Sqlite);
            var cli = new CliWorld(Store.Sqlite);
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var file = cli.FileOf("demo.json", JsonSerializer.Serialize(new { @base = cast.Server.Base }));
            var run = RunAsync(["selftest", "--demo", file, "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--report", Path.Combine(cli.Folder, "report.json")], stop.Token);
            for (var i = 0; i < 400 && !await ListensAsync(port) && !run.IsCompleted; i++) await Task.Delay(50, stop.Token);
            return new Desk(cast, cli, $"http://127.0.0.1:{port}", run, stop);
        }

        private static async Task<bool> ListensAsync(int port)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        public Task<Answer> DepositAsync(string bundle) => SendAsync(HttpMethod.Post, "/fhir", new StringContent(bundle, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")));

        public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? body = null, string? token = null, string? accept = null)
        {
            using var request = new HttpRequestMessage(method, address + path) { Content = body };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? cast.Lab);
            if (accept is not null) request.Headers.Accept.ParseAdd(accept);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return new Answer((int)response.StatusCode, new Dictionary<string, string>(), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        public async Task<(int Code, string Said)> EndAsync()
        {
            await stop.CancelAsync();
            return await run;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await run;
            stop.Dispose();
            http.Dispose();
            cli.Dispose();
            await cast.DisposeAsync();
        }

        private static async Task<(int Code, string Said)> RunAsync(string[] words, CancellationToken cancel)
        {
            await Task.Yield();
            using var said = new StringWriter();
            return (await CommandTree.RunAsync(words, new Surroundings(said, said, _ => null, TimeProvider.System), cancel), said.ToString());
        }
    }
}
