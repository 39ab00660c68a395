using Dsp.Access;
using Dsp.Accounts;
using Dsp.Notices;
using Dsp.Tests.Support;

namespace Dsp.Tests.Accounts;

/// <summary>What a person holds after activating: the password, the application's key, the browser.</summary>
internal sealed record TestAccount(PersonId Person, string Login, string Password, byte[] Key);

internal static class AccountWorld
{
    public const string Password = "Tournesol violet sur le toit";
    public static readonly TimeSpan Life = TimeSpan.FromHours(8);
    public static readonly SignInPlace Somewhere = new("198.51.100.7", null, "Firefox, Linux");

    extension(World world)
    {
        public T Get<T>() where T : IOperation => world.Operation<T>();

        /// <summary>Letters of this kind that have left or will leave until now, newest last.</summary>
        public async Task<IReadOnlyList<OutboxMessage>> LettersAsync(NoticeKind kind, PersonId? to = null) =>
            [.. (await world.Platform.Outbox.DueAsync(world.Clock.Now(), 1000, world.Cancel)).Where(m => m.Kind == kind && (to is null || m.To == to))];

        public async Task<string> CodeOfAsync(NoticeKind kind, PersonId to) => (await world.LettersAsync(kind, to))[^1].Values["code"];

        /// <summary>A holder's letter, asked for by the holder, and its code.</summary>
        public async Task<string> LetterAsync(TestHolder holder)
        {
            Assert.True((await world.Get<AskForLetter>().RunAsync(holder.Number ?? holder.EHealthId, null, Somewhere, world.Cancel)).Succeeded);
            return await world.CodeOfAsync(NoticeKind.ActivationCode, holder.Person);
        }

        /// <summary>Activated with the letter's code: what was set up waits.</summary>
        public async Task<TestAccount> ActivatedAsync(TestHolder holder, string? code = null, string password = Password, Contact? contact = null)
        {
            var login = holder.Number ?? holder.EHealthId;
            var begun = await world.Get<BeginActivation>().RunAsync(login, null, code ?? await world.LetterAsync(holder), Somewhere, world.Cancel);
            Assert.Null(begun.Refusal);
            var key = Totp.NewKey();
            var done = await world.Get<ActivateAccount>().RunAsync(begun.Value, new NewFactors { Password = password, TotpKey = key, TotpCode = Totp.CodeAt(key, world.Clock.GetUtcNow()) }, contact ?? new Contact("emma@example.org"), "fr", world.Cancel);
            Assert.Null(done.Refusal);
            return new TestAccount(holder.Person, login, password, key);
        }

        /// <summary>Activated, and opened by the second letter.</summary>
        public async Task<TestAccount> OpenedAsync(TestHolder holder)
        {
            var account = await world.ActivatedAsync(holder);
            await world.OpenAsync(account);
            return account;
        }

        public async Task OpenAsync(TestAccount account)
        {
            world.Clock.Set(world.Clock.Now() + TimeSpan.FromDays(3));
            var opened = await world.Get<ConfirmSecondLetter>().RunAsync(account.Login, null, await world.CodeOfAsync(NoticeKind.SecondCode, account.Person), Somewhere, world.Cancel);
            Assert.Null(opened.Refusal);
        }

        /// <summary>A code nobody has used: the clock goes on to the next step.</summary>
        public string NextCode(TestAccount account)
        {
            world.Clock.Set(world.Clock.Now() + TimeSpan.FromSeconds(60));
            return Totp.CodeAt(account.Key, world.Clock.GetUtcNow());
        }

        public Task<Outcome<SignedIn>> SignInAsync(TestAccount account, string? password = null, string? code = null, SignInPlace? place = null) =>
            world.Get<SignInWithPassword>().RunAsync(account.Login, password ?? account.Password, code ?? world.NextCode(account), place ?? Somewhere, Life, world.Cancel);

        /// <summary>The caller the portal makes of a sign-in.</summary>
        public Caller CallerOf(SignedIn signedIn, CallerKind kind = CallerKind.Person) => new()
        {
            Kind = kind, Person = signedIn.Person, Session = signedIn.Session, Strong = signedIn.Level == SignInLevel.TwoFactors, AuthenticatedAt = world.Clock.Now(), MayAct = true, ThroughPortal = true, Software = "portal",
        };
    }
}
