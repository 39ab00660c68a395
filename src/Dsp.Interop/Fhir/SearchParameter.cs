using System.Text;
using Dsp.Documents;

namespace Dsp.Interop.Fhir;

/// <summary>One search parameter as sent: name, modifier, values joined by OR.</summary>
public sealed record SearchParameter(string Name, string? Modifier, string Raw)
{
    /// <summary>Splits a name from its modifier: <c>author.family:exact</c>.</summary>
    public static SearchParameter Of(KeyValuePair<string, string> pair)
    {
        var colon = pair.Key.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new SearchParameter(pair.Key, null, pair.Value) : new SearchParameter(pair.Key[..colon], pair.Key[(colon + 1)..], pair.Value);
    }

    /// <summary>The values between unescaped commas, escapes resolved (FHIR R4 3.1.1.4.4); empty ones left out.</summary>
    public IReadOnlyList<string> Values => [.. Split(Raw, ',').Select(Unescape).Where(v => v.Length > 0)];

    /// <summary>The values as tokens; a null system matches every one, an empty system none.</summary>
    public IReadOnlyList<(string? System, string? Code)> Tokens => [.. Split(Raw, ',').Where(v => v.Length > 0).Select(Token)];

    /// <summary>The values as date bounds; false where one of them cannot be read.</summary>
    public bool TryDates(out IReadOnlyList<(string Prefix, DateTimeOffset From, DateTimeOffset To)> bounds)
    {
        var found = new List<(string, DateTimeOffset, DateTimeOffset)>();
        bounds = found;
        foreach (var value in Values)
        {
            var prefixed = value.Length > 2 && char.IsAsciiLetter(value[0]);
            var prefix = prefixed ? value[..2] : "eq";
            if (prefix is not ("eq" or "lt" or "le" or "gt" or "ge")) return false;
            // A plus sign of the zone may have become a space on its way through form decoding.
            var text = (prefixed ? value[2..] : value).Replace(' ', '+');
            if (!FhirDates.TryParse(text, out PartialDate date, zoneOptional: true)) return false;
            found.Add((prefix, date.From, date.To));
        }
        return found.Count > 0;
    }

    public Refusal Invalid(string reason) => Refusals.ParameterInvalid.Because(reason).At(Modifier is null ? Name : $"{Name}:{Modifier}");

    private static (string? System, string? Code) Token(string value)
    {
        var parts = Split(value, '|').ToList();
        if (parts.Count == 1) return (null, Unescape(parts[0]));
        var code = Unescape(string.Join('|', parts.Skip(1)));
        return (Unescape(parts[0]), code.Length > 0 ? code : null);
    }

    private static IEnumerable<string> Split(string text, char separator)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == separator)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && (text[i + 1] is ',' or '|' or '$' or '\\')) i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
