using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S09: one analysis with its curve and all its values, each with its own laboratory's range.</summary>
public sealed class ResultModel(ProRecordParts parts, ResultReader results, ResultWords words) : ProRecordPage(parts)
{
    [BindProperty(SupportsGet = true)]
    public string Key { get; set; } = "";

    public ResultWords Words => words;

    public SeriesView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await results.OneAsync(Me, Record, Key, RecordHref("/documents/"), RecordHref("/analyses/"), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value is not { } view) return Neutral();
        View = view;
        return Page();
    }
}
