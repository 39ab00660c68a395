using System.Security.Cryptography;

namespace Dsp.Server.Portal;

/// <summary>What the error page tells: the refusal where one led there, and a reference that leads to the log.</summary>
public static class ErrorPages
{
    private static readonly object RefusalKey = new();
    private static readonly object ReferenceKey = new();

    public static void Remember(HttpContext context, Refusal refusal) => context.Items[RefusalKey] = refusal;

    public static Refusal? RefusalOf(HttpContext context) => context.Items[RefusalKey] as Refusal;

    /// <summary>Ten hexadecimal digits that people can read out to the helpdesk.</summary>
    public static string ReferenceOf(HttpContext context) =>
        (string)(context.Items[ReferenceKey] ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)));
}
