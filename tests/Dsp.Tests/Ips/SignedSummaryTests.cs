using System.Buffers;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Facts;
using Dsp.Interop.Fhir;
using Dsp.Interop.Ips;
using Dsp.Journal;
using Dsp.Storage;
using Dsp.Tests.Conformance;
using Dsp.Tests.Documents;
using Dsp.Tests.Facts;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Ips;

/// <summary>What a referring doctor signs: a valid international summary that says what was kept, and nothing else.</summary>
public sealed class SignedSummaryTests
{
    private static readonly IpsSigner Signer = new("THILLARAY Anna", "Cabinet (fictif)");

    [Fact]
    public void A_signed_summary_is_a_final_valid_document_with_its_doctor_as_author_and_attester()
    {
        var bundle = IpsBundle.Of(Chosen(keep: _ => true, added: true), SummaryOf.In("fr") with { Signer = Signer });

        Assert.Empty(ProfileCheck.Problems(bundle, Guide.IpsBundle));
        var composition = (Composition)bundle.Entry[0].Resource!;
        Assert.Equal(CompositionStatus.Final, composition.Status);
        var who = Assert.IsType<Practitioner>(bundle.Entry.First(e => e.FullUrl == composition.Author[0].Reference).Resource);
        Assert.Equal("THILLARAY Anna", who.Name[0].Text);
        Assert.Equal(Composition.CompositionAttestationMode.Professional, Assert.Single(composition.Attester).Mode);
    }

    [Fact]
    public void Its_facts_read_back_are_the_lines_that_were_kept_and_written()
    {
        var sheet = Read(Chosen(keep: e => e.Shown.Fact.Kind != FactKind.Medicine, added: true), SummaryOf.In("fr") with { Signer = Signer });

        Assert.Equal(["Diabète de type 2", "Essential hypertension", "Penicillin"], sheet.Facts.Where(f => f.Statement == FactStatement.Asserted && f.Kind is FactKind.Allergy or FactKind.Problem or FactKind.Medicine).Select(f => f.Name!).Order(StringComparer.Ordinal));
        var written = sheet.Facts.Single(f => f.Name == "Diabète de type 2");
        Assert.Equal("2019", written.Start!.Text);
        // A status that FHIR asked for and nobody gave does not become a statement by being signed.
        Assert.Null(sheet.Facts.Single(f => f.Kind == FactKind.Allergy).ClinicalStatus);
        // Measurements stay live: a signed copy would age beside the newer value.
        Assert.DoesNotContain(sheet.Facts, f => f.Kind is FactKind.Result or FactKind.VitalSign);
    }

    [Fact]
    public void A_denial_that_was_kept_stays_a_denial()
    {
        var denied = Document(Section("48765-2", "", Allergy(AllergyTo("""<code code="716186003" codeSystem="2.16.840.1.113883.6.96" displayName="No known allergy"/>"""))));
        var summary = SummaryOf.Facts(Recorded(denied)).Only(_ => true, []);

        var fact = Assert.Single(Read(summary, SummaryOf.In("fr") with { Signer = Signer }).Facts, f => f.Kind == FactKind.Allergy);
        Assert.Equal(FactStatement.Negated, fact.Statement);
    }

    [Fact]
    public void An_extract_holds_its_own_section_alone()
    {
        var extract = new IpsExtract("48765-2", "Allergies and adverse reactions Document", "Allergies", [FactKind.Allergy]);
        var chosen = Chosen(keep: _ => true, added: true);
        var bundle = IpsBundle.Of(chosen, SummaryOf.In("fr") with { Signer = Signer, Extract = extract });

        var composition = (Composition)bundle.Entry[0].Resource!;
        Assert.Equal("48765-2", composition.Type!.Coding[0].Code);
        Assert.Equal(["48765-2"], composition.Section.Select(s => s.Code!.Coding[0].Code));
        Assert.Equal([FactKind.Allergy], Read(chosen, SummaryOf.In("fr") with { Signer = Signer, Extract = extract }).Facts.Select(f => f.Kind).Distinct());
    }

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task Only_the_referring_doctor_deposits_what_says_that_it_is_signed(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        foreach (var format in new[] { SignedFormats.Summary, SignedFormats.Item })
        {
            var (refused, kept) = (await DepositAsync(world, world.Thill, format, "1", sources: []), await DepositAsync(world, world.OfGroup[MatrixGroup.REF], format, "2", sources: []));

            Assert.Equal(Refusals.NotTheReferringDoctor.Id, refused.Refusal?.Id);
            // Nor does the referring doctor by another door, which cannot say what it was made of.
            Assert.Equal(Refusals.NotTheReferringDoctor.Id, (await DepositAsync(world, world.OfGroup[MatrixGroup.REF], format, "3", sources: null)).Refusal?.Id);
            Assert.True(kept.Succeeded, kept.Refusal?.Id);
            var stored = (await world.FactsAsync(world.Holder)).Documents;
            Assert.DoesNotContain(stored, d => d.Entry.DepositedBy == world.Thill.Person);
        }
    }

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task What_was_signed_is_hidden_with_each_of_its_sources(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var referring = world.OfGroup[MatrixGroup.REF];
        var (source, other, summary, item) = await SignedOfTwoAsync(world);
        var (nurse, pharmacist) = (world.OfGroup[MatrixGroup.INF], world.Pharmacist);
        Assert.Equal((true, true), await SeesAsync(nurse));
        // The pharmacist reads no summaries; the item is in a category of theirs.
        Assert.Equal((false, true), await SeesAsync(pharmacist));

        foreach (var reader in new[] { nurse, pharmacist })
            Assert.True((await world.World.Operation<MaskItem>().RunAsync(world.Holder, world.Record, source, MaskFrom.One(new ActorRef(reader.Person, null)), "vu", world.World.Cancel)).Succeeded);

        Assert.Equal((false, false), await SeesAsync(nurse));
        Assert.Equal((false, false), await SeesAsync(pharmacist));
        Assert.Equal((true, true), await SeesAsync(referring));
        Assert.Equal((true, true), await SeesAsync(world.Holder));
        // To the nurse there is no signed version: the live summary of what they may see.
        Assert.Null(SignedVersion.Newest((await world.FactsAsync(nurse)).Documents));
        Assert.DoesNotContain("Penicillin", await world.NamesAsync(nurse), StringComparison.Ordinal);

        async Task<(bool, bool)> SeesAsync(Caller caller)
        {
            var listed = (await world.FactsAsync(caller)).Documents.Select(d => d.Id).ToHashSet();
            foreach (var id in new[] { summary, item })
                Assert.Equal(listed.Contains(id), (await world.World.Operation<RetrieveDocument>().RunAsync(caller, world.Record, id, range: null, world.World.Cancel)).Succeeded);
            return (listed.Contains(summary), listed.Contains(item));
        }
    }

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task What_was_signed_of_a_withdrawn_document_is_withdrawn_with_it(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var referring = world.OfGroup[MatrixGroup.REF];
        var (source, other, summary, item) = await SignedOfTwoAsync(world);
        var kept = (await DepositAsync(world, referring, SignedFormats.Item, "6", sources: [other], category: DataCategory.AllergiesIntolerances)).Value.Documents[0].Id;
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));

        var done = await world.World.Operation<WithdrawDocument>().RunAsync(world.Thill, world.Record, source, WithdrawalReason.Author, world.World.Cancel);

        Assert.True(done.Succeeded, done.Refusal?.Id);
        var left = await world.FactsAsync(world.Holder);
        Assert.Equal(new HashSet<DocumentId> { other, kept }, left.Documents.Select(d => d.Id).ToHashSet());
        Assert.Null(SignedVersion.Newest(left.Documents));
        Assert.DoesNotContain(left.Facts, f => f.Source.Id == source || f.Source.Id == summary || f.Source.Id == item);
        foreach (var id in new[] { summary, item })
            Assert.False((await world.World.Operation<RetrieveDocument>().RunAsync(world.Holder, world.Record, id, range: null, world.World.Cancel)).Succeeded);
        // The line in the holder's journal names all three.
        var line = Assert.Single((await world.World.Operation<ReadHistory>().RunAsync(world.Holder, world.Record, new WantedHistory(), world.World.Cancel)).Value.Lines, l => l.Entry.Action == JournalActions.Withdraw).Entry;
        Assert.Equal(new HashSet<DocumentId> { source, summary, item }, line.Documents.ToHashSet());
    }

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task Nothing_is_signed_of_what_is_withdrawn_and_a_signature_decided_before_decides_again(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var source = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", FactWorld.Report());
        var referring = world.OfGroup[MatrixGroup.REF];
        var entered = await world.World.Platform.Gate.EnterAsync(new AccessRequest(referring, world.Patient, AccessAction.Deposit, JournalActions.Deposit), world.World.Cancel);
        using var decided = entered.Permit!;

        Assert.True((await world.World.Operation<WithdrawDocument>().RunAsync(world.Thill, world.Record, source, WithdrawalReason.Author, world.World.Cancel)).Succeeded);

        await Assert.ThrowsAsync<SheetChangedException>(() => decided.SpendAsync(new Batch(), world.World.Cancel));
        decided.Faulted = true;
        Assert.Equal(Refusals.TargetNotCurrent.Id, (await DepositAsync(world, referring, SignedFormats.Summary, "4", sources: [source])).Refusal?.Id);
        Assert.Empty((await world.FactsAsync(world.Holder)).Documents);
    }

    [Theory, EveryStore]
    public async System.Threading.Tasks.Task After_a_signature_the_summary_rests_on_it_on_what_came_later_and_on_what_its_doctor_could_not_see(Store store)
    {
        await using var world = await DocumentWorld.CreateAsync(store);
        var gone = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", FactWorld.Report());
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.5", Document(Section("11450-4", "", Problem("""<value xsi:type="CD" code="35489007" codeSystem="2.16.840.1.113883.6.96" displayName="Depressive disorder"/>"""))), title: "Masqué au médecin");
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var signed = FhirJson.Bytes(IpsBundle.Of(Chosen(keep: e => e.Shown.Fact.Kind == FactKind.Allergy, added: false), SummaryOf.In("fr") with { Signer = Signer }));
        Assert.True((await DepositAsync(world, world.OfGroup[MatrixGroup.REF], SignedFormats.Summary, "2", signed, [], goneThrough: [gone])).Succeeded);
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.DepositAsync(world.Thill, "urn:oid:1.2.3.3", Document(Section("11450-4", "", Problem("""<value xsi:type="CD" code="73211009" codeSystem="2.16.840.1.113883.6.96" displayName="Diabetes mellitus"/>"""))), title: "Nouveau");

        var found = await world.FactsAsync(world.Holder);
        var (basis, all) = (Of(found, fromSigned: true), Of(found, fromSigned: false));

        Assert.Equal(["Depressive disorder", "Diabetes mellitus", "Penicillin"], Names(basis));
        Assert.Equal(["Depressive disorder", "Diabetes mellitus", "Essential hypertension", "Pacemaker", "Penicillin", "Ramipril"], Names(all));
        Assert.True(basis.FromSigned);
        Assert.Equal(1, basis.Signed!.Number);
        // To somebody who may not read summaries there is no signed one, and what they may see rests on all documents.
        var pharmacist = Of(await world.FactsAsync(world.Pharmacist), fromSigned: true);
        Assert.Null(pharmacist.Signed);
        Assert.Contains("Ramipril", Names(pharmacist));

        PatientSummary Of(FoundFacts facts, bool fromSigned) => PatientSummary.Of(facts, new Dsp.Identity.Person(default, facts.Record, 1, new Dsp.Identity.PersonDetails { Family = "W", Given = "E" }), Guid.NewGuid(), world.World.Clock.GetUtcNow(), fromSigned);
        static IEnumerable<string> Names(PatientSummary summary) => summary.Parts.Where(p => p.Kind is not FactKind.Result).SelectMany(p => p.Entries).Select(e => e.Shown.Fact.Name!).Order(StringComparer.Ordinal);
    }

    /// <summary>Two documents, a summary signed of both and an item of the first.</summary>
    private static async Task<(DocumentId Source, DocumentId Other, DocumentId Summary, DocumentId Item)> SignedOfTwoAsync(DocumentWorld world)
    {
        var source = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.1", FactWorld.Report());
        var other = await world.DepositAsync(world.Thill, "urn:oid:1.2.3.2", FactWorld.Report("Latex"), title: "Autre");
        var referring = world.OfGroup[MatrixGroup.REF];
        var summary = (await DepositAsync(world, referring, SignedFormats.Summary, "4", sources: [source, other])).Value.Documents[0].Id;
        var item = (await DepositAsync(world, referring, SignedFormats.Item, "5", sources: [source], category: DataCategory.AllergiesIntolerances)).Value.Documents[0].Id;
        return (source, other, summary, item);
    }

    private static PatientSummary Chosen(Func<SummaryEntry, bool> keep, bool added)
    {
        var own = SignedVersion.OwnWords(default, new DocumentMetadata { UniqueId = "urn:oid:1.2", Category = DataCategory.Syntheses, MimeType = "application/fhir+json", Title = "Résumé patient" }, SummaryOf.Now);
        var line = new RecordedFact(new Fact { Kind = FactKind.Problem, Statement = FactStatement.Asserted, Code = new Concept(Text: "Diabète de type 2"), Start = new FactDate("2019", new DateTimeOffset(2019, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), Author = new FactAuthor(Signer.Name, Signer.Institution), Place = new FactPlace("own/1") }, own);
        return SummaryOf.Facts(Recorded(FactWorld.Report())).Only(keep, added ? [line] : []);
    }

    private static List<RecordedFact> Recorded(byte[] cda)
    {
        var source = SummaryOf.Document(DataCategory.CareReports);
        return [.. CdaFactSheet.Read(cda, DataCategory.CareReports).Facts.Select(f => new RecordedFact(f, source))];
    }

    private static FactSheet Read(PatientSummary summary, IpsFacts facts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        IpsBundle.Write(bytes, summary, facts);
        return FhirFactSheet.ReadJson(bytes.WrittenMemory.ToArray(), DataCategory.Syntheses);
    }

    private static async Task<Outcome<Deposited>> DepositAsync(DocumentWorld world, Caller by, CodedValue format, string number, byte[]? content = null, IReadOnlyCollection<DocumentId>? sources = null, DataCategory category = DataCategory.Syntheses, IReadOnlyList<DocumentId>? goneThrough = null)
    {
        var id = $"urn:oid:1.2.4.{number}{(format == SignedFormats.Item ? "7" : "")}";
        var submission = DocumentWorld.Submission(id, content ?? FhirJson.Bytes(IpsBundle.Of(Chosen(_ => true, false), SummaryOf.In("fr"))), category, "Résumé patient", "urn:oid:1.2.9." + id.Split('.')[^1]);
        var document = submission.Documents[0];
        return await world.DepositAsync(by, submission with { Documents = [document with { Sources = sources, Metadata = document.Metadata with { MimeType = "application/fhir+json", Format = format, GoneThrough = goneThrough } }] });
    }
}
