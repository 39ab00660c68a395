using Dsp.Benchmarks;

// ./dsp bench [--quick] [--json FILE] [--store sqlite|postgres] [--micro] [--only deposit|search|retrieve|mixed|tokens]
// Prints the table of measurements beside the budgets; --quick ends within four minutes.
var options = BenchOptions.Read(args);
var table = new BenchTable();
if (options.Only is null) await Micro.RunAsync(table, options);
if (!options.MicroOnly)
{
    foreach (var store in options.Stores)
    {
        await TokenRun.RunAsync(table, options, store);
        if (options.Only is not "tokens") await LoadRun.RunAsync(table, options, store);
    }
}
table.Print(Console.Out);
if (options.Json is { } file) table.WriteJson(file);
return 0;
