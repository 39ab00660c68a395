using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Facts;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Dsp.Tests.Cda;
using Dsp.Tests.Conformance;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Ips;

/// <summary>What CDA documents of many makers say, as a summary: valid whatever they wrote for dates, codes and units.</summary>
public sealed class IpsCdaTests
{
    [Fact]
    public void Every_CDA_document_of_the_corpus_gives_a_valid_summary()
    {
        var (documents, wrong) = (0, new List<string>());
        foreach (var (file, bytes) in CdaCorpus.Files())
        {
            var source = SummaryOf.Document(DataCategory.Syntheses);
            var reading = new ContentReader().Read(source.Metadata, bytes);
            var facts = FactSheet.FromBytes(reading.Facts).Facts.Select(f => new RecordedFact(f, source)).ToList();
            if (facts.Count == 0) continue;
            documents++;
            var bundle = IpsBundle.Of(SummaryOf.Facts(facts), SummaryOf.In("de"));
            var (parsed, refusals) = FhirJson.Parse<Bundle>(FhirJson.Bytes(bundle));
            wrong.AddRange(refusals.Select(r => $"{Path.GetFileName(file)}: {r.Text} {r.Expression}"));
            if (parsed is not null) wrong.AddRange(ProfileCheck.Problems(parsed, Guide.IpsBundle).Select(p => $"{Path.GetFileName(file)}: {p}"));
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count}\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(documents > 150, $"{documents} documents");
    }
}
