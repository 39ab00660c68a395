using System.Text.Json;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Fhir;

/// <summary>One request of a batch, as far as it can be sent on.</summary>
/// <param name="Method">GET, HEAD, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">Below the base, decoded, without a slash at its beginning.</param>
/// <param name="Query">With its question mark; empty where there is none.</param>
/// <param name="Headers">Conditions of the entry by their HTTP names.</param>
/// <param name="Body">The resource as JSON; null where the entry has none.</param>
public sealed record BatchEntry(string Method, string Path, string Query, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body);

/// <summary>A Bundle of type batch (FHIR R4 http §3.1.0.11.1): requests that have nothing to do with each other.</summary>
public static class BatchReader
{
    /// <summary>Most requests in one batch.</summary>
    public const int Most = 50;

    /// <summary>Largest batch in bytes; a deposit is a transaction.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Whether these bytes are a Bundle of type batch; looks at the first level only.</summary>
    public static bool IsBatch(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = BundleScan.MaxDepth + 8 });
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                if (reader.ValueTextEquals("type"u8)) return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("batch"u8);
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever reads the message says so.
        }
        return false;
    }

    /// <returns>Each entry, or why it cannot be sent on; a refusal where the whole cannot be read.</returns>
    public static Outcome<List<Outcome<BatchEntry>>> Read(ReadOnlySpan<byte> json, string baseUrl)
    {
        var (bundle, problems) = FhirJson.Parse<Bundle>(json);
        // A message that is no FHIR is refused whole, as it would be by a validator.
        if (problems.Count > 0) return problems[0] with { Others = [.. problems.Skip(1)] };
        if (bundle is null) return Refusals.Malformed;
        if (bundle.Entry.Count > Most) return Refusals.TooManyEntries.At("Bundle.entry");
        return bundle.Entry.Select((entry, i) => Read(entry, $"Bundle.entry[{i}].request", baseUrl)).ToList();
    }

    private static Outcome<BatchEntry> Read(Bundle.EntryComponent entry, string path, string baseUrl)
    {
        if (entry.Request is not { Method: { } method, Url: { Length: > 0 } url }) return Refusals.MissingMetadata.Because("The entry says no method or no address.").At(path);
        if (url.StartsWith(baseUrl + "/", StringComparison.Ordinal)) url = url[(baseUrl.Length + 1)..];
        var (address, query) = url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (url[..at], url[at..]) : (url, "");
        var decoded = Uri.UnescapeDataString(address);
        if (decoded.Length == 0 || decoded.Contains(':', StringComparison.Ordinal) || decoded.Split('/').Any(s => s is "" or "." or "..") || decoded.Any(c => c < ' ' || c == '\\'))
            return Refusals.ParameterInvalid.Because("The address is relative to the base, as Patient/id or Observation?patient=id; batches and transactions are not nested.").At(path + ".url");
        if (query.Contains("_format=", StringComparison.Ordinal)) return Refusals.ParameterInvalid.Because("The format of the answers is that of the batch.").At(path + ".url");
        return new BatchEntry(method.ToString().ToUpperInvariant(), decoded, query, [.. Conditions(entry.Request)], entry.Resource is { } resource ? FhirJson.Bytes(resource) : null);
    }

    private static IEnumerable<(string Name, string Value)> Conditions(Bundle.RequestComponent request)
    {
        if (request.IfNoneMatch is { } none) yield return ("If-None-Match", none);
        if (request.IfMatch is { } match) yield return ("If-Match", match);
        if (request.IfNoneExist is { } exist) yield return ("If-None-Exist", exist);
        if (request.IfModifiedSince is { } since) yield return ("If-Modified-Since", since.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
    }
}
