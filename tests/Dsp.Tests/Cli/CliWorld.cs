using Dsp.Cli;
using Dsp.Tests.Support;

namespace Dsp.Tests.Cli;

/// <summary>The CLI on folders of its own, with a database of the store; run as an operator runs it.</summary>
public sealed class CliWorld : IDisposable
{
    private readonly Dictionary<string, string> settings;

    public CliWorld(Store store)
    {
        Folder = Path.Combine(Path.GetTempPath(), "dsp-cli-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DSP_DATAFOLDER"] = Path.Combine(Folder, "data"), ["DSP_KEYFOLDER"] = Path.Combine(Folder, "keys"), ["DSP_SINKFILE"] = Path.Combine(Folder, "sink", "heads"),
        };
        if (store == Store.Postgres) settings["DSP_DATABASE"] = PostgresServer.NewDatabase();
    }

    public string Folder { get; }
    public string Data => settings["DSP_DATAFOLDER"];
    public string Keys => settings["DSP_KEYFOLDER"];
    public string Sink => settings["DSP_SINKFILE"];
    public string Database => settings.GetValueOrDefault("DSP_DATABASE") ?? Path.Combine(Data, "dsp.sqlite");
    public CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Set(string name, string value) => settings[name] = value;

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code and all that was written, both streams.</returns>
    public async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        using var said = new StringWriter();
        var code = await CommandTree.RunAsync(words, new Surroundings(said, said, settings.GetValueOrDefault, TimeProvider.System) { LockWait = TimeSpan.FromMilliseconds(300) }, Cancel);
        return (code, said.ToString());
    }

    /// <summary>Runs a command that must end well.</summary>
    public async Task<string> DoAsync(params string[] words)
    {
        var (code, said) = await RunAsync(words);
        Assert.True(code == 0, $"dsp {string.Join(' ', words)} ended with {code}:\n{said}");
        return said;
    }

    public string FileOf(string name, params string[] lines)
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, name);
        File.WriteAllLines(file, lines);
        return file;
    }

    /// <summary>The installation's platform, as a server opens it.</summary>
    public Task<Platform> OpenAsync() => Platform.OpenAsync(new PlatformSettings(Database, Keys, Path.Combine(Data, "content"), Sink) { Reader = new Dsp.Interop.Facts.ContentReader() }, TimeProvider.System, Cancel);

    /// <summary>Registers and one affiliated person, through the CLI alone.</summary>
    public async Task FillAsync()
    {
        await DoAsync("init");
        await DoAsync("import", "institutions", FileOf("institutions.csv", "register_id,name,kind,emergency_department,portal_attested", "91,Laboratoire (fictif),collective,no,no"));
        await DoAsync("import", "professionals", FileOf("professionals.csv", "register_id,family,given,profession,licence_from", "90,Biolay,Solange,médecin spécialiste en biologie clinique,2005-01-01"));
        await DoAsync("import", "memberships", FileOf("memberships.csv", "institution,professional,unit,emergency,valid_from", "91,90,,no,2005-01-01"));
        await DoAsync("import", "systems", FileOf("systems.csv", "name,institution,responsible,role", "results,91,90,care", "feed,,,authority"));
        await DoAsync("import", "agents", FileOf("agents.csv", "number,role", "2041,agent"));
        await DoAsync("import", "affiliations", FileOf("feed.ndjson", """{"id":"1","type":"affiliation","number":"1984031299114","family":"Weberscheid","given":"Emma","gender":"F"}"""));
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // Nothing was made, or a reader is still closing: it lies in the temporary folder.
        }
    }
}
