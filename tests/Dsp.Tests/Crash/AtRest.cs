using Dsp.Journal;
using Dsp.Tests.Support;

namespace Dsp.Tests.Crash;

/// <summary>What must be true of an installation after every fault, looked at while nothing runs.</summary>
internal static class AtRest
{
    private static readonly (string Kind, string Sql)[] Orphans =
    [
        ("document without bytes", "SELECT COUNT(*) FROM documents d WHERE d.size <= 65536 AND NOT EXISTS (SELECT 1 FROM contents c WHERE c.record_id = d.record_id AND c.content_id = d.content_id)"),
        ("content without document", "SELECT COUNT(*) FROM contents c WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = c.record_id AND d.content_id = c.content_id)"),
        ("document that was not read", "SELECT COUNT(*) FROM documents d WHERE d.status <> 'withdrawn' AND NOT EXISTS (SELECT 1 FROM document_facts f WHERE f.record_id = d.record_id AND f.document_id = d.document_id)"),
        ("facts of no document", "SELECT COUNT(*) FROM document_facts f WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = f.record_id AND d.document_id = f.document_id AND d.status <> 'withdrawn')"),
        ("text that waits in no document", "SELECT COUNT(*) FROM waiting_readings w WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = w.record_id AND d.document_id = w.document_id AND d.status <> 'withdrawn')"),
        ("document without submission", "SELECT COUNT(*) FROM documents d WHERE NOT EXISTS (SELECT 1 FROM submission_sets s WHERE s.record_id = d.record_id AND s.submission_id = d.submission_id)"),
        ("submission without document", "SELECT COUNT(*) FROM submission_sets s WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.record_id = s.record_id AND d.submission_id = s.submission_id)"),
        ("document without object id", "SELECT COUNT(*) FROM documents d WHERE NOT EXISTS (SELECT 1 FROM object_ids o WHERE o.object_id = d.document_id AND o.kind = 'document')"),
        ("submission without object id", "SELECT COUNT(*) FROM submission_sets s WHERE NOT EXISTS (SELECT 1 FROM object_ids o WHERE o.object_id = s.submission_id AND o.kind = 'submission')"),
        ("object id of nothing", "SELECT COUNT(*) FROM object_ids o WHERE o.kind IN ('document', 'submission') AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.document_id = o.object_id) AND NOT EXISTS (SELECT 1 FROM submission_sets s WHERE s.submission_id = o.object_id)"),
        ("unique id of nothing", "SELECT COUNT(*) FROM unique_ids u WHERE NOT EXISTS (SELECT 1 FROM object_ids o WHERE o.object_id = u.object_id)"),
        ("object id without unique id", "SELECT COUNT(*) FROM object_ids o WHERE o.kind IN ('document', 'submission') AND NOT EXISTS (SELECT 1 FROM unique_ids u WHERE u.object_id = o.object_id)"),
    ];

    /// <summary>Rows agree with each other; after the sweep so do the files; the journal is proven.</summary>
    /// <param name="settings">Where the process kept what it kept.</param>
    /// <returns>How many orphans the sweep removed.</returns>
    public static async Task<int> AssertCleanAsync(World world, PlatformSettings settings)
    {
        await AssertRowsAgreeAsync(world);
        // An intent is an orphan after an hour.
        var later = new MovedClock(world.Clock.GetUtcNow() + TimeSpan.FromHours(2));
        await using var platform = await Platform.OpenAsync(settings, later, world.Cancel);
        var swept = await platform.Vault.SweepOrphansAsync(world.Cancel);
        Assert.Equal(0, await world.CountAsync("content_intents"));
        var kept = new HashSet<(Guid, Guid)>();
        await foreach (var (record, content) in platform.ContentStore.ListAsync(world.Cancel)) kept.Add((record.Value, content.Value));
        var named = await platform.Database.QueryAsync(r => (r.Guid(0), r.Guid(1)), "SELECT record_id, content_id FROM documents WHERE size > 65536", world.Cancel);
        Assert.Equal(named.ToHashSet(), kept);
        if (Directory.Exists(settings.ContentFolder)) Assert.Empty(Directory.EnumerateFiles(settings.ContentFolder, "*.part", SearchOption.AllDirectories));
        var sealer = new JournalSealer(platform.Database, platform.Keys, platform.Sink, later);
        while (await sealer.SealOnceAsync(world.Cancel) > 0)
        {
            // Until nothing waits.
        }
        var report = await new VerifyJournal(platform.Database, platform.KeyProvider, platform.Keys, platform.Sink, later).RunAsync(world.Cancel);
        Assert.True(report.Clean, string.Join('\n', report.Findings.Take(10)));
        Assert.Equal(0, report.Waiting);
        return swept;
    }

    /// <summary>No row stands for something that is not there.</summary>
    public static async Task AssertRowsAgreeAsync(World world)
    {
        foreach (var (kind, sql) in Orphans)
            Assert.True((await world.Platform.Database.QueryAsync(r => r.Long(0), sql, world.Cancel))[0] == 0, kind);
    }
}
