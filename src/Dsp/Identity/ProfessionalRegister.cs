namespace Dsp.Identity;

/// <summary>The identifier systems of professionals by which an author of a document is recognised in the directory.</summary>
public static class ProfessionalRegister
{
    /// <summary>The national register of professionals.</summary>
    public const string National = "urn:oid:1.3.182.4.1";

    /// <summary>The project's own test root (ITU-T X.660: 2.999 is for examples), used by the demo.</summary>
    public const string Test = "urn:oid:2.999.1.182.1";

    public static IReadOnlyList<string> Systems { get; } = [National, Test];
}
