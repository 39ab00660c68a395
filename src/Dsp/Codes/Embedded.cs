using System.Reflection;

namespace Dsp.Codes;

/// <summary>Code tables that travel inside the assembly.</summary>
internal static class Embedded
{
    /// <summary>The non-empty lines of an embedded text.</summary>
    public static string[] Lines(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
