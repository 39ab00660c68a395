using System.Collections;

namespace Dsp.Ui.Html;

/// <summary>Further attributes of an element, in the order given. A null value writes the name alone.</summary>
public sealed class Attributes : IEnumerable<KeyValuePair<string, string?>>
{
    private readonly List<KeyValuePair<string, string?>> _all = [];

    /// <summary>No further attribute.</summary>
    public static Attributes None { get; } = [];

    public void Add(string name, string? value) => _all.Add(new(name, value));

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => _all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
