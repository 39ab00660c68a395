using System.Globalization;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>A search as it was understood.</summary>
/// <param name="Patient">Whose documents; with <see cref="PatientIdentifier.Record"/> set where named by record id, <see cref="RecordId.None"/> where that id can be nobody's.</param>
/// <param name="Applied">The query string of what was really applied, percent-encoded: the self link.</param>
public sealed record DocumentQuery(PatientIdentifier Patient, DocumentSearch Search, string Applied)
{
    /// <summary>The parameter a paging link carries instead of the search itself.</summary>
    public const string PageParameter = "page";

    /// <summary>The value of <see cref="PageParameter"/> for the page after this document, bound to the caller.</summary>
    public string Next(StoredDocument last, ReadOnlySpan<byte> key, string callerId) =>
        PageToken.Seal(
            string.Create(CultureInfo.InvariantCulture, $"{Instants.ToMicroseconds(last.AddedAt)} {last.Id} {Applied}"), key, callerId);

    /// <summary>Takes a token apart: the position and the search it continues.</summary>
    internal static ((DateTimeOffset, DocumentId) After, List<KeyValuePair<string, string>> Parameters)? Continue(string token, ReadOnlySpan<byte> key, string callerId)
    {
        var parts = PageToken.Open(token, key, callerId)?.Split(' ', 3);
        if (parts is not [var at, var id, var applied]) return null;
        if (!long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var micros) || !Ids.TryParse(id, out var document)) return null;
        return ((Instants.FromMicroseconds(micros), new DocumentId(document)), Parse(applied));
    }

    /// <summary>A query string as its pairs.</summary>
    public static List<KeyValuePair<string, string>> Parse(string query) =>
        [.. query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            return KeyValuePair.Create(Decode(name), Decode(value));
        })];

    public static string Format(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
