using System.Diagnostics;
using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Interop.Mhd;
using Dsp.Journal;
using Dsp.Sealing;

namespace Dsp.Benchmarks;

/// <summary>Single operations in this process: decide, gate, seal, parse, render a list, seal and verify the journal.</summary>
public static class Micro
{
    public static async Task RunAsync(BenchTable table, BenchOptions options)
    {
        await using var world = await BenchWorld.CreateAsync("sqlite");
        await world.GrowAsync(1_000);
        var now = world.Platform.Clock.Now();
        var sheet = world.Sheet(world.Doctor.Person!.Value, world.Doctor.Institution!.Value, now - TimeSpan.FromHours(1));
        var facts = new AccessFacts(
            new ActorFacts
            {
                Caller = world.Doctor,
                Professional = new ProfessionalFacts(world.Doctor.Person.Value, "D", "d", MatrixGroup.DOC, true),
                Institution = new InstitutionFacts(world.Doctor.Institution.Value, "I", false, false, false),
                Member = true,
            },
            world.Records[0], sheet, AccessAction.Read, new ItemFacts(world.Documents[0], DataCategory.MedicalAnalyses, null, null), now);
        Time(table, "decide", "≤ 1 µs", () => AccessRules.Decide(facts).Permitted);

        var key = RandomNumberGenerator.GetBytes(32);
        var content = RandomNumberGenerator.GetBytes(BenchOptions.DocumentBytes);
        Time(table, "seal 20 kB", "", () => ContentSeal.Seal(key, world.Records[0], new ContentId(world.Documents[0].Value), content).Length > 0);

        var bundle = BenchWorld.Bundle(world.Records[0], content);
        var settings = new ProvideSettings { BaseUrl = "http://127.0.0.1/fhir" };
        if (ProvideBundleReader.Read(bundle, settings, world.Platform.Clock).Refusal is { } refusal) throw new InvalidOperationException(string.Join("; ", refusal.Others.Prepend(refusal)));
        var reader = new ContentReader();
        var (report, metadata) = (BenchReport.Make(BenchOptions.DocumentBytes), BenchWorld.Submission().Documents[0].Metadata);
        Time(table, "read facts of 20 kB CDA", "", () => reader.Read(metadata, report).Facts.Length > 0);
        var sheet22 = reader.Read(metadata, report).Facts;
        Time(table, "open its 22 facts", "", () => FactSheet.FromBytes(sheet22).Facts.Count > 0);
        Time(table, "pass over its 22 facts", "", () => FactSheet.FromBytes(sheet22, [FactKind.Allergy]).Facts.Count == 0);

        Time(table, "parse ITI-65", "", () => ProvideBundleReader.Read(bundle, settings, world.Platform.Clock).Succeeded);

        var find = new FindDocuments(world.Platform.Gate, world.Platform.Database, world.Platform.Alarms);
        var found = (await find.RunAsync(world.Doctor, new RecordRef.ById(world.Records[0]), new DocumentSearch { Count = 20 }, CancellationToken.None)).Value;
        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 20);
        Time(table, "render list of 20", "", () =>
        {
            output.ResetWrittenCount();
            SearchBundleWriter.Write(output, found, new SearchLinks("http://127.0.0.1/fhir/DocumentReference"), "http://127.0.0.1/fhir", _ => true, now);
            return output.WrittenCount > 0;
        });

        await TokenRun.MicroAsync(table, world);
        await FactsBench.RunAsync(table, world);
        await FactsBench.ReadTextAsync(table);

        var sealer = new JournalSealer(world.Platform.Database, world.Platform.Keys, world.Platform.Sink, world.Platform.Clock);
        var watch = Stopwatch.StartNew();
        var count = 0;
        while (await sealer.SealOnceAsync(CancellationToken.None) is > 0 and var some) count += some;
        table.Add(new BenchRow("sqlite", "seal journal", count) { RatePerSecond = count / watch.Elapsed.TotalSeconds, Budget = "≥ 20,000/s" });
    }

    internal static void Time(BenchTable table, string name, string budget, Func<bool> operation)
    {
        // Until the compiler has done its last: what runs is compiled again, optimised, after some hundred milliseconds.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(2);) Require(operation());
        var watch = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var count = 0;
        while (watch.Elapsed < TimeSpan.FromSeconds(1.5))
        {
            for (var i = 0; i < 50; i++) Require(operation());
            count += 50;
        }
        var cpuMs = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / count;
        table.Add(new BenchRow("–", name, 0) { RatePerSecond = count / watch.Elapsed.TotalSeconds, P50Ms = watch.Elapsed.TotalMilliseconds / count, ServerCpuMs = cpuMs, Budget = budget });
    }

    private static void Require(bool holds)
    {
        if (!holds) throw new InvalidOperationException("The measured operation failed");
    }
}
