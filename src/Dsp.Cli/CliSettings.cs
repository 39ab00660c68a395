using System.CommandLine;
using System.Text.Json;
using Dsp.Interop.Facts;

namespace Dsp.Cli;

/// <summary>
/// Where the installation lies. The names are the server's: <c>DSP_DATAFOLDER</c>, <c>DSP_KEYFOLDER</c>, <c>DSP_DATABASE</c>,
/// <c>DSP_SINKFILE</c>; an option of the command line wins over the environment, and that over section Dsp of appsettings.json.
/// </summary>
internal sealed record CliSettings(string DataFolder, string KeyFolder, string Database, string SinkFile)
{
    public bool Embedded => !Database.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    public PlatformSettings ToPlatform(bool demo) => new(Database, KeyFolder, Path.Combine(DataFolder, "content"), SinkFile, demo) { Reader = new ContentReader() };

    public static readonly Option<string?> DataFolderOption = new("--data-folder") { Description = "The data folder (DSP_DATAFOLDER).", Recursive = true };
    public static readonly Option<string?> KeyFolderOption = new("--key-folder") { Description = "The key folder, never below the data folder (DSP_KEYFOLDER).", Recursive = true };
    public static readonly Option<string?> DatabaseOption = new("--database") { Description = "A PostgreSQL connection text with Host=..., or the path of an SQLite file (DSP_DATABASE; usual: dsp.sqlite in the data folder).", Recursive = true };

    /// <summary>Reads the settings of one command.</summary>
    /// <exception cref="CommandEndsException">A needed one is missing.</exception>
    public static CliSettings Of(ParseResult parsed, Surroundings around, string? sink = null)
    {
        var file = ReadFile();
        string? Find(Option<string?>? option, string name) =>
            (option is null ? null : parsed.GetValue(option)) ?? around.Setting("DSP_" + name.ToUpperInvariant()) ?? around.Setting("DSP_" + name) ?? file.GetValueOrDefault(name);
        string Need(Option<string?> option, string name) => Find(option, name)
            ?? throw new CommandEndsException(ExitCode.Usage, $"The setting {name} is missing: give {option.Name}, or set DSP_{name.ToUpperInvariant()}.");
        var data = Path.GetFullPath(Need(DataFolderOption, "DataFolder"));
        var keys = Path.GetFullPath(Need(KeyFolderOption, "KeyFolder"));
        return new CliSettings(data, keys, Find(DatabaseOption, "Database") ?? Path.Combine(data, "dsp.sqlite"), sink ?? Find(null, "SinkFile") ?? Path.Combine(data, "journal.heads"));
    }

    /// <summary>Section Dsp of the file beside the program, where there is one; names in any case.</summary>
    private static Dictionary<string, string> ReadFile()
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var file = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        if (!File.Exists(file)) return read;
        using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (document.RootElement.TryGetProperty("Dsp", out var section))
            foreach (var setting in section.EnumerateObject())
                if (setting.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number) read[setting.Name] = setting.Value.ToString();
        return read;
    }
}
