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
        foreach (var c in Ascii(text) ? text : Valid(text).Normalize(NormalizationForm.FormKD))
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

    /// <summary>Halves of pairs and U+FFFE are no text, and the framework normalises nothing that holds one: they divide words.</summary>
    private static string Valid(string text)
    {
        if (!Broken(text)) return text;
        var valid = text.ToCharArray();
        for (var i = 0; i < valid.Length; i++)
        {
            if (char.IsHighSurrogate(valid[i]) && i + 1 < valid.Length && char.IsLowSurrogate(valid[i + 1])) i++;
            else if (char.IsSurrogate(valid[i]) || valid[i] == '\uFFFE') valid[i] = ' ';
        }
        return new string(valid);
    }

    private static bool Broken(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i]) || text[i] == '\uFFFE') return true;
        }
        return false;
    }

    private static bool Ascii(string text) => !text.AsSpan().ContainsAnyExceptInRange('\0', '\x7f');
}
