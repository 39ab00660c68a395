using System.Diagnostics;
using Dsp.Access;
using Dsp.Accounts;
using Dsp.Notices;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Accounts;

public sealed class SignInTests
{
    [Theory, EveryStore]
    public async Task A_one_time_code_never_works_twice_not_even_at_the_same_moment(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var code = world.NextCode(account);
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.SignInAsync(account, code: code)));
        Assert.Equal(1, both.Count(b => b.Succeeded));
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(account, code: code)).Refusal);
        // The code of the step before is over once a later one was used.
        var earlier = world.NextCode(account);
        Assert.True((await world.SignInAsync(account)).Succeeded);
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(account, code: earlier)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_posted_list_has_ten_codes_each_for_once(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var caller = world.CallerOf((await world.SignInAsync(account)).Value);
        Assert.Null((await world.Get<OrderCodeList>().RunAsync(caller, world.Cancel)).Refusal);
        var codes = (await world.LettersAsync(NoticeKind.CodeList, account.Person))[0].Values["codes"].Split('\n');
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("pwd list", string.Join(' ', (await world.SignInAsync(account, code: codes[3].ToLowerInvariant())).Value.Methods));
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(account, code: codes[3])).Refusal);
        Assert.True((await world.SignInAsync(account, code: codes[0])).Succeeded);
        var view = (await world.Get<ReadOwnAccount>().RunAsync(caller, world.Cancel)).Value!;
        Assert.Equal(8, view.Factors.Single(f => f.Kind == FactorKind.Codes).CodesLeft);
    }

    [Theory, EveryStore]
    public async Task Whatever_is_wrong_the_answer_is_one(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        async Task<Outcome<SignedIn>> ComeAsync(string login, string password, string code) =>
            await world.Get<SignInWithPassword>().RunAsync(login, password, code, AccountWorld.Somewhere, AccountWorld.Life, world.Cancel);
        Refusal?[] all =
        [
            (await ComeAsync(WorldPeople.UnknownNumber, account.Password, world.NextCode(account))).Refusal,
            (await ComeAsync("no name at all", "", "")).Refusal,
            (await ComeAsync(account.Login, "wrong password, long", world.NextCode(account))).Refusal,
            (await ComeAsync(account.Login, account.Password, "000000")).Refusal,
        ];
        Assert.All(all, refusal => Assert.Same(Refusals.SignInFailed, refusal));
        // What is counted and told is the same too: an unknown name is slowed down after as many tries.
        async Task<int> TriesAsync(string login)
        {
            for (var tries = 1; tries < 20; tries++)
                if ((await ComeAsync(login, "wrong password, long", "000000")).Refusal == Refusals.SignInSlowed) return tries;
            return 20;
        }
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(2));
        Assert.Equal(await TriesAsync(account.Login), await TriesAsync(WorldPeople.UnknownNumber));
    }

    [Fact]
    public async Task An_unknown_name_takes_as_long_as_a_wrong_password()
    {
        await using var world = await World.CreateAsync(Store.Sqlite);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        async Task<double> TimeAsync(string login)
        {
            // Each day has its own budget of attempts.
            world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(2));
            var start = Stopwatch.GetTimestamp();
            await world.Get<SignInWithPassword>().RunAsync(login, "wrong password, long", "000000", AccountWorld.Somewhere, AccountWorld.Life, world.Cancel);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        await TimeAsync(account.Login);
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 9; i++)
        {
            // In turns, so that whatever else the machine does slows both.
            known.Add(await TimeAsync(account.Login));
            unknown.Add(await TimeAsync(WorldPeople.UnknownNumber));
        }
        // The hash is the whole of it: without it an unknown name would take a hundredth of the time.
        Assert.InRange(unknown.Order().ElementAt(4) / known.Order().ElementAt(4), 0.4, 2.5);
    }

    [Theory, EveryStore]
    public async Task A_stranger_s_guesses_slow_guesses_down_and_lock_nobody_out(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var home = (await world.SignInAsync(account)).Value.DeviceSecret;
        var key = new PasskeyCredential([1, 2, 3], [4], 0, [], false, false, world.Clock.Now());
        Assert.Null((await world.Get<AddFactor>().RunAsync(world.CallerOf((await world.SignInAsync(account)).Value), new NewFactors { Passkey = key }, world.Cancel)).Refusal);
        var stranger = new SignInPlace("203.0.113.9", null, "");
        for (var i = 0; i < 30; i++) await world.SignInAsync(account, "wrong password, long", "000000", stranger);
        Assert.Equal(Refusals.SignInSlowed, (await world.SignInAsync(account, place: stranger)).Refusal);
        // The right password from a new device waits like a guess; from a known one, and with a passkey, it does not.
        Assert.True((await world.SignInAsync(account, place: new SignInPlace("198.51.100.7", home, ""))).Succeeded);
        Assert.True((await world.Get<SignInWithPasskey>().RunAsync(new PasskeyProof([1, 2, 3], 0, false, [9, 9]), stranger, AccountWorld.Life, world.Cancel)).Succeeded);
        // A cookie that somebody invents is no known device.
        Assert.Equal(Refusals.SignInSlowed, (await world.SignInAsync(account, place: stranger with { Device = new string('a', 64) })).Refusal);
    }

    [Theory, EveryStore]
    public async Task One_address_that_tries_many_names_is_slowed_down_whatever_the_names(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var one = new SignInPlace("203.0.113.10", null, "");
        for (var i = 0; i < 60; i++) Assert.True((await world.Get<AskForLetter>().RunAsync($"X-{i}", null, one, world.Cancel)).Succeeded);
        Assert.Equal(Refusals.SignInSlowed, (await world.Get<AskForLetter>().RunAsync("X-60", null, one, world.Cancel)).Refusal);
        Assert.Equal(Refusals.SignInSlowed, (await world.SignInAsync(account, place: one)).Refusal);
        Assert.True((await world.SignInAsync(account, place: one with { Address = "203.0.113.11" })).Succeeded);
    }

    [Theory, EveryStore]
    public async Task A_new_device_is_told_to_the_addresses_that_may_be_believed(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var first = (await world.SignInAsync(account)).Value;
        Assert.Null((await world.Get<ChangeContact>().RunAsync(world.CallerOf(first), new Contact("new@example.org"), "de", world.Cancel)).Refusal);
        var told = await world.LettersAsync(NoticeKind.ContactChanged, account.Person);
        Assert.Equal(["emma@example.org", "new@example.org"], told.Select(m => m.Values["email"]).Order(StringComparer.Ordinal));

        async Task<string[]> ToldAsync()
        {
            var before = (await world.LettersAsync(NoticeKind.NewDevice, account.Person)).Select(m => m.Id).ToHashSet();
            await world.SignInAsync(account);
            return [.. (await world.LettersAsync(NoticeKind.NewDevice, account.Person)).Where(m => !before.Contains(m.Id)).Select(m => m.Values["email"])];
        }
        Assert.Equal(["emma@example.org"], await ToldAsync());
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(7));
        Assert.Equal(["new@example.org"], await ToldAsync());
        // The same browser again is not new.
        var count = (await world.LettersAsync(NoticeKind.NewDevice, account.Person)).Count;
        await world.SignInAsync(account, place: AccountWorld.Somewhere with { Device = first.DeviceSecret });
        Assert.Equal(count, (await world.LettersAsync(NoticeKind.NewDevice, account.Person)).Count);
    }

    [Theory, EveryStore]
    public async Task A_factor_or_a_code_written_by_somebody_without_the_keys_does_not_exist(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        var other = await world.OpenedAsync(await world.ActiveAsync(WorldPeople.Claude, "ANDRIESSON", "Claude"));
        // The other's own, valid row put under Emma's name; an opening date where there was none; a name turned to another account.
        await world.RunAsync(new Batch()
            .Add("DELETE FROM factors WHERE person_id = @emma", ("emma", emma.Person))
            .Add("UPDATE factors SET person_id = @emma WHERE person_id = @other", ("emma", emma.Person), ("other", other.Person)));
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(account with { Password = other.Password, Key = other.Key })).Refusal);
        Assert.Contains(world.Platform.Alarms.Recent, a => a.Kind == "account-forged");

        var pedro = await world.ActiveAsync(WorldPeople.Pedro, "QUINTELHO", "Pedro");
        var waiting = await world.ActivatedAsync(pedro);
        await world.RunAsync(new Batch().Add("UPDATE factors SET opened_at = added_at WHERE person_id = @pedro", ("pedro", pedro.Person)));
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(waiting)).Refusal);
        await world.RunAsync(new Batch().Add("UPDATE account_names SET person_id = @emma WHERE person_id = @pedro", ("emma", emma.Person), ("pedro", pedro.Person)));
        Assert.NotEqual(emma.Person, await world.Platform.Accounts.PersonOfAsync(LoginName.Read(pedro.Number, new DateOnly(2026, 11, 23)), world.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_passkey_whose_counter_does_not_grow_or_whose_challenge_was_answered_proves_nothing(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var account = await world.OpenedAsync(await world.ActiveAsync());
        var caller = world.CallerOf((await world.SignInAsync(account)).Value);
        Assert.Null((await world.Get<AddFactor>().RunAsync(caller, new NewFactors { Passkey = new PasskeyCredential([7], [1], 5, [], false, false, world.Clock.Now()) }, world.Cancel)).Refusal);
        Task<Outcome<SignedIn>> ComeAsync(uint count, byte challenge) => world.Get<SignInWithPasskey>().RunAsync(new PasskeyProof([7], count, false, [challenge]), AccountWorld.Somewhere, AccountWorld.Life, world.Cancel);
        Assert.True((await ComeAsync(6, 1)).Succeeded);
        Assert.Equal(Refusals.SignInFailed, (await ComeAsync(6, 2)).Refusal);
        Assert.Equal(Refusals.SignInFailed, (await ComeAsync(7, 1)).Refusal);
        Assert.True((await ComeAsync(8, 3)).Succeeded);
        Assert.Equal(Refusals.FactorTaken, (await world.Get<AddFactor>().RunAsync(caller with { AuthenticatedAt = world.Clock.Now() }, new NewFactors { Passkey = new PasskeyCredential([7], [1], 5, [], false, false, world.Clock.Now()) }, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_card_s_number_and_the_insurance_number_without_the_patient_are_nothing(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.OpenedAsync(emma);
        var caller = world.CallerOf((await world.SignInAsync(account)).Value);
        await world.Get<AddFactor>().RunAsync(caller, new BindingProof(FactorKind.Card, "CN=Card CA", "00A1B2C3", true), world.Cancel);
        // Typed, they are a name and a wrong secret.
        Assert.Equal(Refusals.SignInFailed, (await world.Get<SignInWithPassword>().RunAsync(emma.Number, "00A1B2C3", "00A1B2C3", AccountWorld.Somewhere, AccountWorld.Life, world.Cancel)).Refusal);
        Assert.Equal(Refusals.SignInFailed, (await world.Get<SignInWithPassword>().RunAsync("00A1B2C3", emma.Number, emma.Number, AccountWorld.Somewhere, AccountWorld.Life, world.Cancel)).Refusal);
        // And they are no presence of the patient either.
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        Assert.Equal(Refusals.CodeRefused, (await world.Get<RedeemPresenceCode>().RunAsync(doctor, emma.Ref, "00A1B2C3", world.Cancel)).Refusal);
        // The card of another issuer with the same number is another card.
        Assert.Equal(Refusals.SignInFailed, (await world.Get<SignInWithBinding>().RunAsync(new BindingProof(FactorKind.Card, "CN=Stranger", "00A1B2C3", true), AccountWorld.Somewhere, AccountWorld.Life, world.Cancel)).Refusal);
    }
}
