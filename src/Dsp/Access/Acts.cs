using Dsp.Storage;

namespace Dsp.Access;

/// <summary>How an act goes: enter, do, and enter again where the rights changed in between.</summary>
internal static class Acts
{
    /// <summary>Entries after the first; then <see cref="Refusals.SheetChanged"/> is the answer.</summary>
    private const int Repeats = 3;

    /// <summary>
    /// Enters, runs the effect on the permit, and gives the permit up where the effect refuses. Where the sheet changed between
    /// decision and effect nothing was kept: everything is decided again, on the new sheet.
    /// </summary>
    public static async Task<Outcome<T>> ActAsync<T>(this AccessGate gate, AccessRequest request, Func<Permit, Task<Outcome<T>>> effect, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var entered = await gate.EnterAsync(request, cancel);
            if (entered.Permit is not { } permit) return entered.Refusal!;
            using var spentAtTheEnd = permit;
            try
            {
                var outcome = await effect(permit);
                if (outcome.Refusal is { } refusal) await permit.GiveUpAsync(refusal, cancel);
                return outcome;
            }
            catch (SheetChangedException)
            {
                permit.Faulted = true;
                if (attempt == Repeats) return Refusals.SheetChanged;
            }
            catch
            {
                permit.Faulted = true;
                throw;
            }
        }
    }

    /// <summary>An act of the holder on the own record's rights.</summary>
    public static Task<Outcome<T>> ManageAsync<T>(this AccessGate gate, Caller caller, RecordId record, string journalAction, Func<Permit, Task<Outcome<T>>> effect, CancellationToken cancel) =>
        gate.ActAsync(new AccessRequest(caller, new RecordRef.ById(record), AccessAction.ManageRights, journalAction), effect, cancel);

    /// <summary>The record of the calling holder, where the call names none.</summary>
    public static async Task<RecordRef> OwnRecordAsync(Database database, Caller caller, CancellationToken cancel)
    {
        if (caller is not { Kind: CallerKind.Person, Person: { } person }) return new RecordRef.Nobody();
        var found = await database.QueryAsync(row => row.GuidOrNull(0), "SELECT record_id FROM persons WHERE person_id = @person", cancel, ("person", person));
        return found.Count > 0 && found[0] is { } record ? new RecordRef.ById(new RecordId(record)) : new RecordRef.Nobody();
    }

    /// <summary>What the journal keeps of an act: what it was about, and the risk text the holder acknowledged.</summary>
    public static string Detail(params ReadOnlySpan<string?> parts) => string.Join(" · ", parts.ToArray().Where(p => !string.IsNullOrWhiteSpace(p)));
}
