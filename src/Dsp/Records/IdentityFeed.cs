using Dsp.Identity;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>One message of a feed decided and written into a batch (<see cref="FeedPatient"/>).</summary>
internal sealed class IdentityFeed(People people, Batch batch, SystemId system, FedFacts known, DateTimeOffset now)
{
    public Outcome<(Person Person, bool Created, string Told)> Decide(FedPatient fed)
    {
        if (known.Domains.Find(fed.Local.System)?.System != system || (fed.ReplacedBy is { } by && known.Domains.Find(by.System)?.System != system)) return Refusals.DomainNotFed;
        if (fed.ReplacedBy is not null) return Merge(fed);
        if (!fed.Active) return Refusals.RemovalNotOffered;
        if (known.Claimed.Count > 1 || known.Claimed.Any(c => Differs(fed, c))) return Refusals.IdentityDiffers;
        var completed = fed.Details.Complete(known.Today);
        if (!completed.Succeeded) return completed.Refusal;
        return known.Here is null ? Create(fed, completed.Value) : known.Origin is null ? Revise(fed, completed.Value, known.Here) : Return(fed, completed.Value, known.Here, known.Origin);
    }

    /// <summary>The first message about an identifier: who the administrative numbers name, or an identity of the feed's own.</summary>
    private Outcome<(Person, bool, string)> Create(FedPatient fed, PersonDetails told)
    {
        if (known.Claimed is [var person])
        {
            // First in the list: the last one is what other parts refer to the person by.
            var linked = person.Details with { Identifiers = [fed.Local, .. person.Details.Identifiers] };
            people.Change(batch, person, linked);
            return (person with { Version = person.Version + 1, Details = linked }, true, $"linked to person {person.Id}");
        }
        var id = new PersonId(Guid.CreateVersion7(now));
        var details = told with { FedBy = system, Identifiers = [fed.Local, .. told.Identifiers] };
        people.Add(batch, new NewPerson(id, null, details));
        return (new Person(id, null, 1, details), true, $"made person {id}");
    }

    private Outcome<(Person, bool, string)> Revise(FedPatient fed, PersonDetails told, Person here)
    {
        if (known.Claimed is [var claimed] && claimed.Id != here.Id)
            // The number arrived: the feed's own identity is found to be that person, under the same identifiers.
            return !IsSubsumable(here) ? Refusals.KnownBeyondDomain : (Subsume(here, claimed, stillUsed: true), false, $"merged person {here.Id} into {claimed.Id}");
        var back = here.Details.Identifiers.Select(i => i.System == fed.Local.System && i.Value == fed.Local.Value ? i with { Until = null } : i).ToList();
        var after = here.Details with { Identifiers = back };
        if (IsSubsumable(here)) after = Revised(after, told);
        // What the register knows, the register changes.
        else if (Differs(fed, here)) return Refusals.IdentityDiffers;
        if (after with { Identifiers = here.Details.Identifiers } == here.Details && back.SequenceEqual(here.Details.Identifiers)) return (here, false, $"confirmed person {here.Id}");
        people.Change(batch, here, after);
        return (here with { Version = here.Version + 1, Details = after }, false, $"revised person {here.Id}");
    }

    /// <summary>
    /// Sent again after a merge: what was replaced is active once more, or what a number named is described as somebody else.
    /// Then the merge is undone. Else it is a revision of who it was merged into.
    /// </summary>
    private Outcome<(Person, bool, string)> Return(FedPatient fed, PersonDetails told, Person here, Person origin)
    {
        var ended = here.Details.Identifiers.First(i => i.System == fed.Local.System && i.Value == fed.Local.Value).Until is not null;
        if (!ended && !Differs(fed, here)) return Revise(fed, told, here);
        var own = origin.Details.Identifiers.FirstOrDefault(i => i.System == fed.Local.System && i.Value == fed.Local.Value);
        if (origin.Details.MergedInto != here.Id || own is not { Of: null }) return Refusals.MergedFurther;
        people.Move(batch, origin.Details.Identifiers, here.Id, origin.Id);
        people.Change(batch, here, here.Details with { Identifiers = [.. here.Details.Identifiers.Where(i => i.Of != origin.Id)] }, moved: true);
        var returned = Revised(origin.Details with { MergedInto = null }, told);
        people.Change(batch, origin, returned, moved: true);
        return (origin with { Version = origin.Version + 1, Details = returned }, false, $"un-merged person {origin.Id} from {here.Id}");
    }

    private Outcome<(Person, bool, string)> Merge(FedPatient fed)
    {
        if (known.Here is not { } here) return Refusals.NotFound;
        if (known.Survivor is not { } survivor) return Refusals.UnresolvedReference.At("Patient.link.other");
        if (here.Id != survivor.Id) return !IsSubsumable(here) ? Refusals.KnownBeyondDomain : (Subsume(here, survivor, stillUsed: false), false, $"merged person {here.Id} into {survivor.Id}");
        if (fed.ReplacedBy == fed.Local) return Refusals.InvalidMetadata.Because("A patient is not replaced by itself.").At("Patient.link.other");
        var ended = here.Details with { Identifiers = [.. here.Details.Identifiers.Select(i => i.System == fed.Local.System && i.Value == fed.Local.Value ? i with { Until = i.Until ?? now } : i)] };
        if (ended.Identifiers.SequenceEqual(here.Details.Identifiers)) return (here, false, $"confirmed person {here.Id}");
        people.Change(batch, here, ended);
        return (here with { Version = here.Version + 1, Details = ended }, false, $"ended an identifier of person {here.Id}");
    }

    /// <summary>
    /// Only what this feed made, and nobody else knows: it has no record, so that no document moves and no two holders' choices
    /// meet. It is kept whole for an un-merge.
    /// </summary>
    private bool IsSubsumable(Person person) =>
        person.Record is null && person.Details.FedBy == system && person.Details.NationalNumber is null
        && person.Details.Identifiers.All(i => i.System == Identifiers.EHealthId || known.Domains.Find(i.System)?.System == system);

    private Person Subsume(Person here, Person survivor, bool stillUsed)
    {
        var moved = here.Details.Identifiers.Select(i => i with { Of = here.Id, Until = i.Until ?? (stillUsed && i.System != Identifiers.EHealthId ? null : now) });
        var after = survivor.Details with { Identifiers = [.. moved, .. survivor.Details.Identifiers] };
        people.Move(batch, here.Details.Identifiers, here.Id, survivor.Id);
        people.Change(batch, here, here.Details with { MergedInto = survivor.Id }, moved: true);
        people.Change(batch, survivor, after, moved: true);
        return survivor with { Version = survivor.Version + 1, Details = after };
    }

    private static PersonDetails Revised(PersonDetails before, PersonDetails told) => before with
    {
        Family = told.Family,
        Given = told.Given,
        BirthName = told.BirthName ?? before.BirthName,
        BirthDate = told.BirthDate,
        Gender = told.Gender,
        Address = told.Address ?? before.Address,
    };

    private bool Differs(FedPatient fed, Person person) =>
        PatientMatch.Differences(
            new PatientClaim([fed.Details.Family, .. fed.Details.BirthName is { } own ? [own] : Array.Empty<string>()], [fed.Details.Given], fed.Details.BirthDate,
                [.. fed.Claimed.Where(c => c.System == Identifiers.NationalNumber).Select(c => c.Value)]),
            person.Details, known.Today).Count > 0;
}
