using Dsp.Codes;

namespace Dsp.Identity;

/// <summary>A listed professional and the places to choose from.</summary>
public sealed record ProfessionalWithPlaces(PersonId Person, string Name, string Given, string Family, string Profession, MatrixGroup Group, IReadOnlyList<PlaceOfPractice> Places);

/// <summary>Who the signed-in professional is in the directory, and where that person works at this instant (A909 art. 5(2)).</summary>
public sealed class ListPlaces(Directories directories) : IOperation
{
    /// <returns>Null for a person the directory does not list.</returns>
    public async Task<ProfessionalWithPlaces?> RunAsync(PersonId person, CancellationToken cancel)
    {
        if (await directories.ProfessionalAsync(person, cancel) is not { } row || !Enum.TryParse<MatrixGroup>(row.Group, out var group)) return null;
        var places = await directories.PlacesOfAsync(person, cancel);
        return new ProfessionalWithPlaces(row.Person, row.Name, row.Given, row.Family, row.Profession, group, [.. places.OrderBy(p => p.Name, StringComparer.Ordinal)]);
    }
}
