namespace Dsp;

/// <summary>The refusals of a holder's choices as Consent. None says anything about a record.</summary>
public static partial class Refusals
{
    public static readonly Refusal ConsentInexact = new("DSP-3061", RefusalKind.Invalid, "The record's rules cannot keep this consent exactly as it stands, so nothing of it was kept.");
    public static readonly Refusal ConsentFixed = new("DSP-3062", RefusalKind.Invalid, "A choice is about one actor and one thing, which stay as they are. End it, and make another.");
    public static readonly Refusal ActsNotGranted = new("DSP-3063", RefusalKind.NotAllowed, "A holder's choices are changed with the scope dsp.act.*, which is issued to the portal alone. This software reads them; send the holder to the portal to change them.");
}
