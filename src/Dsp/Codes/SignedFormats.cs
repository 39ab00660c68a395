namespace Dsp.Codes;

/// <summary>Formats that only a patient's referring doctor deposits: a summary they signed, and its items in their own categories.</summary>
public static class SignedFormats
{
    private const string System = "urn:dsp:format";

    public static readonly CodedValue Summary = new(System, "signed-summary", "Patient summary signed by the referring doctor");
    public static readonly CodedValue Item = new(System, "signed-summary-item", "Item of a patient summary signed by the referring doctor");

    /// <summary>One of the two.</summary>
    public static bool IsSigned(CodedValue? format) => Is(format, Summary) || Is(format, Item);

    public static bool Is(CodedValue? format, CodedValue wanted) => format is not null && format.System == wanted.System && format.Code == wanted.Code;
}
