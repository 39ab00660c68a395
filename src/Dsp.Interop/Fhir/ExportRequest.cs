using System.Globalization;
using System.Text.Json;

namespace Dsp.Interop.Fhir;

/// <summary>An export of one's own record as it was asked for (HL7 Bulk Data 2.0, Patient/$export).</summary>
/// <param name="Types">Resource types, in their order.</param>
/// <param name="Since">What changed before is left out; null: all.</param>
/// <param name="At">When it was asked for; later files say no more than that they are of the moment they are fetched.</param>
public sealed record ExportRequest(IReadOnlyList<string> Types, DateTimeOffset? Since, DateTimeOffset At)
{
    /// <summary>So long the addresses of an export lead somewhere.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public const string MediaType = "application/fhir+ndjson";

    /// <summary>What is exported: everything that is searched by patient.</summary>
    public static IReadOnlyList<string> Offered { get; } =
        [FhirRoutes.Patient.Type, FhirRoutes.DocumentReference.Type, FhirRoutes.List.Type, .. Resources.ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => r.Type)];

    public static Outcome<ExportRequest> Read(IReadOnlyList<KeyValuePair<string, string>> parameters, DateTimeOffset now)
    {
        var problems = new Problems();
        IReadOnlyList<string> types = Offered;
        DateTimeOffset? since = null;
        foreach (var pair in parameters.Where(p => p.Value.Length > 0))
        {
            switch (pair.Key)
            {
                case "_outputFormat" when pair.Value is MediaType or "application/ndjson" or "ndjson": break;
                case "_outputFormat": problems.Add(Refusals.ParameterInvalid.Because($"An export is {MediaType}.").At(pair.Key)); break;
                case "_since" when DateTimeOffset.TryParse(pair.Value.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant): since = instant; break;
                case "_type":
                    types = [.. pair.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
                    if (types.Count == 0 || types.Any(t => !Offered.Contains(t))) problems.Add(Refusals.ParameterInvalid.Because($"The types are {string.Join(", ", Offered)}.").At(pair.Key));
                    break;
                case "_format" or "_pretty": break;
                default: problems.Add(Refusals.ParameterInvalid.Because("This parameter is not offered: _outputFormat, _since and _type are.").At(pair.Key)); break;
            }
        }
        return problems.Any ? problems.Refusal() : new ExportRequest(types, since, now);
    }

    /// <summary>Sealed into the addresses: nothing is kept of an export, and nobody else's token opens one.</summary>
    public string Seal(ReadOnlySpan<byte> key, string callerId) =>
        PageToken.Seal(string.Join(' ', "export", At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Since?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "-", string.Join(',', Types)), key, callerId);

    /// <returns>Null for what is none, of another caller, or older than <see cref="Life"/>.</returns>
    public static ExportRequest? Open(string token, ReadOnlySpan<byte> key, string callerId, DateTimeOffset now)
    {
        if (PageToken.Open(token, key, callerId)?.Split(' ') is not ["export", var at, var since, var types]) return null;
        var read = new ExportRequest(types.Split(','), since == "-" ? null : Instant(since), Instant(at));
        return now - read.At < Life ? read : null;
    }

    /// <summary>Whether a resource is new enough; one that does not say when it changed is.</summary>
    public bool Wants(JsonElement resource) =>
        Since is not { } since || !resource.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("lastUpdated", out var changed) || !changed.TryGetDateTimeOffset(out var at) || at >= since;

    private static DateTimeOffset Instant(string milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
}
