using System.Globalization;

namespace Dsp.Notices;

/// <summary>
/// The letter of creation with the seven items of RGD 6.12.2019 art. 2(3) and the information of GDPR art. 14. It names the
/// login identifier and never a secret beside it.
/// </summary>
public static class CreationLetter
{
    /// <param name="login">The person's eHealthID; the secret travels by another way.</param>
    /// <param name="opens">The day professionals may use the record unless it was objected to; null where it is open already, on request.</param>
    public static Notice Compose(Guid id, DateTimeOffset sentAt, string language, DateTimeOffset createdAt, string login, DateTimeOffset? opens)
    {
        var texts = LetterTexts.Of(language);
        var items = Enum.GetValues<LetterPart>().Select(part => new LetterItem(part, Fill(part == LetterPart.RightToOppose && opens is null ? texts.OpenOnRequest : texts[part], createdAt, login, opens)));
        return new Notice(id, NoticeKind.CreationLetter, sentAt) { Language = texts.Language, Items = [.. items] };
    }

    private static string Fill(string text, DateTimeOffset createdAt, string login, DateTimeOffset? opens) =>
        text.Replace("{created}", Day(createdAt), StringComparison.Ordinal)
            .Replace("{login}", login, StringComparison.Ordinal)
            .Replace("{opens}", opens is { } at ? Day(at) : "", StringComparison.Ordinal);

    private static string Day(DateTimeOffset at) => Deadlines.DayOf(at).ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);
}
