using System.Runtime.CompilerServices;

using Xunit;

namespace Dsp.Tests.Support;

/// <summary>The working tree these tests were built from.</summary>
public static class Repository
{
    /// <summary>Full path of the folder that holds <c>Dsp.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Full path of a file or folder of the repository; it need not exist.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All C# files below a folder, by name, without what the build made; none when the folder is absent.</summary>
    public static IReadOnlyList<string> CSharpFiles(params string[] folder) => FilesBelow(PathOf(folder), "*.cs");

    /// <summary>All files of a pattern below a full path, by name, without what the build made.</summary>
    public static IReadOnlyList<string> FilesBelow(string folder, string pattern) =>
        !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
                .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
                .Order(StringComparer.Ordinal)];

    /// <summary>The path below the root, with forward slashes: the form for messages.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot()
    {
        // The build output lies below the root; the source path serves when the output was moved elsewhere.
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(ThisFile())! })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Dsp.slnx")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new InvalidOperationException("Dsp.slnx is in no folder above the tests: they need the repository they were built from.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

/// <summary>Test material that lies beside the repository (<c>../shared</c>) because its licences keep it out of it.</summary>
public static class Shared
{
    /// <summary>
    /// Full path of a shared file or folder. When it is absent the test is skipped with a message,
    /// and fails where the environment says <c>CI=true</c>: there nothing may be left untested in silence.
    /// </summary>
    public static string Require(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Repository.Root, "..", "shared", .. parts]));
        if (File.Exists(path) || Directory.Exists(path))
        {
            return path;
        }

        var message = $"../shared/{string.Join('/', parts)} is absent.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(message + " Under CI=true the shared material must stand beside the repository.");
        }

        Assert.Skip(message);
        return path;
    }
}
