using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Dsp.Browser.Tests.Support;

/// <summary>One browser of the machine for all tests, each with contexts of its own; Debian's, never a downloaded one.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string Program = Environment.GetEnvironmentVariable("DSP_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";

    private readonly SemaphoreSlim starting = new(1);
    private IPlaywright? playwright;
    private IBrowser? browser;

    public IBrowser Browser => browser ?? throw new InvalidOperationException("Start it first.");

    /// <summary>Starts it where it does not run; skips the test where the machine has none.</summary>
    public async Task StartAsync()
    {
        if (!File.Exists(Program))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", $"{Program} is not installed: apt-get install chromium");
            Assert.Fail($"{Program} is not installed: apt-get install chromium");
        }
        await starting.WaitAsync();
        try
        {
            if (browser is { IsConnected: true }) return;
            playwright ??= await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            });
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        starting.Dispose();
    }
}

/// <summary>Somebody's browser: one context, one page, and everything the console or the policy complained about.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext context;

    private Visitor(IBrowserContext context, IPage page, PortalWorld world) => (this.context, Page, World) = (context, page, world);

    public IPage Page { get; }

    public PortalWorld World { get; }

    public List<string> Complaints { get; } = [];

    public static async Task<Visitor> OpenAsync(Chromium chromium, PortalWorld world, bool script, int width = 1280, int height = 900, ClientCertificate? card = null, bool insecure = false)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = insecure || card is not null, ClientCertificates = card is null ? null : [card], JavaScriptEnabled = script, ViewportSize = new ViewportSize { Width = width, Height = height }, Locale = "fr-LU" });
        context.SetDefaultTimeout(30_000);
        var visitor = new Visitor(context, await context.NewPageAsync(), world);
        visitor.Page.Console += (_, message) =>
        {
            // A status of 4xx is the page's answer in some journeys, not an error of the page.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)) visitor.Complaints.Add(message.Text);
        };
        visitor.Page.PageError += (_, error) => visitor.Complaints.Add(error);
        return visitor;
    }

    public static async Task<Visitor> SignedInAsync(Chromium chromium, PortalWorld world, Somebody somebody, bool script, int width = 1280)
    {
        var visitor = await OpenAsync(chromium, world, script, width);
        await visitor.Page.GotoAsync(world.SignInAddress(somebody));
        return visitor;
    }

    public Task GoAsync(string path) => Page.GotoAsync(World.Base + path);

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name });

    /// <summary>A field by its label; a search form may carry the same words as its own name.</summary>
    public ILocator Field(string label) => Page.GetByLabel(label, new PageGetByLabelOptions { Exact = true }).And(Page.Locator("input, select, textarea"));

    public ILocator Heading => Page.Locator("h1");

    /// <summary>The page's words.</summary>
    public Task<string> TextAsync() => Page.Locator("body").InnerTextAsync();

    public async Task SeesAsync(string words) => await Assertions.Expect(Page.Locator("body")).ToContainTextAsync(words);

    public async Task SeesNotAsync(string words) => await Assertions.Expect(Page.Locator("body")).Not.ToContainTextAsync(words);

    /// <summary>No violation of WCAG 2.2 AA or best practice, no sideways scroll, a generic title, nothing complained about.</summary>
    public async Task<IReadOnlyList<string>> FaultsOfPageAsync(string what)
    {
        var found = new List<string>();
        found.AddRange((await AxeAsync()).Select(v => $"{what}: axe {v}"));
        var (scroll, client) = (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await Page.EvaluateAsync<int>("document.documentElement.clientWidth"));
        if (scroll > client) found.Add($"{what}: scrolls sideways, {scroll} over {client}");
        var title = await Page.TitleAsync();
        if (title != "DSP") found.Add($"{what}: the title says '{title}'");
        if (await Page.Locator("h1").CountAsync() != 1) found.Add($"{what}: {await Page.Locator("h1").CountAsync()} first headings");
        found.AddRange(Complaints.Select(c => $"{what}: {c}"));
        Complaints.Clear();
        return found;
    }

    /// <summary>What axe finds, run in the page itself: our pages have no frames, and its own runner opens a further page for each run.</summary>
    private async Task<string[]> AxeAsync()
    {
        await Page.EvaluateAsync(Axe);
        return await Page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .map(v => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map(n => n.html).join(' | ')})`)
            """);
    }

    /// <summary>The same at three widths; with DSP_SCREENSHOTS set to a folder, a picture of each is kept there.</summary>
    public async Task WidthsAsync(string name, string language, List<string> faults)
    {
        foreach (var width in new[] { 320, 390, 1280 })
        {
            await Page.SetViewportSizeAsync(width, 900);
            faults.AddRange(await FaultsOfPageAsync($"{language} {name} {width}"));
            if (Environment.GetEnvironmentVariable("DSP_SCREENSHOTS") is { Length: > 0 } folder)
                await Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Path.Combine(folder, $"{name}-{language}-{width}.png") });
        }
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
