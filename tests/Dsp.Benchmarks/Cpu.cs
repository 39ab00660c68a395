using System.Globalization;

namespace Dsp.Benchmarks;

/// <summary>CPU time of processes, read from /proc.</summary>
public static class Cpu
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds of a process.</summary>
    public static double Seconds(int process) => Of(process, 11);

    /// <summary>The same of a process and its children, those that ended included: they are in the parent's account once it has waited for them.</summary>
    public static double SecondsOfTree(int root)
    {
        var total = Seconds(root) + Of(root, 13);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) || id == root) continue;
            if (ParentOf(id) == root) total += Seconds(id);
        }
        return total;
    }

    /// <summary>Two neighbouring fields of /proc/PID/stat: user and system time; 11 of the process, 13 of its ended children.</summary>
    private static double Of(int process, int field)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[field], CultureInfo.InvariantCulture) + long.Parse(fields[field + 1], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
