using System.Text.Json;
using System.Text.Json.Serialization;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>Where a person is told that something happened. Never a key of an account and never a factor.</summary>
public sealed record Contact(string? Email = null, string? Phone = null);

/// <summary>What is kept of an account beside its factors; sealed as a whole.</summary>
public sealed record AccountDetails
{
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>fr, de, en, lb or pt.</summary>
    public string Language { get; init; } = "fr";
    public Contact Contact { get; init; } = new();
    public Contact? FormerContact { get; init; }
    public DateTimeOffset? ContactChangedAt { get; init; }

    /// <summary>The first of the two agents of a reset, while the second is waited for.</summary>
    public Guid? ResetAskedBy { get; init; }
    public DateTimeOffset? ResetAskedAt { get; init; }

    /// <summary>Which agents redirected the person's messages or reached for the sign-in, as long as that excludes them from the other half.</summary>
    public IReadOnlyList<AgentHand> Hands { get; init; } = [];

    internal AccountDetails WithHand(Guid agent, bool redirected, DateTimeOffset now) =>
        this with { Hands = [.. Hands.Where(h => now - h.At < AccountTerms.SameHand), new AgentHand(agent, redirected, now)] };

    /// <summary>
    /// The addresses that are told what happens to the account: for a week after a change the former ones, so that whoever
    /// changed them does not answer for the person.
    /// </summary>
    public Contact ToldAt(DateTimeOffset now) => FormerContact is { } former && ContactChangedAt is { } at && now - at < AccountTerms.NewContact ? former : Contact;
}

/// <summary>What an agent did to an account: redirected its messages, or reached for its sign-in.</summary>
public sealed record AgentHand(Guid Agent, bool Redirected, DateTimeOffset At);

/// <summary>An account as stored; its version is what the next change names.</summary>
public sealed record AccountRow(PersonId Person, long Version, AccountDetails Details)
{
    internal const string Columns = "a.person_id, a.version, a.sealed, a.mac";

    /// <returns>Null for a row whose MAC does not fit: it does not exist.</returns>
    internal static AccountRow? Read(Row row, ServiceKeys keys)
    {
        var (person, version, bytes) = (row.Guid(0), row.Long(1), row.Bytes(2));
        return keys.RowMacFits(row.Bytes(3), "accounts", person, version, Convert.ToHexString(bytes))
            ? new AccountRow(new(person), version, JsonSerializer.Deserialize(keys.OpenIdentity("accounts", person, version, bytes), AccountJson.Default.AccountDetails)!)
            : null;
    }

    /// <summary>Adds the account, or puts these details in the place of the version read.</summary>
    internal static void Put(Batch batch, ServiceKeys keys, PersonId person, long? before, AccountDetails details)
    {
        var version = (before ?? 0) + 1;
        var bytes = keys.SealIdentity("accounts", person.Value, version, JsonSerializer.SerializeToUtf8Bytes(details, AccountJson.Default.AccountDetails));
        var mac = keys.RowMac("accounts", person.Value, version, Convert.ToHexString(bytes));
        if (before is null)
        {
            batch.Add("INSERT INTO accounts (person_id, version, sealed, mac) VALUES (@person, @version, @sealed, @mac)", ("person", person), ("version", version), ("sealed", bytes), ("mac", mac));
            return;
        }
        batch.Add(new Statement("UPDATE accounts SET version = @version, sealed = @sealed, mac = @mac WHERE person_id = @person AND version = @before",
            [("version", version), ("sealed", bytes), ("mac", mac), ("person", person), ("before", before.Value)])
        { Changes = 1 });
    }

    internal void Change(Batch batch, ServiceKeys keys, AccountDetails after) => Put(batch, keys, Person, Version, after);
}

/// <summary>The terms of accounts: settings of this product where the law has no figure.</summary>
public static class AccountTerms
{
    /// <summary>A letter's code (T9).</summary>
    public const int CodeMonths = 3;

    /// <summary>Tries of one code, right or wrong, whoever makes them.</summary>
    public const int CodeTries = 5;

    /// <summary>The second letter leaves this long after the first code was used.</summary>
    public static readonly TimeSpan SecondLetter = TimeSpan.FromDays(3);

    /// <summary>Changed addresses are not believed in a recovery for this long.</summary>
    public static readonly TimeSpan NewContact = TimeSpan.FromDays(7);

    /// <summary>An agent who did one of the two halves of a takeover does not do the other within this time.</summary>
    public static readonly TimeSpan SameHand = TimeSpan.FromDays(30);

    /// <summary>A person gets a letter with a code by asking for it at most this often.</summary>
    public static readonly TimeSpan BetweenLetters = TimeSpan.FromDays(7);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountDetails))]
[JsonSerializable(typeof(FactorSecret))]
[JsonSerializable(typeof(DeviceDetails))]
internal sealed partial class AccountJson : JsonSerializerContext;
