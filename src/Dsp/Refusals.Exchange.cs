namespace Dsp;

/// <summary>The refusals of batches, subscriptions and exports.</summary>
public static partial class Refusals
{
    public static readonly Refusal NotExpandable = new("DSP-1081", RefusalKind.Invalid, "This value set takes every code of its systems and cannot be listed. Ask for one code by $validate-code.");
    public static readonly Refusal EndpointNotRegistered = new("DSP-3081", RefusalKind.NotAllowed, "Notifications go to the registered origins of the software alone. Ask the agency to register the address.");
    public static readonly Refusal SoftwareNotRegistered = new("DSP-3082", RefusalKind.NotAllowed, "Subscriptions are kept for registered software. Sign in through the software that is to be told.");
    public static readonly Refusal TooManySubscriptions = new("DSP-3083", RefusalKind.NotAllowed, "You have 20 subscriptions at this place. End one before you make another.");
    public static readonly Refusal TooManyEntries = new("DSP-5081", RefusalKind.TooLarge, "A batch holds at most 50 requests and its answer at most 16 MiB. Send the rest by itself.");
}
