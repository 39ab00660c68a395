using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>Every FHIR route, its transaction and the scopes that open it. A golden file prints the table.</summary>
internal static class FhirRoutes
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapFhir(this WebApplication app)
    {
        var fhir = app.MapGroup("/fhir");
        fhir.MapMethods("/Binary/{id}", Reading, FhirBinary.ReadAsync).Needs(Scopes.Retrieve);
    }
}
