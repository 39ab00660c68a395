using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Accounts;

/// <summary>Everything about one account that a sign-in looks at. For a person without one all of it is empty.</summary>
public sealed record AccountState(PersonId Person, AccountRow? Account, IReadOnlyList<FactorRow> Factors, DeviceRow? Device, IReadOnlyList<InstitutionId> Institutions)
{
    /// <summary>The factors that open something.</summary>
    internal IEnumerable<FactorRow> Open => Factors.Where(f => f.IsOpen);

    /// <summary>The factors that wait for the second channel.</summary>
    internal IEnumerable<FactorRow> Waiting => Factors.Where(f => !f.IsOpen);
}

/// <summary>Reads accounts. A row whose MAC does not fit does not exist and alarms; unknown names cost what known ones cost.</summary>
public sealed class AccountStore(Database database, ServiceKeys keys, People people, Directories directories, Alarms alarms, TimeProvider clock)
{
    /// <summary>Whose account this name leads to; null where there is none. The same statements for every name.</summary>
    public async Task<PersonId?> PersonOfAsync(LoginName name, CancellationToken cancel)
    {
        var batch = new Batch();
        var slots = Tokens(name).Select(token => (
            Named: batch.Query(row => (Person: row.Guid(0), Fits: keys.RowMacFits(row.Bytes(1), "account_names", Convert.ToHexString(token), row.Guid(0))),
                "SELECT n.person_id, n.mac FROM account_names n WHERE n.token = @token", ("token", token)),
            Known: batch.Query(row => row.Guid(0),
                "SELECT a.person_id FROM person_tokens t JOIN accounts a ON a.person_id = t.person_id WHERE t.token = @token AND t.kind = 'identifier'", ("token", token)))).ToList();
        await database.ReadAsync(batch, cancel);
        foreach (var (named, known) in slots)
        {
            if (named.Rows is [var row, ..])
            {
                if (row.Fits) return new PersonId(row.Person);
                alarms.Raise("account-name-forged", row.Person, clock.Now());
            }
            else if (known.Rows is [var person, ..]) return new PersonId(person);
        }
        return null;
    }

    /// <summary>
    /// Who could have an account under this name: a registered person, or a professional whom the directory lists with a licence
    /// in force. Whoever is neither gets none.
    /// </summary>
    internal async Task<Entitled?> EntitledAsync(LoginName name, PartialDate? birth, CancellationToken cancel)
    {
        var batch = new Batch();
        var slots = Tokens(name).Select(token => people.QueryByToken(batch, token)).ToList();
        await database.ReadAsync(batch, cancel);
        if (slots.Select(s => s.First).OfType<SealedPerson>().FirstOrDefault() is { } row)
        {
            var found = people.Open(row);
            if (found.Details.DeathDate is not null) return null;
            // A number says the birth date already; another name needs it beside the letter.
            var proven = name.SaysBirthDate || (birth is not null && found.Details.BirthDate is { IsWhole: true } known && known.ToString() == birth.ToString());
            return proven ? new Entitled(found.Id, found.Details) : null;
        }
        if (name.Candidates.FirstOrDefault(c => c.System == Identifiers.ProfessionalRegister) is not { } register) return null;
        return await directories.ProfessionalByRegisterIdAsync(register.Value, cancel) is { LicenceInForce: true } listed ? new Entitled(listed.Person, null) { RegisterId = listed.RegisterId } : null;
    }

    /// <param name="device">The secret of the browser's device cookie.</param>
    public async Task<AccountState> LoadAsync(PersonId? person, string? device, CancellationToken cancel)
    {
        var id = person ?? default;
        var batch = new Batch();
        var account = batch.Query(row => AccountRow.Read(row, keys), $"SELECT {AccountRow.Columns} FROM accounts a WHERE a.person_id = @person", ("person", id));
        var factors = batch.Query(row => FactorRow.Read(row, keys), $"SELECT {FactorRow.Columns} FROM factors f WHERE f.person_id = @person ORDER BY f.added_at, f.factor_id", ("person", id));
        var devices = batch.Query(row => DeviceRow.Read(row, keys), $"SELECT {DeviceRow.Columns} FROM account_devices d WHERE d.token = @token AND d.person_id = @person",
            ("token", DeviceRow.TokenOf(keys, id, device ?? "")), ("person", id));
        var members = batch.Query(row => MembershipRow.Read(row, 0, keys), $"SELECT {MembershipRow.Columns} FROM memberships m WHERE m.person_id = @person", ("person", id));
        await database.ReadAsync(batch, cancel);
        if (account.Rows.Concat<object?>(factors.Rows).Any(row => row is null)) alarms.Raise("account-forged", id, clock.Now());
        var now = clock.Now();
        return new AccountState(id, account.First, account.First is null ? [] : [.. factors.Rows.OfType<FactorRow>()], devices.First,
            [.. members.Rows.OfType<MembershipRow>().Where(m => m.ValidAt(now)).Select(m => m.Institution)]);
    }

    /// <summary>The person whose factor this look-up token names, with everything else of the account.</summary>
    internal async Task<(AccountState State, FactorRow? Factor)> LoadByLookupAsync(byte[] lookup, string? device, CancellationToken cancel)
    {
        var found = await database.QueryAsync(row => FactorRow.Read(row, keys), $"SELECT {FactorRow.Columns} FROM factors f WHERE f.lookup = @lookup", cancel, ("lookup", lookup));
        var state = await LoadAsync(found is [{ } factor, ..] ? factor.Person : null, device, cancel);
        return (state, found is [{ } one, ..] ? state.Factors.FirstOrDefault(f => f.Id == one.Id) : null);
    }

    internal static void AddName(Batch batch, ServiceKeys keys, PersonIdentifier identifier, PersonId person)
    {
        var token = LoginName.TokenOf(keys, identifier);
        batch.Add("INSERT INTO account_names (token, person_id, mac) VALUES (@token, @person, @mac) ON CONFLICT (token) DO NOTHING",
            ("token", token), ("person", person), ("mac", keys.RowMac("account_names", Convert.ToHexString(token), person.Value)));
    }

    /// <summary>Two tokens for every name, so that the form of what was typed costs the same too.</summary>
    private IEnumerable<byte[]> Tokens(LoginName name)
    {
        for (var i = 0; i < 2; i++)
            yield return i < name.Candidates.Count ? LoginName.TokenOf(keys, name.Candidates[i]) : keys.Token("nobody", name.Text);
    }
}

/// <summary>Somebody who may have an account.</summary>
/// <param name="Details">Null for a professional whom the directory of people does not hold.</param>
internal sealed record Entitled(PersonId Person, PersonDetails? Details)
{
    public string? RegisterId { get; init; }

    public string Language => Details?.Language ?? "fr";

    /// <summary>Every name that will lead to the account.</summary>
    public IEnumerable<PersonIdentifier> Names =>
        (Details?.Identifiers ?? []).Where(i => i.System is Identifiers.NationalNumber or Identifiers.EHealthId)
            .Concat(RegisterId is { } register ? [new PersonIdentifier(Identifiers.ProfessionalRegister, register)] : []);
}
