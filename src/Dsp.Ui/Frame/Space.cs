namespace Dsp.Ui.Frame;

/// <summary>The parts of the portal, told apart by name and colour.</summary>
public enum Space
{
    Patient,
    Pro,
    Agency,

    /// <summary>The professional space while a record is open in an emergency.</summary>
    Urgent,
}

/// <summary>Class names and text keys of the spaces.</summary>
public static class Spaces
{
    /// <summary>Classes of <c>body</c>; the patient space is the style sheet's default.</summary>
    public static string? BodyClasses(this Space space) => space switch
    {
        Space.Pro => "dsp-space--pro",
        Space.Agency => "dsp-space--agency",
        Space.Urgent => "dsp-space--pro dsp-space--urgent",
        _ => null,
    };

    /// <summary>Key of the space's name.</summary>
    public static string NameKey(this Space space) => space switch
    {
        Space.Patient => "space.patient",
        Space.Agency => "space.agency",
        _ => "space.pro",
    };
}
