using Dsp.Access;
using Dsp.Codes;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>One access on the page: whom, on what ground, until when, and how it is taken back.</summary>
/// <param name="Kind">individual, institution, emergency, circle or referring.</param>
/// <param name="Remove">Name of the handler that takes it back; null where the holder cannot.</param>
public sealed record ShownAccess(string Name, string Kind, string? Place, DateTimeOffset? Until, bool TailOnly, bool Limited, Guid? Id, string? Remove);

/// <summary>P15: who has access, who never has, and what happens in an emergency.</summary>
public sealed class AccessModel(PatientParts parts, ReadRights rights, EndCareContext end, RemoveFromCircle remove, Unblock unblock) : PatientPage(parts)
{
    protected override string Section => "nav.access";

    public Rights Rights { get; private set; } = null!;

    public IReadOnlyList<ShownAccess> Accesses { get; private set; } = [];

    /// <summary>Countries that are switched on, by name.</summary>
    public IReadOnlyList<string> Countries => [.. Rights.Abroad.Select(a => EuropeanCountries.NameOf(a.Country, Lang))];

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await rights.RunAsync(Me, Record, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Rights = found.Value;
        Accesses =
        [
            .. Rights.Referring is { } doctor ? [new ShownAccess(doctor.Name, "referring", null, doctor.Until, false, false, null, null)] : Array.Empty<ShownAccess>(),
            .. Rights.Circle.Select(m => new ShownAccess(m.Name, "circle", null, m.EndsAt, false, false, m.Id, "RemoveFromCircle")),
            .. Rights.Contexts.Select(Shown),
        ];
        return Page();
    }

    public Task<IActionResult> OnPostEndAsync(Guid id) => DoneAsync(end.RunAsync(Me, id, Cancel), "accessRemovedPlain");

    public Task<IActionResult> OnPostRemoveFromCircleAsync(Guid id) => DoneAsync(remove.RunAsync(Me, Record, id, Cancel), "accessRemovedPlain");

    public Task<IActionResult> OnPostUnblockAsync(Guid id) => DoneAsync(unblock.RunAsync(Me, Record, id, Cancel), "unblockedPlain");

    private ShownAccess Shown(CareContext context)
    {
        var tail = !context.IsValidAt(Rights.At);
        var (name, place) = context.Kind == CareContextKind.Individual ? (context.Name, context.InstitutionName) : (context.InstitutionName, null);
        return new ShownAccess(name ?? T["notDocumented"], context.Kind.ToString().ToLowerInvariant(), place,
            tail ? (context.EndedAt ?? context.EndsAt) + Deadlines.DepositTail : context.EndsAt, tail, context.Categories is not null, context.Id, "End");
    }

    private async Task<IActionResult> DoneAsync(Task<Outcome<Done>> act, string done)
    {
        var outcome = await act;
        return outcome.Succeeded ? To("/acces", done) : Refused(outcome.Refusal);
    }
}
