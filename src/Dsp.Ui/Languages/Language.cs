namespace Dsp.Ui.Languages;

/// <summary>One of the portal's five languages. The code is the URL prefix and the value of <c>lang</c>.</summary>
/// <param name="Code">Two letters, such as <c>fr</c>.</param>
/// <param name="Culture">Culture for sorting and letters: <c>en-GB</c>, because <c>en-LU</c> writes 3/1/2026 for 1 March.</param>
/// <param name="OwnName">The language's name in itself.</param>
public sealed record Language(string Code, string Culture, string OwnName)
{
    public static readonly Language French = new("fr", "fr-LU", "Français");
    public static readonly Language German = new("de", "de-LU", "Deutsch");
    public static readonly Language English = new("en", "en-GB", "English");
    public static readonly Language Luxembourgish = new("lb", "lb-LU", "Lëtzebuergesch");
    public static readonly Language Portuguese = new("pt", "pt-LU", "Português");

    /// <summary>All five, in the order of the language list.</summary>
    public static IReadOnlyList<Language> All { get; } = [French, German, English, Luxembourgish, Portuguese];

    /// <summary>The language of a code, whatever its case; null for any other text.</summary>
    public static Language? Find(string? code) =>
        All.FirstOrDefault(language => language.Code.Equals(code, StringComparison.OrdinalIgnoreCase));

    /// <summary>The language of the first segment of a path such as <c>/de/documents</c>; null when it names none.</summary>
    public static Language? OfPath(string? path)
    {
        var segment = (path ?? "").TrimStart('/');
        var end = segment.IndexOf('/', StringComparison.Ordinal);
        return Find(end < 0 ? segment : segment[..end]);
    }

    /// <summary>The first language of an <c>Accept-Language</c> header that we speak; French when there is none.</summary>
    public static Language Accepted(string? header)
    {
        var best = (Language: (Language?)null, Weight: 0.0);
        foreach (var part in (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(20))
        {
            var pieces = part.Split(';', StringSplitOptions.TrimEntries);
            var weight = 1.0;
            if (pieces.Length > 1 && pieces[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && !double.TryParse(pieces[1][2..], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out weight))
            {
                continue;
            }

            if (Find(pieces[0].Split('-')[0]) is { } language && weight > best.Weight)
            {
                best = (language, weight);
            }
        }

        return best.Language ?? French;
    }

    /// <summary>The same address in this language: the first segment of <paramref name="path"/> is replaced, or set in front.</summary>
    public string SameAddress(string path)
    {
        if (OfPath(path) is null)
        {
            return "/" + Code + (path.StartsWith('/') ? path : "/" + path);
        }

        var rest = path.TrimStart('/');
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        return "/" + Code + (end < 0 ? "" : rest[end..]);
    }

    /// <summary>Which form a count takes: <c>one</c> or <c>other</c> (CLDR cardinal rules for whole numbers).</summary>
    public string PluralForm(long count) => this == French
        ? count is 0 or 1 or -1 ? "one" : "other"
        : count is 1 or -1 ? "one" : "other";
}
