using Dsp.Access;
using Dsp.Journal;
using Dsp.Storage;

namespace Dsp.Clinical;

/// <summary>
/// "This exam exists already" (M3): before an exam is ordered, what of the same was done within a sensible time. Rights, counts
/// and journal are those of every list of facts: the journal keeps the order, and names each document that is shown.
/// </summary>
public sealed class FindExistingExams(AccessGate gate, Database database, Alarms alarms, JournalWriter journal, TimeProvider clock) : IOperation
{
    private readonly ReadFacts read = new(gate, database, alarms, journal);

    /// <summary>Orders answered at once; those beyond are not looked at.</summary>
    public const int MostOrders = 50;

    /// <returns>The newest first; none where there is no record, no relation or nothing visible: one and the same. A refusal only for what concerns the caller.</returns>
    public async Task<Outcome<IReadOnlyList<ExistingExam>>> RunAsync(Caller caller, RecordRef patient, ExamOrder order, CancellationToken cancel)
    {
        var found = await RunAsync(caller, patient, [order], cancel);
        return found.Succeeded ? found.Value[0].Exams.ToList() : found.Refusal;
    }

    /// <summary>The same for several orders, with one entry of the gate and one line of the journal.</summary>
    /// <returns>One answer for each order, in their order.</returns>
    public async Task<Outcome<IReadOnlyList<ExistingExams>>> RunAsync(Caller caller, RecordRef patient, IReadOnlyList<ExamOrder> orders, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var asked = orders.Take(MostOrders).ToList();
        var concerning = asked.Select(ExamMatching.Concerning).ToList();
        var query = new FactQuery { Kinds = [FactKind.Result], AddedSince = now.AddDays(-asked.Select(ExamMatching.DaysOf).DefaultIfEmpty(0).Max()), Where = f => concerning.Exists(c => c(f)), AsSent = string.Join(", ", asked.Select(o => o.AsSent)) };
        var found = await read.RunAsync(caller, patient, query, found =>
        {
            List<ExistingExams> answers = [.. asked.Select(o => new ExistingExams(found.Record, o, ExamMatching.Of(found, o, now)))];
            return new Shown<List<ExistingExams>>(answers, [.. answers.SelectMany(a => a.Exams).Select(e => e.Document).Distinct()]);
        }, cancel);
        return found.Succeeded ? found.Value : found.Refusal;
    }
}
