namespace Dsp.Server.Portal;

/// <summary>A form that a script fills with an authenticator's answer; without script, and where there are no passkeys, it stays hidden.</summary>
/// <param name="Path">The page it posts to.</param>
/// <param name="Handler">The page's handler; the question comes from its <c>Options</c> handler.</param>
/// <param name="Kind"><c>get</c> proves a passkey, <c>create</c> makes one.</param>
public sealed record PasskeyForm(string Path, string Handler, string Kind, string Button)
{
    /// <summary>The browser offers a passkey where the name is typed, without the button.</summary>
    public bool Conditional { get; init; }

    /// <summary>A field for what the person calls the new passkey.</summary>
    public string? NameLabel { get; init; }
}
