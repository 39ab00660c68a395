using System.Buffers;
using Dsp.Documents;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Mhd;

/// <summary>What a searchset says of itself.</summary>
/// <param name="Self">Absolute address that shows what was really applied.</param>
/// <param name="Next">Absolute address of the next page; null on the last one.</param>
public sealed record SearchLinks(string Self, string? Next = null);

/// <summary>ITI-67 answers: a searchset spliced from the stored bytes, newest submission first as found.</summary>
public static class SearchBundleWriter
{
    /// <summary>Writes the Bundle.</summary>
    /// <param name="baseUrl">The configured public FHIR base, without a slash at its end.</param>
    /// <param name="visible">Whether the reader may see the target of a relation.</param>
    /// <param name="at">The instant of the answer.</param>
    public static void Write(IBufferWriter<byte> output, FoundDocuments found, SearchLinks links, string baseUrl, Func<DocumentId, bool> visible, DateTimeOffset at)
    {
        var json = Open(output, found.Total, links, at);
        for (var i = 0; i < found.Documents.Count; i++)
        {
            json.Raw(i == 0 ? ",\"entry\":[{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8).Text($"{baseUrl}/DocumentReference/{found.Documents[i].Id}");
            json.Raw(",\"resource\":"u8);
            CanonicalDocument.Write(output, found.Documents[i], baseUrl, visible);
            json.Raw(",\"search\":{\"mode\":\"match\"}}"u8);
        }
        json.Raw(found.Documents.Count > 0 ? "]}"u8 : "}"u8);
    }

    /// <summary>Writes a searchset of resources that are already JSON, in their order.</summary>
    /// <param name="resources">Absolute address and JSON bytes of each.</param>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<(string FullUrl, ReadOnlyMemory<byte> Json)> resources, int? total, SearchLinks links, DateTimeOffset at)
    {
        var json = Open(output, total, links, at);
        for (var i = 0; i < resources.Count; i++)
        {
            json.Raw(i == 0 ? ",\"entry\":[{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8).Text(resources[i].FullUrl);
            json.Raw(",\"resource\":"u8).Raw(resources[i].Json.Span).Raw(",\"search\":{\"mode\":\"match\"}}"u8);
        }
        json.Raw(resources.Count > 0 ? "]}"u8 : "}"u8);
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
