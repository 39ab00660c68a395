using Dsp.Tests.Cda;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Acceptance;

/// <summary>The foreign sample documents through the door and out again.</summary>
public sealed class CorpusTests
{
    [Fact]
    public async Task Every_sample_CDA_goes_in_is_found_comes_out_byte_for_byte_and_opens()
    {
        var files = CdaCorpus.Files();
        Assert.Equal(173, files.Count);
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, bytes) in files)
        {
            var unique = Bundles.Urn();
            var deposited = await cast.DepositAsync(cast.Lab, Bundles.Provide(cast.Emma.Number!, bytes, name, "text/xml", uniqueId: unique));
            Assert.True(deposited.Status == 200, $"{name}: {deposited.Text}");
            urls.Add(unique, name);
        }

        var found = await FindAllAsync(cast);
        Assert.Equal(urls.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        var wanted = files.ToDictionary(f => f.Name, f => f.Bytes, StringComparer.Ordinal);
        foreach (var (unique, (id, url)) in found)
        {
            var name = urls[unique];
            var read = await cast.Server.GetAsync(url, cast.Holder, ("Accept", "text/xml, */*"));
            Assert.True(read.Status == 200 && read.Bytes.AsSpan().SequenceEqual(wanted[name]), name);
            var opened = await cast.Server.GetAsync($"/api/records/{cast.Record}/documents/{id}/view", cast.Holder);
            Assert.True(opened.Status == 200, $"{name}: {opened.Status} {opened.Text}");
            Assert.StartsWith("text/html", opened.Header("Content-Type"), StringComparison.Ordinal);
        }
    }

    /// <summary>By the pages of ITI-67: unique id to document id and address of the bytes.</summary>
    private static async Task<Dictionary<string, (string Id, string Url)>> FindAllAsync(Cast cast)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var page = await cast.SearchAsync(cast.Holder, "&_count=50");
        while (true)
        {
            Assert.True(page.Status == 200, page.Text);
            foreach (var entry in page.Json.GetProperty("entry").EnumerateArray())
            {
                var document = entry.GetProperty("resource");
                found.Add(document.GetProperty("masterIdentifier").GetProperty("value").GetString()!,
                    (document.GetProperty("id").GetString()!, document.GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()!));
            }
            var next = page.Json.GetProperty("link").EnumerateArray().Where(l => l.GetProperty("relation").GetString() == "next").Select(l => l.GetProperty("url").GetString()).FirstOrDefault();
            if (next is null) return found;
            page = await cast.Server.GetAsync(next, cast.Holder);
        }
    }
}
