using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Codes;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Documents;

/// <summary>Documents of one record that somebody put together (XDS Folder; MHD List). Members are added; none is taken out.</summary>
public sealed record Folder
{
    public required FolderId Id { get; init; }

    /// <summary>uniqueId as a URI.</summary>
    public required string UniqueId { get; init; }
    public string? Title { get; init; }

    /// <summary>codeList (designationType): what the folder is for.</summary>
    public IReadOnlyList<CodedValue> Types { get; init; } = [];
    public IReadOnlyList<EntryIdentifier> Identifiers { get; init; } = [];

    /// <summary>The clear column, repeated: a flipped column does not agree and the row does not exist.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>The members in the order they came, each with the instant of the deposit that put it in.</summary>
    public IReadOnlyList<FolderMember> Members { get; init; } = [];

    /// <summary>Canonical FHIR bytes of the List, as for submission sets; without its date, which is that of the newest visible member.</summary>
    public byte[] Fhir { get; init; } = [];
}

/// <summary>A document in a folder.</summary>
public sealed record FolderMember(DocumentId Document, DateTimeOffset At);

/// <summary>A folder as it is kept, with the version of its row.</summary>
internal sealed record StoredFolder(Folder Folder, long Version)
{
    public const string Table = "folders";

    public static Statement Insert(RecordKey key, Folder folder) => new(
        "INSERT INTO folders (record_id, folder_id, added_at, version, sealed) VALUES (@record, @folder, @added, 1, @sealed)",
        [("record", key.Record), ("folder", folder.Id), ("added", folder.AddedAt), ("sealed", Seal(key, folder, 1))]);

    /// <summary>The folder with more members, from exactly this version; another version undoes the batch.</summary>
    public static Statement Change(RecordKey key, StoredFolder from, Folder next) => new(
        "UPDATE folders SET version = @next, sealed = @sealed WHERE record_id = @record AND folder_id = @folder AND version = @version",
        [("next", from.Version + 1), ("sealed", Seal(key, next, from.Version + 1)), ("record", key.Record), ("folder", next.Id), ("version", from.Version)])
    { Changes = 1 };

    private static byte[] Seal(RecordKey key, Folder folder, long version) =>
        key.Seal(Table, folder.Id.Value, "folder", version, JsonSerializer.SerializeToUtf8Bytes(folder, DocumentJson.Default.Folder));
}
