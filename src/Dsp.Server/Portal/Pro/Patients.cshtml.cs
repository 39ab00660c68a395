using Dsp.Access;
using Dsp.Identity;
using Dsp.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>One patient of the list: identity and relation, nothing clinical.</summary>
public sealed record ShownPatient(RecordId Record, Person Person, string Relation, DateTimeOffset? Until);

/// <summary>S02: the patients who have a relation with the professional or the place now.</summary>
public sealed class PatientsModel(ProParts parts, ListCareContexts list, People people, Database database) : ProPage(parts)
{
    protected override string Section => "nav.patients";

    public IReadOnlyList<ShownPatient> Patients { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var found = await list.RunAsync(Me, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        var shown = new List<ShownPatient>();
        // One line per patient: the relation that lasts longest stands for all.
        foreach (var relation in found.Value.GroupBy(r => r.Record).Select(g => g.MaxBy(r => r.EndsAt ?? DateTimeOffset.MaxValue)!))
            if (await people.FindAsync(database, relation.Holder, Cancel) is { } person) shown.Add(new ShownPatient(relation.Record, person, relation.Relation, relation.EndsAt));
        Patients = shown;
        return Page();
    }

    public string RelationOf(ShownPatient patient) => patient.Relation switch
    {
        "referring" => T["pro.relation.referring"],
        "circle" when patient.Until is { } until => T["pro.relation.circleUntil", ("date", F.ShortDate(until))],
        "circle" => T["pro.relation.circle"],
        var kind => T["pro.relation." + kind, ("date", patient.Until is { } until ? F.ShortDateTime(until) : "")],
    };
}
