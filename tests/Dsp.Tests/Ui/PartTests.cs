using System.Text.RegularExpressions;
using Dsp.Ui.Frame;
using Dsp.Ui.Govuk;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;
using Dsp.Ui.TagHelpers;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Xunit;

namespace Dsp.Tests.Ui;

public sealed partial class PartTests
{
    private const string Attack = "<script>alert(1)</script>\"'&";

    private static readonly Texts T = new(TextCatalog.Load(strict: true), Language.French);

    public static TheoryData<string> Parts => [.. All.Keys];

    private static readonly Dictionary<string, Func<IHtmlContent>> All = new(StringComparer.Ordinal)
    {
        ["space header"] = () => new SpaceHeader(T, Space.Patient, Attack, _ => Attack),
        ["navigation"] = () => new Navigation(Attack, [new NavItem(Attack, Attack)]) { End = Attack },
        ["record bar"] = () => new RecordBar(T, Attack, Attack) { IsProxy = true, SwitchHref = Attack },
        ["footer"] = () => new Footer(T, Space.Pro, [new FooterLink(Attack, Attack)], Attack),
        ["card grid"] = () => new CardGrid(Content.Of(new Card(Attack) { Href = Attack, Text = Attack, TitleLang = Attack })),
        ["document row"] = () => new RowList(Content.Of(new DocumentRow(Attack, Attack) { Badge = Attack, Facts = [Attack], TitleLang = Attack, Actions = Attack })),
        ["action link"] = () => new ActionLink(Attack, Attack, Attack) { WhatLang = Attack },
        ["visibility"] = () => new VisibilityPill(T, Visibility.SomePeople, 3),
        ["access card"] = () => new AccessCard(Attack) { Facts = [Attack], Rights = Attack, Until = Attack, LastRead = Attack, Actions = Attack },
        ["log sentence"] = () => new LogSentence(Content.Of(Attack)!) { Facts = [Attack], More = Attack, Report = new ActionLink(Attack, Attack, Attack), IsEmergency = true },
        ["patient bar"] = () => new PatientBar(T, Attack, Sex.Female, Attack, Attack) { Allergies = Attack, Facts = [Attack], NationalNumber = Attack, Flag = Attack, ChangeHref = Attack },
        ["callout"] = () => new Callout(Tone.Danger, Attack) { Title = Attack },
        ["filter form"] = () => new FilterForm(Attack, Attack, Attack, Attack),
        ["number line"] = () => new NumberLine(Attack, 7.4m, Attack, 4m, Attack, 6m, Attack) { RangeWord = Attack },
        ["trend"] = () => new Trend(Attack, [new TrendPoint(DateTimeOffset.UnixEpoch, 1, Attack, Attack, 0, 2), new TrendPoint(DateTimeOffset.UnixEpoch.AddDays(1), 3, Attack, Attack, 0, 2, IsOut: true)]),
        ["presence code"] = () => new PresenceCode(T, "7K4M2QXD") { Payload = Attack, Until = Attack },
        ["upload"] = () => new Upload(T, Attack, Attack, Attack, Attack) { Accept = Attack, Error = new ErrorMessage(Attack, Attack) },
        ["print sheet"] = () => new PrintSheet(T, Attack, Attack, Attack, Attack),
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_encodes_every_value_and_keeps_to_the_content_security_policy(string part)
    {
        var markup = All[part]().ToMarkup();
        Assert.DoesNotContain("<script", markup, StringComparison.Ordinal);
        // Well formed even so: no value broke out of its attribute.
        HtmlTree.Normalise(markup);
        Assert.DoesNotMatch(Forbidden(), markup);
    }

    [Theory]
    [InlineData("style")]
    [InlineData("onclick")]
    [InlineData("OnLoad")]
    public void An_element_refuses_inline_style_and_events(string name) => Assert.Throws<ArgumentException>(() => new Element("p").With(name, "x"));

    [Fact]
    public void Library_sources_write_no_raw_markup()
    {
        var sources = Directory.EnumerateFiles(UiFiles.Library, "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(UiFiles.Library, "*.cshtml", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(sources);
        Assert.All(sources, f => Assert.DoesNotMatch(@"new HtmlString\(|Html\.Raw|AppendHtml\(""|SetHtmlContent\(""|AppendHtml\(\$|style=""", File.ReadAllText(f)));
    }

    [Fact]
    public void The_language_list_says_each_name_in_its_own_language_and_marks_the_current_one()
    {
        var markup = new LanguageList(T, l => "/" + l.Code + "/x").ToMarkup();
        Assert.Contains("<span aria-current=\"true\" lang=\"fr\">FR</span>", markup, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/de/x\" lang=\"de\" hreflang=\"de\" rel=\"alternate\"><span class=\"govuk-visually-hidden\">Auf Deutsch anzeigen </span>DE</a>", markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Acting_for_someone_is_told_by_words_and_not_by_colour_alone()
    {
        var own = new RecordBar(T, "Emma WEBER", "12 mars 1984").ToMarkup();
        var proxy = new RecordBar(T, "Noah WEBER", "3 mai 2018") { IsProxy = true, SwitchHref = "/fr/" }.ToMarkup();
        Assert.DoesNotContain("dsp-who--proxy", own, StringComparison.Ordinal);
        Assert.Contains("dsp-who--proxy", proxy, StringComparison.Ordinal);
        Assert.Contains("Vous agissez pour <strong>Noah WEBER</strong>", proxy, StringComparison.Ordinal);
        Assert.Contains("Revenir à mon dossier", proxy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_patient_bar_writes_unknown_things_in_words_and_no_absent_allergy()
    {
        var markup = new PatientBar(T, "WEBER Emma", Sex.Unknown, "12/03/1984", "42 ans").ToMarkup();
        Assert.Contains("Sexe non documenté", markup, StringComparison.Ordinal);
        Assert.Contains("Sans matricule", markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Allergie", markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_QR_picture_draws_exactly_the_dark_modules()
    {
        using var expected = QRCoder.QRCodeGenerator.GenerateQrCode("7K4M2QXD", QRCoder.QRCodeGenerator.ECCLevel.M);
        var drawn = RunPattern().Matches(new QrPicture("7K4M2QXD", "x").ToMarkup())
            .SelectMany(m => Enumerable.Range(Number(m, "x"), Number(m, "w")).Select(x => (x, Number(m, "y")))).ToHashSet();
        var dark = expected.ModuleMatrix.SelectMany((row, y) => Enumerable.Range(0, row.Count).Where(x => row[x]).Select(x => (x, y))).ToHashSet();
        Assert.True(dark.SetEquals(drawn));
        // The quiet zone scanners need.
        Assert.All(dark, module => Assert.InRange(module.x, 4, expected.ModuleMatrix.Count - 5));
    }

    [Fact]
    public void Pagination_shows_the_ends_the_neighbours_and_gaps()
    {
        var pages = Pagination.Numbers(5, 9, n => "?" + n, n => "Page " + n);
        Assert.Equal(["1", null, "4", "5", "6", null, "9"], pages.Select(p => p.Number));
        Assert.Equal("5", Assert.Single(pages, p => p.Current).Number);
    }

    [Fact]
    public async Task A_tag_gives_unknown_attributes_to_its_element_and_encodes_them_once()
    {
        var output = new TagHelperOutput("govuk-inset-text",
            [new TagHelperAttribute("class", "extra"), new TagHelperAttribute("data-x", new HtmlString("a&quot;b"))],
            (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent().Append("<b>")));
        await new InsetTextTagHelper().ProcessAsync(new TagHelperContext([], new Dictionary<object, object>(), "1"), output);
        Assert.Equal("<div class=\"govuk-inset-text extra\" data-x=\"a&quot;b\">&lt;b&gt;</div>", output.ToMarkup());
    }

    [Fact]
    public async Task Choices_inside_radios_become_its_items_in_order()
    {
        var helper = new RadiosTagHelper(T) { Name = "answer", Legend = "Votre réponse", Value = "no" };
        var context = new TagHelperContext([], new Dictionary<object, object>(), "1");
        helper.Init(context);
        var output = new TagHelperOutput("govuk-radios", [], async (_, _) =>
        {
            foreach (var (value, text) in new[] { ("6m", "Oui"), ("no", "Non") })
            {
                var inner = new TagHelperOutput("govuk-choice", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));
                await new ChoiceTagHelper { Value = value, Text = text }.ProcessAsync(new TagHelperContext([], context.Items, value), inner);
            }

            return new DefaultTagHelperContent();
        });
        await helper.ProcessAsync(context, output);
        var expected = new Radios
        {
            Name = "answer", Value = "no", Fieldset = new Fieldset { Legend = new Legend("Votre réponse") },
            Items = [new Choice("6m", "Oui"), new Choice("no", "Non")],
        };
        Assert.Equal(HtmlTree.Normalise(expected.ToMarkup()), HtmlTree.Normalise(output.ToMarkup()));
    }

    [Fact]
    public void A_password_is_never_written_back()
    {
        var helper = new InputTagHelper(T) { Name = "code", Type = "password", Value = "secret" };
        var build = typeof(InputTagHelper).GetMethod("Build", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        helper.ViewContext = new Microsoft.AspNetCore.Mvc.Rendering.ViewContext();
        var markup = ((Component)build.Invoke(helper, [new TagHelperContext([], new Dictionary<object, object>(), "1"), null])!).ToMarkup();
        Assert.DoesNotContain("secret", markup, StringComparison.Ordinal);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("""\sstyle=|\son[a-z]+=|(href|src)="(data|javascript):""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"M(?<x>\d+) (?<y>\d+)h(?<w>\d+)v1h-\d+z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RunPattern();
}
