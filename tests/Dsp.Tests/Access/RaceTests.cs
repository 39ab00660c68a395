using Dsp.Access;
using Dsp.Codes;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

/// <summary>Between decision and effect a right is taken away: the effect fails closed, whichever comes first.</summary>
public sealed class RaceTests
{
    [Theory, EveryStore]
    public async Task A_closure_mask_or_block_between_decision_and_effect_stops_every_effect(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await RightsTests.TreatedByAllAsync(care);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);
        foreach (var restrict in Restrictions(care, report))
            foreach (var action in new[] { AccessAction.Read, AccessAction.Search, AccessAction.Deposit, AccessAction.RegisterContext, AccessAction.RecordWish })
            {
                var entered = await care.World.Platform.Gate.EnterAsync(new AccessRequest(care.Thill, new RecordRef.ById(care.Record), action, "race")
                {
                    Item = action == AccessAction.Read ? care.World.Platform.Items.One(report) : null,
                }, care.Cancel);
                using var permit = entered.Permit!;
                var before = await care.SheetAsync();

                await restrict();

                var effect = new Batch().Add("INSERT INTO suppressions (token, since) VALUES (@t, 1)", ("t", Guid.CreateVersion7(care.Now).ToByteArray()));
                var change = action is AccessAction.RegisterContext or AccessAction.RecordWish;
                await Assert.ThrowsAsync<SheetChangedException>(() => change ? permit.ChangeSheetAsync(permit.Sheet, effect, care.Cancel) : permit.SpendAsync(effect, care.Cancel));
                Assert.Empty(await care.Database.QueryAsync(r => r.Long(0), "SELECT since FROM suppressions", care.Cancel));
                await care.ChangeSheetAsync(_ => before);
            }
    }

    [Theory, EveryStore]
    public async Task Readers_beside_a_restriction_never_read_after_it_was_acknowledged(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await RightsTests.TreatedByAllAsync(care);
        var report = await care.DocumentAsync(DataCategory.CareReports, null);
        foreach (var restrict in Restrictions(care, report).Append(() => care.StopLicenceAsync(care.Thill, care.Now, null)))
        {
            var (before, acknowledged) = (await care.SheetAsync(), false);
            var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                var late = 0;
                for (var i = 0; i < 10_000 && late < 5; i++)
                {
                    var after = Volatile.Read(ref acknowledged);
                    try
                    {
                        var refusal = await care.ReadAsync(care.Thill, report);
                        if (after) Assert.NotNull(refusal);
                    }
                    catch (SheetChangedException)
                    {
                        // Decided before, effect after: nothing was read.
                    }
                    if (after) late++;
                }
            })).ToList();
            await Task.Delay(50, care.Cancel);
            await restrict();
            Volatile.Write(ref acknowledged, true);
            await Task.WhenAll(readers);
            await care.ChangeSheetAsync(_ => before);
        }
    }

    [Theory, EveryStore]
    public async Task Acts_at_once_on_one_sheet_are_all_kept_or_told(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var documents = new List<DocumentId>();
        for (var i = 0; i < 8; i++) documents.Add(await care.DocumentAsync(DataCategory.CareReports, null));

        var outcomes = await Task.WhenAll(documents.Select(d => care.Op<MaskItem>().RunAsync(care.Emma, care.Record, d, MaskFrom.Everyone(), null, care.Cancel)));

        Assert.All(outcomes, o => Assert.True(o.Succeeded || o.Refusal == Refusals.SheetChanged));
        Assert.Equal(outcomes.Where(o => o.Succeeded).Select(o => o.Value).Order(), (await care.SheetAsync()).Masks.Select(m => m.Id).Order());
        Assert.Contains(outcomes, o => o.Succeeded);
    }

    [Theory, EveryStore]
    public async Task Of_two_who_redeem_one_code_at_once_one_gets_in(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        for (var i = 0; i < 5; i++)
        {
            var code = await care.CodeAsync();
            var outcomes = await Task.WhenAll(new[] { care.Thill, care.Other, care.Reuter }.Select(d => care.RedeemAsync(d, code.Code)));
            Assert.Single(outcomes, o => o.Succeeded);
        }
    }

    [Theory, EveryStore]
    public async Task A_permit_is_good_for_thirty_seconds(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        using var permit = (await care.World.Platform.Gate.EnterAsync(new AccessRequest(care.Emma, new RecordRef.ById(care.Record), AccessAction.Search, "search"), care.Cancel)).Permit!;
        care.World.Clock.Advance(Permit.Life + TimeSpan.FromMicroseconds(1));

        await Assert.ThrowsAsync<SheetChangedException>(() => permit.SpendAsync(new Batch(), care.Cancel));
        permit.Faulted = true;
    }

    private static IEnumerable<Func<Task>> Restrictions(CareWorld care, DocumentId document)
    {
        yield return async () => Assert.True((await care.Op<MaskItem>().RunAsync(care.Emma, care.Record, document, MaskFrom.One(ActorRef.Of(care.Thill.Person!.Value)), null, care.Cancel)).Succeeded);
        yield return async () => Assert.True((await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Thill.Person!.Value), null, care.Cancel)).Succeeded);
        yield return () => care.ChangeSheetAsync(RuleTests.Closed);
    }
}
