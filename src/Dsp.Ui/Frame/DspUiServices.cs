using System.Text.Encodings.Web;
using System.Text.Unicode;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;

namespace Dsp.Ui.Frame;

/// <summary>What a web application adds to use the library.</summary>
public static class DspUiServices
{
    /// <summary>
    /// Adds texts, formats and the page frame. The language of a request is the first segment of its path (<c>/fr/…</c>);
    /// without one, the first of <c>Accept-Language</c> that we speak. Request culture stays invariant.
    /// </summary>
    public static IServiceCollection AddDspUi(this IServiceCollection services, Action<UiOptions>? configure = null)
    {
        services.AddHttpContextAccessor();
        services.AddOptions<UiOptions>().Configure(options => configure?.Invoke(options));
        // Letters with accents stay letters: fewer bytes, and source a person can read.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddSingleton(s =>
        {
            var options = s.GetRequiredService<IOptions<UiOptions>>().Value;
            return TextCatalog.Load(options.StrictTexts, options.TextAssemblies);
        });
        services.AddScoped<ITexts>(s => new Texts(s.GetRequiredService<TextCatalog>(), Of(s.GetRequiredService<IHttpContextAccessor>().HttpContext)));
        services.AddScoped<Formats>();
        services.AddScoped<PageFrame>();
        return services;
    }

    /// <summary>The language of a request.</summary>
    public static Language Of(HttpContext? context) => context is null
        ? Language.French
        : Language.OfPath(context.Request.Path) ?? Language.Accepted(context.Request.Headers.AcceptLanguage);
}
