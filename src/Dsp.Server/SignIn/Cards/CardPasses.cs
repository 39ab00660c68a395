using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Dsp.Accounts;
using Dsp.Identity.Software;
using Dsp.Sealing;
using Dsp.Server.Portal;
using Dsp.Server.Wire;

namespace Dsp.Server.SignIn.Cards;

/// <summary>What a card is shown for.</summary>
public enum CardPurpose
{
    SignIn,
    /// <summary>A factor proven again.</summary>
    Confirm,
    /// <summary>The card becomes a factor of the account.</summary>
    Add,
}

/// <summary>What this browser keeps while its person shows a card under the other name.</summary>
/// <param name="Person">Who was signed in; null for signing in.</param>
internal sealed record CardQuestion(byte[] Nonce, CardPurpose Purpose, PersonId? Person, DateTimeOffset Until);

/// <summary>What the card's name says to the portal's, through the browser.</summary>
/// <param name="State">The question it answers.</param>
/// <param name="Issuer">Null where the card proves nothing.</param>
internal sealed record CardAnswer(string Id, string State, string? Issuer, string? Number, CardRefusal Refusal, DateTimeOffset Until);

/// <summary>
/// Carries a card's proof from the name that asks for certificates to the portal's: sealed, for one minute, once, and only into
/// the browser that asked. A proof that somebody else's browser brings is none (login CSRF).
/// </summary>
public sealed class CardPasses(ServiceKeys keys, UsedProofs used, ServerSettings settings, TimeProvider clock)
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "dsp-card";

    private const string Purpose = "portal-card";
    private const string AnswerPurpose = "card-answer";
    private const int StateLength = 43;
    private static readonly TimeSpan QuestionLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerLife = TimeSpan.FromMinutes(1);

    /// <summary>Begins: the cookie is written, and what is handed to the card's name returned.</summary>
    internal string Ask(HttpContext context, CardPurpose purpose, PersonId? person)
    {
        var question = new CardQuestion(RandomNumberGenerator.GetBytes(32), purpose, person, clock.GetUtcNow() + QuestionLife);
        context.Response.Cookies.Append(Cookie, keys.SealText(Purpose, question, CardJson.Default.CardQuestion), Options());
        return StateOf(question);
    }

    /// <summary>A text that could be a state; what it stands for, the portal knows.</summary>
    internal static bool IsState(string? text) => text?.Length == StateLength && Base64Url.IsValid(text);

    internal string Answer(string state, CardResult result) =>
        keys.SealText(AnswerPurpose, new CardAnswer(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), state, result.Proof?.Issuer, result.Proof?.Subject, result.Refusal, clock.GetUtcNow() + AnswerLife), CardJson.Default.CardAnswer);

    /// <summary>Takes an answer to this browser's question, once.</summary>
    /// <returns>Null where it is too old, was taken before, or answers another browser.</returns>
    internal async Task<(CardQuestion Question, CardResult Result)?> TakeAsync(HttpContext context, string? text, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (keys.OpenText(Purpose, context.Request.Cookies[Cookie], CardJson.Default.CardQuestion) is not { } question || now >= question.Until) return null;
        if (keys.OpenText(AnswerPurpose, text, CardJson.Default.CardAnswer) is not { } answer || now >= answer.Until || answer.State != StateOf(question)) return null;
        context.Response.Cookies.Delete(Cookie, Options());
        if (!await used.UseAsync("card", answer.State, answer.Id, answer.Until, cancel)) return null;
        var proof = answer is { Issuer: { } issuer, Number: { } number } ? new BindingProof(FactorKind.Card, issuer, number, IsStrong: true) : null;
        return (question, new CardResult(proof, answer.Refusal));
    }

    private static string StateOf(CardQuestion question) => Base64Url.EncodeToString(SHA256.HashData(question.Nonce));

    // Lax: the answer comes back from the card's name.
    private CookieOptions Options() => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = QuestionLife, Secure = PortalSession.Secure(settings) };
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, Converters = [typeof(IdJson.Person)])]
[JsonSerializable(typeof(CardQuestion))]
[JsonSerializable(typeof(CardAnswer))]
internal sealed partial class CardJson : JsonSerializerContext;
