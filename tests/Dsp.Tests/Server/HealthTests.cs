using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

public sealed class HealthTests
{
    [Theory, EveryStore]
    public async Task The_process_is_ready_when_its_database_is_at_this_schema(Store store)
    {
        await using var server = await RunningServer.StartAsync(store);

        Assert.Equal(200, (await server.GetAsync("/health/live")).Status);
        Assert.Equal(200, (await server.GetAsync("/health/ready")).Status);

        await server.Get<Database>().CommitAsync(new Batch().Add("DELETE FROM schema_migrations"), TestContext.Current.CancellationToken);
        Assert.Equal(503, (await server.GetAsync("/health/ready")).Status);
    }
}
