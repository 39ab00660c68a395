using System.Text;

namespace Dsp.Clinical;

/// <summary>
/// The words a document can be found by: of its title, its text and its facts, folded, each once. As bytes: a line feed
/// before every word, as they first come, UTF-8. A zero byte before all of it: there are words in the document that are not
/// here, because it was not read or not to the end.
/// </summary>
public static class TermList
{
    /// <summary>Most words kept of one document: a long report has some 3,000 different ones.</summary>
    public const int MostTerms = 20_000;
    private const int LongestTerm = 64;

    public static byte[] Of(string? title, string text, FactSheet sheet)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        Add(words, title);
        Add(words, text);
        foreach (var fact in sheet.Facts)
        {
            Add(words, fact.Code);
            Add(words, fact.Aspect);
            Add(words, fact.Value?.Coded);
            Add(words, fact.Value?.Text);
            Add(words, fact.Note);
            foreach (var ingredient in fact.Ingredients ?? []) Add(words, ingredient.Substance);
            foreach (var reaction in fact.Reactions ?? []) Add(words, reaction.Manifestation);
        }
        var all = new StringBuilder(words.Count * 9);
        foreach (var word in words) all.Append('\n').Append(word);
        if (sheet.Report is { Problem: not null } or { Text: not null }) all.Insert(0, '\0');
        return Encoding.UTF8.GetBytes(all.ToString());
    }

    /// <summary>Nothing is known of the document, or not all of it.</summary>
    public static bool IsUnread(ReadOnlySpan<byte> terms) => terms is [] or [0, ..];

    /// <summary>The words of a question, folded, at most twelve.</summary>
    public static IReadOnlyList<string> WordsOf(string question) =>
        [.. Folding.Fold(question).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Take(12)];

    /// <summary>Every word of the question begins a word of the document.</summary>
    public static bool Holds(ReadOnlySpan<byte> terms, IReadOnlyList<byte[]> prefixes)
    {
        foreach (var prefix in prefixes)
            if (terms.IndexOf(prefix) < 0) return false;
        return prefixes.Count > 0;
    }

    /// <summary>A word of a question as <see cref="Holds"/> looks for it.</summary>
    public static byte[] Prefix(string word) => Encoding.UTF8.GetBytes("\n" + word);

    private static void Add(HashSet<string> words, Concept? concept)
    {
        if (concept is null) return;
        Add(words, concept.Text);
        foreach (var code in concept.Codes ?? [])
        {
            Add(words, code.Display);
            Add(words, code.Code);
        }
    }

    private static void Add(HashSet<string> words, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        // A word that is known already costs no memory.
        var known = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var folded = Folding.Fold(text).AsSpan();
        foreach (var range in folded.Split(' '))
        {
            if (words.Count >= MostTerms) return;
            if (folded[range] is { Length: > 0 and <= LongestTerm } word) known.Add(word);
        }
    }
}
