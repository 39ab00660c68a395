[assembly: AssemblyFixture(typeof(Dsp.Browser.Tests.Support.Chromium))]

namespace Dsp.Browser.Tests.Support;

/// <summary>Tests of the portal: one browser for all of them, and for each a portal of its own.</summary>
public abstract class PortalTests(Chromium chromium) : IAsyncLifetime
{
    private PortalWorld? world;

    protected Chromium Chromium => chromium;

    protected PortalWorld World => world!;

    public async ValueTask InitializeAsync()
    {
        await chromium.StartAsync();
        world = await StartAsync();
    }

    /// <summary>The portal of each test and what it holds at first.</summary>
    protected virtual Task<PortalWorld> StartAsync() => PortalWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (world is not null) await world.DisposeAsync();
        await EndAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a class started beside its portal ends.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;
}
