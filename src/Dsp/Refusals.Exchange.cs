namespace Dsp;

/// <summary>The refusals of batches, subscriptions and exports.</summary>
public static partial class Refusals
{
    public static readonly Refusal NotExpandable = new("DSP-1081", RefusalKind.Invalid, "This value set takes every code of its systems and cannot be listed. Ask for one code by $validate-code.");
    public static readonly Refusal TooManyEntries = new("DSP-5081", RefusalKind.TooLarge, "A batch holds at most 50 requests and its answer at most 16 MiB. Send the rest by itself.");
}
