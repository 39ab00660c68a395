using System.Text;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Facts;

/// <summary>Whatever the bytes are, the reader answers: a deposit is never lost to what it says.</summary>
public sealed class HostileContentTests
{
    private static readonly string[] Types = ["text/plain", "text/xml", "application/fhir+json", "application/fhir+xml", "application/pdf", "text/html", "nonsense"];

    [Fact]
    public void Random_and_damaged_bytes_of_every_type_give_a_reading_that_opens()
    {
        var random = new Random(20261123);
        byte[][] samples =
        [
            FactWorld.Report(), Document(Section("11450-4", "Été \uFFFE œdème", Problem("""<value xsi:type="PQ" value="&#x1F600;"/>""".Replace("&#x1F600;", "😀", StringComparison.Ordinal)))),
            """{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Composition","section":[{"entry":[{"reference":"#"}],"emptyReason":{"coding":[{}]}}]}},{"resource":{"resourceType":"Observation","id":"a","code":{"coding":[{"code":"1"}]},"valueQuantity":{"value":1e400},"component":[{}]}}]}"""u8.ToArray(),
        ];
        for (var round = 0; round < 400; round++)
        {
            var bytes = round % 4 == 3 ? new byte[random.Next(1, 4000)] : (byte[])samples[round % samples.Length].Clone();
            if (round % 4 == 3) random.NextBytes(bytes);
            else for (var hit = 0; hit < random.Next(1, 12); hit++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var cut = random.Next(5) == 0 ? bytes.AsMemory(0, random.Next(1, bytes.Length)) : bytes;

            var reading = new ContentReader().Read(new DocumentMetadata { UniqueId = "urn:oid:1", Category = DataCategory.CareReports, MimeType = Types[random.Next(Types.Length)], Title = "T" }, cut);

            Assert.NotNull(FactSheet.FromBytes(reading.Facts));
            Assert.NotNull(Packing.Unpack(reading.Text));
        }
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("\uD800 \uDC00")]
    [InlineData("é\uDBFF")]
    public void Characters_that_are_no_text_divide_words_and_stop_nothing(string broken)
    {
        Assert.Equal("avant apres", Folding.Fold("avant" + broken.Replace("é", "", StringComparison.Ordinal) + "après"));
        Assert.Equal("\navant", Encoding.UTF8.GetString(TermList.Of(null, "avant" + broken.Replace("é", "", StringComparison.Ordinal), FactSheet.Empty)));
    }
}
