using Dsp.Access;
using Dsp.Documents;
using Dsp.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P16, preview: what would this person see? Every document of the holder, put to the rules as that person.</summary>
public sealed class SeeAsModel(PatientParts parts, SearchDirectory directory, FindDocuments find, AskDecision ask, DocumentWords words) : DirectoryPage(parts, directory)
{
    public DocumentWords Words => words;

    public IReadOnlyList<StoredDocument> Readable { get; private set; } = [];

    public IReadOnlyList<StoredDocument> Hidden { get; private set; } = [];

    public override bool PersonsOnly => true;

    protected override async Task<IActionResult?> ShowAsync(DirectoryHit chosen)
    {
        var all = await AllDocuments.ReadAsync(find, Me, new RecordRef.ById(Record), Cancel);
        if (!all.Succeeded) return Refused(all.Refusal);
        var answer = await ask.RunAsync(Me, Record, new PersonId(Personne!.Value), [.. all.Value.Select(d => d.Id)], Cancel);
        if (!answer.Succeeded) return Refused(answer.Refusal);
        var byAnswer = all.Value.ToLookup(d => answer.Value.Contains(d.Id));
        (Readable, Hidden) = ([.. byAnswer[true]], [.. byAnswer[false]]);
        return null;
    }
}
