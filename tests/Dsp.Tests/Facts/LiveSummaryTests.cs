using Dsp.Access;
using Dsp.Clinical;
using Dsp.Tests.Documents;
using Dsp.Tests.Support;
using static Dsp.Tests.Facts.FactWorld;
using static Dsp.Tests.Facts.ResultSeriesTests;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Facts;

public sealed class LiveSummaryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private const string Hypertension = """<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Hypertension"><translation code="I10" codeSystem="2.16.840.1.113883.6.3"/></value>""";

    [Fact]
    public void The_same_subject_of_two_documents_is_one_line_with_both_sources()
    {
        var problems = Of([.. Recorded(Section("11450-4", "", Problem(Hypertension)), 1), .. Recorded(Section("11450-4", "", Problem("""<value xsi:type="CD" code="I10" codeSystem="2.16.840.1.113883.6.3" displayName="Hypertonie"/>""")), 2)])[FactKind.Problem];

        var line = Assert.Single(problems.Lines);
        Assert.Equal((2, false, (bool?)null), (line.Statements.Count, line.Conflict, line.Current));
    }

    [Fact]
    public void Sources_that_do_not_agree_stand_side_by_side()
    {
        var asserted = Recorded(Section("48765-2", "", Allergy(AllergyTo(Penicillin))), 1);
        var refuted = Recorded(Section("48765-2", "", Allergy(AllergyTo(Penicillin, """ negationInd="true" """))), 2);
        var none = Recorded(Section("48765-2", "", Allergy(AllergyTo("""<code nullFlavor="NA"/>""", """ negationInd="true" """))), 3);

        var section = Of([.. asserted, .. refuted, .. none])[FactKind.Allergy];

        var line = Assert.Single(section.Lines);
        Assert.True(line.Conflict);
        Assert.Equal([FactStatement.Negated, FactStatement.Asserted], line.Statements.Select(s => s.Fact.Statement).OrderByDescending(s => s));
        Assert.Same(none[0], Assert.Single(section.Denials));
        Assert.True(section.Conflict);
    }

    [Fact]
    public void A_denial_is_a_dated_quotation_silence_is_silence_and_an_empty_section_is_not_documented()
    {
        var denial = Recorded(Section("48765-2", "", Allergy(AllergyTo("""<code code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>"""))));
        var silence = Recorded(Section("10160-0", "", Medicine("", code: """<code code="no-medication-info" codeSystem="2.16.840.1.113883.5.1150.1"/>""")));

        var summary = Of([.. denial, .. silence]);

        Assert.Equal(("2018-05", false), (summary[FactKind.Allergy].Denials[0].Fact.Start!.Text, summary[FactKind.Allergy].NotDocumented));
        Assert.Equal((0, 1, false), (summary[FactKind.Medicine].Lines.Count, summary[FactKind.Medicine].Silences.Count, summary[FactKind.Medicine].NotDocumented));
        Assert.True(summary[FactKind.Device].NotDocumented);
    }

    [Theory]
    [InlineData("2026-11", null, true)]
    [InlineData("2026", null, true)]
    [InlineData("2026-11-23", null, true)]
    [InlineData("2026-11-22", null, false)]
    [InlineData("2025", null, false)]
    [InlineData("2027", "stopped", false)]
    [InlineData("2027", "active", true)]
    public void An_end_is_over_when_the_whole_of_it_is_and_a_word_of_stopping_comes_first(string end, string? status, bool current)
    {
        var parts = end.Split('-').Select(int.Parse).ToList();
        var from = new DateTimeOffset(parts[0], parts.ElementAtOrDefault(1) is > 0 and var month ? month : 1, parts.ElementAtOrDefault(2) is > 0 and var day ? day : 1, 0, 0, 0, TimeSpan.Zero);
        var to = parts.Count switch { 1 => from.AddYears(1), 2 => from.AddMonths(1), _ => from.AddDays(1) };
        var fact = new RecordedFact(new Fact { Kind = FactKind.Medicine, Statement = FactStatement.Asserted, RecordStatus = status, Start = new FactDate("2024", new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)), End = new FactDate(end, from, to) }, Recorded(Section("10160-0", "", Medicine("""<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73"/>""")))[0].Source);
        Assert.Equal(current, LiveSummary.IsCurrent(fact, Now));
        // A prescription's end stands with its dosage.
        if (status is null) Assert.Equal(current, LiveSummary.IsCurrent(fact with { Fact = fact.Fact with { End = null, Doses = [new Dosage { Text = "1", End = fact.Fact.End }] } }, Now));
    }

    [Fact]
    public void Current_is_only_what_a_source_says_or_a_running_duration_shows()
    {
        const string product = """<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/>""";
        var active = Medicine(product);
        var completed = active.Replace("\"active\"", "\"completed\"", StringComparison.Ordinal);
        var ended = active.Replace("""<low value="20250110"/>""", """<low value="20250110"/><high value="20250301"/>""", StringComparison.Ordinal);
        var running = completed.Replace("""<low value="20250110"/>""", """<low value="20250110"/><high value="20271231"/>""", StringComparison.Ordinal);

        bool? Current(string medicine) => Assert.Single(Of(Recorded(Section("10160-0", "", medicine)))[FactKind.Medicine].Lines).Current;
        Assert.Equal([true, null, false, true], [Current(active), Current(completed), Current(ended), Current(running)]);
    }

    [Fact]
    public void Two_doses_of_one_medicine_are_a_conflict_and_what_is_ordered_is_a_line_of_its_own()
    {
        const string product = """<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/>""";
        var one = Recorded(Section("10160-0", "", Medicine(product)), 1);
        var other = Recorded(Section("10160-0", "", Medicine(product).Replace("""doseQuantity value="1" """, """doseQuantity value="2" """, StringComparison.Ordinal)), 2);
        var ordered = Recorded(Section("10160-0", "", Medicine(product).Replace("SBADM\" moodCode=\"EVN", "SBADM\" moodCode=\"INT", StringComparison.Ordinal)), 3);

        var lines = Of([.. one, .. other, .. ordered])[FactKind.Medicine].Lines;

        Assert.Equal([(1, false), (2, true)], lines.Select(l => (l.Statements.Count, l.Conflict)).Order());
    }

    [Theory, EveryStore]
    public async Task The_emergency_sheet_shows_each_reader_what_that_reader_may_see_and_the_journal_names_its_sources(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var id = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", Report());
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", "rien"u8.ToArray(), type: "text/plain");

        var doctor = await SheetAsync(world, world.Thill);
        var pharmacist = await SheetAsync(world, world.Pharmacist);
        var stranger = await SheetAsync(world, world.Other);

        Assert.Equal(["Penicillin", "Essential hypertension", "Ramipril", "Pacemaker"], doctor.Sections.SelectMany(s => s.Lines).Select(l => l.Name));
        Assert.Equal(("Kalium", 4.1m), (doctor.LastResults[0].Name, doctor.LastResults[0].Points[0].Number));
        Assert.Equal((2, 1, 0), (doctor.Documents, doctor.WithoutFacts, doctor.Unread));
        Assert.True(pharmacist[FactKind.Device].NotDocumented);
        Assert.Equal(3, pharmacist.Sections.Sum(s => s.Lines.Count));
        Assert.All(stranger.Sections, s => Assert.True(s.NotDocumented));
        var line = (await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines.First(l => l.Entry.Action == "read-facts" && l.Entry.Person == world.Thill.Person);
        Assert.Equal([id], line.Entry.Documents);
    }

    private static LiveSummary Of(IReadOnlyList<RecordedFact> facts) => LiveSummary.Of(new FoundFacts(RecordId.None, facts, [.. facts.Select(f => f.Source).Distinct()], []), LiveSummary.Emergency, Now);

    private static async Task<LiveSummary> SheetAsync(DocumentWorld world, Caller by) =>
        (await world.World.Operation<ReadFacts>().RunAsync(by, world.Patient, LiveSummary.Query(LiveSummary.Emergency), found => LiveSummary.Of(found, LiveSummary.Emergency, Now) is var s ? new Shown<LiveSummary>(s, s.Sources) : null!, world.World.Cancel)).Value;
}
