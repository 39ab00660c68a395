using Dsp.Interop.Fhir;

namespace Dsp.Server.Wire;

/// <summary>From refusal to HTTP status, on every HTTP surface: the table of the FHIR wire, so that no two doors disagree.</summary>
internal static class StatusTable
{
    public static int Of(Refusal refusal) => FhirRefusals.StatusOf(refusal);

    /// <summary>RFC 9110's name of a status, the title of a problem.</summary>
    public static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);

    /// <summary>Seconds after which a try may succeed; null where trying again does not help.</summary>
    public static int? RetryAfter(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.TooMany => 3600,
        RefusalKind.Unavailable when refusal.Id != Refusals.TooSlow.Id => 5,
        _ => null,
    };
}
