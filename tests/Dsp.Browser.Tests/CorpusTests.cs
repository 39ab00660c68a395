using System.Net;
using Dsp.Browser.Tests.Support;

namespace Dsp.Browser.Tests;

/// <summary>The foreign CDA files beside the repository (<c>../shared/corpora</c>) open as pages of the portal.</summary>
public sealed class CorpusTests
{
    [Fact]
    public async Task Every_foreign_CDA_file_opens_in_the_portal_without_an_error()
    {
        var files = Files();
        await using var world = await PortalWorld.StartAsync();
        using var emma = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(world.Base) };
        Assert.Equal(HttpStatusCode.OK, (await emma.GetAsync(new Uri(world.SignInAddress(world.Emma)), TestContext.Current.CancellationToken)).StatusCode);
        var (wrong, notShown) = (new List<string>(), new List<string>());
        foreach (var (name, bytes) in files)
        {
            var document = await world.DepositCdaAsync(name, bytes);
            using var answer = await emma.GetAsync(new Uri($"/fr/documents/{document}/lecture", UriKind.Relative), TestContext.Current.CancellationToken);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK) wrong.Add($"{name}: {(int)answer.StatusCode}");
            else if (page.Contains("dsp-cda-problem", StringComparison.Ordinal)) notShown.Add(Path.GetFileName(name));
            else if (!page.Contains("<article", StringComparison.Ordinal)) wrong.Add($"{name}: no document on the page");
        }
        Assert.Equal(173, files.Count);
        Assert.Empty(wrong);
        // A configuration file among the samples: the page says that it cannot be shown, and offers it as it came.
        Assert.Equal(["EADC_resources__config__config.xml"], notShown);
        lock (world.Faults) Assert.Empty(world.Faults);
    }

    private static List<(string Name, byte[] Bytes)> Files()
    {
        var root = Folder();
        if (root is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "../shared/corpora is absent, and in CI it must be there.");
            Assert.Skip("../shared/corpora is absent: the sample documents were not opened.");
        }
        return [.. File.ReadLines(Path.Combine(root, "BASELINE-cda.tsv")).Skip(1).Select(line => line.Split('\t')[0]).Select(name => (name, File.ReadAllBytes(Path.Combine(root, name))))];
    }

    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Dsp.slnx"))) continue;
            var corpora = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "corpora"));
            return Directory.Exists(corpora) ? corpora : null;
        }
        return null;
    }
}
