using System.Net;

namespace Dsp.Cli.Checks;

/// <summary>
/// Data stay where the operator says they may (R58: hosted and backed up in Luxembourg). <c>DSP_RESIDENCYHOSTS</c> names,
/// with commas, the hosts and networks that stand there; local disks of this machine are one of them.
/// </summary>
internal static class ResidencyChecks
{
    private static readonly string[] Remote = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone", "9p", "ceph", "glusterfs", "davfs"];

    public static IEnumerable<Finding> Run(CliSettings settings, Surroundings around)
    {
        var allowed = (around.Setting("DSP_RESIDENCYHOSTS") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (allowed.Length == 0)
            yield return new Finding(Weight.Consider, "No residency is declared.", "The law wants the data hosted and backed up in Luxembourg; nothing here checks that they are.",
                "Set DSP_RESIDENCYHOSTS to the hosts and networks that stand there, for example 'db.example.lu,10.1.0.0/16'.");
        if (!settings.Embedded)
        {
            foreach (var host in HostsOf(settings.Database).Where(h => !IsAllowed(h, allowed)))
                yield return new Finding(allowed.Length == 0 ? Weight.Consider : Weight.Wrong, $"The database stands on {host}.", "It is neither this machine nor among the declared hosts.", "Move the database, or add the host to DSP_RESIDENCYHOSTS once you know where it stands.");
        }
        foreach (var (path, what) in new[] { (settings.DataFolder, "The data folder"), (settings.KeyFolder, "The key folder"), (settings.SinkFile, "The journal's sink") })
        {
            if (MountOf(path) is { } mount && Remote.Contains(mount.Kind) && !IsAllowed(HostOfDevice(mount.Device), allowed))
                yield return new Finding(allowed.Length == 0 ? Weight.Consider : Weight.Wrong, $"{what} {path} lies on {mount.Device} ({mount.Kind}).", "It is not a disk of this machine, and its host is not among the declared ones.", "Move it, or add the host to DSP_RESIDENCYHOSTS once you know where it stands.");
        }
    }

    private static IEnumerable<string> HostsOf(string connection) =>
        connection.Split(';', StringSplitOptions.TrimEntries)
            .Where(p => p.StartsWith("Host=", StringComparison.OrdinalIgnoreCase))
            .SelectMany(p => p[5..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(h => h.StartsWith('[') || h.Count(c => c == ':') != 1 ? h.Trim('[', ']') : h[..h.IndexOf(':', StringComparison.Ordinal)]);

    private static bool IsAllowed(string host, string[] allowed)
    {
        // A folder stands for a socket of this machine.
        if (host is "localhost" || host.StartsWith('/')) return true;
        if (IPAddress.TryParse(host, out var address))
            return IPAddress.IsLoopback(address) || allowed.Any(a => a == host || (IPNetwork.TryParse(a, out var network) && network.Contains(address)));
        return allowed.Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    private static string HostOfDevice(string device) =>
        device.StartsWith("//", StringComparison.Ordinal) ? device[2..].Split('/')[0] : device.Split(':')[0].Split('@')[^1];

    /// <summary>The mount a path lies on; null where the system does not say.</summary>
    private static (string Device, string Kind)? MountOf(string path)
    {
        if (!File.Exists("/proc/self/mounts")) return null;
        var real = Folders.Real(path) + "/";
        return File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')).Where(m => m.Length > 2 && real.StartsWith(m[1].TrimEnd('/') + "/", StringComparison.Ordinal))
            .OrderBy(m => m[1].Length).Select(m => ((string, string)?)(m[0], m[2])).LastOrDefault();
    }
}
