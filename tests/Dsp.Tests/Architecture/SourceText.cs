using System.Text;

namespace Dsp.Tests.Architecture;

/// <summary>C# source without comments and without the contents of strings, so that a search finds code only.</summary>
internal static class SourceText
{
    /// <summary>The code of a file; line numbers stay what they were.</summary>
    public static string CodeOf(string file) => WithoutCommentsAndStrings(File.ReadAllText(file));

    /// <summary>Line number of a position in a text, from 1.</summary>
    public static int LineOf(string text, int position) => text.AsSpan(0, position).Count('\n') + 1;

    public static string WithoutCommentsAndStrings(string source)
    {
        var code = new StringBuilder(source.Length);
        var at = 0;
        while (at < source.Length)
        {
            var end = EndOfCommentOrString(source, at);
            if (end == at)
            {
                code.Append(source[at++]);
                continue;
            }

            code.Append(' ').Append('\n', source.AsSpan(at, end - at).Count('\n'));
            at = end;
        }

        return code.ToString();
    }

    /// <summary>Where the comment or literal that starts here ends; the same position when none starts here.</summary>
    private static int EndOfCommentOrString(string source, int at)
    {
        var rest = source.AsSpan(at);
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            return After(source, "\n", at + 2) is var end && end < source.Length ? end - 1 : source.Length;
        }

        if (rest.StartsWith("/*", StringComparison.Ordinal))
        {
            return After(source, "*/", at + 2);
        }

        if (rest.StartsWith("\"\"\"", StringComparison.Ordinal))
        {
            var quotes = rest.IndexOfAnyExcept('"') is var count && count < 0 ? rest.Length : count;
            return After(source, new string('"', quotes), at + quotes);
        }

        return rest[0] switch
        {
            '"' when at > 0 && (source[at - 1] == '@' || (at > 1 && source[at - 2] == '@')) => EndOfVerbatim(source, at + 1),
            '"' or '\'' => EndOfQuoted(source, at),
            _ => at,
        };
    }

    private static int After(string source, string mark, int from) =>
        source.IndexOf(mark, Math.Min(from, source.Length), StringComparison.Ordinal) is var found && found < 0 ? source.Length : found + mark.Length;

    private static int EndOfVerbatim(string source, int at)
    {
        while (at < source.Length)
        {
            if (source[at] != '"')
            {
                at++;
            }
            else if (at + 1 < source.Length && source[at + 1] == '"')
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return at;
    }

    private static int EndOfQuoted(string source, int start)
    {
        var at = start + 1;
        while (at < source.Length && source[at] != source[start] && source[at] != '\n')
        {
            at += source[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, source.Length);
    }
}
