using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>One professional or institution of the directory: public register data.</summary>
/// <param name="Profession">French register name; null for an institution.</param>
public sealed record DirectoryHit(PersonId? Person, InstitutionId? Institution, string Name, string? Profession, string? Place, bool EmergencyDepartment);

/// <summary>What a search of the directory found; more than the page holds is said, not shown.</summary>
public sealed record DirectoryFound(IReadOnlyList<DirectoryHit> Hits, bool More);

/// <summary>
/// Looks up professionals by family name and institutions by a word of their name, case and accents folded. The directory is
/// public (security 1), so no permit is asked for and nothing about any holder is touched.
/// </summary>
public sealed class SearchDirectory(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <summary>Shorter words find too much to be a search.</summary>
    public const int Shortest = 2;

    private const int Most = 20;

    public async Task<DirectoryFound> RunAsync(string words, CancellationToken cancel)
    {
        var wanted = words.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0 || wanted.Sum(w => w.Length) < Shortest) return new DirectoryFound([], More: false);
        var batch = new Batch();
        var professionals = batch.Query(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p");
        var institutions = batch.Query(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i");
        var memberships = batch.Query(row => MembershipRow.Read(row, 0, keys), $"SELECT {MembershipRow.Columns} FROM memberships m");
        await database.ReadAsync(batch, cancel);
        var now = clock.Now();
        var places = institutions.Rows.OfType<InstitutionRow>().ToDictionary(i => i.Id);
        var people = professionals.Rows.OfType<ProfessionalRow>()
            .Where(p => p.LicenceInForceAt(now) && wanted.All(w => Begins(p.Family, w) || Begins(p.Given, w)))
            .Select(p => new DirectoryHit(p.Person, null, p.Name, p.Profession, PlaceOf(p.Person), EmergencyDepartment: false));
        var houses = places.Values.Where(i => wanted.All(w => Begins(i.Name, w)))
            .Select(i => new DirectoryHit(null, i.Id, i.Name, null, null, i.EmergencyDepartment));
        var hits = people.Concat(houses).OrderBy(h => People.Fold(h.Name), StringComparer.Ordinal).ThenBy(h => (h.Person?.Value ?? h.Institution?.Value)).Take(Most + 1).ToList();
        return new DirectoryFound([.. hits.Take(Most)], hits.Count > Most);

        string? PlaceOf(PersonId person) => memberships.Rows.OfType<MembershipRow>()
            .Where(m => m.Person == person && m.ValidAt(now)).Select(m => places.GetValueOrDefault(m.Institution)?.Name).FirstOrDefault(n => n is not null);
    }

    /// <summary>One professional or institution by id; null where the directory lists none.</summary>
    public async Task<DirectoryHit?> FindAsync(PersonId? person, InstitutionId? institution, CancellationToken cancel)
    {
        var batch = new Batch();
        var professional = batch.Query(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @id", ("id", person?.Value ?? Guid.Empty));
        var house = batch.Query(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.institution_id = @id", ("id", institution?.Value ?? Guid.Empty));
        await database.ReadAsync(batch, cancel);
        return professional.First is { } p ? new DirectoryHit(p.Person, null, p.Name, p.Profession, null, EmergencyDepartment: false)
            : house.First is { } i ? new DirectoryHit(null, i.Id, i.Name, null, null, i.EmergencyDepartment)
            : null;
    }

    private static bool Begins(string text, string word)
    {
        var folded = People.Fold(word);
        return folded.Length > 0 && text.Split(' ', '-', '\'').Append(text).Any(part => People.Fold(part).StartsWith(folded, StringComparison.Ordinal));
    }
}
