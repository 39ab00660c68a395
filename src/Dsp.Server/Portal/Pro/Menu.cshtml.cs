namespace Dsp.Server.Portal.Pro;

/// <summary>The Menu page of the professional space.</summary>
public sealed class MenuModel(ProParts parts) : ProPage(parts)
{
    protected override string Section => "nav.menu";

    public void OnGet()
    {
    }
}
