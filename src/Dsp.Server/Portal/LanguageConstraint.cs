using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>The first segment of a page's address: one of the five languages, in lower case.</summary>
internal sealed class LanguageConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values.TryGetValue(routeKey, out var value) && value is string code && Language.All.Any(l => l.Code == code);
}
