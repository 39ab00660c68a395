using System.Reflection;
using System.Text.RegularExpressions;

namespace Dsp.Tests.Architecture;

/// <summary>The folders of the platform in their order; each may use those before it (ARCHITECTURE.md, "Projects and folders").</summary>
internal static partial class FolderOrder
{
    public static IReadOnlyList<string> Folders { get; } =
    [
        "Codes", "Storage", "Sealing", "Journal", "Identity", "Notices", "Access", "Accounts", "Vault",
        "Records", "Documents", "Subscriptions", "Clinical", "Expression", "Forms", "Catalogue",
    ];

    /// <summary>The last folder that <c>Platform.cs</c> puts together; the operations in the folders after it are made from the platform.</summary>
    public const string LastPartOfThePlatform = "Documents";

    /// <summary>The folders whose code must not know the platform it is a part of.</summary>
    public static IEnumerable<string> PartsOfThePlatform => Folders.TakeWhile(folder => folder != LastPartOfThePlatform).Append(LastPartOfThePlatform);

    /// <summary>The folders that this code uses against the order, with the line where it does.</summary>
    /// <param name="folder">The folder of the code; empty for the files at the root of the platform, which use no folder.</param>
    /// <param name="code">Source without comments and strings.</param>
    /// <param name="typesOf">The type names of a folder; they tell <c>Journal.Entry</c> from a property called Journal.</param>
    public static IEnumerable<(string Folder, int Line)> UsesAgainstOrder(string folder, string code, Func<string, IReadOnlySet<string>> typesOf)
    {
        var place = folder.Length == 0 ? -1 : Folders.ToList().IndexOf(folder);
        foreach (Match match in QualifiedName().Matches(code))
        {
            var used = match.Groups["folder"].Value;
            var rank = Folders.ToList().IndexOf(used);
            var named = match.Groups["root"].Success || typesOf(used).Contains(match.Groups["next"].Value);
            if (rank > place && named)
            {
                yield return (used, SourceText.LineOf(code, match.Index));
            }
        }
    }

    /// <summary>The names of the types that a folder's namespace holds.</summary>
    public static IReadOnlySet<string> TypesOf(Assembly platform, string folder) =>
        platform.GetTypes()
            .Where(type => type.Namespace == $"Dsp.{folder}" || (type.Namespace ?? "").StartsWith($"Dsp.{folder}.", StringComparison.Ordinal))
            .Select(type => type.Name.Split('`')[0])
            .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(
        """(?<![\w.])(?<root>(global::)?Dsp\.)?(?<folder>Codes|Storage|Sealing|Journal|Identity|Notices|Access|Accounts|Vault|Records|Documents|Clinical|Expression|Forms|Catalogue)\b(\.(?<next>\w+))?""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex QualifiedName();
}
