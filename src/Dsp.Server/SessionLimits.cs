using System.Globalization;

namespace Dsp.Server;

/// <summary>How long somebody stays signed in to the portal (ux 4.2).</summary>
public sealed record SessionLimits
{
    /// <summary>A patient without any request is signed out after this: 5 to 60 minutes.</summary>
    public TimeSpan PatientIdle { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A professional without any request is signed out after this: 5 to 60 minutes.</summary>
    public TimeSpan ProfessionalIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest session, whatever happens in it: 1 to 12 hours, because a sign-in older than that opens nothing.</summary>
    public TimeSpan LongestSession { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Reads whole minutes and hours.</summary>
    /// <exception cref="InvalidOperationException">One is no number or out of bounds; the message names it.</exception>
    internal static SessionLimits From(Func<string, string?> find)
    {
        int Within(string name, int usual, int least, int most, string unit) =>
            find(name) is not { } text ? usual
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw new InvalidOperationException($"The setting {name} is '{text}': give whole {unit}, {least} to {most} (usual: {usual}).");
        var usual = new SessionLimits();
        return new SessionLimits
        {
            PatientIdle = TimeSpan.FromMinutes(Within(nameof(PatientIdle), (int)usual.PatientIdle.TotalMinutes, 5, 60, "minutes")),
            ProfessionalIdle = TimeSpan.FromMinutes(Within(nameof(ProfessionalIdle), (int)usual.ProfessionalIdle.TotalMinutes, 5, 60, "minutes")),
            LongestSession = TimeSpan.FromHours(Within(nameof(LongestSession), (int)usual.LongestSession.TotalHours, 1, 12, "hours")),
        };
    }
}
