namespace Dsp.Cli.SelfTest;

/// <summary>What a run showed of one rule.</summary>
/// <param name="Held">Null: the run did not come to it.</param>
internal sealed record Judged(SelfTestRule Rule, bool? Held, string? Why);

/// <summary>One rule of the first phase of conformity, with its source.</summary>
/// <param name="Role">deposit or read.</param>
/// <param name="Look">True: it held; false with a reason: it was broken; null: the run did not come to it.</param>
internal sealed record SelfTestRule(string Id, string Role, string Sentence, string Source, Func<IReadOnlyList<Exchange>, (bool? Held, string? Why)> Look);

/// <summary>The rules in the order in which a software meets them.</summary>
internal static class SelfTestRules
{
    private static readonly (bool?, string?) NotShown = (null, null);
    private static readonly (bool?, string?) Held = (true, null);

    public static IReadOnlyList<SelfTestRule> All { get; } =
    [
        new("proof", "both", "Each call brings a proof that is in force.", "RFC 6750; IUA ITI-72", run => run.Count == 0 ? NotShown : Broken(run, e => e.Status == 401, "were answered 401")),
        new("offered", "both", "Nothing is called that the capability statement does not offer.", "FHIR R4 http 3.1.0", run => run.Count == 0 ? NotShown : Broken(run, e => e.Status is 405 or 406 or 415, "were answered 405, 406 or 415")),
        new("deposit", "deposit", "A document is deposited and taken.", "MHD ITI-65, ITI-105", run => run.Any(e => e.IsDeposit && e.Succeeded) ? Held : run.Any(e => e.IsDeposit) ? (false, "no deposit was taken") : NotShown),
        new("again", "deposit", "A deposit that met a fault is sent again under the same unique ids.", "standards 3, idempotency", Again),
        new("unknown", "deposit", "A deposit for an unknown patient is refused, and the software goes on.", "MHD ITI-65, XDSUnknownPatientId", run =>
            run.ToList().FindIndex(e => e.IsDeposit && e.Refusals.Contains("XDSUnknownPatientId")) is >= 0 and var at ? run.Skip(at + 1).Any(e => e.IsDeposit && e.Succeeded) ? Held : (false, "nothing was deposited after it") : NotShown),
        new("refused", "deposit", "What was refused is not sent again as it was.", "standards 5", run =>
            run.Any(e => e.IsDeposit && Refused(e)) ? Broken(run, e => e.IsDeposit && Refused(e) && run.Any(f => !ReferenceEquals(e, f) && f.IsDeposit && Refused(f) && f.Sent.AsSpan().SequenceEqual(e.Sent)), "were sent again unchanged") : NotShown),
        new("replace", "deposit", "A new version replaces the former one.", "MHD ITI-65, relatesTo replaces", run =>
            run.Any(e => e.IsDeposit && e.Succeeded && Exchange.Text(e.Sent).Replace(" ", "", StringComparison.Ordinal).Contains("\"code\":\"replaces\"", StringComparison.Ordinal)) ? Held : NotShown),
        new("search", "read", "Each search for documents names its patient and is answered.", "MHD ITI-67", run =>
            run.Any(e => e.IsDocumentSearch) ? Broken(run, e => e.IsDocumentSearch && e.Status == 400, "were answered 400") : NotShown),
        new("address", "read", "No number of a person stands in an address: it is posted to _search.", "security 6", run =>
            run.Any(e => e.IsDocumentSearch) ? Broken(run, e => e.Method == "GET" && e.Query.Contains("identifier=", StringComparison.Ordinal), "had an identifier in the address") : NotShown),
        new("pages", "read", "A further page is fetched as the link says.", "FHIR R4 http 3.1.0.8", Pages),
        new("retrieve", "read", "A document is retrieved.", "MHD ITI-68", run => run.Any(e => e.IsRetrieval && e.Succeeded) ? Held : run.Any(e => e.IsRetrieval) ? (false, "no document was retrieved") : NotShown),
    ];

    /// <param name="role">deposit, read, or both.</param>
    public static IReadOnlyList<Judged> Judge(IReadOnlyList<Exchange> run, string role)
    {
        var seen = run.Where(e => !e.Disturbed || e.IsDeposit).ToList();
        return [.. All.Where(r => role == "both" || r.Role == "both" || r.Role == role).Select(r => r.Look(seen) is var (held, why) ? new Judged(r, held, why) : null!)];
    }

    private static bool Refused(Exchange e) => e.Status is 400 or 409 or 422;

    private static (bool?, string?) Broken(IReadOnlyList<Exchange> run, Func<Exchange, bool> breaks, string what)
    {
        var broken = run.Where(breaks).ToList();
        return broken.Count == 0 ? Held : (false, $"{broken.Count} calls {what}, the first: {broken[0].Method} {broken[0].Path}");
    }

    private static (bool?, string?) Again(IReadOnlyList<Exchange> run)
    {
        var at = run.ToList().FindIndex(e => e.Disturbed);
        if (at < 0) return NotShown;
        var ids = run[at].UniqueIds;
        var later = run.Skip(at + 1).Where(e => e.IsDeposit).ToList();
        if (later.Exists(e => e.Succeeded && e.UniqueIds.SequenceEqual(ids))) return Held;
        return (false, later.Count == 0 ? "nothing was sent after the fault" : "what was sent after it had other unique ids, or was not taken");
    }

    private static (bool?, string?) Pages(IReadOnlyList<Exchange> run)
    {
        var offered = run.Where(e => e.IsDocumentSearch && e.Succeeded).SelectMany(e => System.Text.RegularExpressions.Regex.Matches(Exchange.Text(e.Got), "\"relation\":\"next\",\"url\":\"[^\"]*(?<query>\\?[^\"]*)\"", System.Text.RegularExpressions.RegexOptions.NonBacktracking)).Select(m => m.Groups["query"].Value).ToList();
        if (offered.Count == 0) return NotShown;
        return run.Any(e => e.IsDocumentSearch && offered.Contains(e.Query)) ? Held : (false, "there were further pages, and none was fetched");
    }
}
