using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S11: a new version of an own document; the old one stays readable, marked as replaced.</summary>
[RequestSizeLimit(UploadedFile.Most + 1_000_000)]
public sealed class ReplaceModel(ProRecordParts parts, DepositDocuments deposit, IContentReader reader, ReadDocumentEntry read) : DepositPage(parts, deposit, reader)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    protected override DocumentId? Replaced => new DocumentId(Id);

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await read.RunAsync(Me, Record, new DocumentId(Id), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        if (found.Value.Entry.DepositedBy != Me.Person) return Refused(Refusals.NotOwnItem);
        Today();
        (Titre, Type) = (found.Value.Metadata.Title, $"{found.Value.Metadata.Category}|{found.Value.Metadata.Type?.Code}");
        return Page();
    }

    public IActionResult OnPostCheck() => Check();

    public Task<IActionResult> OnPostPublishAsync() => PublishAsync("replaced");
}
