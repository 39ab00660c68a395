namespace Dsp.Server.Portal.Patient;

/// <summary>The Menu page: on narrow screens it holds what the navigation leaves out, without script.</summary>
public sealed class MenuModel(PatientParts parts) : PatientPage(parts)
{
    protected override string Section => "nav.menu";

    protected override bool WorksWithoutRecord => true;

    protected override bool ForRepresentatives => true;

    public void OnGet()
    {
    }
}
