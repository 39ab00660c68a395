using System.Text;
using System.Text.Json;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Tests.Facts;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Dsp.Tests.Workers;

namespace Dsp.Tests.Documents;

/// <summary>What a source's deposits could do better, told to that source and to whoever runs the installation, and nobody else.</summary>
public sealed class DepositReportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Another_patients_document_is_kept_answered_with_a_warning_and_reported_to_its_source(Store store)
    {
        await using var cast = await Cast.StartAsync(store);

        var answer = await cast.DepositAsync(cast.Lab, Bundles.Provide(WorldPeople.Emma, About("Thill", "Pedro", "19750123", WorldPeople.Pedro), "Bilan", uniqueId: "urn:oid:1.2.77.1"));
        var good = await cast.DepositAsync(cast.Lab, Bundles.Provide(WorldPeople.Emma, About("Weberscheid", "Emma", "19840312", WorldPeople.Emma)));

        Assert.Equal(200, answer.Status);
        var outcome = answer.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("outcome");
        Assert.Equal(("OperationOutcome", "warning", "possible-wrong-patient"), (outcome.GetProperty("resourceType").GetString(), Issue(outcome).GetProperty("severity").GetString(), Issue(outcome).GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()));
        foreach (var name in new[] { "Pedro", "Thill", "Emma", "Weberscheid", WorldPeople.Pedro }) Assert.DoesNotContain(name, answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("outcome", good.Text, StringComparison.Ordinal);
        var id = answer.Json.GetProperty("entry")[1].GetProperty("response").GetProperty("location").GetString()!.Split('/')[1];
        // The document is there, and its source reads why it should look again.
        Assert.Equal(200, (await cast.Server.GetAsync($"/fhir/DocumentReference/{id}", cast.Lab)).Status);
        var line = Assert.Single((await ReportAsync(cast, cast.Lab)).GetProperty("documents").EnumerateArray());
        Assert.Equal((id, "urn:oid:1.2.77.1"), (line.GetProperty("documentId").GetString(), line.GetProperty("uniqueId").GetString()));
        var finding = Assert.Single(line.GetProperty("findings").EnumerateArray(), f => f.GetProperty("id").GetString() == "possible-wrong-patient");
        Assert.Equal(["name", "number", "birth-date"], finding.GetProperty("differs").EnumerateArray().Select(d => d.GetString()));
    }

    [Theory, EveryStore]
    public async Task A_source_reads_its_own_report_only_in_pages_and_a_withdrawn_document_is_gone_from_it(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            // Ids of one instant have no order.
            cast.Server.World.Clock.Advance(TimeSpan.FromMilliseconds(5));
            ids.Add(await cast.DepositedAsync(About("Thill", "Pedro", "19750123", WorldPeople.Pedro)));
        }

        var first = await ReportAsync(cast, cast.Lab, "?count=2");
        var rest = await ReportAsync(cast, cast.Lab, "?count=2&after=" + first.GetProperty("next").GetString());

        Assert.Equal(ids, first.GetProperty("documents").EnumerateArray().Concat(rest.GetProperty("documents").EnumerateArray()).Select(d => d.GetProperty("documentId").GetString()));
        Assert.False(rest.TryGetProperty("next", out var next) && next.ValueKind != JsonValueKind.Null);
        Assert.Empty((await ReportAsync(cast, cast.Hospital)).GetProperty("documents").EnumerateArray());
        Assert.Empty((await ReportAsync(cast, cast.DoctorToken)).GetProperty("documents").EnumerateArray());
        Assert.Equal(403, (await cast.Server.GetAsync("/api/deposit-reports", cast.Holder)).Status);
        Assert.Equal(400, (await cast.Server.GetAsync("/api/deposit-reports?count=0", cast.Lab)).Status);
        await cast.Server.World.RunAsync(new Dsp.Storage.Batch().Add("UPDATE systems SET suspended_at = 1, mac = mac"));
        Assert.NotEqual(200, (await cast.Server.GetAsync("/api/deposit-reports", cast.Lab)).Status);
    }

    [Theory, EveryStore]
    public async Task A_source_that_asked_for_it_is_refused_and_nothing_is_kept(Store store)
    {
        await using var world = await World.CreateAsync(store);
        await using var cast = await Cast.StartAsync(world);
        var refusing = new DepositRules((await world.Platform.Database.QueryAsync(r => r.Guid(0), "SELECT system_id FROM systems", Cancel)).ToHashSet());
        var platform = world.Platform;
        var deposit = new DepositDocuments(platform.Gate, platform.Vault, platform.Database, platform.Keys, platform.Reader, platform.People, refusing, platform.Alarms, world.Clock);
        var lab = (await platform.Database.QueryAsync(r => (Id: r.Guid(0), Place: r.GuidOrNull(1)), "SELECT system_id, institution_id FROM systems WHERE name = 'lab-nord'", Cancel)).Single();
        var caller = new Caller { Kind = CallerKind.System, System = new SystemId(lab.Id), Institution = new InstitutionId(lab.Place!.Value), LongLived = true, MayAct = true, Software = "lab-nord" };
        var submission = DocumentWorld.Submission("urn:oid:1.2.3.1", About("Thill", "Pedro", "19750123", WorldPeople.Pedro));

        var refused = await deposit.RunAsync(caller, cast.Emma.Ref, submission with { Documents = [submission.Documents[0] with { Metadata = submission.Documents[0].Metadata with { MimeType = "text/xml" } }] }, Cancel);

        Assert.Equal(Refusals.PossibleWrongPatient.Id, refused.Refusal?.Id);
        Assert.Equal(0, await world.CountAsync("documents"));
        Assert.Equal(0, await world.CountAsync("deposit_reports"));
    }

    [Theory, EveryStore]
    public async Task Codes_that_are_missing_sections_that_are_not_read_and_a_broken_document_are_found(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var uncoded = Samples.Document(
            Samples.Section("30954-2", "x", Samples.Panel(Samples.Result("2823-3", "Kalium", """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>""").Replace("""code="2823-3" codeSystem="2.16.840.1.113883.6.1" displayName="Kalium" """.Trim(), "nullFlavor=\"UNK\"", StringComparison.Ordinal))),
            """<section><title>Sans code</title><text>x</text></section>""",
            Samples.Section("11450-4", "x", "<unknownStatement/>"));
        await cast.DepositedAsync(uncoded);
        cast.Server.World.Clock.Advance(TimeSpan.FromMilliseconds(5));
        await cast.DepositedAsync("<ClinicalDocument"u8.ToArray());
        cast.Server.World.Clock.Advance(TimeSpan.FromMilliseconds(5));
        var pdf = await cast.DepositedAsync("%PDF-1.4 broken"u8.ToArray(), contentType: "application/pdf");

        var before = (await ReportAsync(cast, cast.Lab)).GetProperty("documents").GetArrayLength();
        await cast.Server.Get<ReadWaiting>().RunAsync(Cancel);
        var found = (await ReportAsync(cast, cast.Lab)).GetProperty("documents").EnumerateArray().Select(d => string.Join(' ', d.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("id").GetString()).Order(StringComparer.Ordinal))).ToList();

        Assert.Equal(2, before);
        Assert.Equal(3, found.Count);
        Assert.Contains("section-not-read", found[0], StringComparison.Ordinal);
        Assert.Contains("section-without-code", found[0], StringComparison.Ordinal);
        Assert.Equal("not-readable", found[1]);
        Assert.Equal("text-pdf-broken", found[2]);
        Assert.Equal("%PDF-1.4 broken", (await cast.Server.GetAsync($"/fhir/Binary/{pdf}", cast.Holder)).Text);
    }

    [Theory, EveryStore]
    public async Task A_number_of_somebody_else_in_a_pdf_is_reported_when_it_is_read_and_the_persons_own_is_not(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        var other = await cast.DepositedAsync(Scans.Letter($"Patient : Thill Pedro, {WorldPeople.Pedro}"), contentType: "application/pdf");
        await cast.DepositedAsync(Scans.Letter($"Weberscheid Emma, 1984 03 12 991 14, téléphone 26 12 34 56"), contentType: "application/pdf");

        await cast.Server.Get<ReadWaiting>().RunAsync(Cancel);

        var line = Assert.Single((await ReportAsync(cast, cast.Lab)).GetProperty("documents").EnumerateArray());
        Assert.Equal(other, line.GetProperty("documentId").GetString());
        var counted = Assert.Single(await cast.Server.World.Operation<CountDepositReports>().RunAsync(default, Cancel));
        Assert.Equal(("lab-nord", "possible-wrong-patient", 1), (counted.Name, counted.Finding, counted.Documents));
    }

    [Theory, EveryStore]
    public async Task What_was_found_lies_sealed_and_goes_with_its_document(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.DepositedAsync(About("Thill", "Pedro", "19750123", WorldPeople.Pedro));
        var bytes = (await cast.Server.World.Platform.Database.QueryAsync(r => r.Bytes(0), "SELECT sealed FROM deposit_reports", Cancel)).Single();
        Assert.DoesNotContain("wrong", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        var document = (await cast.Server.World.Platform.Database.QueryAsync(r => new DocumentId(r.Guid(0)), "SELECT document_id FROM deposit_reports", Cancel)).Single();

        var lab = (await cast.Server.World.Platform.Database.QueryAsync(r => (r.Guid(0), r.GuidOrNull(1)), "SELECT system_id, institution_id FROM systems WHERE name = 'lab-nord'", Cancel)).Single();
        var caller = new Caller { Kind = CallerKind.System, System = new SystemId(lab.Item1), Institution = new InstitutionId(lab.Item2!.Value), LongLived = true, MayAct = true, Software = "lab-nord" };
        Assert.True((await cast.Server.World.Operation<WithdrawDocument>().RunAsync(caller, null, document, WithdrawalReason.WrongPatient, Cancel)).Succeeded);

        Assert.Equal(0, await cast.Server.World.CountAsync("deposit_reports"));
        // A reading that began before the withdrawal ends after it.
        var put = ReportRow.Put(cast.Server.World.Platform.Keys, await RecordOfAsync(cast, document), document, new DocumentEntry
        {
            Facts = default!, AddedAt = cast.Server.World.Clock.GetUtcNow(), DepositedThrough = caller.System, Submission = default, Content = default, ContentSalt = [],
        }, "urn:oid:1", [new DepositFinding("text-no-text")]);
        await cast.Server.World.RunAsync(new Dsp.Storage.Batch().Add(put));
        Assert.Equal(0, await cast.Server.World.CountAsync("deposit_reports"));
    }

    private static async Task<RecordId> RecordOfAsync(Cast cast, DocumentId document) =>
        (await cast.Server.World.Platform.Database.QueryAsync(r => new RecordId(r.Guid(0)), "SELECT record_id FROM documents WHERE document_id = @document", Cancel, ("document", document))).Single();

    /// <summary>A report with a coded result, about this person.</summary>
    private static byte[] About(string family, string given, string birth, string number) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Samples.Document(
            Samples.Section("30954-2", "Kalium 4,1", Samples.Panel(Samples.Result("2823-3", "Kalium", """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>""")))))
        .Replace("<author>", $"""<recordTarget><patientRole><id root="1.3.182.4.4" extension="{number}"/><patient><name><given>{given}</given><family>{family}</family></name><birthTime value="{birth}"/></patient></patientRole></recordTarget><author>""", StringComparison.Ordinal));

    private static JsonElement Issue(JsonElement outcome) => outcome.GetProperty("issue")[0];

    private static async Task<JsonElement> ReportAsync(Cast cast, string token, string query = "")
    {
        var answer = await cast.Server.GetAsync("/api/deposit-reports" + query, token);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }
}
