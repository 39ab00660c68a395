using System.Net.Http.Headers;
using System.Text;
using Dsp.Access;
using Dsp.Interop.Balp;
using Dsp.Interop.Fhir;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Http;

namespace Dsp.Tests.Balp;

/// <summary>Every call of the FHIR door leaves its line, done or refused, and each line is an event that keeps to the profiles it claims.</summary>
[Golden]
public sealed class CallAuditTests
{
    [Theory, EveryStore]
    public async Task Every_route_leaves_a_line_that_is_a_true_audit_event(Store store)
    {
        await using var cast = await Cast.StartAsync(store);
        await cast.OpenContextAsync();
        var document = await cast.DepositedAsync(Encoding.UTF8.GetBytes("<a>1</a>"));
        var told = new HashSet<string>();
        foreach (var (method, path, token, body) in Calls(cast, document))
        {
            var before = await EntriesAsync(cast);
            var answer = await cast.Server.SendAsync(method, "/fhir" + path, token, body);
            var added = (await EntriesAsync(cast)).Skip(before.Count).ToList();

            Assert.True(answer.Status < 500, $"{method} {path}: {answer.Status} {answer.Text}");
            Assert.True(added.Count > 0, $"{method} {path} left no line");
            Assert.All(added, e => Assert.NotNull(e.Call));
            foreach (var entry in added)
            {
                var bytes = AuditEventWriter.Bytes(entry, new AuditFacts(cast.Server.Fhir));
                Assert.Empty(FhirJson.Parse<Hl7.Fhir.Model.AuditEvent>(bytes).Item2);
                Assert.True(AuditProfiles.Instance.Problems(bytes).Count == 0, $"{method} {path}: {string.Join("; ", AuditProfiles.Instance.Problems(bytes))}\n{Encoding.UTF8.GetString(bytes)}");
                foreach (var profile in FhirJson.Parse<Hl7.Fhir.Model.AuditEvent>(bytes).Item1!.Meta?.Profile ?? []) told.Add(profile!.Split('/')[^1]);
            }
        }

        Golden.Check("audit-profiles.txt", string.Join('\n', told.Order(StringComparer.Ordinal)) + "\n");
    }

    [Fact]
    public async Task Every_route_of_the_door_is_named_for_the_journal_and_is_called_here()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var called = Calls(cast, Ids.Text(Ids.New(TimeProvider.System))).Select(c => c.Path.Split('?')[0]).ToList();
        foreach (var route in cast.Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText?.StartsWith("/fhir", StringComparison.Ordinal) == true))
        {
            if (route.Metadata.GetMetadata<Dsp.Server.SignIn.OpenToAll>() is not null) continue;
            Assert.True(route.Metadata.GetMetadata<Dsp.Server.Wire.CallKind>() is not null, route.RoutePattern.RawText);
            var pattern = "^" + string.Join('/', route.RoutePattern.RawText!["/fhir".Length..].TrimEnd('/').Split('/').Select(s => s.StartsWith('{') ? "[^/]+" : System.Text.RegularExpressions.Regex.Escape(s))) + "$";
            Assert.Contains(called, path => System.Text.RegularExpressions.Regex.IsMatch(path.TrimEnd('/'), pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        }
    }

    [Theory, EveryStore]
    public async Task A_refused_call_is_told_with_who_asked_for_what(Store store)
    {
        await using var cast = await Cast.StartAsync(store);

        Assert.Equal(401, (await cast.Server.GetAsync("/fhir/DocumentReference?patient=x", null)).Status);
        var nobody = (await EntriesAsync(cast))[^1];
        Assert.Equal((JournalActions.Ask, false, Refusals.NotSignedIn.Id), (nobody.Action, nobody.Permitted, nobody.Rule));
        Assert.Contains("110126", Json(cast, nobody), StringComparison.Ordinal);

        Assert.Equal(403, (await cast.Server.GetAsync($"/fhir/AuditEvent?patient={cast.Record}&date=2026", cast.Lab)).Status);
        var unscoped = (await EntriesAsync(cast))[^1];
        Assert.Equal((false, Refusals.ScopeMissing.Id, "ITI-81"), (unscoped.Permitted, unscoped.Rule, unscoped.Call!.Transaction));
        Assert.NotNull(unscoped.Call.TokenId);

        Assert.Equal(400, (await cast.Server.GetAsync("/fhir/DocumentReference?status=current", cast.DoctorToken)).Status);
        var unbound = (await EntriesAsync(cast))[^1];
        Assert.Equal((cast.Doctor.Person, false, "ITI-67", "DocumentReference?status=current"), (unbound.Person, unbound.Permitted, unbound.Call!.Transaction, unbound.Query));
        Assert.Contains("\"outcome\":\"4\"", Json(cast, unbound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_does_not_fill_the_journal_and_is_counted()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var before = (await EntriesAsync(cast)).Count;

        for (var i = 0; i < 100; i++) Assert.Equal(401, (await cast.Server.GetAsync("/fhir/DocumentReference", null)).Status);
        Assert.Equal(before + 60, (await EntriesAsync(cast)).Count);
        cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await cast.Server.GetAsync("/fhir/DocumentReference", "not a token");

        Assert.Equal("40 more without a proof before this one", (await EntriesAsync(cast))[^1].Detail);
    }

    /// <summary>Every entry as it is kept, oldest first.</summary>
    internal static async Task<List<JournalEntry>> EntriesAsync(Cast cast)
    {
        var platform = cast.Server.World.Platform;
        var records = (await platform.Database.QueryAsync(r => (Id: new RecordId(r.Guid(0)), Epoch: r.Int(1), Key: r.Bytes(2)), "SELECT record_id, key_epoch, wrapped_key FROM records", cast.Server.World.Cancel))
            .ToDictionary(r => r.Id, r => RecordKey.Unwrap(platform.KeyProvider, r.Id, r.Epoch, r.Key));
        var rows = await platform.Database.QueryAsync(r => (Record: new RecordId(r.Guid(0)), Id: r.Guid(1), Sealed: r.Bytes(2)),
            "SELECT b.record_id, b.entry_id, b.sealed FROM journal_bodies b JOIN journal_entries e ON e.record_id = b.record_id AND e.entry_id = b.entry_id", cast.Server.World.Cancel);
        return [.. rows.Select(r => CanonicalEntry.Read(platform.Journal.Open(r.Record, r.Id, r.Sealed, records.GetValueOrDefault(r.Record)).Canonical)).OrderBy(e => e.Number)];
    }

    private static string Json(Cast cast, JournalEntry entry) => Encoding.UTF8.GetString(AuditEventWriter.Bytes(entry, new AuditFacts(cast.Server.Fhir)));

    private static IEnumerable<(HttpMethod Method, string Path, string Token, HttpContent? Body)> Calls(Cast cast, string document)
    {
        var number = Uri.EscapeDataString("urn:oid:1.3.182.4.4|" + cast.Emma.Number);
        var doctor = cast.DoctorToken;
        HttpContent Json(string text) => new StringContent(text, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json"));
        HttpContent Form(string text) => new StringContent(text, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        yield return (HttpMethod.Post, "", cast.Lab, Json(Bundles.Provide(cast.Emma.Number!, Encoding.UTF8.GetBytes("<b>2</b>"), "Bilan", "text/xml")));
        yield return (HttpMethod.Post, "/Bundle/$validate", cast.Lab, Json("{}"));
        yield return (HttpMethod.Post, "/DocumentReference", cast.Lab, Json("{}"));
        foreach (var list in new[] { "DocumentReference", "List" })
        {
            yield return (HttpMethod.Get, $"/{list}?patient.identifier={number}&status=current", doctor, null);
            yield return (HttpMethod.Get, $"/{list}?patient={cast.Record}", cast.OtherToken, null);
            yield return (HttpMethod.Post, $"/{list}/_search", doctor, Form($"patient.identifier={number}"));
            yield return (HttpMethod.Get, $"/{list}/{document}", doctor, null);
            yield return (HttpMethod.Get, $"/{list}/{document}/_history", doctor, null);
            yield return (HttpMethod.Get, $"/{list}/{document}/_history/1", doctor, null);
        }
        yield return (HttpMethod.Get, $"/DocumentReference/$docref?patient={cast.Record}", cast.Holder, null);
        yield return (HttpMethod.Get, "/DocumentReference/nothing", doctor, null);
        yield return (HttpMethod.Get, $"/Binary/{document}", doctor, null);
        yield return (HttpMethod.Get, $"/Binary/{document}", cast.Holder, null);
        yield return (HttpMethod.Get, $"/Patient?identifier={number}", doctor, null);
        yield return (HttpMethod.Get, $"/Patient?identifier={number}", cast.OtherToken, null);
        yield return (HttpMethod.Get, "/Patient?family=x&birthdate=1990-01-01", doctor, null);
        yield return (HttpMethod.Post, "/Patient/_search", cast.Holder, Form($"_id={cast.Record}"));
        yield return (HttpMethod.Get, $"/Patient/{cast.Record}", doctor, null);
        yield return (HttpMethod.Put, "/Patient?identifier=urn:oid:1.2.3|77", cast.Lab, Json("{\"resourceType\":\"Patient\"}"));
        yield return (HttpMethod.Delete, "/Patient?identifier=urn:oid:1.2.3|77", cast.Lab, null);
        yield return (HttpMethod.Get, $"/Patient/$ihe-pix?sourceIdentifier={number}", doctor, null);
        yield return (HttpMethod.Post, "/Patient/$match", doctor, Json($$$"""{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.3.182.4.4","value":"{{{cast.Emma.Number}}}"}]}},{"name":"onlyCertainMatches","valueBoolean":true}]}"""));
        yield return (HttpMethod.Get, $"/Patient/{cast.Record}/$summary", doctor, null);
        yield return (HttpMethod.Get, $"/Patient/$summary?identifier={number}", cast.Holder, null);
        foreach (var type in Dsp.Interop.Resources.ResourceRoutes.All.Select(r => r.Type))
        {
            yield return (HttpMethod.Get, $"/{type}?patient={cast.Record}", doctor, null);
            yield return (HttpMethod.Post, $"/{type}/_search", doctor, Form($"patient={cast.Record}"));
            yield return (HttpMethod.Get, $"/{type}/{document}", doctor, null);
        }
        foreach (var type in Dsp.Interop.Mcsd.DirectoryRoutes.All.Select(r => r.Type))
        {
            yield return (HttpMethod.Get, $"/{type}?name=x", doctor, null);
            yield return (HttpMethod.Post, $"/{type}/_search", cast.Holder, Form("_count=1"));
            yield return (HttpMethod.Get, $"/{type}/{cast.Doctor.Institution}", doctor, null);
        }
        yield return (HttpMethod.Get, $"/Practitioner/{cast.Doctor.Person}", cast.Holder, null);
        yield return (HttpMethod.Post, "", cast.Holder, Json("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"metadata"}}]}"""));
        var stay = $$$"""{"resourceType":"Encounter","identifier":[{"system":"urn:oid:1.2.3","value":"A-1"}],"status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"identifier":{"system":"urn:oid:1.3.182.4.4","value":"{{{cast.Emma.Number}}}"} } }""";
        yield return (HttpMethod.Put, "/Encounter?identifier=urn:oid:1.2.3%7CA-1", cast.Hospital, Json(stay));
        yield return (HttpMethod.Post, "/Encounter", cast.Hospital, Json(stay.Replace("in-progress", "finished", StringComparison.Ordinal)));
        yield return (HttpMethod.Get, "/Patient/$export", cast.Holder, null);
        yield return (HttpMethod.Get, "/$export/nothing", cast.Holder, null);
        yield return (HttpMethod.Delete, "/$export/nothing", cast.Holder, null);
        yield return (HttpMethod.Get, "/$export/nothing/Patient.ndjson", cast.Holder, null);
        yield return (HttpMethod.Get, "/Subscription", doctor, null);
        yield return (HttpMethod.Post, "/Subscription/_search", doctor, Form("status=active"));
        yield return (HttpMethod.Post, "/Subscription", doctor, Json("{}"));
        yield return (HttpMethod.Get, $"/Subscription/{document}", doctor, null);
        yield return (HttpMethod.Put, $"/Subscription/{document}", doctor, Json("{}"));
        yield return (HttpMethod.Delete, $"/Subscription/{document}", doctor, null);
        yield return (HttpMethod.Get, $"/Subscription/{document}/$status", doctor, null);
        foreach (var set in new[] { "", "/_search", "/$expand?url=x", "/$validate-code?url=x&code=y", "/document-class", "/document-class/$expand", "/document-class/$validate-code?code=Syntheses" })
            yield return (set == "/_search" ? HttpMethod.Post : HttpMethod.Get, "/ValueSet" + set, cast.Lab, set == "/_search" ? Form("status=active") : null);
        yield return (HttpMethod.Get, $"/Consent?patient={cast.Record}", cast.Holder, null);
        yield return (HttpMethod.Post, "/Consent/_search", doctor, Form($"patient={cast.Record}"));
        yield return (HttpMethod.Post, "/Consent", cast.Holder, Json("{}"));
        yield return (HttpMethod.Get, $"/Consent/{cast.Record}", cast.Holder, null);
        yield return (HttpMethod.Put, $"/Consent/{cast.Record}", cast.Holder, Json("{}"));
        yield return (HttpMethod.Delete, $"/Consent/{document}", cast.Holder, null);
        yield return (HttpMethod.Get, $"/Consent/{cast.Record}/_history", cast.Holder, null);
        yield return (HttpMethod.Get, $"/Consent/{cast.Record}/_history/1", cast.Holder, null);
        yield return (HttpMethod.Get, $"/AuditEvent?patient={cast.Record}&date=ge2026-01-01&date=le2027-01-01", cast.Holder, null);
        yield return (HttpMethod.Post, "/AuditEvent/_search", cast.Holder, Form($"patient.identifier={number}&date=2026"));
    }
}
