using Dsp.Access;
using Shown = Dsp.Ui.Parts.Visibility;

namespace Dsp.Server.Portal;

/// <summary>What the holder chose for one document, as the pages say it.</summary>
/// <param name="Shown">The words.</param>
/// <param name="Count">Number of people, for "some people".</param>
public sealed record VisibilityOf(Shown Shown, int Count)
{
    public static VisibilityOf Document(Rights rights, DocumentId document)
    {
        var masks = rights.Masks.Where(m => m.Document == document).ToList();
        return masks switch
        {
            [] => new(Shown.Carers, 0),
            _ when masks.Find(m => m.FromEveryone) is { } all => all.Except.Count == 0 ? new(Shown.HolderOnly, 0) : new(Shown.SomePeople, all.Except.Count),
            _ => new(Shown.HiddenFromSome, 0),
        };
    }
}
