namespace Dsp.Server.Content;

/// <summary>Marks a connection of the second listening address: what arrives there is of the content origin.</summary>
internal sealed class ContentOrigin
{
    public static readonly ContentOrigin Feature = new();

    private ContentOrigin() { }
}
