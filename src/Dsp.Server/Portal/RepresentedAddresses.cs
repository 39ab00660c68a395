using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace Dsp.Server.Portal;

/// <summary>
/// Gives every page of the patient space a second address below <c>/pour/{record}</c>: the same page for someone one
/// represents. The record stands in the address and nowhere else, so two tabs never mix two people.
/// </summary>
internal sealed class RepresentedAddresses : IPageRouteModelConvention
{
    private const string Language = "{lang:lang}";

    /// <summary>Route value with the record of the person represented.</summary>
    public const string Record = "pour";

    public void Apply(PageRouteModel model)
    {
        if (!model.ViewEnginePath.StartsWith("/Patient/", StringComparison.Ordinal)) return;
        foreach (var selector in model.Selectors.ToList())
        {
            var template = selector.AttributeRouteModel!.Template!.TrimStart('/');
            if (!template.StartsWith(Language, StringComparison.Ordinal)) throw new InvalidOperationException($"{model.ViewEnginePath} has an address without a language.");
            var rest = template[Language.Length..].TrimStart('/');
            model.Selectors.Add(new SelectorModel
            {
                AttributeRouteModel = new AttributeRouteModel { Template = $"/{Language}/pour/{{{Record}:guid}}{(rest.Length == 0 ? "" : "/" + rest)}" },
            });
        }
    }
}
