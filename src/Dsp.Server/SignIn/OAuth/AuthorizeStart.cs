using Dsp.Ui.Languages;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.WebUtilities;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>The authorization endpoint has one address, the page that asks one in each language.</summary>
internal static class AuthorizeStart
{
    /// <summary>On to the page, with the checked request by its reference: what was asked stays with us.</summary>
    public static Task ToPageAsync(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The authorization server did not look at this request");
        var languages = (request.UiLocales ?? "").Split(' ').Select(l => Language.Find(l.Split('-')[0])).OfType<Language>();
        var language = languages.FirstOrDefault() ?? Language.Accepted(context.Request.Headers.AcceptLanguage);
        // What came by POST goes on by reference too: the server remembered it.
        context.Response.Redirect(QueryHelpers.AddQueryString($"/{language.Code}{OAuthPaths.Page}", context.Request.Query.Where(q => q.Key is "client_id" or "request_uri").SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v))));
        return Task.CompletedTask;
    }
}
