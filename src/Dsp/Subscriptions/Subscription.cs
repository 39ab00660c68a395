using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Subscriptions;

/// <summary>Where a subscription stands (FHIR R4 subscription-status).</summary>
public enum SubscriptionState
{
    /// <summary>Made or changed; its address has not answered yet.</summary>
    Requested,
    Active,

    /// <summary>Its address did not answer for three days.</summary>
    Error,
    Off,
}

/// <summary>What is sealed of a subscription.</summary>
/// <param name="Endpoint">Where notifications go: an address of the software's registered origins.</param>
/// <param name="Xml">The form of a notification; JSON where false.</param>
/// <param name="Record">Of this record alone; null: of every record with a live relation.</param>
/// <param name="Categories">Of these alone; null: all.</param>
public sealed record SubscriptionTerms(SystemId Software, string SoftwareName, string Endpoint, bool Xml, RecordId? Record, IReadOnlyList<DataCategory>? Categories, string Reason, DateTimeOffset MadeAt, DateTimeOffset? Until)
{
    /// <summary>The institution whose attested program it is; null where it is none.</summary>
    public InstitutionId? Program { get; init; }

    /// <summary>How the record was named in the criteria, to be repeated; null where none was.</summary>
    public string? Filter { get; init; }

    /// <summary>The first failure in a row; null while the address answers.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When an address that never answered is asked again.</summary>
    public DateTimeOffset? NextTry { get; init; }
}

/// <summary>
/// A professional at one place asks to be told of new documents (DSUBm ITI-110). It gives no right: whether the document may be
/// read is decided for that person when the notification leaves.
/// </summary>
/// <param name="Sent">Notifications of documents so far.</param>
public sealed record Subscription(Guid Id, PersonId Person, InstitutionId Institution, long Version, SubscriptionState State, long Sent, SubscriptionTerms Terms)
{
    internal const string Columns = "s.subscription_id, s.person_id, s.institution_id, s.version, s.status, s.sent, s.sealed, s.mac";

    public bool RunsAt(DateTimeOffset now) => State is SubscriptionState.Active or SubscriptionState.Requested && (Terms.Until is not { } until || now < until);

    /// <returns>Null where the row was not written by this product: it does not exist.</returns>
    internal static Subscription? Read(Row row, ServiceKeys keys)
    {
        var (id, version) = (row.Guid(0), row.Long(3));
        if (!Enum.TryParse<SubscriptionState>(row.Text(4), out var state)) return null;
        var mac = MacOf(keys, id, new(row.Guid(1)), new(row.Guid(2)), version, state);
        if (!ProfessionalRow.Fits(mac, row.Bytes(7))) return null;
        var terms = JsonSerializer.Deserialize(keys.OpenIdentity("subscriptions", id, version, row.Bytes(6)), SubscriptionJson.Default.SubscriptionTerms)!;
        return new Subscription(id, new(row.Guid(1)), new(row.Guid(2)), version, state, row.Long(5), terms);
    }

    /// <summary>Writes the next version; nothing is kept where another was written since.</summary>
    internal void Put(Batch batch, ServiceKeys keys)
    {
        (string, object?)[] values =
        [
            ("id", Id), ("person", Person), ("institution", Institution), ("version", Version), ("former", Version - 1), ("status", State.ToString()), ("sent", Sent),
            ("sealed", keys.SealIdentity("subscriptions", Id, Version, JsonSerializer.SerializeToUtf8Bytes(Terms, SubscriptionJson.Default.SubscriptionTerms))),
            ("mac", MacOf(keys, Id, Person, Institution, Version, State)),
        ];
        batch.Add(new Statement(
            """
            INSERT INTO subscriptions (subscription_id, person_id, institution_id, version, status, sent, sealed, mac)
            VALUES (@id, @person, @institution, @version, @status, @sent, @sealed, @mac)
            ON CONFLICT (subscription_id) DO UPDATE SET version = @version, status = @status, sent = @sent, sealed = @sealed, mac = @mac WHERE subscriptions.version = @former
            """, values)
        { Changes = 1 });
    }

    private static byte[] MacOf(ServiceKeys keys, Guid id, PersonId person, InstitutionId institution, long version, SubscriptionState state) =>
        keys.RowMac("subscriptions", id, person.Value, institution.Value, version, state.ToString());
}

[JsonSerializable(typeof(SubscriptionTerms))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
