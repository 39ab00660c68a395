namespace Dsp.Tests.Support;

/// <summary>How much of the suite runs: <c>./dsp test --quick</c>, <c>./dsp test</c>, <c>./dsp test --long</c>.</summary>
public enum Tier
{
    /// <summary>Unit, golden and SQLite tests only, under three minutes.</summary>
    Quick,

    /// <summary>The default: all but what is marked <c>[Trait("Tier", "Long")]</c>.</summary>
    Normal,

    /// <summary>Everything; storms and series take their full length.</summary>
    Long,
}

/// <summary>The tier of this run, from <c>DSP_TIER</c>; without it, <see cref="Tier.Normal"/>.</summary>
public static class Tiers
{
    /// <summary>For data sources and repetitions; whole tests are chosen by the traits <c>Tier</c> and <c>Store</c>.</summary>
    public static Tier Current { get; } = Environment.GetEnvironmentVariable("DSP_TIER") switch
    {
        "quick" => Tier.Quick,
        "long" => Tier.Long,
        null or "" or "normal" => Tier.Normal,
        var other => throw new InvalidOperationException($"DSP_TIER is '{other}'; it may be quick, normal or long."),
    };
}
