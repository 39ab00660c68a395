using System.CommandLine;
using Dsp.Identity;

namespace Dsp.Cli.Commands;

/// <summary>Signs a token for trying the interfaces of a demo; a real installation issues none this way.</summary>
internal static class TokenCommand
{
    private static readonly Option<string> Kind = new("--kind") { Description = "person, professional, system, authority or agent.", Required = true };
    private static readonly Option<Guid> Subject = new("--subject") { Description = "The person's id, or the system's, as demo.json has it.", Required = true };
    private static readonly Option<Guid?> Institution = new("--institution") { Description = "The place a professional acts for." };
    private static readonly Option<bool> Attested = new("--attested") { Description = "The call comes through the institution's attested program." };
    private static readonly Option<int> Days = new("--days") { Description = "How long it is good, 1 to 30 days.", DefaultValueFactory = _ => 7 };

    public static Command Make(Surroundings around)
    {
        Kind.AcceptOnlyFromAmong("person", "professional", "system", "authority", "agent");
        var command = new Command("token", "Signs a token for a demo (databases stamped 'demo' only); it is written to standard output.");
        foreach (var option in new Option[] { Kind, Subject, Institution, Attested, Days }) command.Options.Add(option);
        return command.With(around, (parsed, settings, cancel) => RunAsync(around, settings, new DemoToken(
            parsed.GetValue(Kind)!, parsed.GetValue(Subject), parsed.GetValue(Institution), parsed.GetValue(Attested), parsed.GetValue(Days)), cancel));
    }

    private static async Task<int> RunAsync(Surroundings around, CliSettings settings, DemoToken wanted, CancellationToken cancel)
    {
        if (wanted.Days is < 1 or > 30) throw new CommandEndsException(ExitCode.Usage, "--days is 1 to 30.");
        if (wanted is { Kind: "professional", Institution: null }) throw new CommandEndsException(ExitCode.Usage, "A professional acts for a place: give --institution.");
        // SQLite lets one short write pass beside a working demo; it is not taken from it.
        await using var opened = await Installation.OpenAsync(settings, around, writes: false, cancel);
        if (!opened.Platform.Settings.Demo) throw new CommandEndsException(ExitCode.Refused, "This database is stamped 'real': tokens for trying are signed on a demo only.");
        var session = await opened.Operation<StartSession>().RunAsync(wanted.Subject, wanted.Institution is { } place ? new InstitutionId(place) : null, TimeSpan.FromDays(wanted.Days), cancel);
        around.Out.WriteLine(wanted.Sign(settings.DataFolder, opened.Platform.Keys, session, around.Clock));
        return ExitCode.Fine;
    }
}
