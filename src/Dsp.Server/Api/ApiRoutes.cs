namespace Dsp.Server.Api;

internal static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
    }
}
