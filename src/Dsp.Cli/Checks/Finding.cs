namespace Dsp.Cli.Checks;

/// <summary>Wrong must be changed before real data come; consider is for a person to judge.</summary>
internal enum Weight { Wrong, Consider }

/// <summary>One finding: what is so, why it matters, what to do.</summary>
internal sealed record Finding(Weight Weight, string What, string Why, string Do);
