using Dsp.Ui.Frame;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Dsp.Ui.Parts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Dsp.Tests.Ui;

/// <summary>The layout, rendered around a page of one paragraph.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData("fr", "Aller au contenu", "Urgence vitale")]
    [InlineData("de", "Zum Inhalt", "Lebensgefahr")]
    [InlineData("en", "Skip to content", "Danger to life")]
    [InlineData("lb", "Bei den Inhalt goen", "Liewensgefor")]
    [InlineData("pt", "Ir para o conteúdo", "Perigo de vida")]
    public async Task The_page_is_in_the_language_of_its_address(string code, string skip, string emergency)
    {
        var page = await Render($"/{code}/documents", "?type=x", _ => { });
        Assert.Contains($"<html lang=\"{code}\"", page, StringComparison.Ordinal);
        Assert.Contains(skip, page, StringComparison.Ordinal);
        Assert.Contains(emergency, page, StringComparison.Ordinal);
        Assert.Contains("href=\"tel:112\"", page, StringComparison.Ordinal);
        var other = code == "de" ? "fr" : "de";
        Assert.Contains($"href=\"/{other}/documents?type=x\" lang=\"{other}\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Space.Patient, "Espace patient", "")]
    [InlineData(Space.Pro, "Espace professionnel", "dsp-space--pro")]
    [InlineData(Space.Agency, "Espace agence", "dsp-space--agency")]
    [InlineData(Space.Urgent, "Espace professionnel", "dsp-space--pro dsp-space--urgent")]
    public async Task Each_space_has_its_name_and_colour(Space space, string name, string classes)
    {
        var page = await Render("/fr/", "", frame => frame.Space = space);
        Assert.Contains(name, page, StringComparison.Ordinal);
        Assert.Contains(("<body class=\"govuk-template__body " + classes).TrimEnd() + "\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_holds_no_inline_script_style_or_event_and_a_neutral_title()
    {
        var page = await Render("/fr/", "", frame =>
        {
            frame.Nav = [new NavItem("<Accueil>", "/fr/") { Current = true }];
            frame.SignOutAction = "/fr/deconnexion";
            frame.SignedInName = "Dr <b>";
            frame.Bar = new RecordBar(new Texts(TextCatalog.Load(strict: true), Language.French), "Emma", "12 mars 1984");
        });
        Assert.DoesNotMatch("""<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|"data:""", page);
        Assert.Contains("<title>DSP</title>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;Accueil&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Dr &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<form class=\"dsp-nav__form\" method=\"post\" action=\"/fr/deconnexion\"><input name=\"__RequestVerificationToken\"", page, StringComparison.Ordinal);
        Assert.Contains("<main id=\"main\" class=\"dsp-main\" tabindex=\"-1\">", page, StringComparison.Ordinal);
        HtmlTree.Normalise(page[page.IndexOf("<html", StringComparison.Ordinal)..].Replace(" />", ">", StringComparison.Ordinal));
    }

    private static async Task<string> Render(string path, string query, Action<PageFrame> fill)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRazorPages().AddApplicationPart(typeof(PageFrame).Assembly);
        builder.Services.AddDspUi(options => options.StrictTexts = true);
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var http = new DefaultHttpContext { RequestServices = services, Request = { Path = path, QueryString = new QueryString(query) } };
        services.GetRequiredService<IHttpContextAccessor>().HttpContext = http;
        fill(services.GetRequiredService<PageFrame>());
        var action = new Microsoft.AspNetCore.Mvc.ActionContext(http, new RouteData(), new Microsoft.AspNetCore.Mvc.Abstractions.ActionDescriptor());
        var view = new RazorView(
            services.GetRequiredService<IRazorViewEngine>(), services.GetRequiredService<IRazorPageActivator>(), [], new OneParagraph(),
            services.GetRequiredService<System.Text.Encodings.Web.HtmlEncoder>(), services.GetRequiredService<System.Diagnostics.DiagnosticListener>());
        await using var writer = new StringWriter();
        var data = new ViewDataDictionary(new EmptyModelMetadataProvider(), new ModelStateDictionary());
        var context = new ViewContext(action, view, data, new TempDataDictionary(http, services.GetRequiredService<ITempDataProvider>()), writer, new HtmlHelperOptions());
        await view.RenderAsync(context);
        return writer.ToString();
    }

    private sealed class OneParagraph : RazorPage<object>
    {
        public OneParagraph() => Layout = "_DspLayout";

        public override Task ExecuteAsync()
        {
            WriteLiteral("<p>body</p>");
            return Task.CompletedTask;
        }
    }
}
