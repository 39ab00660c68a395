using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity;
using Dsp.Records;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Tests.Support;

/// <summary>A holder of a test: person, record, and the callers around them.</summary>
public sealed record TestHolder(PersonId Person, RecordId Record, string? Number, string EHealthId)
{
    public RecordRef Ref => new RecordRef.ById(Record);
}

/// <summary>People of the demo story, made by the operations themselves; directory rows with their MACs.</summary>
public static class WorldPeople
{
    public const string Emma = "1984031299114";
    public const string Emma2 = "1984032199100";
    public const string Noah = "2018051799127";
    public const string MarieJosee = "1940090499187";
    public const string Pedro = "1975012399118";
    public const string Claude = "1961101899131";
    public const string UnknownNumber = "1999113088803";

    extension(World world)
    {
        /// <summary>An agent of the agency, listed.</summary>
        public async Task<Caller> AgentAsync(string number = "2041")
        {
            var row = new AgentRow(PersonId.New(world.Clock), number, "agent", null);
            await world.RunAsync(new Batch().Add("INSERT INTO agents (person_id, number, role, until_at, mac) VALUES (@p, @n, @r, NULL, @m)",
                ("p", row.Person), ("n", row.Number), ("r", row.Role), ("m", row.Mac(world.Platform.Keys))));
            return new Caller { Kind = CallerKind.Agent, Person = row.Person, Strong = true, LongLived = true, MayAct = true, Software = "console" };
        }

        public async Task<InstitutionId> InstitutionAsync(string name = "Cabinet Thillaray (fictif)", InstitutionKind kind = InstitutionKind.Practice, bool emergency = false, bool portal = true)
        {
            var row = new InstitutionRow(InstitutionId.New(world.Clock), Ids.Text(Ids.New(world.Clock)), name, kind, emergency, portal);
            await world.RunAsync(new Batch().Add(
                "INSERT INTO institutions (institution_id, register_id, name, kind, emergency_department, portal_attested, mac) VALUES (@i, @g, @n, @k, @e, @p, @m)",
                ("i", row.Id), ("g", row.RegisterId), ("n", row.Name), ("k", row.Kind.ToString()), ("e", row.EmergencyDepartment), ("p", row.PortalAttested), ("m", row.Mac(world.Platform.Keys))));
            return row.Id;
        }

        /// <summary>A listed professional, member of the institution.</summary>
        public async Task<Caller> ProfessionalAsync(InstitutionId institution, string family = "Thillaray", string given = "Armel", string profession = "médecin généraliste", MatrixGroup group = MatrixGroup.DOC, bool emergency = false, string? registerId = null, PersonId? person = null)
        {
            var from = world.Clock.Now() - TimeSpan.FromDays(4000);
            var row = new ProfessionalRow(person ?? PersonId.New(world.Clock), registerId ?? Ids.Text(Ids.New(world.Clock)), family, given, profession, group, null, from, null, null, null);
            var member = new MembershipRow(institution, row.Person, "", emergency, from, null);
            await world.RunAsync(new Batch()
                .Add("INSERT INTO professionals (person_id, register_id, family, given, profession, matrix_group, specialty, licence_from, licence_until, stopped_from, stopped_until, mac) VALUES (@p, @r, @f, @g, @n, @m, NULL, @l, NULL, NULL, NULL, @c)",
                    ("p", row.Person), ("r", row.RegisterId), ("f", row.Family), ("g", row.Given), ("n", row.Profession), ("m", row.Group.ToString()), ("l", row.LicenceFrom), ("c", row.Mac(world.Platform.Keys)))
                .Add("INSERT INTO memberships (institution_id, person_id, unit, emergency, valid_from, valid_until, mac) VALUES (@i, @p, @u, @e, @f, NULL, @m)",
                    ("i", member.Institution), ("p", member.Person), ("u", member.Unit), ("e", member.Emergency), ("f", member.From), ("m", member.Mac(world.Platform.Keys))));
            return new Caller { Kind = CallerKind.Professional, Person = row.Person, Institution = institution, Strong = true, LongLived = true, MayAct = true, ThroughPortal = true, Software = "portal" };
        }

        /// <summary>A registered software: care for an institution, or the affiliation authority.</summary>
        public async Task<Caller> SystemAsync(InstitutionId? institution = null, PersonId? responsible = null, string role = "care", string name = "lab-nord")
        {
            var row = new SystemRow(SystemId.New(world.Clock), name, institution, responsible, role, null);
            await world.RunAsync(new Batch().Add("INSERT INTO systems (system_id, name, institution_id, responsible_id, role, suspended_at, mac) VALUES (@s, @n, @i, @p, @r, NULL, @m)",
                ("s", row.Id), ("n", row.Name), ("i", row.Institution), ("p", row.Responsible), ("r", row.Role), ("m", row.Mac(world.Platform.Keys))));
            return new Caller { Kind = CallerKind.System, System = row.Id, Institution = institution, LongLived = true, MayAct = true, Software = name };
        }

        /// <summary>The affiliation authority's software.</summary>
        public Task<Caller> AuthorityAsync() => world.SystemAsync(role: "authority", name: "affiliation-authority");

        /// <summary>A holder by affiliation, as the feed makes one: created, the letter not sent.</summary>
        public async Task<TestHolder> AffiliatedAsync(string number = Emma, string family = "WEBERSCHEID", string given = "Emma", Gender gender = Gender.Female)
        {
            var authority = await world.AuthorityAsync();
            var line = $$"""{"id":"{{Ids.Text(Ids.New(world.Clock))}}","type":"affiliation","number":"{{number}}","family":"{{family}}","given":"{{given}}","gender":"{{(gender == Gender.Female ? "F" : "M")}}","language":"fr"}""";
            var answer = await world.FeedAsync(authority, line);
            Assert.Equal(1, answer.Created);
            return await world.HolderAsync(number);
        }

        /// <summary>A holder whose letter was sent now: T1 runs.</summary>
        public async Task<TestHolder> InWindowAsync(string number = Emma, string family = "WEBERSCHEID", string given = "Emma")
        {
            var holder = await world.AffiliatedAsync(number, family, given);
            Assert.Equal(1, await world.Operation<SendDueLetters>().RunAsync(world.Cancel));
            return holder;
        }

        /// <summary>A holder who activated.</summary>
        public async Task<TestHolder> ActiveAsync(string number = Emma, string family = "WEBERSCHEID", string given = "Emma")
        {
            var holder = await world.InWindowAsync(number, family, given);
            Assert.True((await world.Operation<ActivateRecord>().RunAsync(world.Self(holder), holder.Record, world.Cancel)).Succeeded);
            return holder;
        }

        public async Task<TestHolder> HolderAsync(string number)
        {
            var token = Identifiers.TokenOf(world.Platform.Keys, Identifiers.NationalNumber, number, Deadlines.DayOf(world.Clock.Now()))!;
            var person = await world.Platform.People.FindByTokenAsync(world.Platform.Database, token, world.Cancel) ?? throw new InvalidOperationException("Nobody has this number");
            return new TestHolder(person.Id, person.Record ?? default, person.Details.NationalNumber, person.Details.EHealthId!);
        }

        /// <summary>The holder, signed in strongly.</summary>
        public Caller Self(TestHolder holder) =>
            new() { Kind = CallerKind.Person, Person = holder.Person, Strong = true, AuthenticatedAt = world.Clock.Now(), LongLived = true, MayAct = true, ThroughPortal = true, Software = "portal" };

        public async Task<FeedAnswer> FeedAsync(Caller authority, params string[] lines)
        {
            using var reader = new StringReader(string.Join('\n', lines));
            var outcome = await world.Operation<ReceiveAffiliations>().RunAsync(authority, FeedFormat.Ndjson, reader, world.Cancel);
            return outcome.Value;
        }

        /// <summary>What the holder reads of the record's state now.</summary>
        public async Task<RecordView> StateAsync(TestHolder holder) =>
            (await world.Operation<ReadRecordState>().RunAsync(world.Self(holder), holder.Ref, world.Cancel)).Value;

        public async Task<long> CountAsync(string table, string where = "1 = 1") =>
            (await world.Platform.Database.QueryAsync(r => r.Long(0), $"SELECT COUNT(*) FROM {table} WHERE {where}", world.Cancel))[0];

        public Task RunAsync(Batch batch) => world.Platform.Database.CommitAsync(batch, world.Cancel);
    }
}
