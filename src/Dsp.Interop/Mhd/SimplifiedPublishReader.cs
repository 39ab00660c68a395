using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;

namespace Dsp.Interop.Mhd;

/// <summary>
/// ITI-105 Simplified Publish (MHD 4.2.4 §2:3.105): one DocumentReference that carries its bytes → a submission of one document, whose
/// submission set is made here. The rules are those of ITI-65 Minimal; nothing is replaced and no folder is filled by this call.
/// </summary>
public static class SimplifiedPublishReader
{
    private const string DocumentUrl = "urn:dsp:document";
    private const string ContentUrl = "urn:dsp:content";
    private const string DataPath = "DocumentReference.content[0].attachment.data";

    /// <summary>Reads one message. Nothing of its text is repeated in a refusal.</summary>
    /// <param name="sourceId">Who sends, as a URI: the sourceId of the submission set.</param>
    /// <param name="clock">Gives the submission its ids and instant.</param>
    public static Outcome<ProvidedSubmission> Read(ReadOnlyMemory<byte> json, ProvideSettings settings, string sourceId, TimeProvider clock)
    {
        if (json.Length > settings.MaxBytes) return ProvideBundleReader.TooLarge(settings.MaxBytes);
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        var scan = AttachmentScan.Read(json);
        if (!scan.Succeeded) return scan.Refusal;
        var problems = new Problems();
        var (document, found) = FhirJson.Parse<DocumentReference>(scan.Value.WithoutData.Span);
        problems.AddRange(found.Select(Named));
        if (document is null || problems.Unreadable)
        {
            if (!problems.Any) problems.Add(Refusals.Malformed);
            return problems.Refusal();
        }
        try
        {
            OwnRules(document, problems);
            var message = MessageOf(document, scan.Value.Data ?? [], json, settings, clock);
            foreach (var rule in ProvideRules.All) ProvideBundleReader.Check(rule, message);
            if (message.Problems.Any) problems.AddRange(Placed(message.Problems.Refusal()));
            return problems.Any ? problems.Refusal() : Provided(message, sourceId, clock);
        }
        catch (CodedValidationException) when (problems.Any)
        {
            // A rule met a value the parse could not read and has already told of.
            return problems.Refusal();
        }
    }

    private static void OwnRules(DocumentReference document, Problems problems)
    {
        for (var i = 0; i < document.RelatesTo.Count; i++)
            if (document.RelatesTo[i].Code == DocumentRelationshipType.Replaces)
                problems.Add(Refusals.InvalidMetadata.Because("This call replaces nothing. Send the new version as a bundle (ITI-65).").At($"DocumentReference.relatesTo[{i}].code"));
        if (document.Content is [{ Attachment.Url: not null }, ..])
            problems.Add(Refusals.InvalidMetadata.Because("In this call the attachment carries its bytes and has no address.").At("DocumentReference.content[0].attachment.url"));
    }

    /// <summary>The same document as an ITI-65 message would hold it, so that one set of rules speaks.</summary>
    private static ProvideMessage MessageOf(DocumentReference document, byte[] data, ReadOnlyMemory<byte> json, ProvideSettings settings, TimeProvider clock)
    {
        var binary = new Binary();
        if (document.Content is [{ Attachment: { } attachment }, ..])
        {
            binary.ContentType = attachment.ContentType;
            attachment.DataElement = null;
            attachment.Url = ContentUrl;
        }
        var list = new List
        {
            Status = List.ListStatus.Current,
            Mode = ListMode.Working,
            Code = new CodeableConcept(FhirNames.ListTypes, "submissionset"),
            Date = Instants.Text(clock.GetUtcNow()),
            Identifier = [new Identifier(FhirNames.UriSystem, Ids.Oid(Ids.New(clock)))],
            Entry = [new List.EntryComponent { Item = new ResourceReference(DocumentUrl) }],
        };
        list.AddExtension(FhirNames.SourceId, new Identifier { Value = ContentUrl });
        var bundle = new Bundle
        {
            Type = Bundle.BundleType.Transaction,
            Meta = new Meta { Profile = [FhirNames.Mhd + "IHE.MHD.Minimal.ProvideBundle"] },
            Entry = [Entry("urn:dsp:submission", list), Entry(DocumentUrl, document), Entry(ContentUrl, binary)],
        };
        var scanned = new BundleScan([new(0, 0, "List", null), new(0, 0, "DocumentReference", null), new(0, 0, "Binary", data)], default);
        return new ProvideMessage(bundle, scanned, json, settings, new Problems());
    }

    private static Bundle.EntryComponent Entry(string url, Resource resource) =>
        new() { FullUrl = url, Resource = resource, Request = new Bundle.RequestComponent { Method = Bundle.HTTPVerb.POST, Url = resource.TypeName } };

    /// <summary>Every problem at the place the sender knows.</summary>
    private static IEnumerable<Refusal> Placed(Refusal refusal) =>
        refusal.Others.Prepend(refusal with { Others = [] }).Select(r => r.Expression is { } at ? r.At(Place(at)) : r);

    /// <summary>The parser calls the resource itself <c>$this</c>.</summary>
    private static Refusal Named(Refusal refusal) =>
        refusal.Expression is { } at && at.StartsWith("$this", StringComparison.Ordinal) ? refusal.At(string.Concat("DocumentReference", at.AsSpan(5))) : refusal;

    private static string Place(string expression) =>
        expression.StartsWith("Bundle.entry[2]", StringComparison.Ordinal) ? DataPath
        : expression.Replace("Bundle.entry[1].resource", "DocumentReference", StringComparison.Ordinal);

    private static ProvidedSubmission Provided(ProvideMessage m, string sourceId, TimeProvider clock)
    {
        var document = ProvideBundleReader.Document(m, m.Documents[0]);
        var metadata = document.Metadata;
        var submission = new Submission
        {
            Id = SubmissionId.New(clock),
            UniqueId = SubmissionRules.UniqueId(m.Submissions[0].Source)!.Value!,
            Title = metadata.Title,
            ContentType = metadata.Type,
            SourceId = sourceId,
            SubmittedAt = clock.Now(),
            Author = metadata.Authors.Count > 0 ? metadata.Authors[0] : null,
        };
        return new ProvidedSubmission { Patient = m.Patient!, Submission = submission with { Fhir = SinglePartBuilder.Submission(submission) }, Documents = [document], Simplified = true };
    }
}
