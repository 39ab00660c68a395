using Dsp.Interop.Workers;

namespace Dsp.Cli.Checks;

/// <summary>Whether this machine can read what people scan.</summary>
internal static class WorkerChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancel) =>
        (await Sandbox.StateAsync(cancel)).Missing is { } missing
            ? [new Finding(Weight.Consider, missing, "The words of scanned documents are not found, and each such document says so.", "Install bubblewrap, poppler-utils, tesseract-ocr and its languages (docs/operations/scans.md), then run 'dsp reindex'.")]
            : [];
}
