namespace Dsp;

/// <summary>The refusals of batches, subscriptions and exports.</summary>
public static partial class Refusals
{
    public static readonly Refusal TooManyEntries = new("DSP-5081", RefusalKind.TooLarge, "A batch holds at most 50 requests and its answer at most 16 MiB. Send the rest by itself.");
}
