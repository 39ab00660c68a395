using Dsp.Access;
using Dsp.Records;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>P27: the closed record: since when, kept until when, reopening. Also the page of a person without a record.</summary>
public sealed class ClosedModel(PatientParts parts, ReadRecordState state, ReopenRecord reopen) : PatientPage(parts)
{
    protected override string Section => "nav.menu";

    protected override bool WorksWithoutRecord => true;

    /// <summary>Null where there is no record.</summary>
    public RecordView? State { get; private set; }

    public bool MayReopen => State is { ClosedFor: not ClosureReason.Death };

    public async Task<IActionResult> OnGetAsync()
    {
        if (Record == RecordId.None) return Page();
        var found = await state.RunAsync(Me, new RecordRef.ById(Record), Cancel);
        if (!found.Succeeded) return base.Refused(found.Refusal);
        State = found.Value;
        return State.State == RecordState.Closed ? Page() : To("", Done);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var done = await reopen.RunAsync(Me, new RecordRef.ById(Record), Cancel);
        return done.Succeeded ? To("", "reopened") : base.Refused(done.Refusal);
    }
}
