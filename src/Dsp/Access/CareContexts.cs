namespace Dsp.Access;

/// <summary>What opening a care context means for the sheet, whatever its kind.</summary>
internal static class CareContexts
{
    /// <summary>Contexts whose tail ended longer ago than this leave the sheet; the journal keeps them.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>The sheet's contexts with one more, without those long past.</summary>
    public static IReadOnlyList<CareContext> With(Permit permit, CareContext context) =>
        [.. permit.Sheet.Contexts.Where(c => (c.EndedAt ?? c.EndsAt) + Deadlines.DepositTail + Kept > permit.Now), context];

    public static OpenedCareContext Opened(Permit permit, CareContext context) => new(context.Id, permit.Record, context.Kind, context.StartsAt, context.EndsAt);

    /// <summary>The institution the caller registers for: the professional's place, or the system's own.</summary>
    public static InstitutionId? PlaceOf(Permit permit) => permit.Facts.Actor.Institution?.Id;

    public static IReadOnlyList<CareContext> Replaced(AccessSheet sheet, CareContext changed) => [.. sheet.Contexts.Select(c => c.Id == changed.Id ? changed : c)];

    /// <summary>The newest context of an institution's own number for a stay; null where there is none.</summary>
    public static CareContext? OfAdmission(AccessSheet sheet, InstitutionId place, string number) =>
        sheet.Contexts.LastOrDefault(c => c.Kind is CareContextKind.Institution or CareContextKind.Emergency && c.Institution == place && c.Admission == number);

    /// <summary>The context is this caller's to prolong or end: the person's own, or the institution's.</summary>
    public static bool Belongs(Permit permit, CareContext context) => context.Kind == CareContextKind.Individual
        ? context.Person is not null && context.Person == permit.Caller.Person && (context.Institution is null || context.Institution == permit.Caller.Institution)
        : context.Institution is not null && context.Institution == PlaceOf(permit);
}
