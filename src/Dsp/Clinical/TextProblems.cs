namespace Dsp.Clinical;

/// <summary>Why the text of a document, or of what it encloses, is not known or not to its end: stable ids, with a sentence for whoever asks for the text.</summary>
public static class TextProblems
{
    /// <summary>Its turn has not come yet.</summary>
    public const string Waiting = "waiting";

    /// <summary>A picture, and this installation recognises none: read again by <c>dsp reindex</c> when it does.</summary>
    public const string ScanNotRead = "scan-not-read";

    /// <summary>A format of which only the title is known.</summary>
    public const string Format = "format-not-read";

    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        [Waiting] = "The text of this document is being read. Ask again in a few minutes, or open the document itself.",
        [ScanNotRead] = "This document is a picture, and this installation does not recognise text in pictures. Open the document itself.",
        [Format] = "This document holds no text that can be read out here. Open the document itself.",
        ["no-text"] = "No text was found in this document. Open the document itself.",
        ["pdf-encrypted"] = "This document is locked with a password, so its text could not be read. Open the document itself.",
        ["pdf-broken"] = "This document is damaged, so its text could not be read. Open the document itself.",
        ["pages-broken"] = "Some pages of this document are damaged, and their text could not be read. Open the document itself.",
        ["picture-broken"] = "A picture of this document is damaged, so its text could not be read. Open the document itself.",
        ["too-large"] = "This document is larger than what is read for its text. Open the document itself.",
        ["too-many-pages"] = "This document has more pages than are read for their text.",
        ["too-many-letters"] = "This document holds more text than is read.",
        ["too-many-scans"] = "This document has more scanned pages than are read for their text.",
        ["time-limit"] = "Reading the text of this document took too long and was stopped. Open the document itself.",
        ["memory-limit"] = "Reading the text of this document took too much memory and was stopped. Open the document itself.",
        ["reader-stopped"] = "The text of this document could not be read. Open the document itself.",
    };

    public static IReadOnlyCollection<string> All => Sentences.Keys;

    /// <summary>The sentence of a problem; for an id of a newer program, that it could not be read.</summary>
    public static string SentenceOf(string problem) => Sentences.GetValueOrDefault(problem) ?? Sentences["reader-stopped"];
}
