using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>The portal's table from refusal to words (architecture §8): by id where there is a sentence of its own, else by kind.</summary>
public static class PageTexts
{
    public static Phrase Of(ITexts texts, Refusal refusal) => texts[KeyOf(texts, refusal)];

    /// <summary>The key that a refusal's sentence has; one exists for every refusal.</summary>
    public static string KeyOf(ITexts texts, Refusal refusal) =>
        texts.Has("refusal." + refusal.Id) ? "refusal." + refusal.Id : "refusal.kind." + refusal.Kind;
}
