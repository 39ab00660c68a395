namespace Dsp.Cli;

/// <summary>What a command meets: where it writes, which settings it reads, which time it is.</summary>
internal sealed record Surroundings(TextWriter Out, TextWriter Error, Func<string, string?> Setting, TimeProvider Clock)
{
    /// <summary>How long a writing command waits for a server on the same embedded database to let go.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(10);

    public static Surroundings OfProcess => new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System);
}

/// <summary>How a command ends; scripts may rely on it.</summary>
internal static class ExitCode
{
    public const int Fine = 0;

    /// <summary>Something was found (verify, check-config), or lines were not taken (import).</summary>
    public const int Findings = 1;

    /// <summary>The command line or a setting is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Another process is at work on the same installation; try again.</summary>
    public const int Busy = 3;

    /// <summary>The product says no: nothing was changed.</summary>
    public const int Refused = 4;
}

/// <summary>Ends a command with a message for the person who typed it.</summary>
internal sealed class CommandEndsException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
