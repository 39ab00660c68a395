using Dsp.Documents;
using Dsp.Server.Content;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S07: one document of a patient.</summary>
public sealed class DocumentModel(ProRecordParts parts, DocumentWords words, ReadDocumentEntry read, ContentHandles handles) : ProRecordPage(parts)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public DocumentWords Words => words;

    public StoredDocument Document { get; private set; } = null!;

    public bool IsOwn => Document.Entry.DepositedBy == Me.Person && Document.State.Status == DocumentStatus.Current;

    public string OpenedAt => PatientGuard.Stamp(Clock);

    public DocumentId? Replaces => Document.Metadata.Relations.Where(r => r.Kind == RelationKind.Replaces).Select(r => (DocumentId?)r.Target).FirstOrDefault();

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await read.RunAsync(Me, Record, new DocumentId(Id), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Document = found.Value;
        return Page();
    }

    /// <summary>To the bytes, on the origin that has no cookie: one use, within a minute, decided and journalled there.</summary>
    public IActionResult OnGetFile(bool save) => Redirect(handles.AddressOf(Me, Record, new DocumentId(Id), save));
}
