using Xunit;

namespace Dsp.Tests.Cda;

/// <summary>The foreign sample documents beside the repository (<c>../shared/corpora</c>); they are not part of it.</summary>
internal static class CdaCorpus
{
    /// <summary>Relative name and bytes of every file of the baseline. Skips the test when the files are absent, fails it in CI.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Files()
    {
        var root = Folder();
        if (root is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "../shared/corpora is absent, and in CI it must be there.");
            Assert.Skip("../shared/corpora is absent: the sample documents were not checked.");
        }

        return [.. File.ReadLines(Path.Combine(root, "BASELINE-cda.tsv")).Skip(1)
            .Select(line => line.Split('\t')[0])
            .Select(name => (name, File.ReadAllBytes(Path.Combine(root, name))))];
    }

    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dsp.slnx")))
            {
                var corpora = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "corpora"));
                return Directory.Exists(corpora) ? corpora : null;
            }
        }

        return null;
    }
}
