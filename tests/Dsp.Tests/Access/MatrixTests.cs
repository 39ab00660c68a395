using System.Text;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

[Golden]
public sealed class MatrixTests
{
    public static TheoryData<DataCategory, MatrixGroup> Cells()
    {
        var cells = new TheoryData<DataCategory, MatrixGroup>();
        foreach (var category in Enum.GetValues<DataCategory>())
            foreach (var group in Enum.GetValues<MatrixGroup>()) cells.Add(category, group);
        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    public void A_profession_reads_and_writes_what_its_cell_says(DataCategory category, MatrixGroup group)
    {
        // Read from the printed table, not from the code under test.
        var cell = Printed()[(category, group)];

        Assert.Equal(cell is 'R' or 'W', As(AccessAction.Read, category, group).Permitted);
        Assert.Equal(cell is 'W', As(AccessAction.Deposit, category, group).Permitted);
        if (cell is 'N') Assert.Equal(Refusals.NotFound, As(AccessAction.Read, category, group).Refusal);
        if (cell is not 'W') Assert.Equal(Refusals.CategoryNotWritable, As(AccessAction.Deposit, category, group).Refusal);
    }

    [Fact]
    public void The_table_has_209_cells_and_is_the_printed_one()
    {
        var table = new StringBuilder($"{AccessMatrix.Version}\n✎ reads and writes   ✓ reads   · nothing\n\n{"",-26}");
        foreach (var group in Enum.GetValues<MatrixGroup>()) table.Append(group.ToString().PadRight(5));
        foreach (var category in Enum.GetValues<DataCategory>())
        {
            table.Append('\n').Append(category.ToString().PadRight(26));
            foreach (var group in Enum.GetValues<MatrixGroup>()) table.Append(AccessMatrix.Right(category, group) switch { MatrixRight.Write => "✎    ", MatrixRight.Read => "✓    ", _ => "·    " });
        }
        var text = string.Join('\n', table.ToString().Split('\n').Select(l => l.TrimEnd())) + "\n";

        Assert.Equal(209, text.Count(c => c is '✎' or '✓' or '·') - 3);
        Golden.Check("access-matrix.txt", text);
    }

    private static Decision As(AccessAction action, DataCategory category, MatrixGroup group)
    {
        // REF is a function: a doctor whom this record names.
        var facts = Facts.Treating(action, group == MatrixGroup.REF ? MatrixGroup.DOC : group) with { Item = Facts.Item with { Category = category } };
        return AccessRules.Decide(group == MatrixGroup.REF ? facts.With(s => s with { Referring = new ReferringDoctor(Facts.Doctor, Facts.Now, null, "THILL Marie") }) : facts);
    }

    private static Dictionary<(DataCategory, MatrixGroup), char> Printed()
    {
        var lines = File.ReadAllLines(Repository.PathOf("tests", "Dsp.Tests", "Golden", "access-matrix.txt")).SkipWhile(l => !l.StartsWith(' ')).ToList();
        var groups = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<MatrixGroup>).ToList();
        return lines.Skip(1).Where(l => l.Length > 0).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(p => groups.Select((g, i) => (Key: (Enum.Parse<DataCategory>(p[0]), g), Value: p[i + 1] switch { "✎" => 'W', "✓" => 'R', _ => 'N' })))
            .ToDictionary(c => c.Key, c => c.Value);
    }
}
