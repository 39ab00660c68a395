using Dsp.Access;
using Dsp.Clinical;
using Dsp.Interop.Ips;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P12 to P14: what the documents say, or a part of it, with source, author and age of each line.</summary>
public abstract class SummaryPage(PatientParts parts, ComposeSummary compose) : PatientPage(parts)
{
    protected override string Section => "nav.summary";

    protected override bool ForRepresentatives => true;

    public SummaryView View { get; private set; } = null!;

    protected Task<Outcome<PatientSummary>> ComposeAsync(bool fromSigned, IReadOnlyList<FactKind>? kinds = null) => compose.RunAsync(Me, new RecordRef.ById(Record), Cancel, fromSigned, kinds);

    protected async Task<IActionResult?> LoadAsync(bool fromSigned, params IReadOnlyList<FactKind> kinds)
    {
        var found = await ComposeAsync(fromSigned, kinds);
        if (!found.Succeeded) return Refused(found.Refusal);
        View = new SummaryView(found.Value, T.Language, Href("/documents/"));
        return null;
    }
}

/// <summary>P12.</summary>
public sealed class SummaryModel(PatientParts parts, ComposeSummary compose) : SummaryPage(parts, compose)
{
    /// <summary>"1": from all documents, also what the doctor left out.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Tout { get; set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync(fromSigned: Tout != "1", SummaryView.Kinds) ?? Page();

    /// <summary>The whole summary as a file, in the language asked for.</summary>
    public async Task<IActionResult> OnGetPdfAsync(string? langue)
    {
        var found = await ComposeAsync(fromSigned: Tout != "1");
        return found.Succeeded ? File(SummaryPdf.Write(found.Value, Language.Find(langue)?.Code ?? Lang), "application/pdf", "dsp.pdf") : Refused(found.Refusal);
    }
}

/// <summary>P13.</summary>
public sealed class TreatmentsModel(PatientParts parts, ComposeSummary compose) : SummaryPage(parts, compose)
{
    public SummaryPart Medicines => View.Summary.Parts.First(p => p.Kind == FactKind.Medicine);

    /// <summary>What is said to run, what nobody says, what is over: in this order, each under its own heading.</summary>
    public IEnumerable<(string Heading, IReadOnlyList<SummaryEntry> Entries)> Groups =>
        new[] { ("treatments.current", (bool?)true), ("treatments.unsaid", null), ("treatments.over", false) }
            .Select(g => (g.Item1, (IReadOnlyList<SummaryEntry>)[.. Medicines.Entries.Where(e => e.Current == g.Item2)]))
            .Where(g => g.Item2.Count > 0);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync(fromSigned: false, FactKind.Medicine) ?? Page();
}

/// <summary>P14.</summary>
public sealed class VaccinesModel(PatientParts parts, ComposeSummary compose) : SummaryPage(parts, compose)
{
    public SummaryPart Vaccines => View.Summary.Parts.First(p => p.Kind == FactKind.Immunization);

    /// <summary>By vaccine, the newest dose first.</summary>
    public IEnumerable<IGrouping<string, SummaryEntry>> ByVaccine => Vaccines.Entries.OrderByDescending(e => e.Shown.At).GroupBy(e => View.Wording.Name(e.Shown), StringComparer.OrdinalIgnoreCase);

    public async Task<IActionResult> OnGetAsync() => await LoadAsync(fromSigned: false, FactKind.Immunization) ?? Page();
}
