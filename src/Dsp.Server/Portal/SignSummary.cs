using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Ips;
using Dsp.Interop.Mhd;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>What a referring doctor chose and wrote.</summary>
/// <param name="Based">The version the form was opened on; null where there was none.</param>
/// <param name="Offered">What the form offered (<see cref="PatientSummary.Offered"/>).</param>
/// <param name="Kept">Keys of the lines that stay.</param>
/// <param name="Added">Lines in the doctor's own words.</param>
public sealed record SummaryChoice(DocumentId? Based, string Offered, IReadOnlySet<string> Kept, IReadOnlyList<AddedLine> Added);

/// <param name="Since">A year, or a day (<c>2019</c>, <c>2019-03-12</c>).</param>
/// <param name="Dose">Of a medicine, in words.</param>
public sealed record AddedLine(FactKind Kind, string Words, FactDate? Since, string? Dose);

/// <summary>
/// Signs a patient summary (R45): what the referring doctor kept becomes the next version, and its allergies and medicines
/// documents of their own categories, so that those who may not read summaries see them. All in one submission, or nothing.
/// </summary>
public sealed class SignSummary(ComposeSummary compose, DepositDocuments deposit, Addresses addresses, TimeProvider clock)
{
    /// <summary>What can be added in words.</summary>
    public static IReadOnlyList<FactKind> Addable { get; } = SignedVersion.Carried;

    private const string Loinc = "http://loinc.org";
    private static readonly string Version = typeof(SignSummary).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <returns>
    /// <see cref="Refusals.NotTheReferringDoctor"/> for everybody else; <see cref="Refusals.VersionStale"/> where another version
    /// was signed since the form was opened; <see cref="Refusals.ParameterInvalid"/> where nothing is left.
    /// </returns>
    public async Task<Outcome<Deposited>> RunAsync(Caller caller, RecordId record, Author signer, SummaryChoice choice, ITexts texts, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var read = await compose.RunAsync(caller, new RecordRef.ById(record), cancel, fromSigned: true, SignedVersion.Carried);
        if (!read.Succeeded) return read.Refusal;
        var current = read.Value.Signed;
        // Somebody signed, or a document arrived: what the doctor has not seen is neither signed nor left out.
        if (current?.Document.Id != choice.Based || read.Value.Offered != choice.Offered) return Refusals.VersionStale;
        var whole = Metadata(DataCategory.Syntheses, SignedVersion.TypeCode, texts["summary.documentTitle"], signer, texts, now) with
        {
            Format = SignedFormats.Summary,
            Identifiers = [new EntryIdentifier(SignedVersion.NumberSystem, ((current?.Number ?? 0) + 1).ToString(CultureInfo.InvariantCulture))],
            GoneThrough = read.Value.GoneThrough,
        };
        var own = SignedVersion.OwnWords(record, whole, now);
        var chosen = read.Value.Only(e => choice.Kept.Contains(e.Key), [.. choice.Added.Select((line, i) => Said(line, i, signer, own))]);
        if (chosen.Parts.All(p => p.Entries.Count + p.Denials.Count == 0)) return Refusals.ParameterInvalid.Because("A summary without a line cannot be signed. Keep or add one at least.");
        var words = new IpsFacts(addresses.Fhir, Version, IpsTexts.For(CultureInfo.GetCultureInfo(texts.Language.Culture))) { Signer = new IpsSigner(signer.Name, signer.Institution) };
        var documents = new List<ProvidedDocument> { Document(whole, chosen, words, Former(current?.Document, caller)) };
        foreach (var (kind, category, extract) in Extracts(texts))
        {
            var former = read.Value.SignedItems.FirstOrDefault(d => d.Entry.Facts.Category == category);
            // Where nothing is left of what was published, an item that holds nothing takes its place.
            if (former is null && !chosen.Parts.Any(p => p.Kind == kind && p.Entries.Count + p.Denials.Count > 0)) continue;
            var metadata = Metadata(category, extract.Type, extract.Title, signer, texts, now) with { Format = SignedFormats.Item };
            documents.Add(Document(metadata, chosen with { Id = Ids.New(clock) }, words with { Extract = extract }, Former(former, caller)));
        }
        var submission = new Submission { Id = default, UniqueId = Ids.Oid(Ids.New(clock)), SubmittedAt = now, Author = signer };
        return await deposit.RunAsync(caller, new RecordRef.ById(record), new ProvidedSubmission
        {
            Patient = new PatientIdentifier("", "", record),
            Submission = submission with { Fhir = SinglePartBuilder.Submission(submission) },
            Documents = documents,
        }, cancel);
    }

    private static IEnumerable<(FactKind Kind, DataCategory Category, IpsExtract Extract)> Extracts(ITexts texts) =>
    [
        (FactKind.Allergy, DataCategory.AllergiesIntolerances, new IpsExtract("48765-2", "Allergies and adverse reactions Document", texts["summary.allergiesTitle"], [FactKind.Allergy])),
        (FactKind.Medicine, DataCategory.PrescriptionsTreatments, new IpsExtract("56445-0", "Medication summary Document", texts["summary.treatmentsTitle"], [FactKind.Medicine])),
    ];

    /// <summary>One's own former version is replaced; another doctor's stays as it is, older.</summary>
    private static DocumentId? Former(StoredDocument? document, Caller caller) => document is not null && document.Entry.DepositedBy == caller.Person ? document.Id : null;

    private static RecordedFact Said(AddedLine line, int index, Author signer, StoredDocument own) => new(
        new Fact
        {
            Kind = line.Kind,
            Category = FactCategories.Of(line.Kind, FactStage.Done, DataCategory.Syntheses),
            Statement = FactStatement.Asserted,
            Code = new Concept(Text: line.Words),
            Start = line.Since,
            ClinicalStatus = line.Kind is FactKind.Problem or FactKind.Allergy ? new Concept([new CodedValue("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")]) : null,
            RecordStatus = line.Kind is FactKind.Medicine ? "active" : "completed",
            Doses = line.Dose is { } dose ? [new Dosage { Text = dose }] : null,
            Author = new FactAuthor(signer.Name, signer.Institution),
            Place = new FactPlace("own/" + (index + 1).ToString(CultureInfo.InvariantCulture)),
        },
        own);

    private ProvidedDocument Document(DocumentMetadata metadata, PatientSummary summary, IpsFacts facts, DocumentId? replaces)
    {
        var bytes = new ArrayBufferWriter<byte>(64 * 1024);
        IpsBundle.Write(bytes, summary, facts);
        var kinds = facts.Extract?.Kinds ?? SignedVersion.Carried;
        List<DocumentId> sources = [.. summary.Parts.Where(p => kinds.Contains(p.Kind)).SelectMany(p => p.Entries.Concat(p.Denials)).SelectMany(e => e.Sources).Select(s => s.Source.Id).Where(d => d != default).Distinct()];
        var content = bytes.WrittenSpan.ToArray();
        metadata = metadata with
        {
            Relations = replaces is { } old ? [new DocumentRelation(RelationKind.Replaces, old)] : [],
            // A FHIR document has no SHA-1: its bytes are the Bundle's, and XDS names none (see DocumentMetadata.Sha1).
            Sha256 = SHA256.HashData(content),
            Size = content.Length,
        };
        return new ProvidedDocument { Metadata = metadata, Content = content, Fhir = SinglePartBuilder.Document(metadata), Sources = sources };
    }

    private DocumentMetadata Metadata(DataCategory category, string type, string title, Author signer, ITexts texts, DateTimeOffset now)
    {
        var day = Formats.LocalDate(now);
        return new DocumentMetadata
        {
            UniqueId = "urn:uuid:" + Ids.Text(Ids.New(clock)),
            Category = category,
            ClassCodes = [new CodedValue("urn:dsp:category", category.ToString())],
            Type = new CodedValue(Loinc, type, DocumentTypes.Find(type)?.Name("en")),
            MimeType = "application/fhir+json",
            Language = texts.Language.Code,
            Title = title,
            Creation = new PartialDate(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Deadlines.StartOf(day), Deadlines.StartOf(day.AddDays(1))),
            Authors = [signer],
            SecurityLabels = [new CodedValue("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        };
    }
}
