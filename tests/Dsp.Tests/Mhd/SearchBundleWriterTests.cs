using System.Text.Json.Nodes;
using CsCheck;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Mhd;

public sealed class SearchBundleWriterTests
{
    [Fact]
    public void A_provided_document_comes_out_as_it_went_in_but_for_what_the_answer_adds()
    {
        var sent = ProvideExample.Good();
        var document = ProvideExample.ReadGood(sent).Submission.Documents[0];

        var found = Stored.Json(Stored.Bytes([Stored.Of(document)]))["entry"]![0]!["resource"]!.AsObject();

        var expected = sent.Document().DeepClone().AsObject();
        expected["id"] = "0195a1b2-0000-7000-8000-000000000001";
        expected["meta"] = JsonNode.Parse("""{ "versionId": "1", "lastUpdated": "2026-03-02T08:00:00.123Z", "profile": ["https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Comprehensive.DocumentReference"] }""");
        expected["subject"] = JsonNode.Parse("""{ "reference": "Patient/0195a1b2-0000-7000-8000-000000000001" }""");
        expected["custodian"] = JsonNode.Parse("""{ "display": "Dossier de soins partagé" }""");
        expected["content"]![0]!["attachment"]!["url"] = ProvideExample.Base + "/Binary/0195a1b2-0000-7000-8000-000000000001";
        Assert.True(JsonNode.DeepEquals(expected, found), found.ToJsonString());
    }

    [Fact]
    public void What_is_written_is_strict_fhir_and_reads_back_to_equal_metadata()
    {
        Metadata.Sample(
            metadata =>
            {
                var stored = Stored.Of(metadata, SinglePartBuilder.Document(metadata));
                var source = (DocumentReference)Stored.Search([stored]).Entry[0].Resource!;
                var read = MetadataReader.Read(source, ReferenceResolver.ContainedOnly);
                Assert.Equivalent(metadata with { Sha1 = [], Sha256 = [], Size = 0 }, read, strict: true);
                Assert.Equal(metadata.Sha1, source.Content[0].Attachment!.Hash);
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public void A_hidden_target_of_a_relation_is_not_hinted_at()
    {
        var hidden = new DocumentId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000a"));
        var shown = new DocumentId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000b"));
        var document = ProvideExample.ReadGood(ProvideExample.Good()).Submission.Documents[0];
        var metadata = document.Metadata with { Relations = [new(RelationKind.Appends, hidden), new(RelationKind.Transforms, shown)] };
        var stored = Stored.Of(metadata, document.Fhir);

        var source = (DocumentReference)Stored.Search([stored], id => id == shown).Entry[0].Resource!;

        var relation = Assert.Single(source.RelatesTo);
        Assert.Equal((DocumentRelationshipType.Transforms, "DocumentReference/" + shown), (relation.Code, relation.Target!.Reference));
        Assert.DoesNotContain("relatesTo", System.Text.Encoding.UTF8.GetString(Stored.Bytes([stored], _ => false)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 0)]
    [InlineData(3, 7)]
    public void The_total_stands_only_where_asked_for(int documents, int? total)
    {
        var one = ProvideExample.ReadGood(ProvideExample.Good()).Submission.Documents[0];

        var bundle = Stored.Search([.. Enumerable.Range(1, documents).Select(i => Stored.Of(one, i))], total: total);

        Assert.Equal(documents, bundle.Entry.Count);
        Assert.Equal(total, bundle.Total);
        Assert.Equal("self", Assert.Single(bundle.Link).Relation);
    }

    [Fact]
    public void A_superseded_document_says_so()
    {
        var one = ProvideExample.ReadGood(ProvideExample.Good()).Submission.Documents[0];

        var source = (DocumentReference)Stored.Search([Stored.Of(one.Metadata, one.Fhir, 1, DocumentStatus.Superseded)]).Entry[0].Resource!;

        Assert.Equal(DocumentReferenceStatus.Superseded, source.Status);
    }

    [Fact]
    public void The_answer_to_a_deposit_has_each_entry_in_its_place()
    {
        var request = ProvideExample.ReadGood(ProvideExample.Good());
        var document = new DocumentId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000c"));
        var made = new Deposited(Stored.Record, request.Submission.Submission.Id, new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), [new(document, default, 1)], false);
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        TransactionResponseWriter.Write(output, request, made);

        var (bundle, problems) = FhirJson.Parse<Bundle>(output.WrittenSpan);
        Assert.Empty(problems);
        Assert.Equal(Bundle.BundleType.TransactionResponse, bundle!.Type);
        Assert.Equal(
            [$"List/{made.Submission}/_history/1", $"DocumentReference/{document}/_history/1", $"Binary/{document}/_history/1"],
            bundle.Entry.Select(e => e.Response!.Location));
        Assert.All(bundle.Entry, e => Assert.Equal(("201 Created", "W/\"1\""), (e.Response!.Status, e.Response.Etag)));
    }

    [Fact]
    public void A_submission_set_lists_only_the_documents_its_reader_may_see()
    {
        var submission = ProvideExample.ReadGood(ProvideExample.Good()).Submission.Submission;
        var shown = new DocumentId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000b"));
        var hidden = new DocumentId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000c"));
        var list = DocumentList.Of(submission with { Documents = [hidden, shown] }, Stored.Record, d => d == shown)!;

        var (read, problems) = FhirJson.Parse<List>(CanonicalList.Bytes(list));

        Assert.Empty(problems);
        Assert.Equal("DocumentReference/" + shown, Assert.Single(read!.Entry).Item!.Reference);
        Assert.Null(DocumentList.Of(submission with { Documents = [hidden] }, Stored.Record, d => d == shown));
    }

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Word = One("Wéber", "a\"b\\c", "<b>&amp;", "漢字", "x", "Ligne\nsuivante", "👩‍⚕️");
    private static readonly Gen<string?> Optional = Gen.OneOf(Word.Select(w => (string?)w), Gen.Const((string?)null));
    private static readonly Gen<CodedValue> Coded = Gen.Select(One("http://loinc.org", "http://snomed.info/sct", "urn:oid:1.2.3"), One("11502-2", "a.b"), Optional, (s, c, d) => new CodedValue(s, c, d));
    private static readonly Gen<CodedValue?> MaybeCoded = Gen.OneOf(Coded.Select(c => (CodedValue?)c), Gen.Const((CodedValue?)null));
    private static readonly Gen<EntryIdentifier> Identifier = Gen.Select(One("urn:oid:1.2.3", "urn:ietf:rfc:3986"), Word, One<string?>("official", "usual", null), One<string?>("entryUUID", "urn:ihe:iti:xds:2013:order", null), (s, v, u, t) => new EntryIdentifier(s, v.Trim(), u, t));
    private static readonly Gen<PartialDate?> Date = One<string?>("2026", "2026-03", "2026-03-02", "2026-03-02T08:00:00+01:00", "2026-03-02T08:00:00.120Z", null).Select(t => FhirDates.TryParse(t, out var d) ? d : null);

    private static readonly Gen<Author> SomeAuthor = Gen.Select(
        Optional, Word.List[0, 2], Identifier.List[0, 2], Optional, Optional, Optional,
        (family, given, ids, institution, role, specialty) => new Author(family, given, ids, institution, role, specialty))
        .Where(a => a.Family is not null || a.Given.Count > 0 || a.Identifiers.Count > 0 || a.Institution is not null);

    private static readonly Gen<DocumentMetadata> Metadata = Gen.Select(
        Gen.Select(Identifier.List[0, 2], Coded.List[0, 2], MaybeCoded, MaybeCoded, MaybeCoded),
        Gen.Select(Optional, Optional, Date, Date, Date),
        Gen.Select(SomeAuthor.List[0, 3], Gen.OneOf(SomeAuthor.Select(a => (Author?)a), Gen.Const((Author?)null)), Coded.List[0, 3]),
        Gen.Select(Coded.List[0, 2], Identifier.List[0, 2], Gen.OneOf(Identifier.Select(i => (EntryIdentifier?)i), Gen.Const((EntryIdentifier?)null))),
        (codes, texts, people, more) =>
        {
            var (identifiers, classes, type, facility, setting) = codes;
            var (title, description, creation, start, end) = texts;
            var (authors, authenticator, events) = people;
            var (labels, references, patient) = more;
            return new DocumentMetadata
            {
                UniqueId = ProvideExample.UniqueId,
                Identifiers = identifiers,
                Category = AffinityDomain.CategoryOf(classes, type) ?? default,
                ClassCodes = classes,
                Type = type,
                Facility = facility,
                PracticeSetting = setting,
                Format = type,
                MimeType = "application/pdf",
                Language = "fr-LU",
                Title = title,
                Description = description,
                Creation = creation,
                Date = FhirDates.Of(new DateTimeOffset(2026, 3, 2, 8, 0, 0, 5, TimeSpan.Zero)),
                Period = start is null && end is null ? null : new ServicePeriod(start, end),
                Authors = authors,
                Authenticator = authenticator,
                Events = events,
                SecurityLabels = labels,
                References = references,
                SourcePatientId = patient,
                Order = references.FirstOrDefault(r => r.Type == "urn:ihe:iti:xds:2013:order")?.Value,
                Sha1 = [.. Enumerable.Range(0, 20).Select(i => (byte)i)],
                Size = 51200,
            };
        });
}
