using System.Globalization;

namespace Dsp.Demo.Start;

/// <summary>What the command line asks for.</summary>
/// <param name="Port">Where the server listens on loopback, 1 to 65535; 0 takes a free port.</param>
/// <param name="Data">The data folder, as a full path.</param>
/// <param name="Database">A PostgreSQL connection text, or null for the embedded database in the data folder.</param>
/// <param name="Fresh">Empty folder and database first, then play the story anew.</param>
internal sealed record DemoArguments(int Port, string Data, string? Database, bool Fresh)
{
    public const string Usage =
        """
        dsp demo [--port 8080] [--data DIR] [--database "Host=..."] [--fresh]

          --port      where the demo listens, on this machine only (default 8080; 0 takes a free port)
          --data      its folder: database, contents, keys, demo.json (default data/demo)
          --database  a PostgreSQL connection text; without it, the embedded database
          --fresh     empties folder and database of an earlier demo and plays the story anew
        """;

    /// <summary>Reads a command line; <c>--name value</c> and <c>--name=value</c> are the same.</summary>
    /// <exception cref="ArgumentException">Unknown or incomplete; the message is for the person who typed it.</exception>
    public static DemoArguments Parse(IReadOnlyList<string> words)
    {
        var read = new DemoArguments(8080, Path.GetFullPath(Path.Combine("data", "demo")), null, false);
        for (var i = 0; i < words.Count; i++)
        {
            var (name, value) = words[i].Split('=', 2) is [var n, var v] ? (n, v) : (words[i], null);
            string Value() => value ?? (++i < words.Count ? words[i] : throw new ArgumentException($"{name} needs a value."));
            read = name switch
            {
                "--port" => read with { Port = PortOf(Value()) },
                "--data" => read with { Data = Path.GetFullPath(Value()) },
                "--database" => read with { Database = Value() },
                "--fresh" when value is null => read with { Fresh = true },
                _ => throw new ArgumentException($"{words[i]} is not known here."),
            };
        }
        if (read.Database is { } text && !text.Contains("Host=", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("--database takes a PostgreSQL connection text with Host=...; without it the embedded database is used.");
        return read;
    }

    private static int PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new ArgumentException($"{text} is not a port: 0 to 65535.");
}
