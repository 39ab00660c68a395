using Dsp.Benchmarks;

// ./dsp bench [--quick] [--json FILE] [--store sqlite|postgres] [--micro] [--only deposit|search|retrieve|mixed]
// Prints the table of measurements beside the budgets; --quick ends within four minutes.
var options = BenchOptions.Read(args);
var table = new BenchTable();
if (options.Only is null) await Micro.RunAsync(table, options);
if (!options.MicroOnly)
{
    foreach (var store in options.Stores) await LoadRun.RunAsync(table, options, store);
}
table.Print(Console.Out);
if (options.Json is { } file) table.WriteJson(file);
return 0;
