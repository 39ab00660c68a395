using System.Text;
using Dsp.Interop.Fhir;
using Dsp.Tests.Mhd;
using Dsp.Tests.Resources;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Conformance;

/// <summary>What the server answers, of each kind, over a socket, in JSON and XML, against the compiled profiles of the guides.</summary>
public sealed class AnswerTests
{
    private const string Number = "urn:oid:1.3.182.4.4|";
    private readonly List<string> wrong = [];
    private int held;
    private readonly StringBuilder table = new("answer | status | profile | resources\n");

    [Fact]
    public async Task Deposits_and_what_is_found_of_them_keep_the_profiles_of_MHD()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var folder = Bundles.Urn();
        var first = cast.Bundle().InFolder(folder);
        await HoldAsync("ITI-65", Guide.Mhd + "ProvideDocumentBundleResponse", () => cast.SendAsync(first));
        var id = (await cast.SearchAsync(cast.Holder)).Resources("DocumentReference")[0].GetProperty("id").GetString()!;
        await HoldAsync("ITI-65 replace", Guide.Mhd + "ProvideDocumentBundleResponse", () => cast.SendAsync(cast.Bundle("Corrigé").RelatedTo("replaces", id).Updating(id)));
        await HoldAsync("ITI-105", Guide.Mhd + "Minimal.DocumentReference", () => cast.Server.PostJsonAsync("/fhir/DocumentReference", cast.Lab, SimplifiedPublishTests.Good(cast.Emma.Number!).ToJsonString(), "application/fhir+json"));
        await cast.OpenContextAsync();
        foreach (var (who, token) in new[] { ("holder", cast.Holder), ("doctor", cast.DoctorToken) })
        {
            foreach (var status in new[] { "current", "superseded", "current,superseded" })
                await HoldAsync(cast, $"ITI-67 {status}, {who}", Guide.Mhd + "FindDocumentReferencesResponseMessage", $"/fhir/DocumentReference?patient={cast.Record}&status={status}&_total=accurate", token);
            await HoldAsync(cast, $"ITI-66, {who}", Guide.Mhd + "FindDocumentListsResponseMessage", $"/fhir/List?patient={cast.Record}&status=current&_include=List:item", token);
            await HoldAsync(cast, $"ITI-66 folders, {who}", Guide.Mhd + "FindDocumentListsResponseMessage", $"/fhir/List?patient={cast.Record}&status=current&code=folder", token);
        }
        await HoldAsync(cast, "ITI-67, nothing", Guide.Mhd + "FindDocumentReferencesResponseMessage", $"/fhir/DocumentReference?patient={cast.Record}&status=current&_total=accurate", cast.OtherToken);
        await HoldAsync(cast, "ITI-66, nothing", Guide.Mhd + "FindDocumentListsResponseMessage", $"/fhir/List?patient={cast.Record}&status=current", cast.OtherToken);
        await HoldAsync(cast, "DocumentReference", null, $"/fhir/DocumentReference/{id}", cast.Holder);
        await HoldAsync(cast, "history", null, $"/fhir/DocumentReference/{id}/_history", cast.Holder);
        await HoldAsync(cast, "$docref", null, $"/fhir/DocumentReference/$docref?patient={cast.Record}", cast.Holder);
        Told(25);
    }

    [Fact]
    public async Task Comprehensive_metadata_come_back_as_comprehensive_and_minimal_as_minimal()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.KeptAsync(cast.Bundle());
        var found = (await cast.SearchAsync(cast.Holder)).Resources("DocumentReference")[0];

        Assert.Contains(Guide.Mhd + "Comprehensive.DocumentReference", found.GetProperty("meta").GetRawText(), StringComparison.Ordinal);
        var (resource, _) = FhirJson.Parse<DocumentReference>(Encoding.UTF8.GetBytes(found.GetRawText()));
        Assert.Empty(ProfileCheck.Problems(resource!, Guide.Mhd + "Comprehensive.DocumentReference"));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', ProfileCheck.Problems(resource!, Guide.HealthDataDocument)));
    }

    [Fact]
    public async Task People_and_the_directory_keep_the_profiles_of_PDQm_PIXm_and_mCSD()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var known = Uri.EscapeDataString(Number + cast.Emma.Number);
        await HoldAsync(cast, "ITI-78, holder", Guide.Pdqm + "QueryPatientResourceResponseMessage", $"/fhir/Patient?identifier={known}", cast.Holder);
        await HoldAsync(cast, "ITI-78, doctor", Guide.Pdqm + "QueryPatientResourceResponseMessage", $"/fhir/Patient?family=weberscheid&birthdate=1984-03-12", cast.OtherToken);
        await HoldAsync(cast, "ITI-78, nobody", Guide.Pdqm + "QueryPatientResourceResponseMessage", $"/fhir/Patient?identifier={Number}{WorldPeople.UnknownNumber}", cast.OtherToken);
        await HoldAsync(cast, "Patient", Guide.Pdqm + "Patient", $"/fhir/Patient/{cast.Record}", cast.Holder);
        const string asked = """{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","name":[{"family":"Weberscheid","given":["Emma"]}],"birthDate":"1984-03-12","gender":"female"}}]}""";
        await HoldAsync("ITI-119", Guide.Pdqm + "MatchParametersOut", () => cast.Server.PostJsonAsync("/fhir/Patient/$match", cast.OtherToken, asked, "application/fhir+json"));
        await HoldAsync("ITI-119, nobody", Guide.Pdqm + "MatchParametersOut", () => cast.Server.PostJsonAsync("/fhir/Patient/$match", cast.OtherToken, asked.Replace("Weberscheid", "Nobody", StringComparison.Ordinal), "application/fhir+json"));
        await HoldAsync(cast, "ITI-83", Guide.Pixm + "Query.Parameters.Out", $"/fhir/Patient/$ihe-pix?sourceIdentifier={known}", cast.OtherToken);
        foreach (var (type, profiles) in new[] { ("Organization", "Organization"), ("Location", "Location"), ("Practitioner", "Practitioner"), ("PractitionerRole", "PractitionerRole"), ("HealthcareService", "HealthcareService") })
        {
            var found = await HoldAsync(cast, "ITI-90 " + type, null, $"/fhir/{type}?_count=200", cast.Lab);
            foreach (var entry in found.Entry) Hold($"ITI-90 {type}", Guide.Mcsd + profiles, entry.Resource!);
        }
        Told(35);
    }

    [Fact]
    public async Task Extracted_resources_and_the_audit_of_all_this_keep_the_profiles_they_claim()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.DepositedAsync(ResourceRouteTests.Everything);
        await cast.OpenContextAsync();
        foreach (var type in FhirRoutes.Resources.Where(r => r.Parameters.Any(p => p.Name == "patient") && r.Type is not ("DocumentReference" or "List" or "AuditEvent" or "Consent")).Select(r => r.Type))
            await HoldAsync(cast, type, null, $"/fhir/{type}?patient={cast.Record}&_revinclude=Provenance:target", cast.DoctorToken);
        await HoldAsync(cast, "$summary", Guide.IpsBundle, $"/fhir/Patient/{cast.Record}/$summary", cast.DoctorToken);
        await cast.SearchAsync(cast.DoctorToken);
        await cast.ListsAsync(cast.DoctorToken);
        await cast.SearchAsync(cast.OtherToken);
        var id = (await cast.SearchAsync(cast.Holder)).Resources("DocumentReference")[0].GetProperty("id").GetString()!;
        await cast.Server.GetAsync($"/fhir/Binary/{id}", cast.DoctorToken);
        await cast.Server.GetAsync($"/fhir/DocumentReference/{id}", cast.DoctorToken);
        await cast.Server.GetAsync($"/fhir/Patient?family=weberscheid&birthdate=1984-03-12", cast.OtherToken);
        await cast.Server.PostJsonAsync("/fhir/DocumentReference", cast.Lab, SimplifiedPublishTests.Good(cast.Emma.Number!).ToJsonString(), "application/fhir+json");
        var audit = await HoldAsync(cast, "AuditEvent", null, $"/fhir/AuditEvent?patient={cast.Record}&date=ge2026-01-01&date=le2027-12-31", cast.Holder);
        foreach (var claimed in audit.Entry.SelectMany(e => e.Resource!.Meta?.Profile ?? []).Distinct().Order()) table.Append("AuditEvent claims | | ").Append(claimed).Append(" |\n");
        await HoldAsync(cast, "CapabilityStatement", null, "/fhir/metadata", cast.Holder);
        Told(25);
    }

    private Task<Bundle> HoldAsync(Cast cast, string answer, string? profile, string path, string token) => HoldAsync(answer, profile, () => cast.Server.GetAsync(path, token), () => cast.Server.GetAsync(path, token, ("Accept", "application/fhir+xml")));

    private async Task<Bundle> HoldAsync(string answer, string? profile, Func<Task<Answer>> ask, Func<Task<Answer>>? askXml = null)
    {
        var got = await ask();
        Assert.True(got.Status is 200 or 201, $"{answer}: {got.Whole}");
        var (resource, problems) = FhirJson.Parse<Resource>(got.Bytes);
        wrong.AddRange(problems.Select(p => $"{answer}: {p.Text} {p.Expression}"));
        if (resource is null) return new Bundle();
        Hold(answer, profile, resource);
        table.Append(answer).Append(" | ").Append(got.Status).Append(" | ").Append(profile?.Split('/')[^1] ?? "what it claims").Append(" | ").Append(resource is Bundle b ? b.Entry.Count : 1).Append('\n');
        if (askXml is not null)
        {
            var xml = await askXml();
            var (same, complaints) = FhirXml.Parse(xml.Bytes, 64);
            wrong.AddRange(complaints.Select(p => $"{answer} in XML: {p.Text} {p.Expression}"));
            if (same is not null) Hold(answer + " in XML", profile, same);
        }
        return resource as Bundle ?? new Bundle();
    }

    private void Hold(string answer, string? profile, Resource resource)
    {
        held++;
        wrong.AddRange(ProfileCheck.Problems(resource, profile is null ? [] : [profile]).Select(p => $"{answer}: {p}"));
    }

    private void Told(int least)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(table.ToString());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
        Assert.True(held >= least, $"{held} answers were held against profiles, {least} are expected.");
    }
}
