using System.Runtime.InteropServices;

namespace Dsp.Interop.Workers;

/// <summary>Where the worker's program and the runtime lie on this machine.</summary>
internal static class WorkerFiles
{
    private static readonly Lazy<string> Copied = new(Copy);

    /// <summary>The runtime's folder, as <c>/usr/share/dotnet</c>.</summary>
    public static string Runtime { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Dsp.Worker.dll");

    /// <summary>
    /// A folder that holds the worker's files and nothing else: settings that lie beside the server are none of its business.
    /// It is readable for all, since the sandbox runs as nobody.
    /// </summary>
    public static string Alone => Copied.Value;

    private static string Copy()
    {
        var folder = Directory.CreateTempSubdirectory("dsp-worker-").FullName;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Append(Path.ChangeExtension(Program, ".runtimeconfig.json")))
        {
            var name = Path.GetFileName(file);
            if (!name.StartsWith("Dsp.Worker.", StringComparison.Ordinal) && !name.StartsWith("UglyToad.", StringComparison.Ordinal)) continue;
            var copy = Path.Combine(folder, name);
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
        catch (IOException)
        {
            // A reading still ends: a copy of our own program in the temporary folder harms nobody.
        }
    }
}
