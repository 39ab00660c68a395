using System.Runtime.InteropServices;

namespace Dsp.Interop.Workers;

/// <summary>Where the worker's program and the runtime lie on this machine.</summary>
internal static class WorkerFiles
{
    private static readonly Lock Copying = new();
    private static string? copied;

    /// <summary>The runtime's folder, as <c>/usr/share/dotnet</c>.</summary>
    public static string Runtime { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Dsp.Worker.dll");

    /// <summary>
    /// A folder that holds the worker's files and nothing else: settings that lie beside the server are none of its business.
    /// It is readable for all, since the sandbox runs as nobody.
    /// </summary>
    public static string Alone
    {
        get
        {
            lock (Copying) return copied = Fresh(copied);
        }
    }

    /// <summary>The folder where it is still whole, else a new copy: what cleans temporary folders takes files by their age.</summary>
    internal static string Fresh(string? folder) => folder is not null && Files().All(f => IsCopied(f, folder)) ? folder : Copy();

    private static bool IsCopied(string file, string folder)
    {
        var copy = new FileInfo(Path.Combine(folder, Path.GetFileName(file)));
        return copy.Exists && copy.Length == new FileInfo(file).Length;
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Append(Path.ChangeExtension(Program, ".runtimeconfig.json"))
            .Where(f => Path.GetFileName(f) is var name && (name.StartsWith("Dsp.Worker.", StringComparison.Ordinal) || name.StartsWith("UglyToad.", StringComparison.Ordinal)));

    private static string Copy()
    {
        var folder = Directory.CreateTempSubdirectory("dsp-worker-").FullName;
        foreach (var file in Files())
        {
            var copy = Path.Combine(folder, Path.GetFileName(file));
            File.Copy(file, copy);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, Everybody | UnixFileMode.UserWrite);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
        return folder;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Swept already, or a reading still ends: a copy of our own program in the temporary folder harms nobody.
        }
    }
}
