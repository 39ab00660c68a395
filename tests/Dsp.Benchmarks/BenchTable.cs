using System.Globalization;
using System.Text.Json;

namespace Dsp.Benchmarks;

/// <summary>One measurement: the figures of the table and of the JSON.</summary>
public sealed record BenchRow(string Store, string Operation, int Documents)
{
    public double RatePerSecond { get; init; }
    public double? P50Ms { get; init; }
    public double? P99Ms { get; init; }
    public double? ServerCpuMs { get; init; }
    public double? DatabaseCpuMs { get; init; }
    public double? FloorPerSecond { get; init; }

    /// <summary>The budget it is held against, in words; printed, not in the JSON.</summary>
    public string Budget { get; init; } = "";
    public int Errors { get; init; }
}

/// <summary>The table of a run.</summary>
public sealed class BenchTable
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly List<BenchRow> rows = [];

    public void Add(BenchRow row)
    {
        rows.Add(row);
        Console.Error.WriteLine(Line(row));
    }

    public void Print(TextWriter output)
    {
        output.WriteLine("store    | operation         | documents |     rate/s |  p50 ms |  p99 ms | server CPU ms | database CPU ms |    floor/s | of floor | budget");
        output.WriteLine("---------|-------------------|-----------|------------|---------|---------|---------------|-----------------|------------|----------|-------");
        foreach (var row in rows) output.WriteLine(Line(row));
    }

    public void WriteJson(string file) =>
        File.WriteAllText(file, JsonSerializer.Serialize(rows.Select(r => new
        {
            r.Store, r.Operation, r.Documents, r.RatePerSecond, r.P50Ms, r.P99Ms, r.ServerCpuMs, r.DatabaseCpuMs, r.FloorPerSecond,
        }), Options));

    private static string Line(BenchRow r) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{r.Store,-8} | {r.Operation,-17} | {r.Documents,9} | {r.RatePerSecond,10:0} | {r.P50Ms,7:0.00} | {r.P99Ms,7:0.00} | {r.ServerCpuMs,13:0.000} | {r.DatabaseCpuMs,15:0.000} | {r.FloorPerSecond,10:0} | {(r.FloorPerSecond is { } f and > 0 ? r.RatePerSecond / f : null),8:0%} | {r.Budget}{(r.Errors > 0 ? $" ({r.Errors} ERRORS)" : "")}");
}
