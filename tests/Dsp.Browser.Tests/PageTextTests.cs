using System.Reflection;
using Dsp.Journal;
using Dsp.Server.Portal;
using Dsp.Ui.Languages;

namespace Dsp.Browser.Tests;

/// <summary>The portal's tables from what the platform says to words are complete in the three full languages.</summary>
public sealed class PageTextTests
{
    private static readonly TextCatalog Catalog = TextCatalog.Load(strict: true, typeof(PortalHost).Assembly);

    public static TheoryData<string> Full => ["fr", "de", "en"];

    [Theory]
    [MemberData(nameof(Full))]
    public void Every_refusal_has_a_sentence_of_its_id_or_kind(string code)
    {
        var texts = new Texts(Catalog, Language.Find(code)!);
        Assert.All(Refusals.All, refusal => Assert.NotEmpty(PageTexts.Of(texts, refusal).Text));
        Assert.All(Enum.GetNames<RefusalKind>(), kind => Assert.True(texts.Has("refusal.kind." + kind), kind));
    }

    [Theory]
    [MemberData(nameof(Full))]
    public void Every_action_of_the_journal_is_a_sentence_of_its_own(string code)
    {
        var texts = new Texts(Catalog, Language.Find(code)!);
        var actions = typeof(JournalActions).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.True(actions.Count > 30);
        Assert.All(actions, action => Assert.NotEqual("say.other", HistoryWords.Key(texts, action)));
        Assert.All(actions, action => Assert.NotEqual("tried.other", HistoryWords.Key(texts, action, permitted: false)));
    }

    [Theory]
    [InlineData("fr", JournalActions.Read, "Refusé : MARCHEVAUX Yann a voulu lire « Analyse »", "Vous avez lu « Analyse »")]
    [InlineData("fr", JournalActions.Search, "Refusé : MARCHEVAUX Yann a voulu voir la liste des documents", "Vous avez vu la liste des documents")]
    [InlineData("de", JournalActions.Read, "Abgelehnt: MARCHEVAUX Yann wollte „Analyse“ lesen", "Sie haben „Analyse“ gelesen")]
    [InlineData("en", JournalActions.Read, "Refused: MARCHEVAUX Yann tried to read “Analyse”", "You read “Analyse”")]
    [InlineData("lb", JournalActions.Read, "Refuséiert: MARCHEVAUX Yann wollt „Analyse“ liesen", "Dir hutt „Analyse“ gelies")]
    [InlineData("pt", JournalActions.Read, "Recusado: MARCHEVAUX Yann tentou ler “Analyse”", "Você leu “Analyse”")]
    public void A_refused_line_says_what_was_tried_and_ones_own_line_says_you(string code, string action, string refused, string own)
    {
        var texts = new Texts(Catalog, Language.Find(code)!);
        var reader = PersonId.New(TimeProvider.System);
        var entry = new JournalEntry
        {
            Id = Ids.New(TimeProvider.System), Record = RecordId.None, At = TimeProvider.System.GetUtcNow(), Action = action, Person = PersonId.New(TimeProvider.System),
            PersonName = "MARCHEVAUX Yann", Permitted = false, Rule = "7-relation",
        };
        Assert.Equal(refused, Spaced(HistoryWords.Sentence(texts, entry, reader, 1, "Analyse")));
        Assert.Equal(own, Spaced(HistoryWords.Sentence(texts, entry with { Person = reader, Permitted = true }, reader, 1, "Analyse")));
    }

    private static string Spaced(string sentence) => sentence.Replace('\u00a0', ' ');
}
