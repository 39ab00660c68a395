using Dsp.Access;
using Dsp.Accounts;
using Dsp.Notices;

namespace Dsp.Browser.Tests.Support;

/// <summary>An account of the fixture: what its person types.</summary>
public sealed record SomeAccount(PersonId Person, string Login, string Password, byte[] Key);

/// <summary>Accounts made by the operations themselves, and the letters their people would hold.</summary>
public static class AccountPeople
{
    private static readonly SignInPlace Elsewhere = new(null, null, "");

    /// <summary>Activated by letter and opened by the second one; the clock goes on three days.</summary>
    public static async Task<SomeAccount> OpenedAsync(PortalWorld world, PersonId person, string login)
    {
        await world.Operation<AskForLetter>().RunAsync(login, null, Elsewhere, default);
        var ticket = await world.Operation<BeginActivation>().RunAsync(login, null, await CodeAsync(world, NoticeKind.ActivationCode, person), Elsewhere, default);
        var account = new SomeAccount(person, login, "Tournesol violet sur le toit", Totp.NewKey());
        var factors = new NewFactors { Password = account.Password, TotpKey = account.Key, TotpCode = Totp.CodeAt(account.Key, world.Clock.GetUtcNow()) };
        Assert.Null((await world.Operation<ActivateAccount>().RunAsync(ticket.Value, factors, new Contact("emma@example.org"), "fr", default)).Refusal);
        world.Clock.Advance(TimeSpan.FromDays(3.01));
        Assert.Null((await world.Operation<ConfirmSecondLetter>().RunAsync(login, null, await CodeAsync(world, NoticeKind.SecondCode, person), Elsewhere, default)).Refusal);
        return account;
    }

    /// <summary>The code of the newest letter of a kind.</summary>
    public static async Task<string> CodeAsync(PortalWorld world, NoticeKind kind, PersonId person) =>
        (await world.Operation<Outbox>().DueAsync(world.Clock.GetUtcNow(), int.MaxValue, default)).Last(m => m.Kind == kind && m.To == person).Values["code"];

    /// <summary>A code nobody has used.</summary>
    public static string NextCode(PortalWorld world, SomeAccount account)
    {
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        return Totp.CodeAt(account.Key, world.Clock.GetUtcNow());
    }

    /// <summary>Types name, password and code on the page shown.</summary>
    public static async Task SignInAsync(Visitor visitor, SomeAccount account, string? code = null, string? password = null)
    {
        await visitor.Page.Locator("#identifiant").FillAsync(account.Login);
        await visitor.Page.Locator("#secret").FillAsync(password ?? account.Password);
        await visitor.Page.Locator("#code").FillAsync(code ?? NextCode(visitor.World, account));
        await visitor.Page.Locator("#code").PressAsync("Enter");
    }
}
