using System.Globalization;

namespace Dsp.Interop.Workers;

/// <summary>A process with all that came from it, as /proc tells.</summary>
internal static class ProcessTree
{
    /// <returns>Resident bytes of all of them; 0 where they are gone.</returns>
    public static long Memory(int root)
    {
        long pages = 0;
        var waiting = new Stack<int>([root]);
        // A bomb grows while it is counted: this many are enough to know.
        for (var seen = 0; seen < 4096 && waiting.TryPop(out var id); seen++)
        {
            var folder = "/proc/" + id.ToString(CultureInfo.InvariantCulture);
            if (Read(folder + "/statm") is not { } sizes) continue;
            pages += long.Parse(sizes.Split(' ')[1], CultureInfo.InvariantCulture);
            foreach (var thread in Threads(folder))
                foreach (var child in (Read(thread + "/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)) waiting.Push(int.Parse(child, CultureInfo.InvariantCulture));
        }
        return pages * Environment.SystemPageSize;
    }

    private static string[] Threads(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder + "/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
