using System.CommandLine;
using System.Globalization;
using Dsp.Access;

namespace Dsp.Cli.Commands;

/// <summary>Whose access the brake on mass opening has stopped, and the agent's decision to let them in again.</summary>
internal static class StoppedCommand
{
    public static Command Make(Surroundings around)
    {
        var command = new Command("stopped", "Lists the people and software whose access was stopped because they opened far more records than usual.").With(around, (_, settings, cancel) => ListAsync(around, settings, cancel));
        var actor = new Argument<Guid>("actor") { Description = "The id, as listed." };
        var agent = new Option<string>("--agent") { Description = "The number of the agent who decides; the journal keeps it.", Required = true };
        var lift = new Command("lift", "Lets somebody in again; what they open is counted anew.") { actor, agent };
        command.Subcommands.Add(lift.With(around, (parsed, settings, cancel) => LiftAsync(around, settings, parsed.GetValue(actor), parsed.GetValue(agent)!, cancel)));
        return command;
    }

    private static async Task<int> ListAsync(Surroundings around, CliSettings settings, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
        var stopped = await opened.Operation<ListStopped>().RunAsync(cancel);
        foreach (var one in stopped) around.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Actor}  {one.StoppedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC  {one.Name}"));
        if (stopped.Count == 0) around.Out.WriteLine("Nobody's access is stopped.");
        return ExitCode.Fine;
    }

    private static async Task<int> LiftAsync(Surroundings around, CliSettings settings, Guid actor, string number, CancellationToken cancel)
    {
        await using var opened = await Installation.OpenAsync(settings, around, writes: true, cancel);
        var outcome = await opened.Operation<LiftBrake>().RunAsync(await opened.AgentAsync(number, around.Clock, cancel), actor, cancel);
        if (outcome.Refusal is { } refusal)
            throw refusal.Id == Refusals.NotFound.Id ? new CommandEndsException(ExitCode.Usage, "Nobody of this id is stopped. 'dsp stopped' lists them.") : new CommandEndsException(ExitCode.Refused, $"{refusal.Id}: {refusal.Text}");
        around.Out.WriteLine("Access is open again; what is opened from now on is counted anew.");
        return ExitCode.Fine;
    }
}
