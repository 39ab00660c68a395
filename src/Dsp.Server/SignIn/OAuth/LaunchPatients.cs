using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Ui.Languages;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>Somebody a launch can be for.</summary>
internal sealed record LaunchPatient(RecordId Record, string Name);

/// <summary>Whose records the person has now: the own one and those represented, or a professional's patients.</summary>
internal sealed class LaunchPatients(ListCareContexts contexts, ListRepresented represented, ReadRecordHead head, People people, Database database)
{
    public async Task<IReadOnlyList<LaunchPatient>> AllAsync(Caller caller, CancellationToken cancel)
    {
        var found = new List<LaunchPatient>();
        if (caller.Kind == CallerKind.Professional)
        {
            var mine = await contexts.RunAsync(caller, cancel);
            foreach (var relation in mine.Succeeded ? mine.Value.DistinctBy(r => r.Record) : [])
                if (await people.FindAsync(database, relation.Holder, cancel) is { } person) found.Add(Of(relation.Record, person));
            return found;
        }
        if (await OwnAsync(caller, cancel) is { } own) found.Add(own);
        var others = await represented.RunAsync(caller, cancel);
        if (others.Succeeded) found.AddRange(others.Value.Select(o => Of(o.Record, o.Holder)));
        return found;
    }

    /// <summary>This one, where the person has a relation with it; nobody where not.</summary>
    public async Task<IReadOnlyList<LaunchPatient>> OneAsync(Caller caller, RecordId record, CancellationToken cancel)
    {
        var seen = await head.RunAsync(caller, new RecordRef.ById(record), cancel);
        return seen.Succeeded ? [Of(record, seen.Value.Holder)] : [];
    }

    /// <summary>The own record; null where there is none.</summary>
    public async Task<LaunchPatient?> OwnAsync(Caller caller, CancellationToken cancel) =>
        caller.Person is { } id && await people.FindAsync(database, id, cancel) is { Record: { } record } person ? Of(record, person) : null;

    private static LaunchPatient Of(RecordId record, Person person) => new(record, Formats.NameInSentence(person.Details.Family, person.Details.Given));
}
