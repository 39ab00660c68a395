using System.Text;
using UglyToad.PdfPig.Content;

namespace Dsp.Worker;

/// <summary>The words of a page in the order of its content, a line for each line.</summary>
internal static class PageText
{
    public static string Of(Page page)
    {
        var text = new StringBuilder();
        Letter? before = null;
        foreach (var letter in page.Letters)
        {
            if (before is not null) text.Append(Between(before, letter));
            text.Append(letter.Value);
            before = letter;
        }
        if (text.Length > 0) text.Append('\n');
        return text.ToString();
    }

    /// <summary>What stands between two letters that follow each other in the content: nothing, a space or a new line.</summary>
    private static string Between(Letter before, Letter after)
    {
        if (string.IsNullOrWhiteSpace(before.Value) || string.IsNullOrWhiteSpace(after.Value)) return SameLine(before, after) ? "" : "\n";
        if (!SameLine(before, after)) return "\n";
        var size = Math.Max(1, Math.Min(before.PointSize, after.PointSize));
        var (gap, _) = Along(before, after);
        // A fifth of a letter's height is less than any space and more than any spacing of letters.
        return gap > size * 0.18 || gap < -size ? " " : "";
    }

    private static bool SameLine(Letter before, Letter after)
    {
        if (before.TextOrientation != after.TextOrientation) return false;
        var (_, rise) = Along(before, after);
        return Math.Abs(rise) < Math.Max(1, Math.Max(before.PointSize, after.PointSize)) * 0.6;
    }

    /// <summary>How far the second begins after the end of the first, along its line and across it.</summary>
    private static (double Gap, double Rise) Along(Letter before, Letter after)
    {
        var (x, y) = (after.StartBaseLine.X - before.EndBaseLine.X, after.StartBaseLine.Y - before.EndBaseLine.Y);
        var (dx, dy) = (before.EndBaseLine.X - before.StartBaseLine.X, before.EndBaseLine.Y - before.StartBaseLine.Y);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        if (length < 1e-6) return (x, y);
        return (((x * dx) + (y * dy)) / length, ((y * dx) - (x * dy)) / length);
    }
}
