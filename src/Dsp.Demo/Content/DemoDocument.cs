namespace Dsp.Demo.Content;

/// <summary>One document of the demo story, ready to be deposited.</summary>
/// <param name="Number">Its number in the story, 1 to 43.</param>
/// <param name="Key">Unique: the number, with a suffix where one number stands for two deposits ("42", "42-lia").</param>
/// <param name="AuthorKey">The person who answers for it: a professional of <see cref="DemoPeople"/>, or the holder for an own upload.</param>
/// <param name="SystemKey">The system that deposits it, or null when a person deposits it in the portal.</param>
/// <param name="DayOffset">Days from the day of the demo, zero or negative.</param>
/// <param name="TimeOfDay">Local time when the story names one.</param>
/// <param name="Category">A code of the access matrix.</param>
/// <param name="FormatCode">Of <c>http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode</c>.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Created">The document's own date, local time of Luxembourg.</param>
/// <param name="UniqueId">As <c>urn:oid:</c>, under the project's test root; depends on number and day only.</param>
public sealed record DemoDocument(
    int Number,
    string Key,
    string HolderKey,
    string AuthorKey,
    string? SystemKey,
    int DayOffset,
    TimeOnly? TimeOfDay,
    string Category,
    DemoCode Type,
    string FormatCode,
    string MimeType,
    string Language,
    string Title,
    DateTimeOffset Created,
    string UniqueId,
    byte[] Bytes)
{
    /// <summary>Key of the document that this one replaces, or null.</summary>
    public string? Replaces { get; init; }

    /// <summary>Confidentiality code N, R or V.</summary>
    public string Confidentiality { get; init; } = "N";

    /// <summary>Marks of the story; see <see cref="DemoLabels"/>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The item is masked from everybody but these; null when it is not masked.</summary>
    public IReadOnlyList<string>? MaskedFromAllBut { get; init; }
}

/// <summary>A code with its system (a URI) and its words in the language of the document that bears it, or in French.</summary>
public sealed record DemoCode(string System, string Code, string Display)
{
    /// <summary>LOINC's URI.</summary>
    public const string LoincSystem = "http://loinc.org";

    /// <summary>Document types of our own, where LOINC has none that fits.</summary>
    public const string LocalSystem = "urn:dsp:type";

    public static DemoCode Loinc(string code, string display) => new(LoincSystem, code, display);

    public static DemoCode Local(string code, string display) => new(LocalSystem, code, display);
}

/// <summary>The closed set of <see cref="DemoDocument.Labels"/>.</summary>
public static class DemoLabels
{
    /// <summary>A discerning minor keeps it from the representatives.</summary>
    public const string MinorConfidential = "minor-confidential";

    /// <summary>Nobody but its author has read it yet.</summary>
    public const string Unread = "unread";

    /// <summary>To be withdrawn as deposited for the wrong patient.</summary>
    public const string WrongPatient = "wrong-patient";

    /// <summary>In the story a scan; here the same content as a PDF with text.</summary>
    public const string Scanned = "scanned";

    /// <summary>Kept almost ten years: the holder is asked whether to keep it.</summary>
    public const string RetentionEndsSoon = "retention-ends-soon";
}
