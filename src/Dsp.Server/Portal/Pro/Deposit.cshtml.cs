using Dsp.Documents;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>S10: depositing a document.</summary>
[RequestSizeLimit(UploadedFile.Most + 1_000_000)]
public sealed class DepositModel(ProRecordParts parts, DepositDocuments deposit, IContentReader reader) : DepositPage(parts, deposit, reader)
{
    public void OnGet() => Today();

    public IActionResult OnPostCheck() => Check();

    public Task<IActionResult> OnPostPublishAsync() => PublishAsync("deposited");
}
