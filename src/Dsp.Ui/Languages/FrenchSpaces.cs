namespace Dsp.Ui.Languages;

/// <summary>
/// French typography puts a space before : ; ? ! » and after «, where no line may break. Files keep ordinary spaces, which
/// authors can see.
/// </summary>
public static class FrenchSpaces
{
    private const char NoBreak = '\u00A0';

    /// <summary>The text with no-break spaces at those places; other spaces stay.</summary>
    public static string Apply(string text) => string.Create(text.Length, text, static (result, source) =>
    {
        source.CopyTo(result);
        for (var i = 1; i < result.Length; i++)
        {
            if ((result[i] is ':' or ';' or '?' or '!' or '»' or '%') && result[i - 1] == ' ')
            {
                result[i - 1] = NoBreak;
            }
            else if (result[i - 1] == '«' && result[i] == ' ')
            {
                result[i] = NoBreak;
            }
        }
    });
}
