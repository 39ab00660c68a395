using Dsp.Access;
using Dsp.Accounts;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Accounts;

public sealed class ActivationTests
{
    [Theory, EveryStore]
    public async Task By_letter_an_account_opens_with_the_second_letter_and_not_before(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var account = await world.ActivatedAsync(emma);
        Assert.Equal(Refusals.AccountWaits, (await world.SignInAsync(account)).Refusal);
        Assert.Empty(await world.LettersAsync(NoticeKind.SecondCode, emma.Person));
        Assert.Single(await world.LettersAsync(NoticeKind.StopCode, emma.Person));

        await world.OpenAsync(account);
        var signedIn = await world.SignInAsync(account);
        Assert.Null(signedIn.Refusal);
        Assert.Equal((SignInLevel.TwoFactors, "pwd otp"), (signedIn.Value.Level, string.Join(' ', signedIn.Value.Methods)));
        Assert.True((await world.Get<ReadRecordState>().RunAsync(world.CallerOf(signedIn.Value), emma.Ref, world.Cancel)).Succeeded);
    }

    [Theory, EveryStore]
    public async Task A_stolen_letter_alone_opens_nothing_and_its_owner_stops_it(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var thief = await world.ActivatedAsync(emma, contact: new Contact("thief@example.org", "+352 691 000 000"));
        Assert.Equal(Refusals.AccountWaits, (await world.SignInAsync(thief)).Refusal);
        Assert.Equal(0, await world.CountAsync("account_sessions"));

        var stop = await world.CodeOfAsync(NoticeKind.StopCode, emma.Person);
        Assert.Null((await world.Get<StopActivation>().RunAsync(thief.Login, null, stop, AccountWorld.Somewhere, world.Cancel)).Refusal);
        Assert.Contains(world.Platform.Alarms.Recent, a => a.Kind == "activation-stopped");
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(4));
        Assert.Empty(await world.LettersAsync(NoticeKind.SecondCode, emma.Person));
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(thief)).Refusal);
        Assert.Equal(0, await world.CountAsync("accounts"));
    }

    [Theory, EveryStore]
    public async Task The_letter_and_a_mailbox_of_the_attacker_are_not_two_channels(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var thief = await world.ActivatedAsync(emma, contact: new Contact("thief@example.org", "+352 691 000 000"));
        // No code of any kind leaves by another way than the post; the mailbox given learns nothing it could type.
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(30));
        var sent = (await world.Platform.Outbox.DueAsync(world.Clock.Now(), 1000, world.Cancel)).Where(m => m.To == emma.Person).ToList();
        Assert.All(sent.Where(m => m.Channel != OutboxChannel.Post), m => Assert.DoesNotContain(m.Values.Keys, k => k.Contains("code", StringComparison.Ordinal)));
        Assert.Equal(Refusals.AccountWaits, (await world.SignInAsync(thief)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_code_works_once_for_three_months_and_five_tries_whoever_makes_them(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var code = await world.LetterAsync(emma);
        async Task<Refusal?> TryAsync(string typed) => (await world.Get<BeginActivation>().RunAsync(emma.Number, null, typed, AccountWorld.Somewhere, world.Cancel)).Refusal;
        for (var i = 0; i < 4; i++) Assert.Equal(Refusals.LetterCodeRefused, await TryAsync("AAAA BBBB CCC" + "23456789"[i]));
        Assert.Null(await TryAsync(code.ToLowerInvariant()));
        Assert.Equal(Refusals.LetterCodeRefused, await TryAsync(code));

        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(8));
        var second = await world.LetterAsync(emma);
        Assert.Equal(Refusals.LetterCodeRefused, await TryAsync(code));
        await world.ActivatedAsync(emma, second);
        Assert.Equal(Refusals.LetterCodeRefused, await TryAsync(second));

        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(8));
        var third = await world.LetterAsync(emma);
        world.Clock.Set(Deadlines.AddMonths(world.Clock.Now(), 3));
        Assert.Equal(Refusals.LetterCodeRefused, await TryAsync(third));
    }

    [Theory, EveryStore]
    public async Task A_guessed_code_finds_its_door_shut_after_five_tries_even_when_many_come_at_once(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var code = await world.LetterAsync(emma);
        // Each from another address: the limit of the name and of the code itself hold.
        var guesses = Enumerable.Range(0, 12).Select(i => world.Get<BeginActivation>().RunAsync(emma.Number, null, $"2222 3333 44{i:D2}", new SignInPlace($"198.51.100.{i}", null, ""), world.Cancel));
        Assert.All(await Task.WhenAll(guesses), g => Assert.False(g.Succeeded));
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(2));
        for (var i = 0; i < 5; i++) await world.Get<BeginActivation>().RunAsync(emma.Number, null, "2222 3333 4444", AccountWorld.Somewhere, world.Cancel);
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(2));
        Assert.Equal(Refusals.LetterCodeRefused, (await world.Get<BeginActivation>().RunAsync(emma.Number, null, code, AccountWorld.Somewhere, world.Cancel)).Refusal);
        Assert.Contains(world.Platform.Alarms.Recent, a => a.Kind == "letter-code-guessed");
    }

    [Theory, EveryStore]
    public async Task Asking_for_a_letter_says_nothing_and_sends_one_a_week_to_the_register_address(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        async Task<Outcome<Done>> AskAsync(string login) => await world.Get<AskForLetter>().RunAsync(login, null, AccountWorld.Somewhere, world.Cancel);
        var (known, unknown) = (await AskAsync(emma.Number!), await AskAsync(WorldPeople.UnknownNumber));
        Assert.Equal(known, unknown);
        Assert.Equal(known, await AskAsync(emma.Number!));
        Assert.Single(await world.LettersAsync(NoticeKind.ActivationCode));
        var letter = (await world.LettersAsync(NoticeKind.ActivationCode))[0];
        Assert.Equal((OutboxChannel.Post, emma.Person), (letter.Channel, letter.To));
        // The number and the code never travel together (R14).
        Assert.DoesNotContain(emma.Number!, AccountLetterTexts.Of(letter), StringComparison.Ordinal);
        Assert.Contains(letter.Values["code"], AccountLetterTexts.Of(letter), StringComparison.Ordinal);
        await world.Platform.Outbox.SentAsync(letter.Id, world.Clock.Now(), world.Cancel);
        Assert.Equal(0, await world.CountAsync("outbox", "kind = 'code'"));
    }

    [Theory, EveryStore]
    public async Task Without_a_national_number_the_ehealthid_and_the_birth_date_stand_in(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var agent = await world.AgentAsync();
        var birth = PartialDate.Of(new DateOnly(1991, 5, 17));
        var registered = await world.Get<RegisterPerson>().RunAsync(agent, new Registration("Ní Bhriain", "Aoife", birth, Gender.Female), openRecord: true, world.Cancel);
        Assert.Null(registered.Refusal);
        var id = (await world.Platform.People.FindAsync(world.Platform.Database, registered.Value.Person, world.Cancel))!.Details.EHealthId!;
        async Task AskAsync(PartialDate? date) => await world.Get<AskForLetter>().RunAsync(id, date, AccountWorld.Somewhere, world.Cancel);
        await AskAsync(null);
        await AskAsync(PartialDate.Of(new DateOnly(1991, 5, 18)));
        Assert.Empty(await world.LettersAsync(NoticeKind.ActivationCode));
        await AskAsync(birth);
        var letter = Assert.Single(await world.LettersAsync(NoticeKind.ActivationCode));
        Assert.Contains(id, AccountLetterTexts.Of(letter), StringComparison.Ordinal);
        Assert.DoesNotContain("1991", AccountLetterTexts.Of(letter), StringComparison.Ordinal);
        Assert.Equal(Refusals.LetterCodeRefused, (await world.Get<BeginActivation>().RunAsync(id, PartialDate.Of(new DateOnly(1991, 5, 18)), letter.Values["code"], AccountWorld.Somewhere, world.Cancel)).Refusal);
        Assert.Null((await world.Get<BeginActivation>().RunAsync(id, birth, letter.Values["code"], AccountWorld.Somewhere, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task A_professional_activates_only_where_the_directory_lists_them_with_a_licence(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync(), registerId: "P-1002");
        await world.Get<AskForLetter>().RunAsync("P-9999", null, AccountWorld.Somewhere, world.Cancel);
        Assert.Empty(await world.LettersAsync(NoticeKind.ActivationCode));
        await world.Get<AskForLetter>().RunAsync("P-1002", null, AccountWorld.Somewhere, world.Cancel);
        var account = await world.ActivatedAsync(new TestHolder(doctor.Person!.Value, default, "P-1002", ""), await world.CodeOfAsync(NoticeKind.ActivationCode, doctor.Person.Value));
        await world.OpenAsync(account);
        Assert.True((await world.SignInAsync(account)).Succeeded);

        var stopped = await world.ProfessionalAsync(await world.InstitutionAsync(), family: "Stopp", registerId: "P-1003");
        await world.Get<StopLicence>().RunAsync(await world.AgentAsync(), stopped.Person!.Value, world.Clock.Now(), null, world.Cancel);
        await world.Get<AskForLetter>().RunAsync("P-1003", null, AccountWorld.Somewhere, world.Cancel);
        Assert.Empty(await world.LettersAsync(NoticeKind.ActivationCode, stopped.Person));
    }

    [Theory, EveryStore]
    public async Task A_recovery_leaves_the_old_way_working_until_the_second_letter_and_then_ends_it(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var before = await world.OpenedAsync(emma);
        var live = await world.SignInAsync(before);
        world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(8));
        var after = await world.ActivatedAsync(emma, password: "Un autre jardin, la nuit");
        Assert.Null((await world.SignInAsync(before)).Refusal);
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(after)).Refusal);
        await world.OpenAsync(after);
        Assert.Null((await world.SignInAsync(after)).Refusal);
        Assert.Equal(Refusals.SignInFailed, (await world.SignInAsync(before)).Refusal);
        Assert.False(await world.Get<SessionStands>().RunAsync(live.Value.Session, emma.Person, world.Cancel));
    }
}
