using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Dsp.Demo.Content;

/// <summary>A medicine in a FHIR document.</summary>
internal sealed record DemoFhirMedicine(string Name, string Atc, string Dosage, string Quantity);

/// <summary>FHIR documents: a composition first, then what it refers to, each under an id that follows from the document's key.</summary>
internal static class DemoFhir
{
    private static readonly JsonSerializerOptions Json = new JsonSerializerOptions { WriteIndented = true }.ForFhir(ModelInfo.ModelInspector);

    public static byte[] Write(Bundle bundle) => JsonSerializer.SerializeToUtf8Bytes(bundle, Json);

    /// <summary>A prescription: one MedicationRequest for each medicine.</summary>
    public static Bundle Prescription(DemoShelf shelf, DemoSpec spec, params IReadOnlyList<DemoFhirMedicine> medicines) =>
        Document(shelf, spec, ("57828-6", "Prescription list", "Médicaments prescrits"), medicines, (medicine, patient, author) => new MedicationRequest
        {
            Status = MedicationRequest.MedicationrequestStatus.Active,
            Intent = MedicationRequest.MedicationRequestIntent.Order,
            Medication = Concept(medicine),
            Subject = new ResourceReference(patient),
            Requester = new ResourceReference(author),
            AuthoredOnElement = new FhirDateTime(shelf.Created(spec)),
            DosageInstruction = [new Dosage { Text = medicine.Dosage }],
            DispenseRequest = new MedicationRequest.DispenseRequestComponent { ExpectedSupplyDuration = new Duration { Value = 90, Unit = "jours", System = "http://unitsofmeasure.org", Code = "d" } },
        });

    /// <summary>A dispensation: one MedicationDispense for each medicine.</summary>
    public static Bundle Dispensation(DemoShelf shelf, DemoSpec spec, params IReadOnlyList<DemoFhirMedicine> medicines) =>
        Document(shelf, spec, ("60590-7", "Medication dispensed.brief", "Médicaments délivrés"), medicines, (medicine, patient, author) => new MedicationDispense
        {
            Status = MedicationDispense.MedicationDispenseStatusCodes.Completed,
            Medication = Concept(medicine),
            Subject = new ResourceReference(patient),
            Performer = [new MedicationDispense.PerformerComponent { Actor = new ResourceReference(author) }],
            WhenHandedOverElement = new FhirDateTime(shelf.Created(spec)),
            DosageInstruction = [new Dosage { Text = medicine.Dosage }],
            Note = [new Annotation { Text = medicine.Quantity }],
        });

    private static Bundle Document(
        DemoShelf shelf,
        DemoSpec spec,
        (string Loinc, string Display, string Title) section,
        IReadOnlyList<DemoFhirMedicine> medicines,
        Func<DemoFhirMedicine, string, string, DomainResource> make)
    {
        var holder = shelf.Holders[spec.Holder];
        var author = DemoPeople.Professionals[spec.Author];
        var institution = DemoPeople.Institutions[author.InstitutionKey];
        var (patientUrl, authorUrl, organizationUrl) = (Url(shelf, spec, "patient"), Url(shelf, spec, "author"), Url(shelf, spec, "organization"));
        var created = shelf.Created(spec);
        var items = medicines.Select((m, i) => (Url: Url(shelf, spec, "medicine" + i.ToString(CultureInfo.InvariantCulture)), Resource: Described(make(m, patientUrl, authorUrl), m))).ToList();
        var composition = new Composition
        {
            Language = spec.Language,
            Identifier = new Identifier("urn:ietf:rfc:3986", "urn:oid:" + shelf.Oid(spec.Key)),
            Status = CompositionStatus.Final,
            Type = new CodeableConcept(spec.Type.System, spec.Type.Code, spec.Type.Display),
            Subject = new ResourceReference(patientUrl),
            DateElement = new FhirDateTime(created),
            Author = [new ResourceReference(authorUrl)],
            Title = spec.Title,
            Confidentiality = Composition.V3ConfidentialityClassification.N,
            Custodian = new ResourceReference(organizationUrl),
            Text = Narrative($"<p>{X(spec.Title)} – {X(holder.FullName)}, {created.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)}</p>"),
            Section =
            [
                new Composition.SectionComponent
                {
                    Title = section.Title,
                    Code = new CodeableConcept(DemoCode.LoincSystem, section.Loinc, section.Display),
                    Text = Narrative("<table><thead><tr><th>Médicament</th><th>Posologie</th><th>Quantité</th></tr></thead><tbody>"
                        + string.Concat(medicines.Select(m => $"<tr><td>{X(m.Name)}</td><td>{X(m.Dosage)}</td><td>{X(m.Quantity)}</td></tr>")) + "</tbody></table>"),
                    Entry = [.. items.Select(i => new ResourceReference(i.Url))],
                },
            ],
        };
        var bundle = new Bundle
        {
            Type = Bundle.BundleType.Document,
            Identifier = new Identifier("urn:ietf:rfc:3986", "urn:oid:" + shelf.Oid(spec.Key)),
            Timestamp = created,
        };
        bundle.AddResourceEntry(composition, Url(shelf, spec, "composition"));
        bundle.AddResourceEntry(Patient(holder), patientUrl);
        bundle.AddResourceEntry(Practitioner(author), authorUrl);
        bundle.AddResourceEntry(Organization(institution), organizationUrl);
        items.ForEach(i => bundle.AddResourceEntry(i.Resource, i.Url));
        return bundle;
    }

    private static Patient Patient(DemoHolder holder) => new()
    {
        Text = Narrative($"<p>{X(holder.FullName)}</p>"),
        Identifier = holder.NationalId is { } number ? [new Identifier("urn:oid:1.3.182.4.4", number)] : [],
        Name = [new HumanName { Family = holder.Family, Given = [holder.Given] }],
        Gender = holder.Sex switch { "F" => AdministrativeGender.Female, "M" => AdministrativeGender.Male, _ => AdministrativeGender.Unknown },
        BirthDate = holder.BirthDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private static Practitioner Practitioner(DemoProfessional author) => new()
    {
        Text = Narrative($"<p>{X(author.FullName)}</p>"),
        Identifier = [new Identifier("urn:oid:" + DemoPeople.ProfessionalRoot, author.Id)],
        Name = [new HumanName { Family = author.Family, Given = [author.Given], Prefix = author.Prefix.Length > 0 ? [author.Prefix] : [] }],
    };

    private static Organization Organization(DemoInstitution institution) => new()
    {
        Text = Narrative($"<p>{X(institution.Name)}</p>"),
        Identifier = [new Identifier("urn:oid:" + DemoPeople.InstitutionRoot, institution.Id)],
        Name = institution.Name,
    };

    private static CodeableConcept Concept(DemoFhirMedicine medicine) => new("http://www.whocc.no/atc", medicine.Atc, null, medicine.Name);

    private static DomainResource Described(DomainResource resource, DemoFhirMedicine medicine)
    {
        resource.Text = Narrative($"<p>{X(medicine.Name)} : {X(medicine.Dosage)}</p>");
        return resource;
    }

    private static Narrative Narrative(string body) => new()
    {
        Status = Hl7.Fhir.Model.Narrative.NarrativeStatus.Generated,
        Div = $"<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"fr\" xml:lang=\"fr\">{body}</div>",
    };

    private static string X(string text) => SecurityElement.Escape(text) ?? "";

    /// <summary>A URN from the digest of day, document and role (RFC 9562, version 8).</summary>
    private static string Url(DemoShelf shelf, DemoSpec spec, string role)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(shelf.Oid(spec.Key) + "/" + role)).AsSpan(0, 16).ToArray();
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return "urn:uuid:" + new Guid(digest, bigEndian: true).ToString("D");
    }
}
