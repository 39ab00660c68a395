using Dsp.Access;
using Dsp.Accounts;
using Dsp.Notices;
using Dsp.Records;
using Dsp.Tests.Support;

namespace Dsp.Tests.Accounts;

/// <summary>What agents, sessions and step-up hold against each other.</summary>
public sealed class TakeoverTests
{
    [Theory, EveryStore]
    public async Task One_agent_alone_takes_over_no_account(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        var one = await world.AgentAsync("2041");
        var reset = world.Get<ResetSignIn>();

        // Redirect, then reset: not the same hand.
        Assert.Null((await world.Get<ChangeContact>().RunAsync(one, emma.Person, new Contact("agent@example.org"), world.Cancel)).Refusal);
        Assert.Equal(Refusals.SecondAgentNeeded, (await reset.RunAsync(one, emma.Person, world.Cancel)).Refusal);
        Assert.Equal(Refusals.SecondAgentNeeded, (await world.Get<IssueLetter>().RunAsync(one, emma.Person, world.Cancel)).Refusal);
        Assert.Contains(await world.LettersAsync(NoticeKind.ContactChanged, emma.Person), m => m.Values["email"] == "emma@example.org");

        // Reset, then redirect: not the same hand either; and a reset is two agents' in any case.
        var two = await world.AgentAsync("2042");
        Assert.False((await reset.RunAsync(two, emma.Person, world.Cancel)).Value);
        Assert.Equal(Refusals.SecondAgentNeeded, (await reset.RunAsync(two, emma.Person, world.Cancel)).Refusal);
        Assert.Equal(Refusals.SecondAgentNeeded, (await world.Get<ChangeContact>().RunAsync(two, emma.Person, new Contact("two@example.org"), world.Cancel)).Refusal);
        Assert.True((await world.SignInAsync(account)).Succeeded);

        var three = await world.AgentAsync("2043");
        Assert.True((await reset.RunAsync(three, emma.Person, world.Cancel)).Value);
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(account)).Refusal);
        // What the letter begins, none of the two opens by saying that they saw the person.
        await world.ActivatedAsync(emma, await world.CodeOfAsync(NoticeKind.ActivationCode, emma.Person));
        foreach (var hand in new[] { one, two, three })
            Assert.Equal(Refusals.SecondAgentNeeded, (await world.Get<ConfirmIdentity>().RunAsync(hand, emma.Person, "passport", world.Cancel)).Refusal);
        Assert.Null((await world.Get<ConfirmIdentity>().RunAsync(await world.AgentAsync("2044"), emma.Person, "passport", world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_letter_issued_by_an_agent_is_opened_in_person_by_another_one(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var (one, two) = (await world.AgentAsync("2041"), await world.AgentAsync("2042"));
        Assert.Null((await world.Get<IssueLetter>().RunAsync(one, emma.Person, world.Cancel)).Refusal);
        var account = await world.ActivatedAsync(emma, await world.CodeOfAsync(NoticeKind.ActivationCode, emma.Person));
        Assert.Equal(Refusals.SecondAgentNeeded, (await world.Get<ConfirmIdentity>().RunAsync(one, emma.Person, "carte d’identité", world.Cancel)).Refusal);
        Assert.Equal(Refusals.AccountWaits, (await world.SignInAsync(account)).Refusal);
        Assert.Null((await world.Get<ConfirmIdentity>().RunAsync(two, emma.Person, "carte d’identité", world.Cancel)).Refusal);
        Assert.True((await world.SignInAsync(account)).Succeeded);
        // Whoever is no agent of the agency does none of it.
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        Assert.NotNull((await world.Get<IssueLetter>().RunAsync(doctor, emma.Person, world.Cancel)).Refusal);
        Assert.NotNull((await world.Get<ConfirmIdentity>().RunAsync(await world.AuthorityAsync(), emma.Person, "x", world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task An_act_that_cannot_be_undone_asks_for_a_fresh_factor(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        var caller = world.CallerOf((await world.SignInAsync(account)).Value);
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal(Refusals.FreshFactorNeeded, (await world.Get<CloseRecord>().RunAsync(caller, emma.Ref, world.Cancel)).Refusal);
        Assert.Equal(Refusals.FreshFactorNeeded, (await world.Get<AddFactor>().RunAsync(caller, new NewFactors { Password = "Un autre jardin, la nuit" }, world.Cancel)).Refusal);
        Assert.Equal(Refusals.FreshFactorNeeded, (await world.Get<ChangeContact>().RunAsync(caller, new Contact("x@example.org"), "fr", world.Cancel)).Refusal);
        Assert.Equal(Refusals.FreshFactorNeeded, (await world.Get<OrderCodeList>().RunAsync(caller, world.Cancel)).Refusal);

        Assert.Equal(Refusals.SignInFailed, (await world.Get<ProveAgain>().RunAsync(caller, "000000", AccountWorld.Somewhere, world.Cancel)).Refusal);
        var proven = await world.Get<ProveAgain>().RunAsync(caller, world.NextCode(account), AccountWorld.Somewhere, world.Cancel);
        Assert.Null(proven.Refusal);
        var fresh = caller with { FreshAt = proven.Value };
        Assert.Null((await world.Get<AddFactor>().RunAsync(fresh, new NewFactors { Password = "Un autre jardin, la nuit" }, world.Cancel)).Refusal);
        Assert.True((await world.SignInAsync(account, "Un autre jardin, la nuit")).Succeeded);
        Assert.Null((await world.Get<CloseRecord>().RunAsync(fresh with { FreshAt = world.Clock.Now() }, emma.Ref, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_session_ended_by_its_person_is_over_with_the_next_request(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        var lost = (await world.SignInAsync(account, place: AccountWorld.Somewhere with { DeviceName = "Chrome, Android" })).Value;
        var mine = (await world.SignInAsync(account)).Value;
        var caller = world.CallerOf(mine);
        var view = (await world.Get<ReadOwnAccount>().RunAsync(caller, world.Cancel)).Value!;
        Assert.Equal([("Firefox, Linux", true), ("Chrome, Android", false)], view.Sessions.Select(s => (s.Device, s.IsThisOne)));
        Assert.Null((await world.Get<EndOwnSessions>().RunAsync(caller, lost.Session, world.Cancel)).Refusal);
        Assert.Equal(Refusals.NotSignedIn, (await world.Get<ReadRecordState>().RunAsync(world.CallerOf(lost), emma.Ref, world.Cancel)).Refusal);
        Assert.Equal(Refusals.NotSignedIn, (await world.Get<ReadOwnAccount>().RunAsync(world.CallerOf(lost), world.Cancel)).Refusal);
        Assert.True((await world.Get<ReadRecordState>().RunAsync(caller, emma.Ref, world.Cancel)).Succeeded);
        // Another person's session is not there to be ended.
        var claude = await world.OpenedAsync(await world.ActiveAsync(WorldPeople.Claude, "ANDRIESSON", "Claude"));
        var stranger = (await world.SignInAsync(claude)).Value;
        Assert.Equal(Refusals.NotFound, (await world.Get<EndOwnSessions>().RunAsync(world.CallerOf((await world.SignInAsync(account)).Value), stranger.Session, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task The_last_way_in_is_not_removed(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var caller = world.CallerOf((await world.SignInAsync(account)).Value);
        var factors = (await world.Get<ReadOwnAccount>().RunAsync(caller, world.Cancel)).Value!.Factors;
        Assert.All(factors, f => Assert.Equal(Refusals.LastWayIn, world.Get<RemoveFactor>().RunAsync(caller, f.Id, world.Cancel).GetAwaiter().GetResult().Refusal));
        await world.Get<AddFactor>().RunAsync(caller, new NewFactors { Passkey = new PasskeyCredential([7], [1], 0, [], false, false, world.Clock.Now()) }, world.Cancel);
        Assert.Null((await world.Get<RemoveFactor>().RunAsync(caller, factors[0].Id, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_suspended_professional_with_a_live_session_is_out_on_the_next_request(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var place = await world.InstitutionAsync();
        var doctor = await world.ProfessionalAsync(place, registerId: "P-1002");
        await world.Get<AskForLetter>().RunAsync("P-1002", null, AccountWorld.Somewhere, world.Cancel);
        var account = await world.ActivatedAsync(new TestHolder(doctor.Person!.Value, default, "P-1002", ""), await world.CodeOfAsync(NoticeKind.ActivationCode, doctor.Person.Value));
        await world.OpenAsync(account);
        var caller = world.CallerOf((await world.SignInAsync(account)).Value, CallerKind.Professional) with { Institution = place };
        var code = (await world.Get<CreatePresenceCode>().RunAsync(world.Self(emma), emma.Record, null, null, world.Cancel)).Value;
        Assert.True((await world.Get<RedeemPresenceCode>().RunAsync(caller, emma.Ref, code.Code, world.Cancel)).Succeeded);
        await world.Get<StopLicence>().RunAsync(await world.AgentAsync(), doctor.Person!.Value, world.Clock.Now(), null, world.Cancel);
        var entered = await world.Platform.Gate.EnterAsync(new AccessRequest(caller, emma.Ref, AccessAction.Search, "search"), world.Cancel);
        Assert.Equal(Refusals.LicenceStopped, entered.Refusal);
    }
}
