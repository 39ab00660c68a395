using System.Net;
using System.Text.RegularExpressions;
using Dsp.Accounts;
using Dsp.Notices;
using Dsp.Server.Portal;
using Dsp.Server.SignIn.Providers;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dsp.Tests.SignIn;

/// <summary>The real process, Emma, and two providers that a test directs.</summary>
internal sealed class ProviderWorld : IAsyncDisposable
{
    private ProviderWorld(RunningServer server, TestHolder emma, FakeProvider luxtrust, FakeProvider other) => (Server, Emma, Provider, Other) = (server, emma, luxtrust, other);

    public RunningServer Server { get; }

    public World World => Server.World;

    public TestHolder Emma { get; }

    /// <summary>States national numbers; key <c>eid</c>.</summary>
    public FakeProvider Provider { get; }

    /// <summary>Another one; key <c>other</c>.</summary>
    public FakeProvider Other { get; }

    public (string, string?) EmmasIdentity => ("emma-at-eid", Emma.Number);

    public static async Task<ProviderWorld> StartAsync(Store store = Store.Sqlite, Func<IdentityProvider, IdentityProvider>? change = null)
    {
        var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var (first, second) = (await FakeProvider.StartAsync(world.Clock), await FakeProvider.StartAsync(world.Clock));
        IdentityProvider One(string key, string name, FakeProvider at) => new()
        {
            Key = key, Name = name, Issuer = at.Issuer, ClientId = FakeProvider.ClientId, ClientSecretFile = "provider-secret", NumberClaim = "national_number", StrongAcr = [FakeProvider.Strong], StrongAmr = [["hwk", "pin"]], Internal = true,
        };
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "keys", "provider-secret"), "only-the-file-knows-this\n");
        var server = await RunningServer.StartAsync(world, s => s with { SignIn = s.SignIn with { Providers = [change?.Invoke(One("eid", "eID", first)) ?? One("eid", "eID", first), One("other", "Autre", second)] } }, Routes);
        return new ProviderWorld(server, emma, first, second);
    }

    /// <summary>A browser that came back from the provider proven, and finished the page that follows where one does.</summary>
    public async Task<ProviderBrowser> ActivatedAsync()
    {
        var browser = new ProviderBrowser(this);
        var page = await browser.ComeBackAsync(await browser.LeaveAsync(), EmmasIdentity);
        Assert.Equal("/fr/activation/identite", page.Path);
        var done = await browser.SubmitAsync(page, ("courriel", "emma@example.org"), ("conditions", "oui"), ("langue", "fr"));
        Assert.Equal("/fr", done.Path);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
        await Other.DisposeAsync();
    }

    private static void Routes(WebApplication app) => app.MapGet("/fr/test/who", async (HttpContext context, PortalSession session) =>
    {
        var caller = session.CallerOf(context);
        await context.Response.WriteAsync(caller is null ? "nobody" : $"{caller.Person} {caller.Session} {caller.Kind} strong={caller.Strong} at={caller.AuthenticatedAt:O} fresh={caller.FreshAt:O}");
    });
}

/// <summary>A page as a browser shows it.</summary>
internal sealed record Shown(int Status, string Path, string Text, string? Refresh);

/// <summary>A person's browser: its cookies, its pages, redirects on this site followed one by one.</summary>
internal sealed partial class ProviderBrowser(ProviderWorld world)
{
    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>Every address that an answer led to.</summary>
    public List<string> LedTo { get; } = [];

    public async Task<Shown> GetAsync(string path, params (string Name, string Value)[] headers) => await FollowAsync(HttpMethod.Get, path, null, headers);

    /// <summary>What another site's form would send.</summary>
    public Task<Shown> PostAsync(string path, params (string Name, string Value)[] fields) => FollowAsync(HttpMethod.Post, path, fields);

    /// <summary>Who the portal says this browser is.</summary>
    public async Task<string> WhoAsync() => (await GetAsync("/fr/test/who")).Text;

    /// <summary>Presses a provider's button on a page, and is on its way: what it asks the provider.</summary>
    public async Task<Asked> LeaveAsync(string key = "eid", string from = "/fr/connexion", string handler = "Provider")
    {
        var leaving = await PressAsync(key, from, handler);
        Assert.True(leaving.Refresh is not null, $"{leaving.Status} {leaving.Path} {leaving.Text}");
        return new Asked(leaving.Refresh["0; url=".Length..]);
    }

    public async Task<Shown> PressAsync(string key, string from, string handler = "Provider")
    {
        var page = await GetAsync(from);
        var form = Form().Matches(page.Text).FirstOrDefault(f => f.Value.Contains($"handler={handler}", StringComparison.Ordinal) && f.Value.Contains($"name=\"fournisseur\" value=\"{key}\"", StringComparison.Ordinal));
        Assert.True(form is not null, $"No button of {key} on {page.Path}: {page.Text}");
        return await FollowAsync(HttpMethod.Post, WebUtility.HtmlDecode(form.Groups["to"].Value), Hidden(form.Value));
    }

    /// <summary>Comes back with the code the provider gives for what was asked.</summary>
    public Task<Shown> ComeBackAsync(Asked asked, (string, string?) person, Action<Dictionary<string, object>>? change = null, Func<Dictionary<string, object>, string>? sign = null) =>
        ReturnAsync("eid", ("code", world.Provider.CodeFor(asked, person, change, sign)), ("state", asked["state"]), ("iss", world.Provider.Issuer));

    public Task<Shown> ReturnAsync(string key, params (string Name, string? Value)[] query) =>
        GetAsync($"/connexion/retour/{key}?" + string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}")));

    /// <summary>Sends the page's own form.</summary>
    public Task<Shown> SubmitAsync(Shown page, params (string Name, string Value)[] fields)
    {
        var form = Form().Matches(page.Text).First(f => f.Value.Contains("govuk-button", StringComparison.Ordinal) && !f.Value.Contains("deconnexion", StringComparison.Ordinal));
        var to = WebUtility.HtmlDecode(form.Groups["to"].Value);
        return FollowAsync(HttpMethod.Post, to.Length == 0 ? page.Path : to, [.. Hidden(form.Value), .. fields]);
    }

    private async Task<Shown> FollowAsync(HttpMethod method, string path, IEnumerable<(string Name, string Value)>? form, params (string Name, string Value)[] headers)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            using var request = new HttpRequestMessage(method, world.Server.Base + path);
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            if (form is not null) request.Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
            using var answer = await world.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Keep(answer);
            if (answer.Headers.Location is not { } to) return new Shown((int)answer.StatusCode, path.Split('?')[0], await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers.TryGetValues("Refresh", out var refresh) ? refresh.First() : null);
            LedTo.Add(to.OriginalString);
            Assert.StartsWith("/", to.OriginalString, StringComparison.Ordinal);
            (method, path, form) = (HttpMethod.Get, to.OriginalString, null);
        }
        throw new InvalidOperationException("Redirects without end");
    }

    private void Keep(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var lines)) return;
        foreach (var line in lines)
        {
            var pair = line.Split(';')[0].Split('=', 2);
            if (line.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)) Cookies.Remove(pair[0]);
            else Cookies[pair[0]] = pair[1];
        }
    }

    private static List<(string, string)> Hidden(string form) => [.. HiddenField().Matches(form).Select(m => (m.Groups["name"].Value, WebUtility.HtmlDecode(m.Groups["value"].Value)))];

    [GeneratedRegex("""<form method="post"(?:(?=[^>]* action="(?<to>[^"]*)"))?[^>]*>.*?</form>""", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""<input[^>]*name="(?<name>[^"]+)" type="hidden" value="(?<value>[^"]*)"|<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex HiddenField();
}
