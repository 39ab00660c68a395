namespace Dsp.Server.Jobs;

internal static class JobHosting
{
    public static void AddJobs(this IServiceCollection services)
    {
    }
}
