using System.Text.RegularExpressions;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Xunit;

namespace Dsp.Tests.Ui;

public sealed partial class TextTests
{
    private static readonly TextCatalog Catalog = TextCatalog.Load(strict: true, LoadedAssemblies());

    public static TheoryData<string> Codes => [.. Language.All.Select(l => l.Code)];

    [Theory]
    [InlineData("de")]
    [InlineData("en")]
    public void German_and_English_have_every_French_text_and_no_other(string code)
    {
        var language = Language.Find(code)!;
        Assert.Empty(Catalog.Keys(Language.French).Except(Catalog.Keys(language), StringComparer.Ordinal));
        Assert.Empty(Catalog.Keys(language).Except(Catalog.Keys(Language.French), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("lb")]
    [InlineData("pt")]
    public void Luxembourgish_and_Portuguese_have_navigation_and_every_common_text(string code)
    {
        var language = Language.Find(code)!;
        string[] common = ["nav.", "footer.", "page.", "space.", "language.", "skip.", "record.", "category.", "group.", "profession.", "date.", "age.", "size.", "action."];
        var expected = Catalog.Keys(Language.French).Where(key => common.Any(c => key.StartsWith(c, StringComparison.Ordinal)));
        Assert.Empty(expected.Except(Catalog.Keys(language), StringComparer.Ordinal));
        Assert.Empty(Catalog.Keys(language).Except(Catalog.Keys(Language.French), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_translation_takes_the_same_values_as_the_French_sentence(string code)
    {
        var language = Language.Find(code)!;
        foreach (var key in Catalog.Keys(language))
        {
            Assert.Equal(Catalog.ValueNames(Language.French, key)!.Order(StringComparer.Ordinal), Catalog.ValueNames(language, key)!.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_category_group_and_profession_has_a_name(string code)
    {
        var texts = new Texts(Catalog, Language.Find(code)!);
        var matrix = File.ReadAllLines(Path.Combine(UiFiles.Root, "src", "Dsp", "Codes", "access-matrix.csv"));
        var professions = File.ReadAllLines(Path.Combine(UiFiles.Root, "src", "Dsp", "Codes", "professions.csv"));
        Assert.Equal(19, matrix.Skip(1).Count(line => texts.Category(line.Split(',')[0]).Text.Length > 0));
        Assert.Equal(11, matrix[0].Split(',').Skip(1).Count(group => texts.Group(group).Text.Length > 0));
        Assert.All(professions.Skip(1), line => Assert.Null(texts.Profession(line.Split(',')[1]).Fallback));
    }

    [Fact]
    public void A_key_nobody_wrote_is_never_shown()
    {
        var relaxed = new Texts(TextCatalog.Load(strict: false), Language.German);
        Assert.Throws<KeyNotFoundException>(() => relaxed["no.such.key"]);
    }

    [Fact]
    public void A_missing_translation_is_a_fault_when_strict_and_marked_French_otherwise()
    {
        var assembly = typeof(TextTests).Assembly;
        var strict = TextCatalog.Load(strict: true, assembly);
        Assert.Equal("Ouvrir", strict.Say(Language.French, "action.open"));
        var phrase = new Phrase("Bonjour", Language.French);
        Assert.Equal("<span lang=\"fr\">Bonjour</span>", phrase.ToMarkup());
        Assert.Equal("Bonjour", new Phrase("Bonjour").ToMarkup());
    }

    [Fact]
    public void Every_key_that_a_page_or_the_library_names_exists()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(UiFiles.Root, "src"), "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !f.Contains("node_modules", StringComparison.Ordinal));
        var keys = sources.SelectMany(f => KeyUse().Matches(File.ReadAllText(f)).Select(m => m.Groups["key"].Value)).Where(key => key.Contains('.', StringComparison.Ordinal) && !key.EndsWith('.')).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(keys.Count > 40, $"Only {keys.Count} keys found: the pattern no longer fits the code.");
        Assert.DoesNotContain(keys, key => !Catalog.Has(key));
    }

    [Theory]
    [InlineData("fr", 0, "0 personne")]
    [InlineData("fr", 1, "1 personne")]
    [InlineData("fr", 2, "2 personnes")]
    [InlineData("de", 0, "0 Personen")]
    [InlineData("de", 1, "1 Person")]
    [InlineData("pt", 0, "0 pessoas")]
    public void A_count_takes_the_form_of_its_language(string code, int count, string expected) =>
        Assert.Contains(expected, Catalog.Say(Language.Find(code)!, "visibility.some", ("count", count)).Text, StringComparison.Ordinal);

    [Fact]
    public void A_sentence_can_hold_exact_counts_choices_and_values_within_forms()
    {
        var pattern = MessagePattern.Parse("{sex, select, female {Elle} other {Il}} a lu {count, plural, =0 {rien} one {# page de {title}} other {# pages de {title}}}.");
        Assert.Equal(["sex", "count", "title"], pattern.Names);
        Assert.Equal("Elle a lu rien.", pattern.Format(Language.French, [("sex", "female"), ("count", 0), ("title", "A")]));
        Assert.Equal("Il a lu 1200 pages de A.", pattern.Format(Language.French, [("sex", "?"), ("count", 1200), ("title", "A")]));
        Assert.Throws<ArgumentException>(() => pattern.Format(Language.French, [("sex", "x")]));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("a}")]
    [InlineData("{}")]
    [InlineData("{n, plural, one {x}}")]
    [InlineData("{n, number, other {x}}")]
    [InlineData("{n, plural, other {x}")]
    public void A_malformed_sentence_is_refused(string text) => Assert.Throws<FormatException>(() => MessagePattern.Parse(text));

    [Fact]
    public void French_signs_keep_to_their_word_and_values_are_left_alone()
    {
        Assert.Equal("Motif\u00A0: «\u00A0a\u00A0»\u00A0?", FrenchSpaces.Apply("Motif : « a » ?"));
        Assert.Equal("Motif\u00A0: a : b", Catalog.Say(Language.French, "log.reason", ("reason", "a : b")).Text);
    }

    [Fact]
    public void A_value_is_encoded_and_markup_stays_markup_within_a_sentence()
    {
        var texts = new Texts(Catalog, Language.English);
        var rich = texts.Rich("record.own", ("name", new Element("strong").Add("<b>")), ("birth", "<i>"));
        Assert.Equal("Record of <strong>&lt;b&gt;</strong>, date of birth: &lt;i&gt;", rich.ToMarkup());
    }

    [Theory]
    [InlineData("/de/documents", "de")]
    [InlineData("/DE", "de")]
    [InlineData("/documents", null)]
    [InlineData("/", null)]
    [InlineData("/deutsch/x", null)]
    public void The_first_segment_of_a_path_is_the_language(string path, string? code) => Assert.Equal(code, Language.OfPath(path)?.Code);

    [Theory]
    [InlineData("/fr/documents/7", "/de/documents/7")]
    [InlineData("/fr", "/de")]
    [InlineData("/erreur", "/de/erreur")]
    public void A_page_has_the_same_address_in_another_language(string path, string expected) => Assert.Equal(expected, Language.German.SameAddress(path));

    [Theory]
    [InlineData("nl, pt-BR;q=0.8, en;q=0.5", "pt")]
    [InlineData("en-US,en;q=0.9", "en")]
    [InlineData("nl", "fr")]
    [InlineData(null, "fr")]
    [InlineData("de;q=abc, lb;q=0.1", "lb")]
    public void Without_prefix_the_browser_s_first_language_we_speak_is_taken(string? header, string code) => Assert.Equal(code, Language.Accepted(header).Code);

    // All assemblies of the product with texts of their own are held to the same rules as soon as a test runs beside them.
    private static IEnumerable<System.Reflection.Assembly> LoadedAssemblies() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Dsp*.dll").Select(System.Reflection.Assembly.LoadFrom);

    [GeneratedRegex("""(?:\bT|texts)\["(?<key>[A-Za-z.]+)"[,\]]|(?:\bT|texts)\[[A-Za-z.= ]+ \? "(?<key>[A-Za-z.]+)" : |Rich\("(?<key>[A-Za-z.]+)"|Link\("(?<key>[A-Za-z.]+)"|Words\("(?<key>[A-Za-z.]+)"|=> "(?<key>space\.[a-z]+)",""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex KeyUse();
}
