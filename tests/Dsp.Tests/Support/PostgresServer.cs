using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Dsp.Tests.Support;

/// <summary>
/// A throw-away PostgreSQL 15 on a free loopback port. One is started for the test run and shared, each world with its own
/// database; a test that takes its database away starts one of its own. Each is stopped by its own pid.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Started = new(StartOwn);
    private readonly string folder;
    private readonly string bin;
    private readonly int port;
    private Process process;
    private bool disposed;

    private PostgresServer(string folder, string bin, int port) => (this.folder, this.bin, this.port, process) = (folder, bin, port, Begin(folder, bin, port));

    /// <summary>A connection text to a new, empty database of the shared server, with collation C.</summary>
    /// <exception cref="PostgresMissingException">The binaries are not on this machine.</exception>
    public static string NewDatabase() => Started.Value.CreateDatabase();

    /// <summary>A connection text to a new, empty database of this server, with collation C.</summary>
    public string CreateDatabase()
    {
        var name = "t" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        using var connection = new NpgsqlConnection(Connection("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", connection);
        command.ExecuteNonQuery();
        return Connection(name);
    }

    /// <summary>The folder with the server's files, for tests that search what lies at rest.</summary>
    public static string Folder => Started.Value.folder;

    public static int ProcessId => Started.Value.process.Id;

    private string Connection(string database) => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Maximum Pool Size=20;Timeout=15");

    /// <summary>A server that no other test uses: its test may stop it, kill it and start it again.</summary>
    /// <exception cref="PostgresMissingException">The binaries are not on this machine.</exception>
    public static PostgresServer StartOwn()
    {
        var bin = FindBinaries() ?? throw new PostgresMissingException("PostgreSQL 15 is not installed here: run ./dsp test, which installs it.");
        var folder = Path.Combine(Path.GetTempPath(), "dsp-pg-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6)));
        Directory.CreateDirectory(folder);
        if (IsRoot) Run("chown", "postgres", folder);
        RunAs(IsRoot, Path.Combine(bin, "initdb"), "--no-sync", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-D", Path.Combine(folder, "data"));
        var server = new PostgresServer(folder, bin, FreePort());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        server.WaitUntilItAnswers();
        return server;
    }

    /// <summary>As <c>pg_ctl stop -m immediate</c>: every session is cut, nothing is finished; the next start recovers from the log.</summary>
    public void StopAtOnce() => Signal("-QUIT");

    /// <summary>As the kernel ends it: SIGKILL of the postmaster; its sessions notice by themselves.</summary>
    public void KillAtOnce() => Signal("-KILL");

    /// <summary>On the same files and the same port. Sessions that outlive a killed postmaster hold it up; it is tried until they are gone.</summary>
    public void StartAgain()
    {
        StartOver();
        WaitUntilItAnswers();
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static Process Begin(string folder, string bin, int port)
    {
        var start = StartInfo(IsRoot, Path.Combine(bin, "postgres"), "-D", Path.Combine(folder, "data"), "-p", port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "log_min_messages=warning", "-c", "log_parameter_max_length=0");
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private void WaitUntilItAnswers()
    {
        for (var i = 0; ; i++)
        {
            if (process.HasExited && i < 200) StartOver();
            try
            {
                using var connection = new NpgsqlConnection(Connection("postgres") + ";Pooling=false");
                connection.Open();
                return;
            }
            catch (NpgsqlException) when (i < 200)
            {
                Thread.Sleep(100);
            }
        }
    }

    private void StartOver()
    {
        process.Dispose();
        process = Begin(folder, bin, port);
    }

    private void Signal(string signal)
    {
        Run("kill", signal, process.Id.ToString(CultureInfo.InvariantCulture));
        process.WaitForExit();
    }

    private static string? FindBinaries() =>
        new[] { Environment.GetEnvironmentVariable("DSP_POSTGRES_BIN"), "/usr/lib/postgresql/15/bin", "/usr/local/bin", "/usr/bin" }
            .FirstOrDefault(d => d is not null && File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The server refuses to run as root; then it runs as the system's postgres user.</summary>
    private static ProcessStartInfo StartInfo(bool root, string file, params string[] arguments)
    {
        // setpriv keeps the pid: it becomes the server, so that killing the pid stops the server.
        var start = root ? new ProcessStartInfo("setpriv") : new ProcessStartInfo(file);
        if (root)
            foreach (var word in new[] { "--reuid=postgres", "--regid=postgres", "--clear-groups", file }) start.ArgumentList.Add(word);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.WorkingDirectory = "/tmp";
        return start;
    }

    private static void RunAs(bool root, string file, params string[] arguments)
    {
        var start = StartInfo(root, file, arguments);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(file)} ended with {process.ExitCode}");
    }

    private static void Run(string file, params string[] arguments)
    {
        using var process = Process.Start(file, arguments);
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        // SIGQUIT: at once; nothing of a throw-away server is worth a clean shutdown, and it still frees its shared memory.
        if (!process.HasExited) Run("kill", "-QUIT", process.Id.ToString(CultureInfo.InvariantCulture));
        if (!process.WaitForExit(5000)) process.Kill();
        // Thousands of files: removed by a process that nobody waits for, because the runner ends with a fault when the end takes ten seconds.
        Run("sh", "-c", "rm -rf -- \"$0\" </dev/null >/dev/null 2>&1 &", folder);
    }
}

/// <summary>PostgreSQL is not installed here.</summary>
public sealed class PostgresMissingException(string message) : Exception(message);
