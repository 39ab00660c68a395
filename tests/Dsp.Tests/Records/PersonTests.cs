using System.Text.RegularExpressions;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Notices;
using Dsp.Records;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Records;

public sealed class PersonTests
{
    private static readonly Registration Aoife = new("BRANNOCHTLY", "Aoife", new PartialDate(1991, 7, 4), Gender.Female) { Language = "en" };

    [Theory, EveryStore]
    public async Task A_tourist_without_a_number_gets_a_record_in_hospital_that_is_open_at_once(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var hospital = await world.InstitutionAsync("Hôpital (fictif)", InstitutionKind.Collective);
        var software = await world.SystemAsync(hospital, name: "hospital");

        var opened = (await world.Operation<OpenForUnnumbered>().RunAsync(software, Aoife, false, "form 12", world.Cancel)).Value;

        var token = Identifiers.TokenOf(world.Platform.Keys, Identifiers.EHealthId, opened.EHealthId, new DateOnly(2026, 11, 23))!;
        var view = (await world.Operation<ReadRecordState>().RunAsync(await world.AgentAsync(), new RecordRef.ByToken(token), world.Cancel)).Value;
        Assert.Equal((opened.Record!.Value, RecordState.OpenToProfessionals, true), (view.Record, view.State, view.Voluntary));
        Assert.Equal(1, await world.Operation<SendDueLetters>().RunAsync(world.Cancel));
        var holder = new TestHolder(opened.Person, view.Record, null, opened.EHealthId);
        Assert.Equal((RecordState.OpenToProfessionals, world.Clock.Now()), ((await world.StateAsync(holder)).State, (await world.StateAsync(holder)).LetterSentAt));
        Assert.Equal("en", (await world.Operation<ReadNotices>().RunAsync(world.Self(holder), view.Record, world.Cancel)).Value[0].Language);
    }

    [Theory, EveryStore]
    public async Task The_same_names_and_birth_date_ask_for_a_comparison_first(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        await world.Operation<OpenForUnnumbered>().RunAsync(doctor, Aoife, false, null, world.Cancel);
        Assert.Equal(Refusals.MaybeSamePerson, (await world.Operation<OpenForUnnumbered>().RunAsync(doctor, Aoife, false, null, world.Cancel)).Refusal);
        Assert.True((await world.Operation<OpenForUnnumbered>().RunAsync(doctor, Aoife, true, null, world.Cancel)).Succeeded);
    }

    [Theory, EveryStore]
    public async Task A_number_that_arrives_later_leads_to_the_record_of_before(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var opened = (await world.Operation<OpenForUnnumbered>().RunAsync(await world.ProfessionalAsync(await world.InstitutionAsync()), Aoife, false, null, world.Cancel)).Value;
        var agent = await world.AgentAsync();

        Assert.True((await world.Operation<RenumberPerson>().RunAsync(agent, opened.Person, WorldPeople.Emma, world.Cancel)).Succeeded);
        Assert.True((await world.Operation<RenumberPerson>().RunAsync(agent, opened.Person, WorldPeople.Emma2, world.Cancel)).Succeeded);

        Assert.Equal(opened.Record, (await world.HolderAsync(WorldPeople.Emma)).Record);
        Assert.Equal(opened.Record, (await world.HolderAsync(WorldPeople.Emma2)).Record);
        var pedro = await world.AffiliatedAsync(WorldPeople.Pedro, "VALDARNOITE", "Pedro", Gender.Male);
        Assert.Equal(Refusals.IdentifierTaken, (await world.Operation<RenumberPerson>().RunAsync(agent, pedro.Person, WorldPeople.Emma, world.Cancel)).Refusal);
        Assert.Equal(Refusals.NumberInvalid.Id, (await world.Operation<RenumberPerson>().RunAsync(agent, pedro.Person, "1984031299115", world.Cancel)).Refusal?.Id);
    }

    [Theory, EveryStore]
    public async Task A_search_is_strict_folds_accents_and_never_mixes_up_two_Emmas(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await world.AffiliatedAsync();
        await world.AffiliatedAsync(WorldPeople.Emma2);
        await world.AffiliatedAsync(WorldPeople.MarieJosee, "BÄCHELBORN", "Marie-Josée");
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());

        var emma = await FindAsync(world, doctor, new PersonSearch.ByName("weberscheid", "EMMA", new PartialDate(1984, 3, 12)));
        Assert.Equal("1984-03-12", Assert.Single(emma.Hits).BirthDate.ToString());
        Assert.Single((await FindAsync(world, doctor, new PersonSearch.ByName("Bachelborn", "Marie Josee", new PartialDate(1940, 9, 4), Gender.Female))).Hits);
        Assert.Empty((await FindAsync(world, doctor, new PersonSearch.ByName("Bachelborn", "Marie", new PartialDate(1940, 9, 4)))).Hits);
        Assert.Empty((await FindAsync(world, doctor, new PersonSearch.ByIdentifier(Identifiers.NationalNumber, WorldPeople.UnknownNumber))).Hits);
        Assert.Single((await FindAsync(world, doctor, new PersonSearch.ByIdentifier(Identifiers.NationalNumber, "1984 0312 99114"))).Hits);
    }

    [Theory, EveryStore]
    public async Task A_search_answers_the_same_for_an_open_and_a_closed_record_and_is_journalled(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.ActiveAsync();
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        var search = new PersonSearch.ByIdentifier(Identifiers.NationalNumber, WorldPeople.Emma);
        var open = await FindAsync(world, doctor, search);
        await world.Operation<CloseRecord>().RunAsync(world.Self(emma), emma.Ref, world.Cancel);
        var before = await world.CountAsync("journal_entries", "record_id = '00000000-0000-0000-0000-000000000000'");
        var closed = await FindAsync(world, doctor, search);
        Assert.Equal(open.Hits[0] with { Reference = closed.Hits[0].Reference }, closed.Hits[0]);
        Assert.Equal(before + 1, await world.CountAsync("journal_entries", "record_id = '00000000-0000-0000-0000-000000000000'"));
        Assert.Equal(Refusals.RoleMayNot, (await world.Operation<FindPerson>().RunAsync(world.Self(emma), search, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task More_than_five_people_are_nobody(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var doctor = await world.ProfessionalAsync(await world.InstitutionAsync());
        for (var i = 0; i < 5; i++) await world.Operation<OpenForUnnumbered>().RunAsync(doctor, Aoife, true, null, world.Cancel);
        var search = new PersonSearch.ByName("Brannochtly", "Aoife", new PartialDate(1991, 7, 4));
        Assert.Equal(5, (await FindAsync(world, doctor, search)).Hits.Count);
        await world.Operation<OpenForUnnumbered>().RunAsync(doctor, Aoife, true, null, world.Cancel);
        var found = await FindAsync(world, doctor, search);
        Assert.True(found.TooMany);
        Assert.Empty(found.Hits);
    }

    [Theory, EveryStore]
    public async Task A_record_on_request_lifts_an_earlier_objection_of_the_same_number(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var registered = (await world.Operation<RegisterPerson>().RunAsync(await world.AgentAsync(),
            new Registration("VALDARNOITE", "Pedro", null, Gender.Male) { NationalNumber = WorldPeople.Pedro, Language = "pt" }, true, world.Cancel)).Value;
        var pedro = await world.HolderAsync(WorldPeople.Pedro);
        Assert.Equal((registered.Person, registered.Record, registered.EHealthId), (pedro.Person, pedro.Record, pedro.EHealthId));
        Assert.Equal(Refusals.IdentifierTaken, (await world.Operation<RegisterPerson>().RunAsync(await world.AgentAsync("2033"),
            new Registration("VALDARNOITE", "Pedro", null, Gender.Male) { NationalNumber = WorldPeople.Pedro }, false, world.Cancel)).Refusal);
    }

    [Theory, EveryStore]
    public async Task Nothing_of_a_person_lies_in_clear(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var emma = await world.InWindowAsync();
        foreach (var table in new[] { "persons", "notices", "outbox", "feed_events", "records" })
        {
            var column = table == "records" ? "sheet" : "sealed";
            foreach (var bytes in await world.Platform.Database.QueryAsync(r => r.BytesOrNull(0), $"SELECT {column} FROM {table}", world.Cancel))
                foreach (var word in new[] { "WEBERSCHEID", "Emma", WorldPeople.Emma, emma.EHealthId, emma.Record.ToString() })
                    Assert.DoesNotContain(word, System.Text.Encoding.Latin1.GetString(bytes ?? []), StringComparison.OrdinalIgnoreCase);
        }
        Assert.Equal(0, await world.CountAsync("outbox", "record_id IS NOT NULL"));
    }

    [Fact]
    public void Every_table_of_one_record_is_destroyed_with_it()
    {
        var script = string.Join('\n', Enumerable.Range(1, Migrator.Newest).Select(n => Migrator.ScriptOf(n, Dialect.Postgres)));
        var tables = Regex.Matches(script, @"CREATE TABLE (?<name>\w+) \((?<columns>.*?)\);\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Where(m => m.Groups["columns"].Value.Contains("record_id", StringComparison.Ordinal)).Select(m => m.Groups["name"].Value);
        // Kept on purpose: commitments and seals say nothing without their body; persons and the outbox have acts of their own; intents are how contents go.
        string[] kept = ["journal_entries", "journal_unsealed", "journal_seals", "persons", "outbox", "content_intents"];
        Assert.Equal(RecordRows.Data.Concat(RecordRows.Pointers).Append("journal_bodies").Append("records").Concat(kept).Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal));
    }

    private static async Task<PeopleFound> FindAsync(World world, Caller doctor, PersonSearch search) =>
        (await world.Operation<FindPerson>().RunAsync(doctor, search, world.Cancel)).Value;
}
