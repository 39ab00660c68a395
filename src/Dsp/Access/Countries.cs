using Dsp.Codes;
using Dsp.Journal;
using Dsp.Notices;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>
/// The holder lets professionals of one country read, through its national contact point (MyHealth@EU; EHDS art. 23; R64).
/// Every country is off until then, each by itself, and off again at once when the holder says so.
/// </summary>
public sealed class AllowCountry(AccessGate gate, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="country">One of <see cref="EuropeanCountries"/>.</param>
    /// <returns>The id of the switch; the same country again answers the first.</returns>
    public async Task<Outcome<Guid>> RunAsync(Caller caller, RecordId record, string country, CancellationToken cancel)
    {
        if (!EuropeanCountries.Has(country)) return Unknown;
        return await gate.ManageAsync<Guid>(caller, record, JournalActions.AllowCountry, async permit =>
        {
            permit.Entry = permit.Entry with { Detail = country };
            if (permit.Sheet.Abroad.FirstOrDefault(a => a.Country == country) is { } known)
            {
                await permit.SpendAsync(new Batch(), cancel);
                return known.Id;
            }
            var on = new CountrySwitch(Ids.New(clock), country, permit.Now);
            var batch = new Batch();
            HolderNotices.Tell(batch, permit, keys, Ids.New(clock), NoticeKind.CountryAllowed, ("country", country));
            await permit.ChangeSheetAsync(permit.Sheet with { Abroad = [.. permit.Sheet.Abroad, on] }, batch, cancel);
            return on.Id;
        }, cancel);
    }

    internal static readonly Refusal Unknown = Refusals.InvalidMetadata.Because("The country is one of the European Union or the European Economic Area, by the two letters of ISO 3166-1.").At("country");
}

/// <summary>The holder switches a country off.</summary>
public sealed class ForbidCountry(AccessGate gate, ServiceKeys keys, TimeProvider clock) : IOperation
{
    /// <param name="id">Of the switch.</param>
    public Task<Outcome<Done>> RunAsync(Caller caller, RecordId record, Guid id, CancellationToken cancel) =>
        gate.ManageAsync<Done>(caller, record, JournalActions.ForbidCountry, async permit =>
        {
            if (permit.Sheet.Abroad.FirstOrDefault(a => a.Id == id) is not { } found) return Refusals.NotFound;
            permit.Entry = permit.Entry with { Detail = found.Country };
            var batch = new Batch();
            HolderNotices.Tell(batch, permit, keys, Ids.New(clock), NoticeKind.CountryForbidden, ("country", found.Country));
            await permit.ChangeSheetAsync(permit.Sheet with { Abroad = [.. permit.Sheet.Abroad.Where(a => a.Id != id)] }, batch, cancel);
            return new Done();
        }, cancel);
}
