namespace Dsp.Server.Wire;

/// <summary>
/// The one table from refusal to HTTP status, for every HTTP surface (standards §2, §5). By kind; the few that differ by id.
/// A test proves it complete.
/// </summary>
internal static class StatusTable
{
    private static readonly Dictionary<RefusalKind, int> ByKind = new()
    {
        [RefusalKind.Malformed] = 400,
        [RefusalKind.Required] = 422,
        [RefusalKind.Invalid] = 422,
        [RefusalKind.CodeInvalid] = 422,
        [RefusalKind.NotAuthenticated] = 401,
        [RefusalKind.NotAllowed] = 403,
        [RefusalKind.NotFound] = 404,
        [RefusalKind.UnknownPatient] = 422,
        [RefusalKind.Conflict] = 409,
        [RefusalKind.Gone] = 410,
        [RefusalKind.TooLarge] = 413,
        [RefusalKind.TooMany] = 429,
        [RefusalKind.NotSupported] = 404,
        [RefusalKind.Unavailable] = 503,
    };

    private static readonly Dictionary<string, int> ById = new(StringComparer.Ordinal)
    {
        [Refusals.PatientRequired.Id] = 400,
        [Refusals.FormatNotSupported.Id] = 406,
        [Refusals.MediaTypeNotSupported.Id] = 415,
        [Refusals.RangeNotSatisfiable.Id] = 416,
        [Refusals.VersionStale.Id] = 412,
        [Refusals.TooSlow.Id] = 408,
    };

    /// <exception cref="KeyNotFoundException">A kind without a status.</exception>
    public static int Of(Refusal refusal) => ById.TryGetValue(refusal.Id, out var own) ? own : ByKind[refusal.Kind];

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
