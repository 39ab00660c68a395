namespace Dsp;

/// <summary>The refusals of patient identity: queries, correlations and feeds. None says whether there is a record.</summary>
public static partial class Refusals
{
    public static readonly Refusal SourceDomainUnknown = new("DSP-1051", RefusalKind.CodeInvalid, "sourceIdentifier Assigning Authority not found");
    public static readonly Refusal TargetDomainUnknown = new("DSP-1052", RefusalKind.CodeInvalid, "targetSystem not found");
    public static readonly Refusal DomainNotFound = new("DSP-1053", RefusalKind.NotFound, "targetSystem not found");
    public static readonly Refusal SourceIdUnknown = new("DSP-1054", RefusalKind.NotFound, "sourceIdentifier Patient Identifier not found");
    public static readonly Refusal KnownBeyondDomain = new("DSP-2051", RefusalKind.Conflict, "The identity to be replaced is known beyond this identifier domain. Ask the agency, which compares both with the person's documents and merges them.");
    public static readonly Refusal IdentityDiffers = new("DSP-2052", RefusalKind.Conflict, "A person with this identifier is registered under other names or another birth date. Compare with the person's document, correct the source and send it again.");
    public static readonly Refusal MergedFurther = new("DSP-2053", RefusalKind.Conflict, "The identity was merged again since. Undo the later merge first.");
    public static readonly Refusal DomainNotFed = new("DSP-3051", RefusalKind.NotAllowed, "This system does not own the identifier domain. Ask the agency which domain is registered for it.");
    public static readonly Refusal RemovalNotOffered = new("DSP-3052", RefusalKind.NotAllowed, "A patient is not removed by a feed: send active=false with a link replaced-by to merge, or ask the agency.");
    public static readonly Refusal TooCostly = new("DSP-5051", RefusalKind.NotAllowed, "The search would find too many people. Give an identifier, or family name with the whole birth date, or family name, given name and gender, and narrow it further.", "XDSTooManyResults");
}
