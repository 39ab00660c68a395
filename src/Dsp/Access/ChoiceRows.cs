using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// How the holder's choices came to be: whatever act replaces the sheet, each choice that it makes, changes or ends leaves a
/// sealed row in the same commit. No rule reads these rows (decision 0017).
/// </summary>
internal static class ChoiceRows
{
    private const string Table = "choice_versions";

    private const string Insert = "INSERT INTO choice_versions (record_id, choice_id, sheet_version, sealed) VALUES (@record, @choice, @version, @sealed)";

    private const string InsertFirst =
        """
        INSERT INTO choice_versions (record_id, choice_id, sheet_version, sealed)
        SELECT @record, @choice, @version, @sealed
        WHERE  NOT EXISTS (SELECT 1 FROM choice_versions v WHERE v.record_id = @record AND v.choice_id = @choice)
        """;

    private const string All = "SELECT v.choice_id, v.sheet_version, v.sealed FROM choice_versions v WHERE v.record_id = @record ORDER BY v.choice_id, v.sheet_version";

    /// <summary>Adds a row for each choice that differs between the permit's sheet and the next one.</summary>
    /// <param name="version">Of the next sheet.</param>
    public static void Keep(Batch batch, Permit permit, AccessSheet next, long version)
    {
        var former = HolderChoice.AllOf(permit.Record, permit.Sheet).ToDictionary(c => c.Id);
        foreach (var choice in HolderChoice.AllOf(permit.Record, next))
        {
            former.Remove(choice.Id, out var before);
            if (before is not null && Same(before, choice)) continue;
            if (before is not null) AddFirst(batch, permit, before);
            Add(batch, permit, choice, version);
        }
        foreach (var ended in former.Values)
        {
            AddFirst(batch, permit, ended);
            Add(batch, permit, ended with { EndedAt = permit.Now }, version);
        }
    }

    public static Slot<(Guid Choice, long Version, byte[] Sealed)> Query(Batch batch, RecordId record) =>
        batch.Query(row => (row.Guid(0), row.Long(1), row.Bytes(2)), All, ("record", record));

    /// <returns>Null where the row is not what was sealed for this place.</returns>
    public static ChoiceVersion? TryOpen(RecordKey key, (Guid Choice, long Version, byte[] Sealed) row)
    {
        try
        {
            return JsonSerializer.Deserialize(key.Open(Table, row.Choice, "choice", row.Version, row.Sealed), ChoiceJson.Default.ChoiceVersion);
        }
        catch (Exception e) when (e is SealBrokenException or CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>How a choice stood that was made before versions were kept; nobody was noted.</summary>
    public static ChoiceVersion First(HolderChoice choice) => new(choice, 0, choice.Since, null, null);

    private static void AddFirst(Batch batch, Permit permit, HolderChoice choice) => Add(batch, InsertFirst, permit, First(choice));

    private static void Add(Batch batch, Permit permit, HolderChoice choice, long version) =>
        Add(batch, Insert, permit, new ChoiceVersion(choice, version, permit.Now, permit.Caller.Kind, permit.Caller.Person));

    private static void Add(Batch batch, string sql, Permit permit, ChoiceVersion kept) =>
        batch.Add(sql, ("record", permit.Record), ("choice", kept.Choice.Id), ("version", kept.Version),
            ("sealed", permit.Key.Seal(Table, kept.Choice.Id, "choice", kept.Version, JsonSerializer.SerializeToUtf8Bytes(kept, ChoiceJson.Default.ChoiceVersion))));

    /// <summary>By value: a list of persons is another list after each reading.</summary>
    public static bool Same(HolderChoice one, HolderChoice other) => one with { Except = [] } == other with { Except = [] } && one.Except.SequenceEqual(other.Except);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    Converters = [typeof(IdJson.Record), typeof(IdJson.Person), typeof(IdJson.Institution), typeof(IdJson.Document)])]
[JsonSerializable(typeof(ChoiceVersion))]
internal sealed partial class ChoiceJson : JsonSerializerContext;
