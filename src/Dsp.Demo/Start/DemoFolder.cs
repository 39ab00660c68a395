using System.Text.Json;

namespace Dsp.Demo.Start;

/// <summary>What stopped the demo from starting, in words for the person who started it.</summary>
public sealed class DemoRefusedException(string message) : Exception(message);

/// <summary>
/// The demo's data folder. A marker says that it is one: nothing is ever removed from a folder without it. What the story
/// made is remembered under <c>story.json</c>, written last, so that an interrupted story is known as such.
/// </summary>
internal sealed class DemoFolder(string path)
{
    private const string Marker = "dsp-demo-folder";
    private const string MarkerText = "This folder belongs to a DSP demo. 'dsp demo --fresh' empties it.\n";

    public string Root => path;
    public string Keys => Path.Combine(path, "keys");
    public string Sqlite => Path.Combine(path, "dsp.sqlite");
    public string Sink => Path.Combine(path, "journal.heads");
    public string DemoFile => Path.Combine(path, "demo.json");
    private string StoryFile => Path.Combine(path, "story.json");
    private string MarkerFile => Path.Combine(path, Marker);

    /// <summary>The story was played to its end here.</summary>
    public bool HasStory => File.Exists(StoryFile);

    /// <summary>Makes the folder the demo's, or finds that it is.</summary>
    /// <exception cref="DemoRefusedException">Something else lies there.</exception>
    public void Claim()
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(MarkerFile))
            throw new DemoRefusedException($"{path} is not a demo's folder: it is not empty and has no mark of a demo. Nothing was touched. Name another folder with --data.");
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!File.Exists(MarkerFile)) File.WriteAllText(MarkerFile, MarkerText);
    }

    /// <summary>Empties a claimed folder; the mark stays to the end and is there again at once.</summary>
    public void Empty()
    {
        if (!File.Exists(MarkerFile)) throw new DemoRefusedException($"{path} has no mark of a demo. Nothing was touched.");
        // The story first: a folder that is half emptied is not a finished demo.
        File.Delete(StoryFile);
        foreach (var entry in Directory.EnumerateFileSystemEntries(path).Where(e => Path.GetFileName(e) != Marker))
        {
            // A link is removed, never what it leads to.
            if (Directory.Exists(entry) && new DirectoryInfo(entry).LinkTarget is null) Directory.Delete(entry, recursive: true);
            else File.Delete(entry);
        }
    }

    /// <summary>Removes the former demo.json: its presence says that the demo answers.</summary>
    public void Withdraw() => File.Delete(DemoFile);

    public void KeepStory(StoryPeople people) => Write(StoryFile, JsonSerializer.SerializeToUtf8Bytes(people, StoryJson.Default.StoryPeople));

    /// <exception cref="DemoRefusedException">The file cannot be read.</exception>
    public StoryPeople ReadStory()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(StoryFile), StoryJson.Default.StoryPeople) ?? throw new JsonException("empty");
        }
        catch (JsonException)
        {
            throw new DemoRefusedException($"{StoryFile} cannot be read. Start with --fresh.");
        }
    }

    /// <summary>Writes whole or not at all: under another name, for this user only, then renamed.</summary>
    public static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        var unfinished = file + ".part";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
    }
}
