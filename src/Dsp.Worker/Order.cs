using System.Globalization;

namespace Dsp.Worker;

/// <summary>What one reading may cost, as its starter says.</summary>
/// <param name="Pages">Most pages that are read.</param>
/// <param name="Letters">Most characters that are handed back.</param>
/// <param name="Seconds">After these no further page is begun.</param>
/// <param name="Languages">What tesseract recognises, as <c>deu+fra</c>; null: pages that are pictures stay unread.</param>
/// <param name="Scans">Most pages that are recognised.</param>
/// <param name="ToolMemory">Most memory of one native program, in bytes.</param>
internal sealed record Order(int Pages, int Letters, int Seconds, string? Languages, int Scans, long ToolMemory)
{
    public static Order From(IReadOnlyList<string> arguments)
    {
        string Of(string name, string usual) => arguments.FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? usual;
        int Number(string name, string usual) => int.Parse(Of(name, usual), CultureInfo.InvariantCulture);
        return new Order(Number("--pages", "500"), Number("--letters", "2097152"), Number("--seconds", "30"), Of("--ocr", "") is { Length: > 0 } languages ? languages : null, Number("--scans", "50"),
            long.Parse(Of("--tool-memory", "805306368"), CultureInfo.InvariantCulture));
    }
}
