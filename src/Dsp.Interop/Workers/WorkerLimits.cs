namespace Dsp.Interop.Workers;

/// <summary>What reading one document may cost at most. Beyond a limit, what was read until then is kept and the document says so.</summary>
public sealed record WorkerLimits
{
    /// <summary>Larger documents are not read.</summary>
    public int Bytes { get; init; } = 64 * 1024 * 1024;
    public int Pages { get; init; } = 500;
    public int Letters { get; init; } = 2 * 1024 * 1024;

    /// <summary>Pages that are pictures.</summary>
    public int Scans { get; init; } = 50;

    /// <summary>Wall clock without recognition; then the process is ended.</summary>
    public TimeSpan TextTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wall clock with recognition.</summary>
    public TimeSpan ScanTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The reader's own objects, in bytes.</summary>
    public long Heap { get; init; } = 512L * 1024 * 1024;

    /// <summary>Writable memory of each native program, in bytes.</summary>
    public long ToolMemory { get; init; } = 768L * 1024 * 1024;

    /// <summary>Memory of all processes of one reading together, in bytes.</summary>
    public long Memory { get; init; } = 1536L * 1024 * 1024;

    /// <summary>Files the sandbox may hold; they lie in its memory.</summary>
    public long Files { get; init; } = 256L * 1024 * 1024;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 64;
}
