using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Facts;
using Dsp.Tests.Cda;

namespace Dsp.Tests.Facts;

public sealed partial class CdaFactCorpusTests
{
    [Fact]
    public void Nearly_every_coded_entry_of_the_sample_documents_becomes_a_fact_no_negation_is_inverted_and_no_unknown_is_lost()
    {
        var table = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var missed = new List<string>();
        var files = CdaCorpus.Files();
        foreach (var (name, bytes) in files)
        {
            if (Path.GetFileName(name) == "EADC_resources__config__config.xml") continue;
            var sheet = CdaFactSheet.Read(bytes, DataCategory.Syntheses);
            Assert.Null(sheet.Report.Problem);
            var byPath = sheet.Facts.Where(f => f.Place.Path.Contains("/e", StringComparison.Ordinal)).GroupBy(f => f.Place.Path, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
            var counts = Row(table, Family(name));
            counts[0]++;
            foreach (var entry in CdaEntryCount.Of(bytes))
            {
                counts[1]++;
                var fact = byPath.GetValueOrDefault(entry.Path)?.FirstOrDefault(f => CodesOf(f).Overlaps(entry.Codes));
                if (fact is null)
                {
                    missed.Add($"{name} {entry.Path} [{entry.Section}] {string.Join(' ', entry.Codes.Take(3))}");
                    continue;
                }
                counts[2]++;
                if (entry.Negated && !entry.NoInformation) counts[3]++;
                if (entry.NoInformation || entry.Nameless) counts[4]++;
                if (entry.Negated && !entry.NoInformation && fact.Statement is FactStatement.Asserted) wrong.Add($"{name} {entry.Path}: negated in the source, {fact.Statement} here ({fact.Name})");
                if (!entry.Negated && fact.Statement == FactStatement.Negated && AbsentCodes.Answers(fact.Value?.Coded) is null) wrong.Add($"{name} {entry.Path}: not negated in the source, negated here ({fact.Name})");
                if ((entry.NoInformation || (entry.Nameless && !entry.Negated)) && fact.Statement is FactStatement.Asserted or FactStatement.Negated) wrong.Add($"{name} {entry.Path}: unknown in the source, {fact.Statement} here ({fact.Name})");
            }
            counts[5] += sheet.Facts.Count;
        }

        Print(table, missed);
        Assert.Equal(173, files.Count);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(30)) + $"\n{wrong.Count} in all");
        Assert.All(table, row => Assert.True(row.Value[2] >= row.Value[1] * 0.95, $"{row.Key}: {row.Value[2]} of {row.Value[1]} coded entries\n{string.Join('\n', missed.Take(40))}"));
    }

    [Fact]
    public void A_section_that_says_why_it_is_empty_is_a_statement_without_information()
    {
        var silent = CdaCorpus.Files()
            .Where(f => f.Name.StartsWith("ccda-ehr-samples", StringComparison.Ordinal))
            .SelectMany(f => CdaFactSheet.Read(f.Bytes, DataCategory.Syntheses).Facts)
            .Where(f => !f.Place.Path.Contains('/', StringComparison.Ordinal))
            .ToList();

        Assert.True(silent.Count > 100, $"{silent.Count} sections");
        Assert.All(silent, f => Assert.True(f.Statement is FactStatement.NoInformation or FactStatement.Unknown));
    }

    [Fact]
    public void No_words_of_absence_are_shown_as_something_that_is_there()
    {
        var shown = CdaCorpus.Files()
            .SelectMany(f => CdaFactSheet.Read(f.Bytes, DataCategory.Syntheses).Facts.Select(fact => (File: f.Name, Fact: fact)))
            .Where(f => f.Fact is { Kind: FactKind.Allergy or FactKind.Problem or FactKind.Medicine, Statement: FactStatement.Asserted, Name: { } name } && Absence().IsMatch(name))
            .Select(f => $"{f.File}: {f.Fact.Kind} {f.Fact.Name}")
            .ToList();

        Assert.True(shown.Count == 0, string.Join('\n', shown));
    }

    /// <summary>Another reading of the words than the product's: anywhere, in the languages of the samples.</summary>
    [GeneratedRegex(@"\b(no known|not known|no adverse|no history|no drug|no allerg\w*|none|nkda|nka|denies|unknown|ingen|nicht bekannt|keine|aucune?|nenhuma?|nessuna?|ninguna?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Absence();

    private static HashSet<string> CodesOf(Fact fact) =>
        [.. new[] { fact.Code, fact.Aspect, fact.Value?.Coded }.Concat(fact.Ingredients?.Select(i => i.Substance) ?? []).SelectMany(c => c?.Codes ?? []).Select(c => c.Code)];

    private static string Family(string name) => name.Split('/')[0] switch
    {
        "ehdsi-openncp-cda" or "dk-ehdsi" => "eHDSI " + name.Split('/')[0],
        var other => "C-CDA " + other,
    };

    private static int[] Row(SortedDictionary<string, int[]> table, string family)
    {
        if (!table.TryGetValue(family, out var row)) table.Add(family, row = new int[6]);
        return row;
    }

    private static void Print(SortedDictionary<string, int[]> table, List<string> missed)
    {
        var text = new StringBuilder("family | documents | coded entries | extracted | of them negated | unknown or no information | facts in all\n");
        foreach (var (family, n) in table) text.AppendLine(CultureInfo.InvariantCulture, $"{family} | {n[0]} | {n[1]} | {n[2]} ({100.0 * n[2] / Math.Max(1, n[1]):0.0} %) | {n[3]} | {n[4]} | {n[5]}");
        foreach (var miss in missed.Take(60)) text.AppendLine(miss);
        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString());
    }
}
