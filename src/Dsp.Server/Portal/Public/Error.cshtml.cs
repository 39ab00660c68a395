using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Public;

/// <summary>The error page. It has no address of its own: it stands in the place of the page asked for.</summary>
[IgnoreAntiforgeryToken]
public sealed class ErrorModel(PageParts parts) : PortalPage(parts)
{
    public bool IsMissing { get; private set; }

    public string Reference { get; private set; } = "";

    /// <summary>What happened, in a sentence.</summary>
    public string Sentence { get; private set; } = "";

    /// <summary>The page asked for, to try again; null where trying again does not help.</summary>
    public string? Retry { get; private set; }

    public string HomeHref { get; private set; } = "";

    public void OnGet()
    {
        IsMissing = Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed;
        Reference = ErrorPages.ReferenceOf(HttpContext);
        var pro = Request.Path.Value?.Contains("/pro", StringComparison.Ordinal) == true && SignedIn?.Kind == Dsp.Access.CallerKind.Professional;
        Frame.Space = pro ? Dsp.Ui.Frame.Space.Pro : Dsp.Ui.Frame.Space.Patient;
        HomeHref = Href(pro ? "/pro" : "");
        Sentence = ErrorPages.RefusalOf(HttpContext) switch
        {
            { Kind: RefusalKind.NotFound } when pro => T["dossier.noRelation"],
            { } refusal => PageTexts.Of(T, refusal),
            null when IsMissing => T["problem.missing"],
            null when Response.StatusCode == StatusCodes.Status413PayloadTooLarge => T["add.fileLarge"],
            _ => T["error.still"],
        };
        Retry = IsMissing || Response.StatusCode is >= 400 and < 409 ? null : Request.Path + Request.QueryString;
    }
}
