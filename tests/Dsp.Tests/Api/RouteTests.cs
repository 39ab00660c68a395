using System.Text;
using Dsp.Server.Api;
using Dsp.Server.SignIn;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dsp.Tests.Api;

/// <summary>The table of everything the process answers, under review; and that its description says the same.</summary>
public sealed class RouteTests
{
    [Fact, Golden]
    public async Task Every_route_with_its_method_and_what_opens_it()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var text = new StringBuilder();
        foreach (var (path, methods, need) in Routes(server)) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{methods,-9} {path,-58} {need}\n");
        Golden.Check("server/routes.txt", text.ToString());
    }

    [Fact]
    public async Task Every_route_of_fhir_and_api_needs_a_scope_but_the_descriptions()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var open = Routes(server).Where(r => r.Need is "open" or "none" && !IsPage(r.Path)).Select(r => r.Path).Order(StringComparer.Ordinal);

        Assert.Equal(["/api/openapi.json", "/carte", "/cds-services", "/connexion/retour/{provider}", "/content/{handle}", "/fhir/.well-known/smart-configuration", "/fhir/metadata", "/health/live", "/health/ready", "/oauth/authorize", "/oauth/end-session"], open);
    }

    [Fact]
    public async Task Without_a_token_every_route_answers_401()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        foreach (var (path, methods, need) in Routes(server).Where(r => r.Need is not ("open" or "none") && !IsPage(r.Path)))
            foreach (var method in methods.Split(' '))
            {
                var address = AddressOf(path);
                var answer = await server.SendAsync(new HttpMethod(method), address);
                Assert.True(answer.Status == 401, $"{method} {path}: {answer.Status}");
                Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
            }
    }

    [Fact]
    public async Task With_a_token_that_lacks_the_scope_every_route_answers_403()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        foreach (var (path, methods, need) in Routes(server).Where(r => r.Need is not ("open" or "none") && !IsPage(r.Path)))
        {
            var other = need.Contains("ITI-65", StringComparison.Ordinal) ? "ITI-68" : "ITI-65";
            var address = AddressOf(path);
            var answer = await server.SendAsync(new HttpMethod(methods.Split(' ')[0]), address, server.AnyToken(other));
            Assert.True(answer.Status == 403, $"{methods} {path}: {answer.Status}");
        }
    }

    [Fact]
    public async Task The_description_names_exactly_the_routes_of_the_platform_API()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);

        var document = (await server.GetAsync("/api/openapi.json")).Json;

        var described = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name.ToUpperInvariant()} {p.Name}")).Order(StringComparer.Ordinal);
        var mapped = Routes(server).Where(r => r.Path.StartsWith("/api/", StringComparison.Ordinal) && r.Path != "/api/openapi.json").SelectMany(r => r.Methods.Split(' ').Select(m => $"{m} {r.Path}")).Order(StringComparer.Ordinal);
        Assert.Equal(mapped, described);
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
    }

    [Fact, Golden]
    public async Task The_description_itself()
    {
        await using var server = await RunningServer.StartAsync(Store.Sqlite);
        var json = System.Text.Json.JsonSerializer.Serialize((await server.GetAsync("/api/openapi.json")).Json, Indented);
        Golden.Check("server/openapi.json", json);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The path with an id nobody has in every place.</summary>
    private static string AddressOf(string path) => string.Join('/', path.Split('/').Select(p => p.StartsWith('{') ? Guid.CreateVersion7().ToString("D") : p));

    /// <summary>Portal pages take the portal's cookie; their own tests hold them.</summary>
    private static bool IsPage(string path) => path == "/" || path.StartsWith("/{lang", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Methods, string Need)> Routes(RunningServer server) =>
        server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (
                Path: "/" + e.RoutePattern.RawText!.Trim('/'),
                Methods: string.Join(' ', e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"]),
                Need: e.Metadata.GetMetadata<OpenToAll>() is not null ? "open" : e.Metadata.GetMetadata<ScopeNeed>()?.ToString() ?? "none"))
            // Style sheets, fonts and scripts carry fingerprints: they are the build's, not the table's.
            .Where(r => !r.Path.StartsWith("/_content/", StringComparison.Ordinal))
            .OrderBy(r => r.Path, StringComparer.Ordinal).ThenBy(r => r.Methods, StringComparer.Ordinal);
}
