using Dsp.Access;
using Dsp.Documents;
using Dsp.Ui.Govuk;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P18: who has read my record, in sentences, refusals included. While the record is closed too.</summary>
public sealed class HistoryModel(PatientParts parts, DocumentWords words, ReadHistory history, FindDocuments find) : PatientPage(parts)
{
    private const int Shown = 200;

    protected override string Section => "nav.consultations";

    protected override bool ForRepresentatives => true;

    [BindProperty(SupportsGet = true)]
    public string? Periode { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Qui { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid? Document { get; set; }

    /// <summary>Continue after this line.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Apres { get; set; }

    public IReadOnlyList<HistoryDay> Days { get; private set; } = [];

    public int Count { get; private set; }

    public Guid? Next { get; private set; }

    public IReadOnlyList<SelectItem> People { get; private set; } = [];

    public IReadOnlyList<SelectItem> Documents { get; private set; } = [];

    private Dictionary<DocumentId, StoredDocument> titles = [];

    public async Task<IActionResult> OnGetAsync()
    {
        Periode = Periode is "365" or "all" ? Periode : "30";
        var from = Periode == "all" ? (DateTimeOffset?)null : Clock.Now() - TimeSpan.FromDays(Periode == "365" ? 365 : 30);
        var found = await history.RunAsync(Me, Record, new WantedHistory
        {
            From = from, Person = Qui is { } who ? new PersonId(who) : null, Document = Document is { } what ? new DocumentId(what) : null, After = Apres, Count = Shown,
        }, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        // While closed there are no titles to show: the lines stay.
        var documents = await find.RunAsync(Me, new RecordRef.ById(Record), new DocumentSearch { Count = 200, MetadataOnly = true, Statuses = [DocumentStatus.Current, DocumentStatus.Superseded] }, Cancel);
        titles = documents.Succeeded ? documents.Value.Documents.ToDictionary(d => d.Id) : [];
        var groups = HistoryGroup.Fold(found.Value.Lines);
        Count = groups.Count;
        Next = found.Value.Next;
        Days = [.. groups.GroupBy(g => Formats.LocalDate(g.To)).Select(day => new HistoryDay(day.Key,
            [.. day.Where(g => !IsOwn(g) && !g.First.Automatic)], [.. day.Where(g => !IsOwn(g) && g.First.Automatic)], [.. day.Where(IsOwn)]))];
        People = [new SelectItem(T["history.everybody"], ""), .. found.Value.Lines.Select(l => l.Entry).Where(e => e.Person is not null).DistinctBy(e => e.Person)
            .Select(e => new SelectItem(HistoryWords.Who(T, e, Me.Person), Ids.Text(e.Person!.Value.Value)))];
        Documents = [new SelectItem(T["history.anyDocument"], ""), .. titles.Values.Select(d => new SelectItem(words.Title(d), d.Id.ToString()))];
        return Page();
    }

    public string Sentence(HistoryGroup group) => HistoryWords.Sentence(T, group.First, Me.Person, group.Documents.Count,
        group.Documents is [var only] && titles.TryGetValue(only, out var document) ? words.Title(document) : null);

    public IReadOnlyList<string?> Facts(HistoryGroup group) =>
    [
        F.Time(group.From) == F.Time(group.To) ? F.Time(group.To) : T["log.timeSpan", ("from", F.Time(group.From)), ("to", F.Time(group.To))].Text,
        HistoryWords.Facts(T, null, group.First),
        group.First.Detail is { Length: > 0 } reason && group.First.Context == "emergency" && group.First.Action == Dsp.Journal.JournalActions.OpenContext ? T["history.reason", ("reason", reason)].Text : null,
        group.First.OnBehalfOf is not null ? T["history.for"].Text : null,
        group.First.Permitted ? null : T["history.refusedFact"].Text,
    ];

    /// <summary>Where the holder says that this access is unknown; a representative asks the helpdesk.</summary>
    public string? Question(HistoryGroup group) => IsProxy ? null : Href($"/consultations/{Ids.Text(group.First.Id)}/signaler");

    /// <summary>Tells the links of two lines apart.</summary>
    public string Moment(HistoryGroup group) => T["log.reportOf", ("date", F.LongDate(Formats.LocalDate(group.To))), ("time", F.Time(group.To))];

    /// <summary>Documents of a group that can still be opened, by title.</summary>
    public IEnumerable<(DocumentId Id, string Title, string? Lang)> TitlesOf(HistoryGroup group) =>
        group.Documents.Count < 2 ? [] : group.Documents.Where(titles.ContainsKey).Select(d => (d, words.Title(titles[d]), words.TitleLang(titles[d])));

    private bool IsOwn(HistoryGroup group) => group.First.Person is not null && group.First.Person == Me.Person;
}
