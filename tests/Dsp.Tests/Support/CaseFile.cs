namespace Dsp.Tests.Support;

/// <summary>
/// One exchange kept as a file: what goes in, a line of at least four dashes alone, what must come out.
/// A file may hold several dashed lines: the first part is the input, the last the output, all of them are in <see cref="Parts"/>.
/// </summary>
/// <param name="Name">File name without folder and ending, for messages and test names.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Parts">The texts between the dashed lines, at least two; lines end with a line feed, the last of a part has none.</param>
public sealed record CaseFile(string Name, string Path, IReadOnlyList<string> Parts)
{
    /// <summary>What is sent or read.</summary>
    public string Input => Parts[0];

    /// <summary>What must be answered or made.</summary>
    public string Output => Parts[^1];

    /// <summary>Reads a case; a file without a dashed line is a fault.</summary>
    public static CaseFile Read(string path) =>
        new(System.IO.Path.GetFileNameWithoutExtension(path), path, Split(File.ReadAllText(path), path));

    /// <summary>All cases of a folder of the tests project, by name, as rows of a theory. An empty folder is a fault: nothing would be tested.</summary>
    /// <param name="folder">Path below <c>tests/Dsp.Tests</c>.</param>
    public static IReadOnlyList<CaseFile> In(string folder)
    {
        var files = Repository.FilesBelow(Repository.PathOf(["tests", "Dsp.Tests", .. folder.Split('/')]), "*.case");
        return files.Count > 0 ? [.. files.Select(Read)] : throw new InvalidOperationException($"No .case file in tests/Dsp.Tests/{folder}.");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static List<string> Split(string text, string path)
    {
        var parts = new List<string>();
        var lines = new List<string>();
        foreach (var line in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            if (line.Length >= 4 && line.All(sign => sign == '-'))
            {
                parts.Add(string.Join('\n', lines));
                lines.Clear();
            }
            else
            {
                lines.Add(line);
            }
        }

        // The file's own last line end is no empty line of the output.
        if (lines.Count > 1 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        parts.Add(string.Join('\n', lines));
        return parts.Count > 1 ? parts : throw new FormatException($"{path} has no dashed line between input and output.");
    }
}
