using Dsp.Access;
using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>The holder's identity for whom the gate let in: the banner of a page, the FHIR Patient.</summary>
public sealed class ReadIdentity(People people) : IOperation
{
    /// <summary>Spends the permit, with the identity in the same round trip.</summary>
    public async Task<Person> RunAsync(Permit permit, CancellationToken cancel)
    {
        var batch = new Batch();
        var slot = Query(batch, permit);
        await permit.SpendAsync(batch, cancel);
        return Open(slot);
    }

    /// <summary>The same inside another batch that spends the permit.</summary>
    public Slot<SealedPerson> Query(Batch batch, Permit permit) => people.Query(batch, permit.Sheet.Holder);

    public Person Open(Slot<SealedPerson> slot) => people.Open(slot.First ?? throw new SealBrokenException("A record's holder is missing"));
}
