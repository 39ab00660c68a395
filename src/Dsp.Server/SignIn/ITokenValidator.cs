using Dsp.Access;

namespace Dsp.Server.SignIn;

/// <summary>
/// Says what a bearer token proves. The authorization server fills it; until then <see cref="SmallIssuer"/> does, for demo
/// and tests. Only the signature may be remembered: revocation, licence and suspension are the gate's facts.
/// </summary>
public interface ITokenValidator
{
    /// <returns>Null where the token proves nothing: malformed, foreign, expired, altered. The reason is never told.</returns>
    ValueTask<ProvenToken?> ValidateAsync(string token, CancellationToken cancel);
}

/// <summary>What a valid token says.</summary>
/// <param name="Subject">Person or system id.</param>
/// <param name="Institution">The place a professional acts for.</param>
/// <param name="Program">The institution whose attested program the call comes through.</param>
/// <param name="Strong">At least two factors.</param>
/// <param name="LongLived">A demo token: exempt from the 12 h rule (security §7).</param>
public sealed record ProvenToken(
    CallerKind Kind, Guid Subject, InstitutionId? Institution, InstitutionId? Program, SessionId? Session, string ClientId, IReadOnlyList<string> Scopes,
    bool Strong, DateTimeOffset? AuthenticatedAt, bool LongLived, DateTimeOffset NotBefore, DateTimeOffset ExpiresAt)
{
    /// <summary>The platform's caller; made here and nowhere else for tokens.</summary>
    public Caller ToCaller() => new()
    {
        Kind = Kind,
        Person = Kind == CallerKind.System ? null : new PersonId(Subject),
        System = Kind == CallerKind.System ? new SystemId(Subject) : null,
        Institution = Institution,
        Session = Session,
        Strong = Strong,
        AuthenticatedAt = AuthenticatedAt,
        LongLived = LongLived,
        MayAct = Scopes.Contains(SignIn.Scopes.Act),
        Software = ClientId,
        ThroughProgramOf = Program,
    };
}
