using System.Buffers;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>What a searchset says of itself.</summary>
/// <param name="Self">Absolute address that shows what was really applied.</param>
/// <param name="Next">Absolute address of the next page; null on the last one.</param>
public sealed record SearchLinks(string Self, string? Next = null);

/// <summary>One entry of a searchset.</summary>
/// <param name="FullUrl">Its absolute address.</param>
/// <param name="Included">There because of a match, none itself.</param>
public readonly record struct SearchEntry(string FullUrl, ReadOnlyMemory<byte> Json, bool Included = false);

/// <summary>ITI-67 answers: a searchset spliced from the stored bytes, newest submission first as found.</summary>
public static class SearchBundleWriter
{
    /// <summary>Writes the Bundle.</summary>
    /// <param name="baseUrl">The configured public FHIR base, without a slash at its end.</param>
    /// <param name="visible">Whether the reader may see the target of a relation.</param>
    /// <param name="at">The instant of the answer.</param>
    /// <param name="made">Matches that are stored nowhere, after the others; counted in the total by the caller.</param>
    public static void Write(IBufferWriter<byte> output, FoundDocuments found, SearchLinks links, string baseUrl, Func<DocumentId, bool> visible, DateTimeOffset at, params IReadOnlyList<SearchEntry> made)
    {
        var json = Open(output, found.Total, links, at);
        for (var i = 0; i < found.Documents.Count; i++)
        {
            json.Raw(i == 0 ? ",\"entry\":[{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8).Text($"{baseUrl}/DocumentReference/{found.Documents[i].Id}");
            json.Raw(",\"resource\":"u8);
            CanonicalDocument.Write(output, found.Documents[i], baseUrl, visible);
            json.Raw(",\"search\":{\"mode\":\"match\"}}"u8);
        }
        foreach (var (entry, i) in made.Select((e, i) => (e, i + found.Documents.Count)))
            json.Raw(i == 0 ? ",\"entry\":[{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8).Text(entry.FullUrl).Raw(",\"resource\":"u8).Raw(entry.Json.Span).Raw(",\"search\":{\"mode\":\"match\"}}"u8);
        json.Raw(found.Documents.Count + made.Count > 0 ? "]}"u8 : "}"u8);
    }

    /// <summary>Writes a searchset of resources that are already JSON, in their order.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<SearchEntry> entries, int? total, SearchLinks links, DateTimeOffset at)
    {
        var json = Open(output, total, links, at);
        for (var i = 0; i < entries.Count; i++)
        {
            json.Raw(i == 0 ? ",\"entry\":[{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8).Text(entries[i].FullUrl);
            json.Raw(",\"resource\":"u8).Raw(entries[i].Json.Span).Raw(entries[i].Included ? ",\"search\":{\"mode\":\"include\"}}"u8 : ",\"search\":{\"mode\":\"match\"}}"u8);
        }
        json.Raw(entries.Count > 0 ? "]}"u8 : "}"u8);
    }

    private static RawJson Open(IBufferWriter<byte> output, int? total, SearchLinks links, DateTimeOffset at)
    {
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"Bundle\",\"meta\":{\"lastUpdated\":\""u8).Plain(Instants.Text(at)).Raw("\"},\"type\":\"searchset\""u8);
        if (total is { } count) json.Raw(",\"total\":"u8).Number(count);
        json.Raw(",\"link\":[{\"relation\":\"self\",\"url\":"u8).Text(links.Self);
        if (links.Next is { } next) json.Raw("},{\"relation\":\"next\",\"url\":"u8).Text(next);
        json.Raw("}]"u8);
        return json;
    }
}
