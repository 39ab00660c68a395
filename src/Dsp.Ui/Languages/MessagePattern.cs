using System.Globalization;
using System.Text;

namespace Dsp.Ui.Languages;

/// <summary>
/// A whole sentence with named values, in the small part of ICU's message syntax that the texts need: <c>{name}</c>,
/// <c>{count, plural, =0 {…} one {# document} other {# documents}}</c>, <c>{sex, select, female {…} other {…}}</c>; forms may
/// hold values and forms again. A quote is an ordinary character. Numbers are written without grouping.
/// </summary>
public sealed class MessagePattern
{
    private readonly List<Part> _parts;

    private MessagePattern(List<Part> parts) => _parts = parts;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">A brace is not closed, or a plural or select has no form <c>other</c>.</exception>
    public static MessagePattern Parse(string text)
    {
        var at = 0;
        var parts = Read(text, ref at, 0);
        return at == text.Length ? new MessagePattern(parts) : throw new FormatException($"Unexpected }} at {at}: {text}");
    }

    /// <summary>Names of all values, in order of appearance.</summary>
    public IReadOnlyList<string> Names => [.. _parts.SelectMany(NamesOf).Distinct(StringComparer.Ordinal)];

    /// <summary>The sentence with its values.</summary>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public string Format(Language language, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var result = new StringBuilder();
        Write(_parts, language, values, null, result);
        return result.ToString();
    }

    private static IEnumerable<string> NamesOf(Part part) =>
        part.Name is null ? [] : part.Forms.SelectMany(f => f.Parts).SelectMany(NamesOf).Prepend(part.Name);

    private static void Write(List<Part> parts, Language language, ReadOnlySpan<(string Name, object? Value)> values, string? count, StringBuilder to)
    {
        foreach (var part in parts)
        {
            if (part.Name is null)
            {
                to.Append(count is null ? part.Text : part.Text.Replace("#", count, StringComparison.Ordinal));
                continue;
            }

            var value = Find(values, part.Name);
            if (part.Forms.Count == 0)
            {
                to.Append(AsText(value));
                continue;
            }

            var text = AsText(value);
            var form = part.IsPlural ? PluralForm(part, language, text) : text;
            var chosen = part.Forms.Find(f => f.Name == form) ?? part.Forms.Find(f => f.Name == "other")!;
            Write(chosen.Parts, language, values, part.IsPlural ? text : count, to);
        }
    }

    private static string PluralForm(Part part, Language language, string text)
    {
        if (part.Forms.Exists(f => f.Name == "=" + text))
        {
            return "=" + text;
        }

        return language.PluralForm(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static object? Find(ReadOnlySpan<(string Name, object? Value)> values, string name)
    {
        foreach (var (key, value) in values)
        {
            if (key == name)
            {
                return value;
            }
        }

        throw new ArgumentException($"The sentence needs a value for {{{name}}}.", nameof(values));
    }

    private static string AsText(object? value) => value switch
    {
        null => "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static List<Part> Read(string text, ref int at, int depth)
    {
        var parts = new List<Part>();
        var plain = new StringBuilder();
        while (at < text.Length && text[at] != '}')
        {
            if (text[at] != '{')
            {
                plain.Append(text[at++]);
                continue;
            }

            if (plain.Length > 0)
            {
                parts.Add(Part.Plain(plain.ToString()));
                plain.Clear();
            }

            parts.Add(ReadValue(text, ref at, depth + 1));
        }

        if (depth > 0 && at == text.Length)
        {
            throw new FormatException("A brace is not closed: " + text);
        }

        if (plain.Length > 0)
        {
            parts.Add(Part.Plain(plain.ToString()));
        }

        return parts;
    }

    private static Part ReadValue(string text, ref int at, int depth)
    {
        at++;
        var end = text.AsSpan(at).IndexOfAny(',', '}');
        if (end < 0 || depth > 8)
        {
            throw new FormatException("A brace is not closed: " + text);
        }

        var name = text.Substring(at, end).Trim();
        at += end;
        if (name.Length == 0)
        {
            throw new FormatException("A value has no name: " + text);
        }

        if (text[at++] == '}')
        {
            return new Part(name, "", false, []);
        }

        var comma = text.IndexOf(',', at);
        var kind = comma < 0 ? "" : text[at..comma].Trim();
        if (kind is not ("plural" or "select"))
        {
            throw new FormatException($"'{kind}' is neither plural nor select: {text}");
        }

        at = comma + 1;
        var forms = new List<Form>();
        while (true)
        {
            var open = text.AsSpan(at).IndexOfAny('{', '}');
            if (open < 0)
            {
                throw new FormatException("A brace is not closed: " + text);
            }

            var form = text.Substring(at, open).Trim();
            at += open + 1;
            if (text[at - 1] == '}')
            {
                break;
            }

            forms.Add(new Form(form, Read(text, ref at, depth)));
            at++;
        }

        return forms.Exists(f => f.Name == "other")
            ? new Part(name, "", kind == "plural", forms)
            : throw new FormatException($"{{{name}}} has no form 'other': {text}");
    }

    private sealed record Part(string? Name, string Text, bool IsPlural, List<Form> Forms)
    {
        public static Part Plain(string text) => new(null, text, false, []);
    }

    private sealed record Form(string Name, List<Part> Parts);
}
