namespace Dsp.Codes;

/// <summary>A regulated health profession and the matrix group it reads and writes in (RGD 6.12.2019 annex 1(1)).</summary>
/// <param name="Name">The profession's French name in the register; the key.</param>
public sealed record Profession(MatrixGroup Group, string Name, string English);

/// <summary>The professions of <c>professions.csv</c>; a profession not listed has no column, so no access.</summary>
public static class Professions
{
    private static readonly Dictionary<string, Profession> ByName = Load();

    public static IReadOnlyCollection<Profession> All => ByName.Values;

    public static Profession? Find(string name) => ByName.GetValueOrDefault(name.Trim());

    private static Dictionary<string, Profession> Load() =>
        Embedded.Lines("Codes/professions.csv")[1..]
            .Select(line => line.Split(','))
            .Select(p => new Profession(Enum.Parse<MatrixGroup>(p[0]), p[1], p[2]))
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
}
