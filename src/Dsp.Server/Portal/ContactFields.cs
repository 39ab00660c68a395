using Dsp.Accounts;

namespace Dsp.Server.Portal;

/// <summary>An e-mail address and a phone number as they were typed.</summary>
internal static class ContactFields
{
    /// <returns>Null where one of them cannot be one; both may be empty.</returns>
    public static Contact? Read(string? email, string? phone)
    {
        var contact = new Contact(Blank(email), Blank(phone));
        return ChangeContact.IsWellFormed(contact) ? contact : null;
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What a person calls a passkey.</summary>
internal static class PasskeyName
{
    private const int Longest = 40;

    public static string? Of(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim() is { Length: > Longest } longer ? longer[..Longest] : text.Trim();
}
