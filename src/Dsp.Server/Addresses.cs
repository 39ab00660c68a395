namespace Dsp.Server;

/// <summary>The public addresses every absolute link is built from. Settled once, when the server listens; never from a request.</summary>
public sealed class Addresses(ServerSettings settings)
{
    private string? main = Clean(settings.PublicBase);
    private string? content = Clean(settings.ContentBase);

    /// <summary>The public base, without a slash at its end.</summary>
    public string Base => main ?? throw new InvalidOperationException("The server does not listen yet");

    public string Fhir => Base + "/fhir";

    /// <summary>The authorization server's name (RFC 8414 §2): the public base with a slash at its end, unless another is set.</summary>
    public string Issuer => settings.Issuer ?? Base + "/";

    /// <summary>The content origin, without a slash at its end.</summary>
    public string Content => content ?? throw new InvalidOperationException("The server does not listen yet");

    /// <summary>Takes what was bound where no public address is set: first the main one, then the content origin.</summary>
    internal void Settle(ICollection<string> bound)
    {
        main ??= Clean(bound.ElementAtOrDefault(0));
        content ??= Clean(bound.ElementAtOrDefault(1));
    }

    private static string? Clean(string? address) => address?.TrimEnd('/');
}
