using Xunit;

namespace Dsp.Tests.Architecture;

/// <summary>Fails with every finding on a line of its own: whoever broke a rule sees all places at once.</summary>
internal static class Findings
{
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{all.Count} found:\n  {string.Join("\n  ", all)}");
    }
}
