using Dsp.Notices;

namespace Dsp.Tests.Notices;

public sealed class LetterTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Theory, InlineData("fr"), InlineData("de"), InlineData("en"), InlineData("lb"), InlineData("pt")]
    public void A_letter_has_every_item_in_its_language_with_nothing_left_to_fill(string language)
    {
        var letter = CreationLetter.Compose(Guid.Empty, At, language, At, "2544557646", At + Deadlines.ObjectionWindow);
        Assert.Equal(language, letter.Language);
        Assert.Equal(Enum.GetValues<LetterPart>(), letter.Items.Select(i => i.Part));
        Assert.All(letter.Items, i =>
        {
            Assert.EndsWith(".", i.Text, StringComparison.Ordinal);
            Assert.DoesNotContain('{', i.Text);
            Assert.True(i.Text.Length > 30, i.Text);
        });
        Assert.Contains("23/12/2026", letter.Items.Single(i => i.Part == LetterPart.RightToOppose).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_languages_say_different_things_and_an_unknown_one_is_French()
    {
        var texts = new[] { "fr", "de", "en", "lb", "pt" }.SelectMany(l => CreationLetter.Compose(Guid.Empty, At, l, At, "1", At).Items).Select(i => i.Text).ToList();
        Assert.Equal(texts.Count, texts.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("fr", CreationLetter.Compose(Guid.Empty, At, "ru", At, "1", At).Language);
    }

    [Fact]
    public void What_leaves_the_portal_is_one_constant_sentence_without_a_word_of_health()
    {
        string[] words = ["sant", "gesund", "health", "care", "soin", "médec", "doctor", "arzt", "dossier", "akte", "record", "dsp", "saúde", "gesondheet"];
        Assert.Equal(5, NeutralText.Languages.Count);
        Assert.All(NeutralText.Languages, language => Assert.All(words, word => Assert.DoesNotContain(word, NeutralText.Of(language), StringComparison.OrdinalIgnoreCase)));
    }
}
