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
    }
}
