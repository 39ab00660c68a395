using System.Net.Http.Headers;
using System.Text.Json;

namespace Dsp.Tests.Demo;

/// <summary>Calls the demo's doors with a bearer token.</summary>
#pragma warning disable RS0030 // A test is the outside: it may call the server it started.
internal sealed class Visitor : IDisposable
{
    private readonly HttpClient http = new();

    public async Task<(int Status, JsonElement Body)> GetAsync(string address, string token)
    {
        using var answer = await SendAsync(address, token, "application/fhir+json");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    public async Task<int> StatusAsync(string address, string token)
    {
        using var answer = await SendAsync(address, token, "*/*");
        await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(string address, string token, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd(accept);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => http.Dispose();
}
#pragma warning restore RS0030
