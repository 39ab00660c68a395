using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.CdsHooks;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Dsp.Interop.Mhd;
using Dsp.Interop.Resources;
using Dsp.Interop.Pdf;
using Dsp.Interop.Workers;

namespace Dsp.Benchmarks;

/// <summary>One record of 2,000 laboratory reports of 20 kB: the emergency sheet's data, all its results, a search for words.</summary>
public static class FactsBench
{
    private const int Documents = 2_000;

    /// <summary>The longest record anybody asked a figure of.</summary>
    private const int Many = 5_000;

    public static async Task RunAsync(BenchTable table, BenchWorld world)
    {
        var (platform, record) = (world.Platform, new RecordRef.ById(world.Records[^1]));
        var deposit = new DepositDocuments(platform.Gate, platform.Vault, platform.Database, platform.Keys, platform.Reader, platform.People, platform.Settings.Deposits, platform.Alarms, platform.Clock);
        Task DepositAsync(int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancel) =>
        {
            var submission = BenchWorld.Submission();
            var report = submission.Documents[0] with { Content = BenchReport.Make(BenchOptions.DocumentBytes, i) };
            await deposit.RunAsync(world.Laboratory, record, submission with { Documents = [report] }, cancel);
        });
        var watch = Stopwatch.StartNew();
        await DepositAsync(0, Documents);
        table.Add(new BenchRow("sqlite", "deposit CDA, facts read", Documents) { RatePerSecond = Documents / watch.Elapsed.TotalSeconds });

        var read = new ReadFacts(platform.Gate, platform.Database, platform.Alarms, platform.Journal);
        var search = new SearchText(platform.Gate, platform.Database, platform.Alarms);
        await TimeAsync(table, "emergency sheet's data", 100, "p99 ≤ 100 ms", async () =>
            (await read.RunAsync(world.Doctor, record, LiveSummary.Query(LiveSummary.Emergency), f => LiveSummary.Of(f, LiveSummary.Emergency, platform.Clock.GetUtcNow()) is var s ? new Shown<LiveSummary>(s, s.Sources) : null!, CancellationToken.None)).Value.Documents);
        await TimeAsync(table, "search words, 20 hits", 30, "p95 < 1 s", async () => (await search.RunAsync(world.Doctor, record, new TextQuery("kalium potassium") { Count = 20 }, CancellationToken.None)).Value.Total + 1);
        await TimeAsync(table, "search words, all hit", 30, "p95 < 1 s", async () => (await search.RunAsync(world.Doctor, record, new TextQuery("ferritine") { Count = 20 }, CancellationToken.None)).Value.Total);
        await TimeAsync(table, "patient summary's lines", 10, "", async () =>
            (await read.RunAsync(world.Doctor, record, LiveSummary.Query(LiveSummary.Whole), f => PatientSummary.Of(f, new Dsp.Identity.Person(default, f.Record, 1, new Dsp.Identity.PersonDetails { Family = "W", Given = "E" }), Guid.Empty, platform.Clock.GetUtcNow()) is var s ? new Shown<PatientSummary>(s, []) : null!, CancellationToken.None)).Value.Parts.Count);
        await ResourcesAsync(table, world, record, read);
        await TimeAsync(table, "all results as series", 5, "", async () => ResultSeries.Of((await read.RunAsync(world.Doctor, record, new FactQuery { Kinds = [FactKind.Result] }, CancellationToken.None)).Value.Facts).Count);
        await DepositAsync(Documents, Many);
        await TimeAsync(table, "search words, 5,000 documents", 100, "p99 < 1 s", async () => (await search.RunAsync(world.Doctor, record, new TextQuery("kalium potassium") { Count = 20 }, CancellationToken.None)).Value.Total + 1);
        await TimeAsync(table, "emergency sheet's data, 5,000", 30, "", async () =>
            (await read.RunAsync(world.Doctor, record, LiveSummary.Query(LiveSummary.Emergency), f => LiveSummary.Of(f, LiveSummary.Emergency, platform.Clock.GetUtcNow()) is var s ? new Shown<LiveSummary>(s, s.Sources) : null!, CancellationToken.None)).Value.Documents);
    }

    /// <summary>Results as resources, a page of 50 made and written; and what a CDS Hooks call asks, cards written.</summary>
    private static async Task ResourcesAsync(BenchTable table, BenchWorld world, RecordRef record, ReadFacts read)
    {
        var settings = new SearchSettings("http://127.0.0.1/fhir", new byte[32]);
        var facts = new ResourceFacts(settings.BaseUrl, new StatementIds(new byte[32]), IpsTexts.For(CultureInfo.InvariantCulture), world.Platform.Clock.GetUtcNow());
        async Task<int> SearchAsync(string query)
        {
            var search = ResourceSearchReader.Read("Observation", DocumentQuery.Parse($"patient={world.Records[^1]}&{query}"), strict: true, settings, "bench").Value;
            var page = (await read.RunAsync(world.Doctor, record, search.Query(facts), f => ResourcePage.Of(f, search, facts) is var p ? new Shown<ResourcePage>(p, p.Sources) : null!, CancellationToken.None)).Value;
            var output = new ArrayBufferWriter<byte>(1 << 18);
            SearchBundleWriter.Write(output, [.. page.Items.Select(i => new SearchEntry("", FhirJson.Bytes(i.Make(facts))))], page.Total, new SearchLinks(""), facts.Now);
            return page.Items.Count;
        }
        await TimeAsync(table, "Observation, 50 of 44,000", 10, "", () => SearchAsync("category=laboratory"));
        await TimeAsync(table, "Observation by code, 50", 10, "", () => SearchAsync("code=http://loinc.org|2823-3&date=ge2026-01-01"));
        var exams = new FindExistingExams(world.Platform.Gate, world.Platform.Database, world.Platform.Alarms, world.Platform.Journal, world.Platform.Clock);
        ExamOrder[] orders = [new(new Concept([new CodedValue("http://loinc.org", "13457-7")])), new(new Concept(Text: "Scanner du thorax"))];
        await TimeAsync(table, "CDS call, 2 orders", 10, "≤ 500 ms", async () =>
        {
            var found = (await exams.RunAsync(world.Doctor, record, orders, CancellationToken.None)).Value;
            using var json = new Utf8JsonWriter(Stream.Null);
            HookWriter.Cards(json, found, new CardFacts("http://127.0.0.1", (_, _) => null, facts.Texts, () => Guid.Empty));
            return found[0].Exams.Count;
        });
    }

    /// <summary>What a letter costs after its deposit: the process that reads its text, a page of it, and a scanned page.</summary>
    public static async Task ReadTextAsync(BenchTable table)
    {
        var limits = new WorkerLimits();
        byte[] Letter(int words) => PdfWriter.Write(new PdfDocument("Lettre", "fr-LU", DateTimeOffset.UnixEpoch, [new PdfParagraph(string.Join(' ', Enumerable.Range(0, words).Select(i => "mot" + i.ToString(System.Globalization.CultureInfo.InvariantCulture))))]));
        var (one, long_) = (Letter(100), Letter(24_000));
        async Task<int> PagesAsync(byte[] pdf) => (await ReaderProcess.ReadAsync("pdf", pdf, "fr", limits, scans: false, CancellationToken.None)).Pages;
        await TimeAsync(table, "text of a PDF of one page", 20, "", () => PagesAsync(one));
        var pages = await PagesAsync(long_);
        await TimeAsync(table, $"text of a PDF of {pages.ToString(System.Globalization.CultureInfo.InvariantCulture)} pages", 10, "", () => PagesAsync(long_));
        if (!(await Sandbox.StateAsync(CancellationToken.None)).ReadsScans) return;
        var scan = Picture(Letter(250));
        await TimeAsync(table, "text of a scanned page", 5, "", async () => (await ReaderProcess.ReadAsync("picture", scan, "fr", limits, scans: true, CancellationToken.None)).Scans);
    }

    /// <summary>A page as a scanner hands it over, 200 dots an inch.</summary>
    private static byte[] Picture(byte[] pdf)
    {
        var folder = Directory.CreateTempSubdirectory("dsp-bench-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "a.pdf"), pdf);
            using var drawn = Process.Start("pdftoppm", ["-q", "-gray", "-jpeg", "-singlefile", "-r", "200", Path.Combine(folder, "a.pdf"), Path.Combine(folder, "a")]);
            drawn.WaitForExit();
            return File.ReadAllBytes(Path.Combine(folder, "a.jpg"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TimeAsync(BenchTable table, string name, int times, string budget, Func<Task<int>> operation)
    {
        for (var warm = 0; warm < 5; warm++) await operation();
        var taken = new List<double>();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            if (await operation() == 0) throw new InvalidOperationException($"{name} found nothing");
            taken.Add(watch.Elapsed.TotalMilliseconds);
        }
        var cpuMs = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / times;
        taken.Sort();
        table.Add(new BenchRow("sqlite", name, Documents) { RatePerSecond = 1000 / taken.Average(), P50Ms = taken[times / 2], P99Ms = taken[(int)Math.Ceiling(times * 0.99) - 1], ServerCpuMs = cpuMs, Budget = budget });
    }
}
