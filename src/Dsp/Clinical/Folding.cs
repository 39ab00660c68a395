using System.Globalization;
using System.Text;

namespace Dsp.Clinical;

/// <summary>Words as search compares them: lower case, accents and other marks removed, ligatures in letters, independent of culture.</summary>
public static class Folding
{
    /// <summary>Folds a text; other characters than letters and digits become one space.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in Ascii(text) ? text : text.Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) continue;
            if (!char.IsLetterOrDigit(c))
            {
                gap = folded.Length > 0;
                continue;
            }
            if (gap) folded.Append(' ');
            gap = false;
            _ = c switch
            {
                'ß' or 'ẞ' => folded.Append("ss"),
                'œ' or 'Œ' => folded.Append("oe"),
                'æ' or 'Æ' => folded.Append("ae"),
                'ø' or 'Ø' => folded.Append('o'),
                'đ' or 'Đ' => folded.Append('d'),
                'ł' or 'Ł' => folded.Append('l'),
                _ => folded.Append(char.ToLowerInvariant(c)),
            };
        }
        return folded.ToString();
    }

    private static bool Ascii(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\x7f');
}
