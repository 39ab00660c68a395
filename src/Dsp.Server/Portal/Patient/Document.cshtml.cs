using Dsp.Access;
using Dsp.Documents;
using Dsp.Journal;
using Dsp.Server.Content;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P07: one document: what it is, who sees it, who has read it, opening it.</summary>
public sealed class DocumentModel(PatientParts parts, DocumentWords words, ReadDocumentEntry read, ReadRights rights, ReadHistory history, ContentHandles handles) : PatientPage(parts)
{
    private const int ReadersShown = 5;

    protected override string Section => "nav.documents";

    protected override bool ForRepresentatives => true;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public DocumentWords Words => words;

    public StoredDocument Document { get; private set; } = null!;

    public VisibilityOf? Visibility { get; private set; }

    /// <summary>People other than the holder who read it, newest first.</summary>
    public IReadOnlyList<JournalEntry> Readers { get; private set; } = [];

    public DocumentId? Replaces => Document.Metadata.Relations.Where(r => r.Kind == RelationKind.Replaces).Select(r => (DocumentId?)r.Target).FirstOrDefault();

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await read.RunAsync(Me, Record, new DocumentId(Id), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Document = found.Value;
        var lines = await history.RunAsync(Me, Record, new WantedHistory { Document = Document.Id, Count = 200 }, Cancel);
        if (lines.Succeeded)
            Readers = [.. lines.Value.Lines.Select(l => l.Entry)
                .Where(e => e is { Permitted: true, Action: JournalActions.Read } && e.Person is not null && e.Person != Holder.Id)
                .DistinctBy(e => e.Person).Take(ReadersShown)];
        if (!IsProxy && await rights.RunAsync(Me, Record, Cancel) is { Succeeded: true } decided) Visibility = VisibilityOf.Document(decided.Value, Document.Id);
        return Page();
    }

    /// <summary>To the bytes, on the origin that has no cookie: one use, within a minute, decided and journalled there.</summary>
    public IActionResult OnGetFile(bool save) => Redirect(handles.AddressOf(Me, Record, new DocumentId(Id), save));
}
