using System.Text;

using Xunit;
using Xunit.v3;

namespace Dsp.Tests.Support;

/// <summary>
/// Text the product makes, kept under review in <c>tests/Dsp.Tests/Golden</c>. A difference fails and shows the first line
/// that differs; <c>./dsp golden</c> writes the files anew (DSP_GOLDEN=write), and their diff is then read like code.
/// </summary>
public static class Golden
{
    private const string Folder = "tests/Dsp.Tests/Golden";

    /// <summary>Compares with the golden file of this name; line ends count as one line feed.</summary>
    /// <param name="name">File name below the golden folder, with its ending; may name a sub-folder.</param>
    /// <param name="actual">The text as the product makes it now.</param>
    public static void Check(string name, string actual)
    {
        if (TestContext.Current.TestCase is { } test && !test.Traits.ContainsKey(GoldenAttribute.Name))
        {
            Assert.Fail("Mark this test or its class with [Golden]: ./dsp golden finds the tests to run by it.");
        }

        var file = Repository.PathOf([.. Folder.Split('/'), .. name.Split('/')]);
        var text = Normalised(actual);
        if (Environment.GetEnvironmentVariable("DSP_GOLDEN") == "write")
        {
            Write(file, text);
            return;
        }

        if (!File.Exists(file))
        {
            Assert.Fail($"{Folder}/{name} does not exist yet. Write it with ./dsp golden and read it before committing.");
        }

        if (Difference(Normalised(File.ReadAllText(file)), text) is { } difference)
        {
            Assert.Fail($"{Folder}/{name} differs {difference}\nIf the new text is right: ./dsp golden, and read the diff.");
        }
    }

    /// <summary>Where two texts first differ, in words a reader can use; null when they are equal.</summary>
    public static string? Difference(string expected, string actual)
    {
        if (expected == actual)
        {
            return null;
        }

        var (before, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < before.Length && line < now.Length && before[line] == now[line])
        {
            line++;
        }

        var message = new StringBuilder($"in line {line + 1} ({before.Length} lines expected, {now.Length} made):\n");
        if (line > 0)
        {
            message.Append("    after: ").Append(before[line - 1]).Append('\n');
        }

        message.Append(" expected: ").Append(line < before.Length ? before[line] : "(end of text)").Append('\n');
        message.Append("     made: ").Append(line < now.Length ? now[line] : "(end of text)");
        if (line < before.Length && line < now.Length)
        {
            var column = before[line].Zip(now[line]).TakeWhile(pair => pair.First == pair.Second).Count();
            message.Append('\n').Append(' ', 11 + column).Append("^ column ").Append(column + 1);
        }

        return message.ToString();
    }

    private static string Normalised(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    private static void Write(string file, string text)
    {
        if (File.Exists(file) && Normalised(File.ReadAllText(file)) == text)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}

/// <summary>Marks a test, or a class of tests, that keeps golden files; <c>./dsp golden</c> runs exactly these.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class GoldenAttribute : Attribute, ITraitAttribute
{
    internal const string Name = "Golden";

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Name, "true")];
}
