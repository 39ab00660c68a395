using System.CommandLine;
using System.Globalization;
using Dsp.Access;
using Dsp.Identity;
using Dsp.Records;

namespace Dsp.Cli.Commands;

/// <summary>The register of connected software: what stands in it, one more, and the conservatory measure (A909 art. 11).</summary>
internal static class ClientCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "One software as a JSON object, as docs/connect/software.md shows; - reads standard input." };
    private static readonly Argument<string> ClientId = new("CLIENT") { Description = "The software's client id." };
    private static readonly Option<string> Agent = new("--agent") { Description = "The number of the agent who decides; the journal keeps it.", Required = true };

    public static Command Make(Surroundings around)
    {
        var client = new Command("client", "The register of connected software: list, add, suspend, resume.");
        client.Subcommands.Add(new Command("list", "Prints every registered software and its state.").With(around, (_, settings, cancel) => ListAsync(around, settings, cancel)));
        var add = new Command("add", "Registers a software, or changes its registration.");
        add.Arguments.Add(File);
        client.Subcommands.Add(add.With(around, (parsed, settings, cancel) => AddAsync(around, settings, parsed.GetValue(File)!, cancel)));
        foreach (var (name, suspended, what) in new[] { ("suspend", true, "Suspends a software: its next request is refused."), ("resume", false, "Lets a suspended software in again.") })
        {
            var command = new Command(name, what);
            command.Arguments.Add(ClientId);
            command.Options.Add(Agent);
            client.Subcommands.Add(command.With(around, (parsed, settings, cancel) => SuspendAsync(around, settings, parsed.GetValue(ClientId)!, parsed.GetValue(Agent)!, suspended, cancel)));
        }
        return client;
    }

    private static async Task<int> ListAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
        foreach (var client in await opened.Platform.Clients.ListAsync(cancel))
            around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{client.Client.ClientId,-24} {client.StateAt(around.Clock.GetUtcNow()),-11} {client.Client.Kind,-13} {client.System.Name}"));
        return ExitCode.Fine;
    }

    private static async Task<int> AddAsync(Surroundings around, CliSettings settings, string file, CancellationToken cancel)
    {
        if (file != "-" && !System.IO.File.Exists(file)) throw new CommandEndsException(ExitCode.Usage, $"There is no file {file}.");
        var text = file == "-" ? await Console.In.ReadToEndAsync(cancel) : await System.IO.File.ReadAllTextAsync(file, cancel);
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        using var one = new StringReader("[" + text + "]");
        var import = await opened.Operation<ImportDirectory>().RunAsync(DirectoryKind.Clients, one, cancel);
        if (import.Rejected is [var rejected, ..]) throw new CommandEndsException(ExitCode.Findings, rejected.Reason);
        around.Out.WriteLine(import.Added > 0 ? "The software is registered." : import.Changed > 0 ? "The registration is changed." : "The registration stands like this already; nothing was changed.");
        return ExitCode.Fine;
    }

    private static async Task<int> SuspendAsync(Surroundings around, CliSettings settings, string clientId, string number, bool suspended, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        if (await opened.Platform.Clients.FindAsync(clientId, cancel) is not { } client) throw new CommandEndsException(ExitCode.Usage, $"No software is registered as {clientId}.");
        var caller = await opened.AgentAsync(number, around.Clock, cancel);
        var outcome = await opened.Operation<SuspendSystem>().RunAsync(caller, client.System.Id, suspended, cancel);
        if (outcome.Refusal is { } refusal) throw new CommandEndsException(ExitCode.Refused, $"{refusal.Id}: {refusal.Text}");
        around.Out.WriteLine(suspended ? $"{client.System.Name} is suspended: its next request is refused." : $"{client.System.Name} is let in again.");
        return ExitCode.Fine;
    }
}
