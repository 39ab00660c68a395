using System.Text;
using Dsp.Accounts;
using Dsp.Notices;

namespace Dsp.Demo.Story;

/// <summary>
/// Some of the demo's people have an account besides, so that the real way to sign in can be tried: made by the operations
/// themselves, with a letter, an activation and an identity check by another agent. Password and key are everybody's to read:
/// they exist in the demo alone.
/// </summary>
internal static class DemoAccounts
{
    public const string Password = "Une demo sans aucun secret";

    /// <summary>Who has one, by key.</summary>
    public static IReadOnlyList<string> People { get; } = ["emma", "tiago", "dr-thill", "dr-other"];

    /// <summary>The key of the application that everybody shares.</summary>
    public static byte[] Key { get; } = Encoding.ASCII.GetBytes("DSP demo, no secrets");

    /// <summary>The code to type now.</summary>
    public static string CodeAt(DateTimeOffset now) => Totp.CodeAt(Key, now);

    /// <returns>The name to type, by key.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> MakeAsync(StoryStage stage, CancellationToken cancel)
    {
        var logins = new Dictionary<string, string>(StringComparer.Ordinal);
        var place = new SignInPlace(null, null, "");
        foreach (var key in People)
        {
            var (person, login) = stage.Cast.Played.TryGetValue(key, out var holder) ? (holder.Person, holder.Who.NationalId!) : (stage.Cast.Professional(key).Person, stage.Cast.Professional(key).RegisterId);
            await stage.Operation<IssueLetter>().RunAsync(stage.Cast.AsAgent("agent"), person, cancel).InStory("the letter of " + key);
            var letter = (await stage.Platform.Outbox.DueAsync(stage.Platform.Clock.GetUtcNow(), int.MaxValue, cancel)).Last(m => m.Kind == NoticeKind.ActivationCode && m.To == person);
            var ticket = await stage.Operation<BeginActivation>().RunAsync(login, null, letter.Values["code"], place, cancel).InStory(key + " types the code");
            var factors = new NewFactors { Password = Password, TotpKey = Key, TotpCode = CodeAt(stage.Platform.Clock.GetUtcNow()) };
            await stage.Operation<ActivateAccount>().RunAsync(ticket, factors, new Contact(), "fr", cancel).InStory(key + " sets up an account");
            await stage.Operation<ConfirmIdentity>().RunAsync(stage.Cast.AsAgent("agent2"), person, "pièce d’identité (démo)", cancel).InStory(key + " is seen in person");
            await stage.Platform.Outbox.SentAsync(letter.Id, stage.Platform.Clock.GetUtcNow(), cancel);
            logins[key] = login;
        }
        return logins;
    }
}
