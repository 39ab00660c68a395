using Dsp.Identity;
using Dsp.Sealing;

namespace Dsp.Accounts;

/// <summary>
/// What somebody typed as the name of an account: a national number, an eHealthID, or the register id of a professional. Never
/// an e-mail address or a phone number: several people may share one.
/// </summary>
public sealed record LoginName
{
    private LoginName(IReadOnlyList<PersonIdentifier> candidates, string text) => (Candidates, Text) = (candidates, text);

    /// <summary>The identifiers it may be, the likeliest first; empty for a form that nobody can have.</summary>
    public IReadOnlyList<PersonIdentifier> Candidates { get; }

    /// <summary>One text for all ways to type the same name: what attempts are counted by.</summary>
    public string Text { get; }

    /// <summary>Its national number says the birth date; another name says nothing of the person.</summary>
    public bool SaysBirthDate => Candidates is [{ System: Identifiers.NationalNumber }, ..];

    /// <param name="today">The day in Luxembourg.</param>
    public static LoginName Read(string? typed, DateOnly today)
    {
        var text = (typed ?? "").Trim();
        if (text.Length > 64) text = text[..64];
        if (Identifiers.Normalise(Identifiers.NationalNumber, text, today) is { } number) return new LoginName([new(Identifiers.NationalNumber, number)], number);
        var found = new List<PersonIdentifier>();
        if (Identifiers.Normalise(Identifiers.EHealthId, text, today) is { } id) found.Add(new(Identifiers.EHealthId, id));
        if (Identifiers.Normalise(Identifiers.ProfessionalRegister, text, today) is { } register) found.Add(new(Identifiers.ProfessionalRegister, register));
        return new LoginName(found, found.Count > 0 ? found[0].Value : text);
    }

    internal static byte[] TokenOf(ServiceKeys keys, PersonIdentifier identifier) => Identifiers.TokenOf(keys, identifier);
}
