using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Dsp.Tests.Support;

/// <summary>The two databases every test about stores runs on.</summary>
public enum Store { Sqlite, Postgres }

/// <summary>Runs a theory on SQLite and on a real PostgreSQL; the quick tier runs SQLite alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryStoreAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var quick = Environment.GetEnvironmentVariable("DSP_TIER") == "quick";
        IReadOnlyCollection<ITheoryDataRow> rows = quick
            ? [new TheoryDataRow<Store>(Store.Sqlite)]
            : [new TheoryDataRow<Store>(Store.Sqlite), new TheoryDataRow<Store>(Store.Postgres)];
        return ValueTask.FromResult(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
