namespace Dsp.Ui.Govuk;

/// <summary>Heading elements by level.</summary>
internal static class Heading
{
    /// <summary><c>h1</c> to <c>h6</c>.</summary>
    public static string Of(int level) => level switch
    {
        1 => "h1",
        2 => "h2",
        3 => "h3",
        4 => "h4",
        5 => "h5",
        6 => "h6",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "HTML has six heading levels."),
    };
}
