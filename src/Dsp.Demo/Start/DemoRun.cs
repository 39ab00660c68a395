using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dsp.Demo.Contract;
using Dsp.Demo.Story;
using Dsp.Interop.Ips;
using Dsp.Sealing;
using Dsp.Server;
using Dsp.Storage;
using Microsoft.AspNetCore.Connections;

namespace Dsp.Demo.Start;

/// <summary>Starts a demo: folder, database, story, server, demo.json; runs until it is told to stop.</summary>
internal sealed class DemoRun(DemoArguments arguments, TextWriter said)
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly DemoFolder folder = new(arguments.Data);

    /// <exception cref="DemoRefusedException">It cannot start; nothing that is not a demo's was touched.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        folder.Claim();
        using var held = SqliteLock.TryTake(folder.Sqlite) ?? throw new DemoRefusedException($"A demo is running in {folder.Root}. Stop it first, or name another folder with --data.");
        folder.Withdraw();
        var database = new DemoDatabase(folder, arguments.Database);
        var play = await PrepareAsync(database, cancel);

        KeyFolder.OpenOrCreate(folder.Keys);
        var clock = new StoryClock();
        var settings = Settings(database.Text);
        await using var platform = await OpenAsync(settings, clock, cancel);
        await using var app = ServerHost.Build(settings, platform, DemoPages.Add);
        // Beside the story, so that the first visitor's first summary is as quick as the second.
        var practised = Task.Run(() => IpsPractice.Run(TimeProvider.System.GetUtcNow()), cancel);
        if (play)
        {
            said.WriteLine("Playing the story ...");
            folder.KeepStory(await StoryPlay.PlayAsync(app.Services, platform, clock, cancel));
        }
        await practised;
        var story = folder.ReadStory();
        app.Services.GetRequiredService<DemoPeopleList>().Fill(story);
        await StartAsync(app, cancel);
        var contract = await ActivatorUtilities.CreateInstance<DemoFile>(app.Services).MakeAsync(story, cancel);
        DemoFolder.Write(folder.DemoFile, DemoFile.Write(contract));
        Announce(contract);
        await app.WaitForShutdownAsync(cancel);
        folder.Withdraw();
    }

    /// <returns>Whether the story is to be played.</returns>
    private async Task<bool> PrepareAsync(DemoDatabase database, CancellationToken cancel)
    {
        var content = await database.LookAsync(cancel);
        if (content == DatabaseContent.Other) throw new DemoRefusedException("The database is not a demo's: it has no stamp 'demo'. Nothing was touched. Name another database.");
        if (!arguments.Fresh && folder.HasStory)
        {
            return content == DatabaseContent.Demo ? false
                : throw new DemoRefusedException("The folder holds a demo, the database does not. Name the database it was played on, or start with --fresh.");
        }
        if (!arguments.Fresh && arguments.Database is not null && content == DatabaseContent.Demo)
            throw new DemoRefusedException("The database holds a demo of another folder, or one that was interrupted. Name its folder with --data, or start with --fresh.");
        await database.EmptyAsync(cancel);
        folder.Empty();
        return true;
    }

    private ServerSettings Settings(string database) => new()
    {
        Listen = Address(arguments.Port),
        // The content origin stands beside; where that port is taken, on any free one.
        ContentListen = Address(arguments.Port is 0 or 65535 || !IsFree(arguments.Port + 1) ? 0 : arguments.Port + 1),
        DataFolder = folder.Root,
        Database = database,
        KeyFolder = folder.Keys,
        SinkFile = folder.Sink,
        Demo = true,
        // Whoever tries mutual TLS puts a proxy of their own in front, on this machine.
        CertificateProxies = ["127.0.0.1"],
    };

    private static async Task<Platform> OpenAsync(ServerSettings settings, StoryClock clock, CancellationToken cancel)
    {
        try
        {
            return await Platform.OpenAsync(settings.ToPlatform(), clock, cancel);
        }
        catch (SealBrokenException)
        {
            throw new DemoRefusedException("The keys of this folder do not open this database. Name the folder that belongs to it, or start with --fresh.");
        }
    }

    private async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new DemoRefusedException($"Port {arguments.Port} is taken on this machine. Name another one with --port.");
        }
    }

    private void Announce(DemoContract contract)
    {
        var port = new Uri(contract.Base).Port;
        said.WriteLine();
        said.WriteLine($"  Portal   http://localhost:{port}/");
        said.WriteLine($"  FHIR     {contract.Fhir}");
        said.WriteLine($"  API      {contract.Base}/api/openapi.json");
        said.WriteLine($"  Tokens   {folder.DemoFile}");
        said.WriteLine();
        foreach (var person in contract.People)
        {
            var more = string.Join(", ", new[] { person.Name, person.Place, person.Role, person.Responsible }.OfType<string>());
            said.WriteLine($"  {person.Key,-22} {person.Kind,-13} {more}");
        }
        said.WriteLine();
        said.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s. All people and institutions are invented. Ctrl-C stops it."));
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
