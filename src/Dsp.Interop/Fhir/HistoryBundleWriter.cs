using System.Buffers;

namespace Dsp.Interop.Fhir;

/// <summary>One version of a resource in its history.</summary>
/// <param name="Version">From 1 on; the first one was created, every other updated.</param>
public readonly record struct HistoryEntry(long Version, DateTimeOffset At, ReadOnlyMemory<byte> Json)
{
    /// <summary>This version is the first; said where versions do not count from 1.</summary>
    public bool Created { get; init; } = Version == 1;
}

/// <summary>The history of one resource, newest version first (FHIR R4 http §3.1.0.13).</summary>
public static class HistoryBundleWriter
{
    /// <param name="address">Absolute address of the resource.</param>
    /// <param name="type">Its type and id, relative: <c>List/{id}</c>.</param>
    public static void Write(IBufferWriter<byte> output, string address, string type, IReadOnlyList<HistoryEntry> entries, DateTimeOffset at)
    {
        var json = new RawJson(output);
        json.Raw("{\"resourceType\":\"Bundle\",\"meta\":{\"lastUpdated\":\""u8).Plain(Instants.Text(at)).Raw("\"},\"type\":\"history\",\"total\":"u8).Number(entries.Count);
        json.Raw(",\"link\":[{\"relation\":\"self\",\"url\":"u8).Text(address + "/_history").Raw("}],\"entry\":["u8);
        for (var i = 0; i < entries.Count; i++)
        {
            var (version, changed, resource) = entries[i];
            var created = entries[i].Created;
            json.Raw(i == 0 ? "{\"fullUrl\":"u8 : ",{\"fullUrl\":"u8).Text(address).Raw(",\"resource\":"u8).Raw(resource.Span);
            json.Raw(created ? ",\"request\":{\"method\":\"POST\",\"url\":"u8 : ",\"request\":{\"method\":\"PUT\",\"url\":"u8).Text(created ? type.Split('/')[0] : type);
            json.Raw(created ? "},\"response\":{\"status\":\"201\",\"etag\":\"W/\\\""u8 : "},\"response\":{\"status\":\"200\",\"etag\":\"W/\\\""u8).Number(version);
            json.Raw("\\\"\",\"lastModified\":\""u8).Plain(Instants.Text(changed)).Raw("\"}}"u8);
        }
        json.Raw("]}"u8);
    }
}
