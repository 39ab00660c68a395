using Dsp.Access;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Identity;

public sealed class DirectoryTests
{
    private const string Institutions = "register_id,name,kind,emergency_department,portal_attested\nI1,Cabinet Thillaray (fictif),practice,no,yes\nI2,Hôpital du Nord (fictif),collective,yes,yes\n";
    private const string Professionals = "register_id,family,given,profession,specialty,licence_from,licence_until\nP1,Thillaray,Armel,médecin généraliste,,2010-01-01,\nP2,Ferreiral,Inês,médecin spécialiste,cardiologie,2015-05-01,2030-01-01\n";
    private const string Memberships = "institution,professional,unit,emergency,valid_from,valid_until\nI1,P1,,no,2012-01-01,\nI2,P2,Urgences,yes,2016-01-01,\n";

    [Theory, EveryStore]
    public async Task Imported_directories_are_read_back_and_a_second_import_changes_nothing(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await ImportAllAsync(world);
        var again = await ImportAsync(world, DirectoryKind.Professionals, Professionals);

        Assert.Equal((0, 0, 2), (again.Added, again.Changed, again.Unchanged));
        var ines = Assert.Single(await world.Platform.Directories.FindProfessionalsAsync("ines ferr", 10, world.Cancel));
        Assert.Equal(("P2", "DOC", true), (ines.RegisterId, ines.Group, ines.LicenceInForce));
        var place = Assert.Single(await world.Platform.Directories.PlacesOfAsync(ines.Person, world.Cancel));
        Assert.Equal(("Hôpital du Nord (fictif)", "Urgences", true), (place.Name, place.Unit, place.EmergencyMember));
        Assert.Equal(ines.Person, (await world.Platform.Directories.ProfessionalByRegisterIdAsync("P2", world.Cancel))?.Person);
    }

    [Theory, EveryStore]
    public async Task A_changed_line_changes_its_row_and_keeps_its_person(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await ImportAllAsync(world);
        var before = await world.Platform.Directories.ProfessionalByRegisterIdAsync("P1", world.Cancel);
        var import = await ImportAsync(world, DirectoryKind.Professionals, Professionals.Replace("Thillaray", "Thillaray-Bis", StringComparison.Ordinal));
        var after = await world.Platform.Directories.ProfessionalByRegisterIdAsync("P1", world.Cancel);
        Assert.Equal((0, 1, 1), (import.Added, import.Changed, import.Unchanged));
        Assert.Equal((before!.Person, "Thillaray-Bis"), (after!.Person, after.Family));
    }

    [Theory, EveryStore]
    public async Task A_line_that_does_not_fit_is_told_and_the_others_are_taken(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await ImportAllAsync(world);
        var import = await ImportAsync(world, DirectoryKind.Professionals,
            "register_id,family,given,profession,licence_from\nP3,A,B,astrologue,2010-01-01\nP4,C,D,pharmacien,01/02/2010\nP5,E\nP6,Farmelino,Lidia,pharmacien,2010-01-01\n");
        Assert.Equal([2, 3, 4], import.Rejected.Select(r => r.Line));
        Assert.Equal(1, import.Added);
        var members = await ImportAsync(world, DirectoryKind.Memberships, "institution,professional,valid_from\nI9,P1,2012-01-01\nI1,P9,2012-01-01\n");
        Assert.Equal(2, members.Rejected.Count);
        var systems = await ImportAsync(world, DirectoryKind.Systems, "name,role,institution,responsible\nlab-nord,care,I2,P2\nstray,care,,\naffiliation-authority,authority,,\n");
        Assert.Equal((2, 1), (systems.Added, systems.Rejected.Count));
    }

    [Theory, EveryStore]
    public async Task A_row_changed_behind_our_back_does_not_exist(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await ImportAllAsync(world);
        await world.RunAsync(new Batch().Add("UPDATE professionals SET matrix_group = 'PHA' WHERE register_id = 'P1'"));
        Assert.Null(await world.Platform.Directories.ProfessionalByRegisterIdAsync("P1", world.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_stopped_licence_ends_the_rights_at_once_tells_the_holders_and_returns_by_itself(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync(), registerId: "thill");
        await world.FeedAsync(await world.AuthorityAsync(), """{"id":"m-1","type":"referring-doctor","number":"1984031299114","doctor":"thill","date":"2026-11-01"}""");
        var agent = await world.AgentAsync();
        Assert.Null(await AskAsync(world, doctor, emma));

        var until = world.Clock.Now() + TimeSpan.FromDays(60);
        Assert.Equal(1, (await world.Operation<StopLicence>().RunAsync(agent, doctor.Person!.Value, world.Clock.Now(), until, world.Cancel)).Value);
        await world.Operation<StopLicence>().RunAsync(agent, doctor.Person!.Value, world.Clock.Now(), until, world.Cancel);

        Assert.Equal(Refusals.LicenceStopped, await AskAsync(world, doctor, emma));
        var told = (await world.Platform.Outbox.DueAsync(world.Clock.Now(), 20, world.Cancel)).Where(m => m.Kind == NoticeKind.LicenceStopped);
        Assert.Equal(emma.Person, Assert.Single(told).To);
        world.Clock.Set(until);
        Assert.Null(await AskAsync(world, doctor, emma));
    }

    [Theory, EveryStore]
    public async Task A_suspended_software_is_refused_until_it_is_resumed(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var authority = await world.AuthorityAsync();
        var agent = await world.AgentAsync();
        await world.Operation<SuspendSystem>().RunAsync(agent, authority.System!.Value, true, world.Cancel);
        using var refused = new StringReader("");
        Assert.Equal(Refusals.SystemSuspended, (await world.Operation<ReceiveAffiliations>().RunAsync(authority, FeedFormat.Ndjson, refused, world.Cancel)).Refusal);
        await world.Operation<SuspendSystem>().RunAsync(agent, authority.System!.Value, false, world.Cancel);
        Assert.Equal(0, (await world.FeedAsync(authority)).Received);
    }

    [Theory, EveryStore]
    public async Task A_revoked_session_opens_nothing_any_more(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var session = await world.Operation<StartSession>().RunAsync(emma.Person.Value, null, TimeSpan.FromHours(1), world.Cancel);
        var self = world.Self(emma) with { Session = session };
        Assert.True((await world.Operation<ReadRecordState>().RunAsync(self, emma.Ref, world.Cancel)).Succeeded);
        await world.Operation<RevokeSession>().RunAsync(session, world.Cancel);
        Assert.Equal(Refusals.NotSignedIn, (await world.Operation<ReadRecordState>().RunAsync(self, emma.Ref, world.Cancel)).Refusal);
    }

    private static async Task ImportAllAsync(World world)
    {
        Assert.Equal(2, (await ImportAsync(world, DirectoryKind.Institutions, Institutions)).Added);
        Assert.Equal(2, (await ImportAsync(world, DirectoryKind.Professionals, Professionals)).Added);
        Assert.Equal(2, (await ImportAsync(world, DirectoryKind.Memberships, Memberships)).Added);
    }

    private static async Task<DirectoryImport> ImportAsync(World world, DirectoryKind kind, string csv)
    {
        using var reader = new StringReader(csv);
        return await world.Operation<ImportDirectory>().RunAsync(kind, reader, world.Cancel);
    }

    private static async Task<Refusal?> AskAsync(World world, Caller doctor, TestHolder holder)
    {
        var entered = await world.Platform.Gate.EnterAsync(new AccessRequest(doctor, holder.Ref, AccessAction.Search, "search"), world.Cancel);
        if (entered.Permit is not { } permit) return entered.Refusal;
        using (permit) await permit.SpendAsync(new Batch(), world.Cancel);
        return null;
    }
}
