using System.Text.RegularExpressions;

using Dsp.Tests.Support;

using Xunit;

namespace Dsp.Tests.Architecture;

/// <summary>What is kept is read in one place each: who forgets a check elsewhere has nothing to read.</summary>
public sealed class DataAccessTests
{
    private const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    [Theory]
    [InlineData("documents", "Access", "Documents", "Vault", "Records")]
    [InlineData("document_facts", "Documents", "Records")]
    [InlineData("waiting_readings", "Documents", "Records")]
    [InlineData("deposit_reports", "Documents", "Records")]
    [InlineData("submission_sets", "Access", "Documents", "Records")]
    [InlineData("folders", "Documents", "Records")]
    [InlineData("contents", "Vault", "Records")]
    public void A_table_is_used_by_its_own_folders_only(string table, params string[] folders)
    {
        var elsewhere =
            from file in Repository.CSharpFiles("src")
            let place = Repository.Relative(file)
            where !folders.Any(folder => place.StartsWith($"src/Dsp/{folder}/", StringComparison.Ordinal))
            where Regex.IsMatch(File.ReadAllText(file), $@"\b(FROM|JOIN|INTO|UPDATE)\s+{table}\b", Plain)
            select $"{place} uses the table {table}";

        Findings.None(elsewhere);
    }

    [Fact]
    public void What_translates_sends_no_statement_and_opens_no_key()
    {
        var found =
            from project in new[] { "Dsp.Server", "Dsp.Interop", "Dsp.Ui" }
            from file in Repository.CSharpFiles("src", project)
            let statement = Regex.IsMatch(File.ReadAllText(file), @"\b(SELECT\s+[\w*]|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)", Plain)
            let key = Regex.IsMatch(SourceText.CodeOf(file), @"\b(IKeyProvider|KeyProvider|RecordKey|Unwrap)\b", Plain)
            where statement || key
            select $"{Repository.Relative(file)} {(statement ? "holds a statement" : "reaches for a key")}";

        Findings.None(found);
    }
}
