using Dsp.Access;
using Dsp.Codes;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

public sealed class QuestionAccessTests
{
    [Theory, EveryStore]
    public async Task A_line_that_the_holder_questions_becomes_one_case_by_ids_and_a_line_of_its_own(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var line = await RefusedReadAsync(care);

        var number = (await AskAsync(care, care.Emma, line.Id)).Value;
        Assert.Equal(number, (await AskAsync(care, care.Emma, line.Id)).Value);

        var open = Assert.Single(await care.Op<ListReviewCases>().RunAsync(care.Cancel));
        Assert.Equal((number, NoticeKind.AccessQuestioned, care.Record), (open.Number, open.Kind, open.Record!.Value));
        Assert.Equal(Ids.Text(line.Id), open.Values["entry"]);
        Assert.Equal(care.Other.Person!.Value.ToString(), open.Values["person"]);
        Assert.Equal(("NotInCare", "yes"), (open.Values["reason"], open.Values["callBack"]));
        // Ids, an instant, an action and chosen words: nothing of what was read.
        Assert.Equal(["action", "at", "callBack", "entry", "institution", "person", "reason"], open.Values.Keys.Order(StringComparer.Ordinal));
        var history = (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory(), care.Cancel)).Value;
        Assert.Equal(2, history.Lines.Count(l => l.Entry.Action == JournalActions.QuestionAccess && l.Entry.Detail!.Contains(number, StringComparison.Ordinal)));

        Assert.True((await care.Op<SettleReviewCase>().RunAsync(number.ToLowerInvariant(), care.Cancel)).Succeeded);
        Assert.Empty(await care.Op<ListReviewCases>().RunAsync(care.Cancel));
        Assert.Equal(Refusals.NotFound, (await care.Op<SettleReviewCase>().RunAsync(number, care.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task Nobody_else_questions_a_line_and_a_line_of_another_record_is_not_there(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var line = await RefusedReadAsync(care);
        var stranger = care.Caller(CallerKind.Person, PersonId.New(care.World.Clock));
        var elsewhere = await care.NewRecordAsync(stranger.Person!.Value, RecordState.Active);

        Assert.NotNull((await AskAsync(care, care.Thill, line.Id)).Refusal);
        Assert.NotNull((await AskAsync(care, stranger, line.Id)).Refusal);
        Assert.Equal(Refusals.NotFound, (await care.Op<QuestionAccess>().RunAsync(stranger, elsewhere, line.Id, QuestionReason.Unknown, false, care.Cancel)).Refusal);
        Assert.Equal(Refusals.NotFound, (await AskAsync(care, care.Emma, Ids.New(care.World.Clock))).Refusal);
        Assert.Empty(await care.Op<ListReviewCases>().RunAsync(care.Cancel));
    }

    [Theory, EveryStore]
    public async Task One_line_alone_is_read_by_its_id(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var line = await RefusedReadAsync(care);
        var found = (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory { Entry = line.Id }, care.Cancel)).Value;
        Assert.Equal(line.Id, Assert.Single(found.Lines).Entry.Id);
        Assert.Null(found.Next);
    }

    private static Task<Outcome<string>> AskAsync(CareWorld care, Caller caller, Guid line) =>
        care.Op<QuestionAccess>().RunAsync(caller, care.Record, line, QuestionReason.NotInCare, callBack: true, care.Cancel);

    private static async Task<JournalEntry> RefusedReadAsync(CareWorld care)
    {
        var report = await care.DocumentAsync(DataCategory.CareReports, null);
        await care.ReadAsync(care.Other, report);
        return (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory(), care.Cancel)).Value.Lines.Select(l => l.Entry).First(e => e.Person == care.Other.Person);
    }
}
