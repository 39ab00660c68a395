using System.Globalization;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Ui.Govuk;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Patient;

/// <summary>A country that is switched on, in the page's language.</summary>
public sealed record AllowedCountry(Guid Id, string Name, DateTimeOffset Since);

/// <summary>P15, abroad: from which countries professionals may read (MyHealth@EU, R64); each by itself, all off until switched on.</summary>
public sealed class CountriesModel(PatientParts parts, ReadRights rights, AllowCountry allow, ForbidCountry forbid) : PatientPage(parts)
{
    protected override string Section => "nav.access";

    public IReadOnlyList<AllowedCountry> On { get; private set; } = [];

    /// <summary>The others, to choose one; an empty choice stands first.</summary>
    public IReadOnlyList<SelectItem> Off { get; private set; } = [];

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAllowAsync(string? pays)
    {
        if (!EuropeanCountries.Has(pays))
        {
            ModelState.AddModelError("pays", T["countries.missing"]);
            return await ShowAsync();
        }
        var done = await allow.RunAsync(Me, Record, pays!, Cancel);
        return done.Succeeded ? To("/acces/pays", "countryAllowed") : Refused(done.Refusal);
    }

    public async Task<IActionResult> OnPostForbidAsync(Guid id)
    {
        var done = await forbid.RunAsync(Me, Record, id, Cancel);
        return done.Succeeded ? To("/acces/pays", "countryForbidden") : Refused(done.Refusal);
    }

    private async Task<IActionResult> ShowAsync()
    {
        var found = await rights.RunAsync(Me, Record, Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        var on = found.Value.Abroad;
        var byName = StringComparer.Create(CultureInfo.GetCultureInfo(T.Language.Culture), ignoreCase: true);
        On = [.. on.Select(a => new AllowedCountry(a.Id, EuropeanCountries.NameOf(a.Country, Lang), a.Since)).OrderBy(a => a.Name, byName)];
        var off = EuropeanCountries.Codes.Except(on.Select(a => a.Country)).Select(c => new SelectItem(EuropeanCountries.NameOf(c, Lang), c)).OrderBy(i => i.Text, byName).ToList();
        Off = off.Count == 0 ? [] : [new SelectItem(T["countries.choose"], ""), .. off];
        return Page();
    }
}
