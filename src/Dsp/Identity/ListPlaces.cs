using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>A place a professional may act for, as the directory has it now.</summary>
/// <param name="Emergency">The person works in this institution's emergency department.</param>
public sealed record PlaceOfPractice(InstitutionId Institution, string Name, bool Emergency);

/// <summary>A listed professional and the places to choose from; licence as it is now.</summary>
public sealed record ListedProfessional(PersonId Person, string Name, string Given, string Family, string Profession, Codes.MatrixGroup Group, IReadOnlyList<PlaceOfPractice> Places);

/// <summary>Who the signed-in professional is in the directory, and where that person works at this instant (A909 art. 5(2)).</summary>
public sealed class ListPlaces(Database database, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <returns>Null for a person the directory does not list.</returns>
    public async Task<ListedProfessional?> RunAsync(PersonId person, CancellationToken cancel)
    {
        var batch = new Batch();
        var professional = batch.Query(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @person", ("person", person));
        var places = batch.Query(row => (Membership: MembershipRow.Read(row, 0, keys), Institution: InstitutionRow.Read(row, MembershipRow.Width, keys)),
            $"SELECT {MembershipRow.Columns}, {InstitutionRow.Columns} FROM memberships m JOIN institutions i ON i.institution_id = m.institution_id WHERE m.person_id = @person", ("person", person));
        await database.ReadAsync(batch, cancel);
        if (professional.First is not { } row) return null;
        var now = clock.Now();
        return new ListedProfessional(row.Person, row.Name, row.Given, row.Family, row.Profession, row.Group,
        [
            .. places.Rows.Where(p => p is { Membership: { } m, Institution: not null } && m.ValidAt(now))
                .Select(p => new PlaceOfPractice(p.Institution!.Id, p.Institution.Name, p.Membership!.Emergency))
                .OrderBy(p => p.Name, StringComparer.Ordinal),
        ]);
    }
}
