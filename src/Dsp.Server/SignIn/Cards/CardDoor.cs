using Dsp.Server.Tls;
using Dsp.Ui.Languages;

namespace Dsp.Server.SignIn.Cards;

/// <summary>
/// The one address under the card's name: it reads the certificate of the connection and sends the browser back to the portal.
/// Nothing else is answered there, and this is answered nowhere else.
/// </summary>
public sealed class CardDoor(ServerSettings settings, CardCheck check, CardPasses passes, Addresses addresses)
{
    public const string Path = "/carte";

    /// <summary>Where a browser is sent to show a card.</summary>
    internal string AddressFor(string state, string language) => $"{settings.Tls.CardBase!.GetLeftPart(UriPartial.Authority)}{Path}?etat={state}&langue={language}";

    public async Task ShowAsync(HttpContext context)
    {
        var (state, language) = (context.Request.Query["etat"].ToString(), Language.Find(context.Request.Query["langue"].ToString()) ?? Language.All[0]);
        if (!TlsSettings.IsFor(context, settings.Tls.CardBase) || !CardPasses.IsState(state))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var shown = ClientCertificates.CertificateOf(context);
        var result = await check.RunAsync(shown, context.RequestAborted);
        context.Response.Redirect($"{addresses.Base}/{language.Code}/connexion/carte/retour?preuve={passes.Answer(state, result)}");
    }

    /// <summary>Under the card's name there is nothing but this.</summary>
    internal static bool IsElsewhere(HttpContext context, ServerSettings settings) =>
        TlsSettings.IsFor(context, settings.Tls.CardBase) != context.Request.Path.Equals(Path, StringComparison.Ordinal);
}

internal static class CardHost
{
    public static void AddCards(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings.Cards);
        services.AddSingleton(provider => new CardCheck(settings.Cards, CardIssuers.Read(settings.Cards.Issuers), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CardPasses>();
        services.AddSingleton<CardDoor>();
    }

    public static void MapCards(this WebApplication app) => app.MapGet(CardDoor.Path, (HttpContext context, CardDoor door) => door.ShowAsync(context));
}
