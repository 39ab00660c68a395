using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>A session as its person sees it.</summary>
public sealed record OpenSession(SessionId Id, string Device, DateTimeOffset StartedAt, IReadOnlyList<string> Methods, bool IsThisOne);

/// <summary>A browser that is known to the account.</summary>
public sealed record KnownDevice(Guid Id, string Name, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>A factor as its person sees it.</summary>
public sealed record OwnFactor(Guid Id, FactorKind Kind, string? Label, DateTimeOffset AddedAt, int? CodesLeft);

/// <summary>P24: everything of one's own account but secrets.</summary>
public sealed record OwnAccountView(Contact Contact, string Language, IReadOnlyList<OwnFactor> Factors, IReadOnlyList<OpenSession> Sessions, IReadOnlyList<KnownDevice> Devices);

/// <summary>The person reads the own account.</summary>
public sealed class ReadOwnAccount(AccountStore accounts, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <returns>Null value where this person has no account (a demo session).</returns>
    public async Task<Outcome<OwnAccountView?>> RunAsync(Caller caller, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: false, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        if (entered.Value is not { Account: { } account } state) return (OwnAccountView?)null;
        var now = clock.Now();
        var batch = new Batch();
        var devices = batch.Query(row => DeviceRow.Read(row, keys), $"SELECT {DeviceRow.Columns} FROM account_devices d WHERE d.person_id = @person ORDER BY d.last_at DESC, d.device_id", ("person", state.Person));
        await database.ReadAsync(batch, cancel);
        var known = devices.Rows.OfType<DeviceRow>().ToDictionary(d => d.Id);
        var sessions = (await Sessions.OfAsync(database, keys, state.Person, cancel)).Where(s => s.Row.InForceAt(now));
        return new OwnAccountView(account.Details.Contact, account.Details.Language,
            [.. state.Open.Select(f => new OwnFactor(f.Id, f.Kind, f.Secret.Label, f.AddedAt, f.Secret.Left?.Count))],
            [.. sessions.Select(s => new OpenSession(s.Row.Id, known.GetValueOrDefault(s.Seen.Device)?.Details.Name ?? "", s.Seen.StartedAt, s.Seen.Methods.Split(' '), s.Row.Id == caller.Session)).OrderByDescending(s => s.StartedAt)],
            [.. known.Values.Select(d => new KnownDevice(d.Id, d.Details.Name, d.FirstAt, d.LastAt))]);
    }
}

/// <summary>The person ends one of the own sessions, or all others; from the next request on they are refused.</summary>
public sealed class EndOwnSessions(AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="session">Null: every session but this one.</param>
    public async Task<Outcome<Done>> RunAsync(Caller caller, SessionId? session, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: false, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        var all = await Sessions.OfAsync(database, keys, entered.Value.Person, cancel);
        var chosen = session is { } one ? [.. all.Where(s => s.Row.Id == one)] : all;
        if (session is not null && chosen.Count == 0) return Refusals.NotFound;
        var batch = new Batch();
        Sessions.EndAll(batch, keys, chosen, clock.Now(), except: session is null ? caller.Session : null);
        signIns.Journal(batch, signIns.Changed(entered.Value.Person, "account", "sessions ended"));
        await database.CommitAsync(batch, cancel);
        return new Done();
    }
}

/// <summary>The person forgets a device: it is no longer known, and its sessions end.</summary>
public sealed class ForgetDevice(AccountStore accounts, SignIns signIns, Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    public async Task<Outcome<Done>> RunAsync(Caller caller, Guid device, CancellationToken cancel)
    {
        var entered = await OwnAccount.EnterAsync(accounts, database, keys, clock, caller, fresh: false, cancel);
        if (!entered.Succeeded) return entered.Refusal;
        var batch = new Batch().Add("DELETE FROM account_devices WHERE person_id = @person AND device_id = @device", ("person", entered.Value.Person), ("device", device));
        Sessions.EndAll(batch, keys, [.. (await Sessions.OfAsync(database, keys, entered.Value.Person, cancel)).Where(s => s.Seen.Device == device)], clock.Now(), except: null);
        signIns.Journal(batch, signIns.Changed(entered.Value.Person, "account", "device forgotten"));
        await database.CommitAsync(batch, cancel);
        return new Done();
    }
}

/// <summary>The sessions of an account, with the rows that decide whether they are in force.</summary>
internal static class Sessions
{
    public static async Task<IReadOnlyList<(AccountSessionRow Seen, SessionRow Row)>> OfAsync(Database database, ServiceKeys keys, PersonId person, CancellationToken cancel)
    {
        var rows = await database.QueryAsync(row => (Seen: AccountSessionRow.Read(row, keys), Row: SessionRow.Read(row, AccountSessionRow.Width, keys)),
            $"SELECT {AccountSessionRow.Columns}, {SessionRow.Columns} FROM account_sessions s JOIN sessions e ON e.session_id = s.session_id WHERE s.person_id = @person AND e.revoked_at IS NULL ORDER BY s.started_at, s.session_id",
            cancel, ("person", person));
        return [.. rows.Where(r => r is { Seen: not null, Row: not null } && r.Row.Subject == person.Value).Select(r => (r.Seen!, r.Row!))];
    }

    public static void EndAll(Batch batch, ServiceKeys keys, IReadOnlyList<(AccountSessionRow Seen, SessionRow Row)> sessions, DateTimeOffset now, SessionId? except)
    {
        foreach (var (_, row) in sessions.Where(s => s.Row.Id != except && s.Row.RevokedAt is null)) batch.Put(row with { RevokedAt = now }, keys);
    }
}
