using Dsp.Access;
using Dsp.Documents;
using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P04: what asks to be seen, what is new, and the way to everything else.</summary>
public sealed class HomeModel(PatientParts parts, DocumentWords words, FindDocuments find, ReadRecordState state, ReadRights rights, ReadHistory history, ActivateRecord activate) : PatientPage(parts)
{
    /// <summary>Emergency accesses are shown this long after their beginning.</summary>
    private static readonly TimeSpan EmergencyShown = TimeSpan.FromDays(30);

    private const int NewShown = 5;

    protected override string Section => "nav.home";

    protected override bool ForRepresentatives => true;

    public DocumentWords Words => words;

    public RecordView? State { get; private set; }

    public IReadOnlyList<CareContext> Emergencies { get; private set; } = [];

    public IReadOnlyList<StoredDocument> New { get; private set; } = [];

    public int Documents { get; private set; }

    public int Accesses { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await find.RunAsync(Me, new RecordRef.ById(Record), new DocumentSearch { Count = 50, WithTotal = true, MetadataOnly = true }, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Documents = found.Value.Total ?? found.Value.Documents.Count;
        if (IsProxy)
        {
            New = [.. found.Value.Documents.Take(NewShown)];
            return Page();
        }
        var since = await LastVisitAsync();
        New = [.. found.Value.Documents.Where(d => d.AddedAt > since && !d.Entry.FromHolder).OrderByDescending(DocumentWords.SortDay).Take(NewShown)];
        var (shown, decided) = (await state.RunAsync(Me, new RecordRef.ById(Record), Cancel), await rights.RunAsync(Me, Record, Cancel));
        State = shown.Succeeded ? shown.Value : null;
        if (decided.Succeeded)
        {
            var all = decided.Value;
            Emergencies = [.. all.Contexts.Where(c => c.Kind == CareContextKind.Emergency && all.At - c.StartsAt < EmergencyShown)];
            Accesses = all.Contexts.Count(c => c.IsValidAt(all.At)) + all.Circle.Count + (all.Referring is null ? 0 : 1);
        }
        return Page();
    }

    public async Task<IActionResult> OnPostActivateAsync()
    {
        var done = await activate.RunAsync(Me, Record, Cancel);
        return done.Succeeded ? To("", "activated") : Refused(done.Refusal);
    }

    /// <summary>The end of the visit before this one: the newest own line of the journal older than an hour; without one, always.</summary>
    private async Task<DateTimeOffset> LastVisitAsync()
    {
        var before = Clock.Now() - TimeSpan.FromHours(1);
        var found = await history.RunAsync(Me, Record, new WantedHistory { Person = Me.Person, To = before, Count = 1 }, Cancel);
        return found.Succeeded && found.Value.Lines is [var last, ..] ? last.Entry.At : DateTimeOffset.MinValue;
    }
}
