using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P11: one analysis: its last value in words and on its laboratory's range, then its values over time.</summary>
public sealed class ResultModel(PatientParts parts, ResultReader results, ResultWords words) : PatientPage(parts)
{
    protected override string Section => "nav.results";

    protected override bool ForRepresentatives => true;

    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    public ResultWords Words => words;

    public SeriesView View { get; private set; } = null!;

    /// <summary>The last value, as a whole sentence says where it stands.</summary>
    public Dsp.Clinical.ResultPoint Newest => View.Series.Newest;

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ?? Page();

    /// <summary>The same values for a spreadsheet.</summary>
    public async Task<IActionResult> OnGetTableAsync() =>
        await LoadAsync() ?? File(ResultTable.Csv(View.Series, words, T), "text/csv; charset=utf-8", "valeurs.csv");

    private async Task<IActionResult?> LoadAsync()
    {
        var found = await results.OneAsync(Me, Record, Key, Href("/documents/"), Href("/resultats/"), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value is not { } view) return NotFound();
        View = view;
        return null;
    }
}
