using System.Buffers;
using System.Text;
using CsCheck;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Pdqm;
using Dsp.Tests.Mhd;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Fhir;

public sealed class WritersTests
{
    [Fact]
    public void A_document_written_piece_by_piece_is_one_base64_text()
    {
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[1, 7]).Sample(
            (content, size) =>
            {
                var output = new ArrayBufferWriter<byte>();
                var writer = new Dsp.Interop.Fhir.BinaryWriter(output);
                writer.Begin("x", 1, "text/plain; charset=\"utf-8\"");
                for (var at = 0; at < content.Length; at += size) writer.Append(content.AsSpan(at, Math.Min(size, content.Length - at)));
                writer.End();
                var text = Encoding.UTF8.GetString(output.WrittenSpan);
                Assert.Contains($"\"data\":\"{Convert.ToBase64String(content)}\"", text, StringComparison.Ordinal);
            },
            iter: 500, threads: 1);
    }

    [Fact]
    public void A_large_document_as_binary_is_strict_fhir()
    {
        var content = new byte[300_001];
        content.AsSpan().Fill(7);
        var output = new ArrayBufferWriter<byte>();
        var writer = new Dsp.Interop.Fhir.BinaryWriter(output);
        writer.Begin("0195a1b2-0000-7000-8000-000000000001", 1, "application/pdf");
        foreach (var piece in content.Chunk(65_536)) writer.Append(piece);
        writer.End();

        var (binary, problems) = FhirJson.Parse<Binary>(output.WrittenSpan);

        Assert.Empty(problems);
        Assert.Equal(content, binary!.Data);
    }

    [Fact]
    public void A_patient_is_strict_fhir_with_all_that_is_known()
    {
        var (patient, problems) = FhirJson.Parse<Patient>(PatientWriter.Bytes(new PatientData(
            Stored.Record.Value, [new EntryIdentifier("urn:oid:1.3.182.4.4", ProvideExample.NationalNumber, "official")], "Weber", ["Emma", "Zoé"], new Dsp.Identity.PartialDate(1987, 6, 1), "female", true)));

        Assert.Empty(problems);
        Assert.Equal((Stored.Record.ToString(), "1987-06-01", AdministrativeGender.Female, true), (patient!.Id, patient.BirthDate, patient.Gender, patient.Active));
        Assert.Equal("Emma Zoé", string.Join(' ', patient.Name[0].Given));
        Assert.Empty(FhirJson.Parse<Patient>(PatientWriter.Bytes(new PatientData(Stored.Record.Value, [], null, [], null, null, false))).Problems);
    }

    [Theory]
    [InlineData("identifier=urn:oid:1.3.182.4.4|1987060112349", null)]
    [InlineData("_id=0195a1b2-0000-7000-8000-000000000001", null)]
    [InlineData("family=Weber", "DSP-1012")]
    [InlineData("identifier=1987060112349", "DSP-1013")]
    [InlineData("identifier:of-type=a|b|c", "DSP-1013")]
    [InlineData("identifier=urn:a|1&_id=2", "DSP-1013")]
    public void A_patient_is_searched_by_one_identifier_only(string query, string? refusal) =>
        Assert.Equal(refusal, PatientSearchReader.Read(Dsp.Interop.Mhd.DocumentQuery.Parse(query), false).Refusal?.Id);

    [Fact]
    public void The_capability_statement_is_strict_fhir_and_lists_what_is_routed()
    {
        var (statement, problems) = FhirJson.Parse<CapabilityStatement>(CapabilityWriter.Bytes(new CapabilityFacts(
            ProvideExample.Base, "0.1.0", new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), AffinityDomain.Default, "https://dsp.example.lu/authorize", "https://dsp.example.lu/token")));

        Assert.Empty(problems);
        var rest = Assert.Single(statement!.Rest);
        Assert.Equal("SMART-on-FHIR", rest.Security!.Service[0]!.Coding[0].Code);
        Assert.Equal(FhirRoutes.Resources.Select(r => r.Type), rest.Resource.Select(r => r.Type!.ToString()!));
        foreach (var (route, shown) in FhirRoutes.Resources.Zip(rest.Resource))
        {
            Assert.Equal(route.Parameters.Select(p => p.Name), shown.SearchParam.Select(p => p.Name));
            Assert.Equal(route.Operations.Select(o => $"{o.Name} {o.Definition}"), shown.Operation.Select(o => $"{o.Name} {o.Definition}"));
        }
        Assert.Contains(statement.Instantiates, i => i!.EndsWith("DocumentRecipient.Comprehensive", StringComparison.Ordinal));
        Assert.Contains("urn:oid:1.3.182.4.4", statement.Implementation!.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_listed_type_has_a_name_in_five_languages_and_a_category()
    {
        Assert.Equal(28, DocumentTypes.All.Count);
        foreach (var type in DocumentTypes.All)
            Assert.All(new[] { "fr", "de", "en", "lb", "pt" }, language => Assert.False(string.IsNullOrWhiteSpace(type.Names[language]), type.Loinc));
        Assert.Equal("Laborbefund", DocumentTypes.Find("11502-2")!.Name("de-LU"));
    }

    [Theory]
    [InlineData("2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z")]
    [InlineData("2026", "2025-12-31T23:00:00.000Z", "2026-12-31T23:00:00.000Z")]
    [InlineData("2026-03-02T08:00:00+01:00", "2026-03-02T07:00:00.000Z", "2026-03-02T07:00:01.000Z")]
    [InlineData("2026-03-02T08:00:00.12Z", "2026-03-02T08:00:00.120Z", "2026-03-02T08:00:00.130Z")]
    public void A_date_covers_its_span_in_luxembourg(string text, string from, string to)
    {
        Assert.True(FhirDates.TryParse(text, out var date));
        Assert.Equal((from, to), (Instants.Text(date.From), Instants.Text(date.To)));
    }

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("2026-1-1")]
    [InlineData("1799")]
    [InlineData("2026-03-02T25:00:00Z")]
    [InlineData("2026-03-02T08:00:00")]
    [InlineData("2026-03-02T08:00:00+15:00")]
    [InlineData("")]
    public void What_is_no_date_is_not_read(string text) => Assert.False(FhirDates.TryParse(text, out _));
}
