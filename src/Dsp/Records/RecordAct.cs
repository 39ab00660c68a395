using Dsp.Access;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>
/// The common course of an act on one record: enter, do, and where the sheet changed between decision and effect, decide
/// again on what is true now.
/// </summary>
internal static class RecordAct
{
    private const int Attempts = 4;

    /// <param name="act">Spends the permit, or answers a refusal; a refusal is journalled in its place.</param>
    public static async Task<Outcome<T>> RunAsync<T>(AccessGate gate, AccessRequest request, Func<Permit, Task<Outcome<T>>> act, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var entered = await gate.EnterAsync(request, cancel);
            if (entered.Permit is not { } permit) return entered.Refusal!;
            using (permit)
            {
                try
                {
                    var outcome = await act(permit);
                    if (!outcome.Succeeded) await permit.GiveUpAsync(outcome.Refusal, cancel);
                    return outcome;
                }
                catch (SheetChangedException)
                {
                    permit.Faulted = true;
                    if (attempt == Attempts) return Refusals.SheetChanged;
                }
                catch
                {
                    permit.Faulted = true;
                    throw;
                }
            }
        }
    }

    /// <summary>How an act is asked for: holders under their own action, the agency and the feeds as administration.</summary>
    public static AccessRequest Request(Caller caller, RecordRef record, AccessAction ofHolder, string journalAction, string? detail = null) =>
        new(caller, record, caller.Kind is CallerKind.Agent or CallerKind.System ? AccessAction.Administer : ofHolder, journalAction) { Detail = detail };
}
