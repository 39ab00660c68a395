using Dsp.Interop.Fhir;

namespace Dsp.Server.Fhir;

/// <summary>The form in which one caller wants the answer of one request: its format and its part (FHIR R4 http 3.1.0.1.10, search 3.1.1.5).</summary>
/// <param name="Given">The parameters that say so, as sent: links of the answer repeat them.</param>
internal sealed record FhirWish(bool Xml, FhirSubset? Subset, IReadOnlyList<KeyValuePair<string, string>> Given)
{
    private static readonly string[] Names = ["_format", "_summary", "_elements"];

    /// <summary>JSON, whole.</summary>
    public static FhirWish Plain { get; } = new(false, null, []);

    public bool IsPlain => !Xml && Subset is null;

    /// <summary>What this request wants; JSON where that cannot be said.</summary>
    public static FhirWish Of(HttpContext context)
    {
        if (context.Features.Get<FhirWish>() is { } known) return known;
        var read = Read(context, [.. context.Request.Query.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")))]);
        // Where a part was named that FHIR does not know, the format is known all the same, here as on the next call.
        return read.Succeeded ? read.Value : context.Features.Get<FhirWish>() ?? Plain;
    }

    /// <summary>Reads it from the parameters of the address and of a posted form; a form that is not offered is refused.</summary>
    public static Outcome<FhirWish> Read(HttpContext context, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        string? One(string name) => parameters.FirstOrDefault(p => p.Key == name).Value;
        if (FhirMedia.FormatOf(One("_format"), context.Request) is not { } format) return Refusals.FormatNotSupported;
        var subset = FhirSubset.Read(One("_summary"), One("_elements"));
        if (!subset.Succeeded)
        {
            // The refusal itself has the format that was asked for.
            context.Features.Set(new FhirWish(format == FhirFormat.Xml, null, []));
            return subset.Refusal;
        }
        var wish = new FhirWish(format == FhirFormat.Xml, subset.Value, [.. parameters.Where(p => Names.Contains(p.Key) && p.Value.Length > 0)]);
        context.Features.Set(wish);
        return wish;
    }
}
