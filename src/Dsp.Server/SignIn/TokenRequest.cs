using Dsp.Access;

namespace Dsp.Server.SignIn;

/// <summary>What the small issuer is to sign. Made by the demo, the CLI on a demo database, and tests; never from a request.</summary>
public sealed record TokenRequest(CallerKind Kind, Guid Subject, IReadOnlyList<string> Scopes)
{
    /// <summary>The place a professional acts for.</summary>
    public InstitutionId? Institution { get; init; }

    /// <summary>The institution whose attested program the token stands for.</summary>
    public InstitutionId? Program { get; init; }

    /// <summary>The session row by which the token can be revoked.</summary>
    public SessionId? Session { get; init; }

    /// <summary>How the journal names the software where no registered system calls.</summary>
    public string ClientId { get; init; } = "dsp-demo";

    public TimeSpan Life { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Two factors were used.</summary>
    public bool Strong { get; init; } = true;

    /// <summary>The usual scopes of a role.</summary>
    public static IReadOnlyList<string> UsualScopes(CallerKind kind, bool authority = false) => kind switch
    {
        CallerKind.Person => [SignIn.Scopes.PatientRead, SignIn.Scopes.UserCreate, SignIn.Scopes.Act, "ITI-67", "ITI-68", "ITI-81"],
        CallerKind.Professional => [SignIn.Scopes.UserRead, SignIn.Scopes.UserCreate, SignIn.Scopes.Act, "ITI-65", "ITI-67", "ITI-68", "ITI-78", "ITI-83", "ITI-119"],
        CallerKind.System when authority => [SignIn.Scopes.Feed],
        CallerKind.System => [SignIn.Scopes.SystemRead, SignIn.Scopes.SystemCreate, "ITI-65", "ITI-67", "ITI-68", "ITI-83", "ITI-104"],
        _ => [SignIn.Scopes.UserRead, SignIn.Scopes.Act],
    };
}
