using System.Text;
using Dsp.Interop.Mhd;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>The parameters of a search: of the address, and of the form where it is posted to <c>_search</c>.</summary>
internal static class FhirParameters
{
    private const int LongestForm = 64 * 1024;

    public static async Task<Outcome<IReadOnlyList<KeyValuePair<string, string>>>> ReadAsync(HttpContext context, BodyReader bodies)
    {
        var parameters = DocumentQuery.Parse(context.Request.QueryString.Value ?? "");
        if (HttpMethods.IsPost(context.Request.Method))
        {
            if (context.Request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
                return Refusals.MediaTypeNotSupported.Because("The content type sent is not accepted here. Send application/x-www-form-urlencoded.");
            var read = await bodies.ReadAsync(context);
            if (!read.Succeeded) return read.Refusal;
            using var body = read.Value;
            if (body.Bytes.Length > LongestForm) return RequestFaults.TooLarge(bodies.Limits with { MaxBody = LongestForm });
            parameters.AddRange(DocumentQuery.Parse(Encoding.UTF8.GetString(body.Bytes.Span)));
        }
        CallJournal.Asked(context, DocumentQuery.Format(parameters));
        var wish = FhirWish.Read(context, parameters);
        return wish.Succeeded ? parameters : wish.Refusal;
    }

    /// <summary><c>Prefer: handling=strict</c>: what is not understood is refused, not ignored.</summary>
    public static bool Strict(HttpRequest request) => request.Headers["Prefer"].Any(p => p?.Contains("handling=strict", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary><c>Prefer: return=…</c>: minimal, representation or OperationOutcome; null where nothing known is asked for.</summary>
    public static string? Return(HttpRequest request) =>
        request.Headers["Prefer"].SelectMany(p => (p ?? "").Split(',', ';')).Select(p => p.Trim()).Where(p => p.StartsWith("return=", StringComparison.OrdinalIgnoreCase))
            .Select(p => Array.Find(Bodies, b => b.Equals(p[7..], StringComparison.OrdinalIgnoreCase))).FirstOrDefault(b => b is not null);

    private static readonly string[] Bodies = ["minimal", "representation", "OperationOutcome"];
}
