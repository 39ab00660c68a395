using System.Globalization;
using System.Text;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Tests.Conformance;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Ips;

/// <summary>Documents of the corpus deposited at the door; the summary asked for at the door, compared with the IPS profiles.</summary>
public sealed class IpsCorpusTests
{
    [Fact]
    public async System.Threading.Tasks.Task Each_document_of_the_corpus_gives_a_valid_summary_within_a_second()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var world = cast.Server.World;
        var (documents, wrong, table) = (0, new List<string>(), new StringBuilder("document | entries | sections | ms\n"));
        await AskAsync(cast);
        foreach (var (name, bytes) in IpsDocuments.All())
        {
            documents++;
            var id = await cast.DepositedAsync(bytes, name, "application/fhir+json");
            var (bundle, problems, took) = await AskAsync(cast);
            wrong.AddRange(problems.Select(p => $"{name}: {p}"));
            if (took > TimeSpan.FromSeconds(1)) wrong.Add($"{name}: {took.TotalMilliseconds:F0} ms");
            table.AppendLine(CultureInfo.InvariantCulture, $"{name} | {bundle?.Entry.Count} | {(bundle?.Entry[0].Resource as Composition)?.Section?.Count} | {took.TotalMilliseconds:F0}");
            var gone = await world.Operation<WithdrawDocument>().RunAsync(world.Self(cast.Emma), null, new DocumentId(Guid.Parse(id)), WithdrawalReason.WrongPatient, world.Cancel);
            Assert.True(gone.Succeeded, gone.Refusal?.Id);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(table.ToString());
        Assert.True(wrong.Count == 0, $"{wrong.Count}\n{string.Join('\n', wrong.Select(w => w.Length > 300 ? w[..300] : w).Distinct().Take(40))}");
        Assert.True(documents >= 30, $"{documents} documents");
    }

    [Fact]
    public async System.Threading.Tasks.Task All_of_them_in_one_record_give_one_valid_summary_within_a_second()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        foreach (var (name, bytes) in IpsDocuments.All()) await cast.DepositedAsync(bytes, name, "application/fhir+json");
        await AskAsync(cast);

        var (bundle, problems, took) = await AskAsync(cast);

        Assert.True(problems.Count == 0, string.Join('\n', problems.Distinct().Take(40)));
        Assert.True(took < TimeSpan.FromSeconds(1), $"{took.TotalMilliseconds} ms");
        var count = bundle!.Entry.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} entries, {took.TotalMilliseconds:F0} ms");
        Assert.True(count > 300);
    }

    /// <summary>The check itself finds what is wrong: without this, silence would prove nothing.</summary>
    [Fact]
    public async System.Threading.Tasks.Task A_damaged_summary_does_not_pass()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(IpsDocuments.All().First(d => d.Name.StartsWith("Bundle-bundle-ips-all-sections", StringComparison.Ordinal)).Bytes, "all", "application/fhir+json");
        List<string> Damaged(Action<Bundle> damage, Bundle sound)
        {
            var copy = (Bundle)sound.DeepCopy()!;
            damage(copy);
            return [.. ProfileCheck.Problems(copy, Guide.IpsBundle)];
        }
        var (bundle, problems, _) = await AskAsync(cast);
        Assert.Empty(problems);
        static Composition Of(Bundle b) => (Composition)b.Entry[0].Resource!;

        foreach (var damage in new Action<Bundle>[]
        {
            b => b.Identifier = null,
            b => b.Entry.RemoveAt(1),
            b => Of(b).Section.RemoveAll(s => s.Code!.Coding[0].Code == "48765-2"),
            b => Of(b).Section.First(s => s.Code!.Coding[0].Code == "11450-4").Entry = [],
            b => Of(b).Section[2].Text = null,
            b => Of(b).Section.First(s => s.Entry.Count > 0).Entry[0].Reference = "urn:uuid:00000000-0000-0000-0000-000000000001",
            b => Of(b).Type!.Coding[0].Code = "34133-9",
            b => b.Entry.Select(e => e.Resource).OfType<AllergyIntolerance>().First().ClinicalStatus = null,
            b => b.Entry.Select(e => e.Resource).OfType<AllergyIntolerance>().First().ClinicalStatus!.Coding[0].Code = "perhaps",
            b => b.Entry.Select(e => e.Resource).OfType<Immunization>().First().Occurrence = null!,
            b => b.Entry.Select(e => e.Resource).OfType<Observation>().First(o => o.Meta is not null).Performer = [],
            b => b.Entry.Select(e => e.Resource).OfType<Observation>().First(o => o.Meta is not null).Category = [],
            b => b.Entry.Select(e => e.Resource).OfType<Condition>().First().Subject = new ResourceReference(b.Entry[0].FullUrl),
        }) Assert.NotEmpty(Damaged(damage, bundle!));
    }

    private static async System.Threading.Tasks.Task<(Bundle? Bundle, List<string> Problems, TimeSpan Took)> AskAsync(Cast cast)
    {
        var since = TimeProvider.System.GetTimestamp();
        var answer = await cast.Server.GetAsync($"/fhir/Patient/{cast.Record}/$summary", cast.Holder);
        var took = TimeProvider.System.GetElapsedTime(since);
        Assert.True(answer.Status == 200, answer.Text.Length > 2000 ? answer.Text[..2000] : answer.Text);
        var (bundle, refusals) = FhirJson.Parse<Bundle>(answer.Bytes);
        var problems = refusals.Select(r => $"{r.Text} {r.Expression}").ToList();
        if (bundle is not null) problems.AddRange(ProfileCheck.Problems(bundle, Guide.IpsBundle));
        return (bundle, problems, took);
    }
}
