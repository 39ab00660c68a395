using Dsp.Documents;

namespace Dsp.Server.Portal;

/// <summary>The ways to open one document from a page about it.</summary>
/// <param name="Address">The page's address; its handler <c>File</c> leads to the bytes, <c>lecture</c> below it reads a CDA.</param>
public sealed record OpenLinks(StoredDocument Document, string Address)
{
    /// <summary>A browser shows it in a tab of its own.</summary>
    public bool ShownByBrowser => Document.Metadata.MimeType is "application/pdf" or "image/jpeg" or "image/png";
}
