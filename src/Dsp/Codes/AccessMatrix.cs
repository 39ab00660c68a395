namespace Dsp.Codes;

/// <summary>
/// The access matrix of RGD 6.12.2019 annex 1 (consolidated 1 Sep 2024): 19 categories × 11 groups, data in
/// <c>access-matrix.csv</c>. It is a ceiling: the holder narrows it, nothing widens it.
/// </summary>
public static class AccessMatrix
{
    /// <summary>Version of the data, told with every decision page and golden table.</summary>
    public const string Version = "RGD 6.12.2019 annex 1, 1.9.2024";

    private static readonly MatrixRight[,] Cells = Load();

    public static MatrixRight Right(DataCategory category, MatrixGroup group) => Cells[(int)category, (int)group];

    public static bool MayRead(DataCategory category, MatrixGroup group) => Right(category, group) != MatrixRight.None;

    public static bool MayWrite(DataCategory category, MatrixGroup group) => Right(category, group) == MatrixRight.Write;

    private static MatrixRight[,] Load()
    {
        var lines = Embedded.Lines("Codes/access-matrix.csv");
        var groups = lines[0].Split(',')[1..].Select(Enum.Parse<MatrixGroup>).ToArray();
        var cells = new MatrixRight[Enum.GetValues<DataCategory>().Length, Enum.GetValues<MatrixGroup>().Length];
        foreach (var line in lines[1..])
        {
            var parts = line.Split(',');
            var category = Enum.Parse<DataCategory>(parts[0]);
            for (var i = 0; i < groups.Length; i++)
            {
                cells[(int)category, (int)groups[i]] = parts[i + 1] switch
                {
                    "W" => MatrixRight.Write,
                    "R" => MatrixRight.Read,
                    "N" => MatrixRight.None,
                    _ => throw new InvalidDataException($"access-matrix.csv: '{parts[i + 1]}' is not W, R or N"),
                };
            }
        }
        return cells;
    }
}
