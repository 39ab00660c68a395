using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Storage;

namespace Dsp.Server.Portal;

/// <summary>Finds whose record a page of the patient space shows.</summary>
public sealed class WhoseRecord(Database database, People people, ReadRecordHead head)
{
    /// <summary>The signed-in person; null where the directory of people no longer has them.</summary>
    public Task<Person?> OwnAsync(PersonId person, CancellationToken cancel) => people.FindAsync(database, person, cancel);

    /// <summary>The holder the caller represents; null where there is no valid link, the record is closed or absent.</summary>
    public async Task<Person?> RepresentedAsync(Caller caller, RecordId record, CancellationToken cancel)
    {
        var found = await head.RunAsync(caller, new RecordRef.ById(record), cancel);
        return found.Succeeded && found.Value.Holder.Id != caller.Person ? found.Value.Holder : null;
    }
}
