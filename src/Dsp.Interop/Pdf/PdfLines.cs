namespace Dsp.Interop.Pdf;

/// <summary>Breaks text into lines no wider than given.</summary>
internal static class PdfLines
{
    /// <summary>
    /// Breaks after spaces and hyphens; a word wider than the line is cut. A line keeps its closing space, so that words
    /// stay apart when the text is read back. Always at least one line.
    /// </summary>
    public static List<string> Break(string text, PdfFont font, double size, double width)
    {
        var lines = new List<string>();
        foreach (var hard in text.Normalize().ReplaceLineEndings("\n").Replace('\t', ' ').Split('\n'))
        {
            var rest = hard.AsSpan();
            while (true)
            {
                var length = Fit(rest, font, size, width);
                lines.Add(rest[..length].ToString());
                rest = rest[length..].TrimStart(' ');
                if (rest.Length == 0)
                {
                    break;
                }
            }
        }

        return lines;
    }

    private static int Fit(ReadOnlySpan<char> text, PdfFont font, double size, double width)
    {
        var used = 0.0;
        var lastBreak = 0;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var next = at + rune.Utf16SequenceLength;
            var isSpace = rune.Value == ' ';
            used += font.Width(text[at..next], size);
            if (used > width && !isSpace && at > 0)
            {
                return lastBreak > 0 ? lastBreak : at;
            }

            at = next;
            // "HbA1c 4,0–6,0" stays whole; "gamma-glutamyl" may break after its hyphen.
            if (isSpace || (rune.Value == '-' && at < text.Length && char.IsLetter(text[at])))
            {
                lastBreak = at;
            }
        }

        return text.Length;
    }
}
