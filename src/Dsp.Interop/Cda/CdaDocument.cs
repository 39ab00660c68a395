namespace Dsp.Interop.Cda;

/// <summary>
/// A CDA R2 document as a reader sees it: header, sections in their order, or one body of another medium.
/// Everything here is plain data: no markup of the source survives outside the closed set of <see cref="CdaNode"/>.
/// </summary>
/// <param name="Sections">The sections of a structured body; empty when the body is of another medium or absent.</param>
/// <param name="Body">The body of a document that is not XML inside (PDF, image, text), or null.</param>
/// <param name="Media">What <c>renderMultiMedia</c> may point to, by the id used in the document.</param>
public sealed record CdaDocument(
    CdaHeader Header,
    IReadOnlyList<CdaSection> Sections,
    CdaAttachment? Body,
    IReadOnlyDictionary<string, CdaAttachment> Media);

/// <summary>The header; what the source leaves out is null or empty, never guessed.</summary>
/// <param name="Confidentiality">Code of the confidentiality, normally N, R or V.</param>
/// <param name="Language">The document's language as a well-formed BCP 47 tag, or null.</param>
public sealed record CdaHeader(
    string? Title,
    CdaCode? Type,
    CdaTime? EffectiveTime,
    string? Language,
    CdaCode? Confidentiality,
    CdaPatient? Patient,
    IReadOnlyList<CdaAuthor> Authors,
    string? Custodian,
    CdaAuthor? LegalAuthenticator,
    IReadOnlyList<CdaAuthor> Participants);

/// <summary>A coded value: code, code system OID and the words the source gave for it.</summary>
public sealed record CdaCode(string? Code, string? System, string? Display);

/// <summary>An instance identifier: an OID and the value under it.</summary>
public sealed record CdaIdentifier(string Root, string? Extension);

/// <summary>The person the document is about.</summary>
/// <param name="Sex">HL7 code M, F or UN; null when the source does not say.</param>
public sealed record CdaPatient(string? Name, CdaTime? BirthTime, string? Sex, IReadOnlyList<CdaIdentifier> Identifiers);

/// <summary>Somebody named in the header: a person, a device or an organisation, with the moment of the act.</summary>
public sealed record CdaAuthor(string? Name, string? Organization, CdaTime? Time, IReadOnlyList<CdaIdentifier> Identifiers);

/// <summary>One section with its narrative and the sections inside it.</summary>
/// <param name="NullFlavor">The source's reason for having nothing to say, or null.</param>
/// <param name="HasEntries">The section carries coded entries.</param>
public sealed record CdaSection(
    string? Title,
    CdaCode? Code,
    string? Language,
    string? NullFlavor,
    bool HasEntries,
    IReadOnlyList<CdaNode> Narrative,
    IReadOnlyList<CdaSection> Sections);

/// <summary>Content of another medium carried or referenced by the document. It is to be offered by link, never framed.</summary>
/// <param name="MediaType">In lower case; <c>text/plain</c> when the source names none.</param>
/// <param name="Bytes">The content, or null when the source only references it.</param>
/// <param name="Reference">The source's reference when it does not carry the content; never followed.</param>
public sealed record CdaAttachment(string MediaType, ReadOnlyMemory<byte>? Bytes, string? Reference)
{
    /// <summary>The text of a plain-text attachment; null for every other medium.</summary>
    public string? Text => MediaType == "text/plain" && Bytes is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.Span) : null;
}
