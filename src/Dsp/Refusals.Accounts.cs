namespace Dsp;

/// <summary>The refusals of accounts and signing in. None says whether there is an account.</summary>
public static partial class Refusals
{
    public static readonly Refusal PasswordTooWeak = new("DSP-1021", RefusalKind.Invalid, "Choose a password of 12 to 128 characters that is none of the common ones and does not contain the name it belongs to.");
    public static readonly Refusal SignInFailed = new("DSP-3021", RefusalKind.NotAuthenticated, "The name, the password or the code is not right, or the code was used before. Try again with a new code, or sign in another way.");
    public static readonly Refusal FreshFactorNeeded = new("DSP-3022", RefusalKind.NotAllowed, "This act needs a factor proven within the last five minutes. Confirm that it is you, then try again.");
    public static readonly Refusal LetterCodeRefused = new("DSP-3023", RefusalKind.Invalid, "The name, the birth date or the code of the letter is not right, or the code is over. A code works once, for three months, with five tries. Ask for a new letter.");
    public static readonly Refusal AccountWaits = new("DSP-3024", RefusalKind.NotAllowed, "This way to sign in is not open yet. Enter the code of the second letter, sign in with an external identity, or have your identity checked in person.");
    public static readonly Refusal SecondAgentNeeded = new("DSP-3025", RefusalKind.NotAllowed, "A second agent must do this: nobody changes where a person is told and resets how that person signs in.");
    public static readonly Refusal LastWayIn = new("DSP-3026", RefusalKind.Conflict, "Without this factor nobody could sign in any more. Add another way first.");
    public static readonly Refusal FactorTaken = new("DSP-3027", RefusalKind.Conflict, "This passkey, card or external identity belongs to an account already.");
    public static readonly Refusal FactorInvalid = new("DSP-3028", RefusalKind.Invalid, "The factor could not be checked. Begin again, and type the code that the application shows now.");
    public static readonly Refusal AccessStopped = new("DSP-3033", RefusalKind.NotAllowed, "Access is stopped: far more records were opened within an hour than usual. The agency's security officer has been told; call the helpdesk.");
    public static readonly Refusal OneAtATime = new("DSP-5023", RefusalKind.TooMany, "Many records were opened within this hour. An emergency goes on with one new record a minute; wait, or call the helpdesk.");
    public static readonly Refusal ProviderAnswerRefused = new("DSP-3029", RefusalKind.NotAuthenticated, "The identity provider's answer does not belong to a sign-in begun in this browser, or is not valid any more. Begin again.");
    public static readonly Refusal ProviderTooWeak = new("DSP-3030", RefusalKind.NotAllowed, "The identity provider has not checked two factors. Choose a stronger means there, or sign in another way.");
    public static readonly Refusal IdentityNotConnected = new("DSP-3031", RefusalKind.NotAllowed, "This identity opens no account. Sign in another way and connect it under \"My account\", or ask the help desk.");
    public static readonly Refusal ProviderCancelled = new("DSP-3032", RefusalKind.NotAuthenticated, "Nothing was confirmed at the identity provider. Try again, or sign in another way.");
    public static readonly Refusal SignInSlowed = new("DSP-5021", RefusalKind.TooMany, "Too many failed attempts. Wait a quarter of an hour, or sign in with a passkey or from a device you have used before.");
    public static readonly Refusal ProviderUnavailable = new("DSP-5022", RefusalKind.Unavailable, "The identity provider does not answer at the moment. Sign in another way, or try again later.");
}
