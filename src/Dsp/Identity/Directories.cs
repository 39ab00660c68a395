using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>A professional as lists show one.</summary>
public sealed record ListedProfessional(PersonId Person, string RegisterId, string Family, string Given, string Profession, string Group, string? Specialty, bool LicenceInForce)
{
    public string Name => $"{Family.ToUpperInvariant()} {Given}";
}

/// <summary>Where a professional practises now.</summary>
public sealed record PlaceOfPractice(InstitutionId Institution, string RegisterId, string Name, InstitutionKind Kind, string Unit, bool EmergencyDepartment, bool EmergencyMember);

/// <summary>The public registers as they are read by pages and doors: a row whose MAC does not fit is not there.</summary>
public sealed class Directories(Database database, ServiceKeys keys, TimeProvider clock)
{
    /// <summary>Professionals whose family or given name begins with every word typed, case and accents folded; sorted by name.</summary>
    /// <param name="most">At most so many, up to 100.</param>
    public async Task<IReadOnlyList<ListedProfessional>> FindProfessionalsAsync(string text, int most, CancellationToken cancel)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(People.Fold).Where(w => w.Length > 0).ToList();
        if (words.Count == 0) return [];
        // The register is public and small (thousands): folding is done here, where both databases do it alike.
        var all = await ProfessionalsAsync("SELECT " + ProfessionalRow.Columns + " FROM professionals p ORDER BY p.register_id", cancel);
        return [.. all.Where(p => words.TrueForAll(w => Words(p).Any(n => n.StartsWith(w, StringComparison.Ordinal))))
            .OrderBy(p => People.Fold(p.Family), StringComparer.Ordinal).ThenBy(p => People.Fold(p.Given), StringComparer.Ordinal)
            .Take(Math.Clamp(most, 1, 100)).Select(Listed)];
    }

    public async Task<ListedProfessional?> ProfessionalAsync(PersonId person, CancellationToken cancel) =>
        (await ProfessionalsAsync("SELECT " + ProfessionalRow.Columns + " FROM professionals p WHERE p.person_id = @key", cancel, ("key", person))).Select(Listed).FirstOrDefault();

    /// <summary>By the id of the professional register (<see cref="Identifiers.ProfessionalRegister"/>).</summary>
    public async Task<ListedProfessional?> ProfessionalByRegisterIdAsync(string registerId, CancellationToken cancel) =>
        (await ProfessionalsAsync("SELECT " + ProfessionalRow.Columns + " FROM professionals p WHERE p.register_id = @key", cancel, ("key", registerId))).Select(Listed).FirstOrDefault();

    /// <summary>The places where this person may act now, by name.</summary>
    public async Task<IReadOnlyList<PlaceOfPractice>> PlacesOfAsync(PersonId person, CancellationToken cancel)
    {
        var now = clock.Now();
        var rows = await database.QueryAsync(row => (Member: MembershipRow.Read(row, 0, keys), Institution: InstitutionRow.Read(row, MembershipRow.Width, keys)),
            $"SELECT {MembershipRow.Columns}, {InstitutionRow.Columns} FROM memberships m JOIN institutions i ON i.institution_id = m.institution_id WHERE m.person_id = @person ORDER BY i.institution_id",
            cancel, ("person", person));
        return [.. rows.Where(r => r is { Member: not null, Institution: not null } && r.Member.ValidAt(now))
            .Select(r => new PlaceOfPractice(r.Institution!.Id, r.Institution.RegisterId, r.Institution.Name, r.Institution.Kind, r.Member!.Unit, r.Institution.EmergencyDepartment, r.Member.Emergency))
            .OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    public async Task<InstitutionRow?> InstitutionAsync(InstitutionId institution, CancellationToken cancel) =>
        await database.QueryAsync(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.institution_id = @key", cancel, ("key", institution)) is [{ } row, ..] ? row : null;

    public async Task<InstitutionRow?> InstitutionByRegisterIdAsync(string registerId, CancellationToken cancel) =>
        await database.QueryAsync(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.register_id = @key", cancel, ("key", registerId)) is [{ } row, ..] ? row : null;

    public async Task<IReadOnlyList<InstitutionRow>> InstitutionsAsync(CancellationToken cancel) =>
        [.. (await database.QueryAsync(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i ORDER BY i.register_id", cancel)).OfType<InstitutionRow>()];

    public async Task<IReadOnlyList<SystemRow>> SystemsAsync(CancellationToken cancel) =>
        [.. (await database.QueryAsync(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s ORDER BY s.name", cancel)).OfType<SystemRow>()];

    public async Task<AgentRow?> AgentByNumberAsync(string number, CancellationToken cancel) =>
        await database.QueryAsync(row => AgentRow.Read(row, 0, keys), $"SELECT {AgentRow.Columns} FROM agents a WHERE a.number = @key", cancel, ("key", number)) is [{ } row, ..] ? row : null;

    private async Task<IReadOnlyList<ProfessionalRow>> ProfessionalsAsync(string sql, CancellationToken cancel, params (string, object?)[] parameters) =>
        [.. (await database.QueryAsync(row => ProfessionalRow.Read(row, 0, keys), sql, cancel, parameters)).OfType<ProfessionalRow>()];

    private static IEnumerable<string> Words(ProfessionalRow row) =>
        $"{row.Family} {row.Given}".Split([' ', '-', '\''], StringSplitOptions.RemoveEmptyEntries).Select(People.Fold).Append(People.Fold(row.Family)).Append(People.Fold(row.Given));

    private ListedProfessional Listed(ProfessionalRow row) =>
        new(row.Person, row.RegisterId, row.Family, row.Given, row.Profession, row.Group.ToString(), row.Specialty, row.LicenceInForceAt(clock.Now()));
}
