using Dsp.Codes;
using Dsp.Identity.Software;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>Turns one line of a register into its row: the statement to run, nothing where it is there already, or a reason.</summary>
internal sealed class DirectoryRowReader(Database database, ServiceKeys keys, People people, TimeProvider clock)
{
    private const int Longest = 200;

    public Task<(Batch? Statement, bool IsNew, string? Reason)> ReadAsync(DirectoryKind kind, DirectoryFields line, CancellationToken cancel) => kind switch
    {
        DirectoryKind.Institutions => InstitutionAsync(line, cancel),
        DirectoryKind.Professionals => ProfessionalAsync(line, cancel),
        DirectoryKind.Memberships => MembershipAsync(line, cancel),
        DirectoryKind.Systems => SystemAsync(line, cancel),
        DirectoryKind.Clients => new ClientRowReader(database, keys, clock).ReadAsync(line, cancel),
        DirectoryKind.Domains => DomainAsync(line, cancel),
        _ => AgentAsync(line, cancel),
    };

    private async Task<(Batch?, bool, string?)> InstitutionAsync(DirectoryFields line, CancellationToken cancel)
    {
        if (Missing(line, "register_id", "name") is { } missing) return Rejected(missing);
        InstitutionKind? kind = line["kind"] switch { "practice" => InstitutionKind.Practice, "collective" => InstitutionKind.Collective, _ => null };
        if (kind is null) return Rejected("The kind is practice or collective.");
        if (line.Flag("emergency_department") is not { } emergency || line.Flag("portal_attested") is not { } portal) return Rejected("A flag is yes or no.");
        var before = await FindAsync(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.register_id = @key", line["register_id"]!, cancel);
        var row = new InstitutionRow(before?.Id ?? InstitutionId.New(clock), line["register_id"]!, line["name"]!, kind.Value, emergency, portal);
        return Answer(row, before, batch => batch.Put(row, keys));
    }

    private async Task<(Batch?, bool, string?)> ProfessionalAsync(DirectoryFields line, CancellationToken cancel)
    {
        if (Missing(line, "register_id", "family", "given", "profession", "licence_from") is { } missing) return Rejected(missing);
        if (Professions.Find(line["profession"]!) is not { } profession) return Rejected("The profession is none of the register's; it has no column in the access matrix.");
        if (!line.TryDay("licence_from", out var from) || !line.TryDay("licence_until", out var until) || !line.TryDay("stopped_from", out var stopped) || !line.TryDay("stopped_until", out var returned))
            return Rejected("A day is written yyyy-MM-dd.");
        if (until <= from || returned <= stopped || (returned is not null && stopped is null)) return Rejected("An end lies before its beginning.");
        var before = await FindAsync(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.register_id = @key", line["register_id"]!, cancel);
        var (person, reason) = before is null ? await PersonAsync(line["national_number"], cancel) : (before.Person, null);
        if (reason is not null) return Rejected(reason);
        // A stop comes from the Minister's notification; a register file ends it only by naming it.
        var row = new ProfessionalRow(person, line["register_id"]!, line["family"]!, line["given"]!, profession.Name, profession.Group, line["specialty"], from!.Value, until,
            stopped ?? before?.StoppedFrom, stopped is null ? before?.StoppedUntil : returned);
        return Answer(row, before, batch => batch.Put(row, keys));
    }

    private async Task<(Batch?, bool, string?)> MembershipAsync(DirectoryFields line, CancellationToken cancel)
    {
        if (Missing(line, "institution", "professional", "valid_from") is { } missing) return Rejected(missing);
        if (!line.TryDay("valid_from", out var from) || !line.TryDay("valid_until", out var until)) return Rejected("A day is written yyyy-MM-dd.");
        if (line.Flag("emergency") is not { } emergency) return Rejected("A flag is yes or no.");
        var institution = await FindAsync(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.register_id = @key", line["institution"]!, cancel);
        if (institution is null) return Rejected("The institution is not in the directory.");
        var professional = await ByRegisterAsync(line["professional"]!, cancel);
        if (professional is null) return Rejected("The professional is not in the directory.");
        var found = await database.QueryAsync(row => MembershipRow.Read(row, 0, keys), $"SELECT {MembershipRow.Columns} FROM memberships m WHERE m.institution_id = @institution AND m.person_id = @person",
            cancel, ("institution", institution.Id), ("person", professional.Person));
        var before = found is [var present, ..] ? present : null;
        var row = new MembershipRow(institution.Id, professional.Person, line["unit"] ?? "", emergency, from!.Value, until);
        return Answer(row, before, batch => batch.Put(row, keys));
    }

    private async Task<(Batch?, bool, string?)> SystemAsync(DirectoryFields line, CancellationToken cancel)
    {
        if (Missing(line, "name", "role") is { } missing) return Rejected(missing);
        if (line["role"] is not ("care" or "authority")) return Rejected("The role is care or authority.");
        InstitutionRow? institution = null;
        ProfessionalRow? responsible = null;
        if (line["institution"] is { } register)
        {
            institution = await FindAsync(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.register_id = @key", register, cancel);
            if (institution is null) return Rejected("The institution is not in the directory.");
        }
        if (line["responsible"] is { } doctor)
        {
            responsible = await ByRegisterAsync(doctor, cancel);
            if (responsible is null) return Rejected("The responsible professional is not in the directory.");
        }
        if (line["role"] == "care" && (institution is null || responsible is null)) return Rejected("A care system has an institution and a responsible professional.");
        var before = await FindAsync(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s WHERE s.name = @key", line["name"]!, cancel);
        var row = new SystemRow(before?.Id ?? SystemId.New(clock), line["name"]!, institution?.Id, responsible?.Person, line["role"]!, before?.SuspendedAt);
        return Answer(row, before, batch => batch.Put(row, keys));
    }

    private async Task<(Batch?, bool, string?)> AgentAsync(DirectoryFields line, CancellationToken cancel)
    {
        if (Missing(line, "number", "role") is { } missing) return Rejected(missing);
        if (!line.TryDay("until", out var until)) return Rejected("A day is written yyyy-MM-dd.");
        var before = await FindAsync(row => AgentRow.Read(row, 0, keys), $"SELECT {AgentRow.Columns} FROM agents a WHERE a.number = @key", line["number"]!, cancel);
        var (person, reason) = before is null ? await PersonAsync(line["national_number"], cancel) : (before.Person, null);
        if (reason is not null) return Rejected(reason);
        var row = new AgentRow(person, line["number"]!, line["role"]!, until);
        return Answer(row, before, batch => batch.Put(row, keys));
    }

    /// <summary>The national number and the eHealthID are the register's: nobody feeds them here.</summary>
    private async Task<(Batch?, bool, string?)> DomainAsync(DirectoryFields line, CancellationToken cancel)
    {
        if (Missing(line, "domain", "system") is { } missing) return Rejected(missing);
        if (!line["domain"]!.StartsWith("urn:oid:", StringComparison.Ordinal)) return Rejected("A domain is written urn:oid: and its OID.");
        if (KnownDomains.IsAdministrative(line["domain"]!)) return Rejected("No system feeds the domain of the national number or of the eHealthID.");
        var system = await FindAsync(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s WHERE s.name = @key", line["system"]!, cancel);
        if (system is not { Role: "care" }) return Rejected("The system is not in the directory, or is not one of care.");
        var before = await FindAsync(row => IdentifierDomainRow.Read(row, 0, keys), $"SELECT {IdentifierDomainRow.Columns} FROM identifier_domains d WHERE d.domain = @key", line["domain"]!, cancel);
        var row = new IdentifierDomainRow(line["domain"]!, system.Id);
        return Answer(row, before, batch => batch.Put(row, keys));
    }

    /// <summary>A natural person has one id in all roles: who is registered by this number keeps it.</summary>
    private async Task<(PersonId Person, string? Reason)> PersonAsync(string? number, CancellationToken cancel)
    {
        if (number is null) return (PersonId.New(clock), null);
        if (Identifiers.TokenOf(keys, Identifiers.NationalNumber, number, Deadlines.DayOf(clock.Now())) is not { } token) return (default, "The national number does not pass its checks.");
        var known = await people.FindByTokenAsync(database, token, cancel);
        return known is null ? (default, "Nobody is registered with this national number: import the people first, or leave the column empty.") : (known.Id, null);
    }

    private Task<ProfessionalRow?> ByRegisterAsync(string registerId, CancellationToken cancel) =>
        FindAsync(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.register_id = @key", registerId, cancel);

    private async Task<T?> FindAsync<T>(Func<Row, T?> read, string sql, string key, CancellationToken cancel) where T : class =>
        await database.QueryAsync(read, sql, cancel, ("key", key)) is [var row, ..] ? row : null;

    private static string? Missing(DirectoryFields line, params string[] columns)
    {
        foreach (var column in columns)
        {
            if (line[column] is not { } value) return $"The column {column} is required.";
            if (value.Length > Longest) return $"The column {column} is longer than 200 characters.";
        }
        return null;
    }

    private static (Batch?, bool, string?) Answer<T>(T row, T? before, Func<Batch, Batch> put) where T : class =>
        row.Equals(before) ? (null, false, null) : (put(new Batch()), before is null, null);

    private static (Batch?, bool, string?) Rejected(string reason) => (null, false, reason);
}
