using Dsp.Access;
using Dsp.Clinical;
using Dsp.Documents;

namespace Dsp.Server.Portal;

/// <summary>One analysis with all its values, for the page of either space.</summary>
/// <param name="OtherUnits">The same analysis in scales that cannot be compared with this one.</param>
/// <param name="DocumentBase">Address of a document without its id.</param>
/// <param name="ResultBase">Address of an analysis without its key.</param>
/// <param name="Versions">Former versions this reader may see, and which of them they had read: what they know may be wrong.</param>
public sealed record SeriesView(ResultSeries Series, IReadOnlyList<ResultSeries> OtherUnits, string DocumentBase, string ResultBase, FormerVersions Versions)
{
    /// <summary>The version that the document of this value replaced; null where none may be seen.</summary>
    public DocumentId? Former(ResultPoint point) => Versions.Of.TryGetValue(point.Sources[0].Source.Id, out var former) ? former : null;

    /// <summary>The reader knows an earlier version of it.</summary>
    public bool HadRead(ResultPoint point) => point.Sources.Any(s => Versions.Read.Contains(s.Source.Id));
}

/// <summary>Reads results for pages: what is shown, and nothing else, is noted as read.</summary>
public sealed class ResultReader(ReadFacts read)
{
    private static readonly FactQuery Measured = new() { Kinds = [FactKind.Result, FactKind.VitalSign], WithFormerReads = true };

    /// <summary>All series, as <paramref name="choose"/> shows them.</summary>
    public Task<Outcome<T>> AllAsync<T>(Caller caller, RecordId record, Func<IReadOnlyList<ResultSeries>, FoundFacts, (T What, IEnumerable<ResultPoint> Points)> choose, CancellationToken cancel) =>
        read.RunAsync(caller, new RecordRef.ById(record), Measured, found =>
        {
            var (what, points) = choose(ResultSeries.Of(found.Facts), found);
            return new Shown<T>(what, [.. points.SelectMany(p => p.Sources).Select(s => s.Source.Id).Distinct()]);
        }, cancel);

    /// <summary>One series by its key, and the others of the same code; null where there is none.</summary>
    /// <param name="documents">Address of a document without its id.</param>
    /// <param name="results">Address of an analysis without its key.</param>
    public Task<Outcome<SeriesView?>> OneAsync(Caller caller, RecordId record, string key, string documents, string results, CancellationToken cancel) =>
        AllAsync<SeriesView?>(caller, record, (all, found) => all.FirstOrDefault(s => s.Key == key) is not { } series
            ? (null, [])
            : (new SeriesView(series, [.. all.Where(s => s.Code.Length > 0 && (s.System, s.Code) == (series.System, series.Code) && s.Key != key)], documents, results, found.Former), series.Points), cancel);
}
