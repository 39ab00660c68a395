using Dsp.Clinical;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S09: analyses by row, dates by column, the newest on the left.</summary>
public sealed class ResultsModel(ProRecordParts parts, ResultReader results, ResultWords words) : ProRecordPage(parts)
{
    private const int DatesShown = 8;

    /// <summary>How many dates are passed over.</summary>
    [BindProperty(SupportsGet = true, Name = "apres")]
    public int After { get; set; }

    public ResultWords Words => words;

    public ResultGrid Grid { get; private set; } = null!;

    public int Unread { get; private set; }

    public int PageSize => DatesShown;

    public async Task<IActionResult> OnGetAsync()
    {
        After = Math.Clamp(After, 0, 100_000);
        var found = await results.AllAsync(Me, Record, (all, facts) =>
        {
            var grid = ResultGrid.Of(all, After, DatesShown, facts.Former);
            return ((grid, facts.Unread.Count), grid.Points);
        }, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        (Grid, Unread) = found.Value;
        return Page();
    }
}
