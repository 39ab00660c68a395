using System.Runtime.Versioning;

namespace Dsp.Cli.Checks;

/// <summary>Where keys and data lie, and who else on this machine could read them.</summary>
internal static class FolderChecks
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Run(CliSettings settings)
    {
        if (Folders.IsBelow(settings.KeyFolder, settings.DataFolder))
            yield return new Finding(Weight.Wrong, $"The key folder {settings.KeyFolder} lies below the data folder.",
                "Whoever copies the data, a backup included, would have the keys too.", "Move the key folder elsewhere and set DSP_KEYFOLDER.");
        if (settings.Embedded && Folders.IsBelow(settings.KeyFolder, Path.GetDirectoryName(Path.GetFullPath(settings.Database))!))
            yield return new Finding(Weight.Wrong, $"The key folder {settings.KeyFolder} lies below the folder of the database file.",
                "Whoever copies the database would have the keys too.", "Move one of the two.");
        if (Folders.IsBelow(settings.DataFolder, settings.KeyFolder))
            yield return new Finding(Weight.Wrong, $"The data folder {settings.DataFolder} lies below the key folder.",
                "Whoever copies the key folder would have the data too.", "Move one of the two.");
        if (Folders.IsBelow(settings.SinkFile, settings.DataFolder))
            yield return new Finding(Weight.Consider, $"The journal's sink {settings.SinkFile} lies in the data folder.",
                "Whoever rewrites the database could rewrite the sink beside it; then the journal proves less.", "Set DSP_SINKFILE to a place that the server's user can only append to, or that another machine copies.");
        if (!Directory.Exists(settings.DataFolder))
            yield return new Finding(Weight.Wrong, $"The data folder {settings.DataFolder} is missing.", "There is no installation there.", "Run 'dsp init', or correct DSP_DATAFOLDER.");
        if (!Directory.Exists(settings.KeyFolder) || !Directory.EnumerateFiles(settings.KeyFolder, "epoch-*.key").Any())
            yield return new Finding(Weight.Wrong, $"The key folder {settings.KeyFolder} holds no key epoch.", "Without it nothing can be opened.", "Run 'dsp init' for a new installation, or restore the key folder from its own safe copy.");
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var finding in Modes(settings)) yield return finding;
    }

    [UnsupportedOSPlatform("windows")]
    private static IEnumerable<Finding> Modes(CliSettings settings)
    {
        foreach (var (path, what) in Watched(settings))
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & Others) != UnixFileMode.None)
                yield return new Finding(Weight.Wrong, $"{path} can be opened by other users of this machine (mode {Octal(mode)}).", what, $"chmod {(Directory.Exists(path) ? "700" : "600")} '{path}'");
        }
    }

    private static IEnumerable<(string Path, string What)> Watched(CliSettings settings)
    {
        if (Directory.Exists(settings.KeyFolder))
        {
            yield return (settings.KeyFolder, "It holds the keys that open everything.");
            foreach (var file in Directory.EnumerateFiles(settings.KeyFolder)) yield return (file, "It is a key that opens everything of its epoch.");
        }
        if (Directory.Exists(settings.DataFolder)) yield return (settings.DataFolder, "It holds sealed contents, whose number and sizes are nobody's business.");
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
}
