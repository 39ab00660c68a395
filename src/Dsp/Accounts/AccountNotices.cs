using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>What leaves about an account: one neutral sentence by message, codes by post to the address of the register.</summary>
internal static class AccountNotices
{
    /// <summary>Tells the person, by the addresses that may be believed now.</summary>
    public static void Tell(Batch batch, ServiceKeys keys, TimeProvider clock, AccountRow account, NoticeKind kind) =>
        Tell(batch, keys, clock, account.Person, account.Details.ToldAt(clock.Now()), kind);

    public static void Tell(Batch batch, ServiceKeys keys, TimeProvider clock, PersonId person, Contact to, NoticeKind kind) =>
        Outbox.Add(batch, keys, new OutboxMessage(Ids.New(clock), OutboxChannel.Neutral, person, null, kind, clock.Now())
        {
            Values = new[] { ("email", to.Email), ("phone", to.Phone) }.Where(v => v.Item2 is not null).ToDictionary(v => v.Item1, v => v.Item2!),
        });

    /// <summary>A letter with a code. It never names the account's number, so that letter and name do not travel together (R14).</summary>
    /// <param name="message">Its id: the code's, so that a code that ends takes its letter back.</param>
    public static void Post(Batch batch, ServiceKeys keys, Guid message, PersonId person, NoticeKind kind, DateTimeOffset due, string language, params (string Name, string? Value)[] values) =>
        Outbox.Add(batch, keys, new OutboxMessage(message, OutboxChannel.Post, person, null, kind, due)
        {
            Values = values.Append(("language", language)).Where(v => v.Item2 is not null).ToDictionary(v => v.Item1, v => v.Item2!),
        });
}
