using System.Net.Http.Headers;
using System.Text;
using Dsp.Codes;
using Dsp.Tests.Support;

namespace Dsp.Tests.Server;

/// <summary>The installation's value sets: what a vendor needs to know before the first deposit.</summary>
public sealed class ValueSetTests
{
    [Fact]
    public async Task Every_set_is_found_read_and_a_valid_resource()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var found = await cast.Server.GetAsync("/fhir/ValueSet", cast.Lab);

        Assert.Equal(10, found.Json.GetProperty("total").GetInt32());
        foreach (var set in found.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource")))
        {
            var id = set.GetProperty("id").GetString();
            var (resource, problems) = Interop.Fhir.FhirJson.Parse<Hl7.Fhir.Model.ValueSet>((await cast.Server.GetAsync($"/fhir/ValueSet/{id}", cast.Holder)).Bytes);
            Assert.Empty(problems);
            Assert.NotEmpty(resource!.Compose!.Include);
            Assert.Equal(1, (await cast.Server.GetAsync($"/fhir/ValueSet?url={Uri.EscapeDataString(resource.Url!)}&status=active", cast.Lab)).Json.GetProperty("total").GetInt32());
        }
        Assert.Equal(1, (await cast.Server.GetAsync("/fhir/ValueSet?title=kind%20of%20doc", cast.Lab)).Json.GetProperty("total").GetInt32());
        Assert.Equal(404, (await cast.Server.GetAsync("/fhir/ValueSet/nothing", cast.Lab)).Status);
        Assert.Equal(401, (await cast.Server.GetAsync("/fhir/ValueSet")).Status);
        Assert.Equal(403, (await cast.Server.GetAsync("/fhir/ValueSet", cast.Server.Token(Dsp.Access.CallerKind.Person, cast.Emma.Person.Value, r => r with { Scopes = ["patient/Patient.rs"] }))).Status);
        Assert.Equal(400, (await cast.Server.GetAsync("/fhir/ValueSet?title:exact=x", cast.Lab)).Status);
    }

    [Fact]
    public async Task An_expansion_lists_the_codes_in_the_language_wanted_page_by_page()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var classes = (await cast.Server.GetAsync("/fhir/ValueSet/document-class/$expand?displayLanguage=de", cast.Lab)).Json.GetProperty("expansion");
        Assert.Equal((19, "Zusammenfassungen"), (classes.GetProperty("total").GetInt32(), classes.GetProperty("contains").EnumerateArray().Single(c => c.GetProperty("code").GetString() == "Syntheses").GetProperty("display").GetString()));

        var all = (await cast.Server.GetAsync("/fhir/ValueSet/document-type/$expand?displayLanguage=fr", cast.Lab)).Json.GetProperty("expansion");
        Assert.Equal(DocumentTypes.All.Count, all.GetProperty("total").GetInt32());
        Assert.Equal("http://hl7.org/fhir/StructureDefinition/valueset-unclosed", all.GetProperty("extension")[0].GetProperty("url").GetString());
        var pages = new List<string?>();
        for (var offset = 0; offset < DocumentTypes.All.Count; offset += 7)
            pages.AddRange((await cast.Server.GetAsync($"/fhir/ValueSet/document-type/$expand?offset={offset}&count=7", cast.Lab)).Json.GetProperty("expansion").GetProperty("contains").EnumerateArray().Select(c => c.GetProperty("code").GetString()));
        Assert.Equal(all.GetProperty("contains").EnumerateArray().Select(c => c.GetProperty("code").GetString()), pages);

        var posted = await PostAsync(cast, "$expand", $$"""{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"{{cast.Server.Fhir}}/ValueSet/document-type"},{"name":"filter","valueString":"RÉSUMÉ DU PATIENT"},{"name":"count","valueInteger":5},{"name":"includeDesignations","valueBoolean":true}]}""");
        var only = posted.Json.GetProperty("expansion").GetProperty("contains")[0];
        Assert.Equal(("60591-5", 4), (only.GetProperty("code").GetString(), only.GetProperty("designation").GetArrayLength()));
    }

    [Theory]
    [InlineData("document-class", "code=Syntheses&system=urn:dsp:category", true)]
    [InlineData("document-class", "code=Syntheses", true)]
    [InlineData("document-class", "code=Nonsense&system=urn:dsp:category", false)]
    [InlineData("document-type", "code=60591-5&system=http://loinc.org", true)]
    [InlineData("document-type", "code=99999-9&system=http://loinc.org", true)]
    [InlineData("document-type", "code=hello&system=http://loinc.org", false)]
    [InlineData("document-type", "coding=http://loinc.org|60591-5", true)]
    [InlineData("document-type", "codeableConcept=urn:x|1,http://loinc.org|60591-5", true)]
    [InlineData("confidentiality", "code=V&system=http://terminology.hl7.org/CodeSystem/v3-Confidentiality", true)]
    [InlineData("confidentiality", "code=U&system=http://terminology.hl7.org/CodeSystem/v3-Confidentiality", false)]
    [InlineData("facility-type", "code=22232009&system=http://snomed.info/sct", true)]
    [InlineData("facility-type", "code=22232009&system=urn:oid:2.9", false)]
    [InlineData("profession", "code=pharmacien&system=urn:dsp:profession&display=Apotheker", true)]
    [InlineData("profession", "code=pharmacien&system=urn:dsp:profession&display=Dentist", false)]
    public async Task Whether_a_code_would_be_taken_is_said(string set, string asked, bool taken)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var said = await cast.Server.GetAsync($"/fhir/ValueSet/{set}/$validate-code?{asked}", cast.Lab);

        Assert.True(said.Status == 200, said.Whole);
        Assert.Equal(taken, said.Json.GetProperty("parameter").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "result").GetProperty("valueBoolean").GetBoolean());
        Assert.Equal(!taken, said.Json.GetProperty("parameter").EnumerateArray().Any(p => p.GetProperty("name").GetString() == "message"));
    }

    [Theory]
    [InlineData("$expand", 400)]
    [InlineData("$expand?url=http://elsewhere/ValueSet/x", 404)]
    [InlineData("nothing/$expand", 404)]
    [InlineData("facility-type/$expand", 422)]
    [InlineData("document-type/$expand?count=-1", 400)]
    [InlineData("document-type/$expand?offset=x", 400)]
    [InlineData("document-type/$validate-code", 400)]
    [InlineData("document-type/$validate-code?system=http://loinc.org", 400)]
    [InlineData("$validate-code?code=1", 400)]
    public async Task What_cannot_be_answered_is_refused(string asked, int status)
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);

        var refused = await cast.Server.GetAsync("/fhir/ValueSet/" + asked, cast.Lab);

        Assert.True(refused.Status == status, refused.Whole);
        Assert.Equal("OperationOutcome", refused.Json.GetProperty("resourceType").GetString());
    }

    private static Task<Answer> PostAsync(Cast cast, string operation, string body) =>
        cast.Server.SendAsync(HttpMethod.Post, "/fhir/ValueSet/" + operation, cast.Lab, new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/fhir+json")));
}
