using System.Security.Cryptography;
using System.Text;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Tests.Documents;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Facts;

/// <summary>Deposits of coded documents in a record, and what each person sees of their facts.</summary>
internal static class FactWorld
{
    /// <summary>A consultation report with an allergy, a problem, a result, a medicine and a pacemaker.</summary>
    public static byte[] Report(string allergen = "Penicillin") => Document(
        Section("48765-2", "Allergie", Allergy(AllergyTo(Penicillin.Replace("Penicillin", allergen, StringComparison.Ordinal)))),
        Section("11450-4", """<paragraph ID="p1">Hypertension artérielle traitée</paragraph>""", Problem("""<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Essential hypertension"/>""")),
        Section("30954-2", "Kalium 4,1", Panel(Result("2823-3", "Kalium", """<value xsi:type="PQ" value="4.1" unit="mmol/l"/>"""))),
        Section("10160-0", "Ramipril", Medicine("""<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/>""")),
        Section("46264-8", "Stimulateur", """<supply classCode="SPLY" moodCode="EVN"><templateId root="1.3.6.1.4.1.12559.11.10.1.3.1.3.5"/><effectiveTime value="2021"/><participant typeCode="DEV"><participantRole classCode="MANU"><playingDevice><code code="14106009" codeSystem="2.16.840.1.113883.6.96" displayName="Pacemaker"/></playingDevice></participantRole></participant></supply>"""));

    public static async Task<DocumentId> DepositAsync(this DocumentWorld world, Caller by, string uniqueId, byte[] content, DataCategory category = DataCategory.CareReports, string title = "Rapport", string? replaces = null, string type = "text/xml")
    {
        var submission = DocumentWorld.Submission(uniqueId, content, category, title, "urn:oid:1.2.9." + uniqueId.Split('.')[^1], replaces is null ? null : [(RelationKind.Replaces, replaces)]);
        var document = submission.Documents[0];
        var deposited = await world.DepositAsync(by, submission with { Documents = [document with { Metadata = document.Metadata with { MimeType = type } }] });
        Assert.True(deposited.Succeeded, deposited.Refusal?.Id);
        return deposited.Value.Documents[0].Id;
    }

    public static async Task<FoundFacts> FactsAsync(this DocumentWorld world, Caller by, params FactKind[] kinds) =>
        (await world.World.Operation<ReadFacts>().RunAsync(by, world.Patient, new FactQuery { Kinds = kinds.Length == 0 ? null : kinds }, world.World.Cancel)).Value;

    public static async Task<string> NamesAsync(this DocumentWorld world, Caller by) =>
        string.Join(", ", (await world.FactsAsync(by)).Facts.Select(f => f.Fact.Name));
}
