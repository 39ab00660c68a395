using Dsp.Benchmarks;

// ./dsp bench [--quick] [--json FILE] [--store sqlite|postgres] [--micro]
// Prints the table of measurements beside the budgets; --quick ends within four minutes.
var options = BenchOptions.Read(args);
var table = new BenchTable();
await Micro.RunAsync(table, options);
if (!options.MicroOnly)
{
    foreach (var store in options.Stores) await LoadRun.RunAsync(table, options, store);
}
table.Print(Console.Out);
if (options.Json is { } file) table.WriteJson(file);
return 0;
