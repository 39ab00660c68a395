namespace Dsp.Cli;

/// <summary>Paths and their modes.</summary>
internal static class Folders
{
    /// <summary>Is one path the other, or below it? Links are followed where they exist.</summary>
    public static bool IsBelow(string path, string folder)
    {
        var inner = Real(path) + Path.DirectorySeparatorChar;
        var outer = Real(folder) + Path.DirectorySeparatorChar;
        return inner.StartsWith(outer, StringComparison.Ordinal);
    }

    /// <summary>Makes a folder that only this user may enter; one that is there keeps its mode.</summary>
    public static void MakePrivate(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The full path with every link on the way resolved.</summary>
    public static string Real(string path)
    {
        var resolved = Path.GetPathRoot(Path.GetFullPath(path)) ?? "/";
        foreach (var part in Path.GetFullPath(path).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            resolved = Directory.Exists(next) ? new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next : next;
        }
        return resolved.TrimEnd(Path.DirectorySeparatorChar);
    }
}
