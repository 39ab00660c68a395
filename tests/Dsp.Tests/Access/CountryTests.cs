using Dsp.Access;
using Dsp.Codes;
using Dsp.Journal;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

/// <summary>MyHealth@EU: every country by itself, off until the holder switches it on.</summary>
public sealed class CountryTests
{
    [Theory, EveryStore]
    public async Task A_country_reads_only_while_it_is_on_and_no_other_with_it(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var document = await care.DocumentAsync(DataCategory.Syntheses, care.Thill.Person);
        Assert.Equal("7-abroad", (await AskAsync("FR")).Rule);

        var on = (await care.Op<AllowCountry>().RunAsync(care.Emma, care.Record, "FR", care.Cancel)).Value;

        Assert.True((await AskAsync("FR")).Permitted);
        Assert.False((await AskAsync("DE")).Permitted);
        Assert.Equal("8-matrix", (await AskAsync("FR", await care.DocumentAsync(DataCategory.AccessTraces, null))).Rule);
        Assert.Equal(on, (await care.Op<AllowCountry>().RunAsync(care.Emma, care.Record, "FR", care.Cancel)).Value);
        await care.Op<SetVisibility>().RunAsync(care.Emma, care.Record, document, Visibility.OnlyMe, [], "risk", care.Cancel);
        Assert.Equal("9-mask", (await AskAsync("FR")).Rule);
        Assert.True((await care.Op<ForbidCountry>().RunAsync(care.Emma, care.Record, on, care.Cancel)).Succeeded);
        Assert.Equal("7-abroad", (await AskAsync("FR")).Rule);
        Assert.Empty((await care.SheetAsync()).Abroad);
        var lines = (await care.Op<ReadHistory>().RunAsync(care.Emma, care.Record, new WantedHistory { Count = 200 }, care.Cancel)).Value.Lines.Select(l => $"{l.Entry.Action} {l.Entry.Detail}").ToList();
        Assert.Contains("allow-country FR", lines);
        Assert.Contains("forbid-country FR", lines);
        // Both switches are told to the holder; asking for what was on already is not.
        Assert.Equal(2, await care.World.CountAsync("notices"));

        async Task<AnsweredDecision> AskAsync(string country, DocumentId? about = null) => (await care.Op<AskDecision>().RunAsync(care.Emma, care.Record, country, AccessAction.Read, about ?? document, care.Cancel)).Value;
    }

    [Theory, EveryStore]
    public async Task Nobody_but_the_holder_switches_and_no_country_but_those_of_the_list(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await care.ChangeSheetAsync(s => s with { Representations = [new Representation(Ids.New(care.World.Clock), care.Other.Person!.Value, RepresentationKind.Assistant, care.Now.AddDays(-1), null, null, "Weber")] });
        var assistant = care.Caller(CallerKind.Person, care.Other.Person);

        foreach (var country in new[] { "LU", "US", "fr", "", "FRA" }) Assert.Equal("DSP-1003", (await care.Op<AllowCountry>().RunAsync(care.Emma, care.Record, country, care.Cancel)).Refusal!.Id);
        foreach (var caller in new[] { assistant, care.Thill, care.Hospital, care.Agent }) Assert.False((await care.Op<AllowCountry>().RunAsync(caller, care.Record, "FR", care.Cancel)).Succeeded);
        Assert.False((await care.Op<AllowCountry>().RunAsync(care.Emma with { MayAct = false }, care.Record, "FR", care.Cancel)).Succeeded);
        Assert.Empty((await care.SheetAsync()).Abroad);
        Assert.Equal(29, EuropeanCountries.Codes.Count);
        Assert.Equal("Frankräich", EuropeanCountries.NameOf("FR", "lb"));
    }

    [Theory, EveryStore]
    public async Task Who_represents_the_holder_learns_that_the_record_is_open_and_nothing_else(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        await care.ChangeSheetAsync(s => s with { Representations = [new Representation(Ids.New(care.World.Clock), care.Other.Person!.Value, RepresentationKind.Assistant, care.Now.AddDays(-1), null, null, "Weber")] });
        var assistant = care.Caller(CallerKind.Person, care.Other.Person);
        await care.Op<BlockFromRecord>().RunAsync(care.Emma, care.Record, ActorRef.Of(care.Thill.Person!.Value), "risk", care.Cancel);

        var known = (await care.Op<ReadChoices>().RunAsync(assistant, new RecordRef.ById(care.Record), care.Cancel)).Value;

        var only = Assert.Single(known.Versions);
        Assert.Equal((ChoiceKind.General, 0L), (only.Choice.Kind, only.Version));
        Assert.Equal(care.Record.Value, (await care.Op<ReadChoices>().RunAsync(assistant, care.Record.Value, care.Cancel)).Value.Version.Choice.Id);
        var holder = (await care.Op<ReadChoices>().RunAsync(care.Emma, new RecordRef.ById(care.Record), care.Cancel)).Value;
        Assert.Equal(2, holder.Newest.Count);
        await care.Op<Dsp.Records.CloseRecord>().RunAsync(care.Emma, new RecordRef.ById(care.Record), care.Cancel);
        Assert.Equal(Refusals.NotFound, (await care.Op<ReadChoices>().RunAsync(assistant, new RecordRef.ById(care.Record), care.Cancel)).Refusal);
        Assert.Equal(ClosureReason.Holder, Assert.Single((await care.Op<ReadChoices>().RunAsync(care.Emma, new RecordRef.ById(care.Record), care.Cancel)).Value.Newest).Choice.Closed);
    }

    [Theory, EveryStore]
    public async Task A_choice_of_before_versions_were_kept_has_a_first_version_when_it_changes(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var block = new RecordBlock(Ids.New(care.World.Clock), care.Thill.Person, null, care.Now.AddDays(-30), "Thill");
        await care.ChangeSheetAsync(s => s with { Blocks = [block] });
        Assert.Equal(0, await care.World.CountAsync("choice_versions"));
        Assert.Equal(0, (await KnownAsync()).Find(block.Id)!.Version);

        await care.Op<Unblock>().RunAsync(care.Emma, care.Record, block.Id, care.Cancel);

        var history = (await KnownAsync()).HistoryOf(block.Id);
        Assert.Equal([3L, 0L], history.Select(v => v.Version));
        Assert.Equal((care.Now, CallerKind.Person, care.Emma.Person), (history[0].Choice.EndedAt, history[0].By, history[0].Person));
        Assert.Null(history[1].By);
        Assert.Equal(block.At, history[1].At);

        async Task<KnownChoices> KnownAsync() => (await care.Op<ReadChoices>().RunAsync(care.Emma, new RecordRef.ById(care.Record), care.Cancel)).Value;
    }

    [Theory, EveryStore]
    public async Task Rows_that_were_taken_away_or_altered_change_nothing_of_what_holds_and_raise_an_alarm(Store store)
    {
        await using var care = await CareWorld.CreateAsync(store);
        var gone = (await care.Op<AllowCountry>().RunAsync(care.Emma, care.Record, "FR", care.Cancel)).Value;
        await care.Op<ForbidCountry>().RunAsync(care.Emma, care.Record, gone, care.Cancel);
        var on = (await care.Op<AllowCountry>().RunAsync(care.Emma, care.Record, "DE", care.Cancel)).Value;
        // FR's end is taken away; DE's only row is put in FR's place.
        await care.Database.CommitAsync(new Dsp.Storage.Batch()
            .Add("DELETE FROM choice_versions WHERE choice_id = @c AND sheet_version = (SELECT MAX(v.sheet_version) FROM choice_versions v WHERE v.choice_id = @c)", ("c", gone))
            .Add("UPDATE choice_versions SET choice_id = @other WHERE choice_id = @c", ("c", on), ("other", gone)), care.Cancel);

        var known = (await care.Op<ReadChoices>().RunAsync(care.Emma, new RecordRef.ById(care.Record), care.Cancel)).Value;

        Assert.NotNull(known.Find(gone)!.Choice.EndedAt);
        Assert.Null(known.Find(on)!.Choice.EndedAt);
        Assert.Equal(["choice-does-not-open", "choice-version-missing"], care.World.Platform.Alarms.Recent.Select(a => a.Kind));
    }

    [Fact]
    public void A_contact_point_is_let_in_by_its_switch_and_by_nothing_else()
    {
        var abroad = Facts.Treating() with { Sheet = Facts.Open with { Abroad = [new CountrySwitch(Facts.Some, "FR", Facts.Now)], Contexts = [Facts.Context] } };
        var point = abroad with { Actor = new ActorFacts { Caller = new Caller { Kind = CallerKind.ContactPoint, Country = "FR", Strong = true, AuthenticatedAt = Facts.Now } } };
        point.Passes();
        (point with { Action = AccessAction.Search, Item = null }).Passes();
        point.As(c => c with { Country = "BE" }).Fails("7-abroad", Refusals.NotFound);
        point.As(c => c with { Country = null }).Fails("7-abroad", Refusals.NotFound);
        point.As(c => c with { Strong = false }).Fails("0-strong", Refusals.SignInTooWeak);
        point.With(s => s with { State = RecordState.Closed, Closure = new Closure(Facts.Now, ClosureReason.Holder, RecordState.Active, null, null) }).Fails("1-open", Refusals.NotFound);
        foreach (var action in Enum.GetValues<AccessAction>().Where(a => a is not (AccessAction.Read or AccessAction.Search)))
            (point with { Action = action }).As(c => c with { MayAct = true }).Fails("0-role", Refusals.RoleMayNot);
        // A doctor of here needs a relation, whatever is on.
        abroad.With(s => s with { Contexts = [] }).Fails("7-relation", Refusals.NotFound);
    }
}
