using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>Whose documents these are. A patient is named by an identifier of the domain or by a record of ours; never made from a message.</summary>
internal static class PatientRules
{
    public static void AgreeOnOne(ProvideMessage m)
    {
        var named = new List<(PatientIdentifier Patient, string Path)>();
        foreach (var (index, list) in m.Submissions)
            if (list.Subject is { } subject && Identify(m, list, subject, ProvideMessage.At(index, "resource.subject")) is { } p)
                named.Add((p, ProvideMessage.At(index, "resource.subject")));
        foreach (var d in m.Documents)
        {
            if (d.Source.Subject is not { } subject) continue;
            d.Patient = Identify(m, d.Source, subject, d.Path + ".subject");
            if (d.Patient is not null) named.Add((d.Patient, d.Path + ".subject"));
        }
        foreach (var f in m.Folders)
            if (f.Source.Subject is { } subject && Identify(m, f.Source, subject, f.Path + ".subject") is { } p)
                named.Add((p, f.Path + ".subject"));
        var mentioned = m.Submissions.Exists(s => s.Source.Subject is not null) || m.Documents.Exists(d => d.Source.Subject is not null);
        if (!mentioned && (m.Submissions.Count > 0 || m.Documents.Count > 0))
            m.Problems.Add(Refusals.MissingMetadata.Because("Neither the submission set nor a document entry names the patient.")
                .At(m.Documents is [var first, ..] ? first.Path + ".subject" : "Bundle.entry"));
        if (named.Count == 0) return;
        m.Patient = named[0].Patient;
        foreach (var (patient, path) in named.Skip(1))
            if (patient != m.Patient)
                m.Problems.Add(Refusals.PatientsDiffer.Because("The submission, its folders and its documents name different patients, or one patient in different ways. Use the same identifier throughout.").At(path));
    }

    public static void SourcePatientAgrees(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            if ((d.Patient ?? m.Patient) is not { Record: null } subject || d.Source.Context?.SourcePatientInfo is not { } reference) continue;
            if (m.Resolver.Resolve(d.Source, reference) is not Patient patient) continue;
            var same = patient.Identifier.Where(i => i.System == subject.System).ToList();
            if (same.Count > 0 && !same.Exists(i => i.Value == subject.Value))
                m.Problems.Add(Refusals.PatientsDiffer.Because("The source patient has another number of the same system than the subject.").At(d.Path + ".context.sourcePatientInfo"));
        }
    }

    /// <summary>A reference to a record of ours: Patient/{id}, relative or under our own base.</summary>
    public static PatientIdentifier? RecordOf(ProvideMessage m, ResourceReference reference) => RecordReferences.Read(reference.Reference, m.Settings.BaseUrl);

    private static PatientIdentifier? Identify(ProvideMessage m, DomainResource container, ResourceReference subject, string path)
    {
        if (subject.Identifier?.Value is not null) return InDomain(m, [subject.Identifier], path + ".identifier");
        if (m.Resolver.Resolve(container, subject) is Patient patient) return InDomain(m, patient.Identifier, path);
        if (RecordOf(m, subject) is { } record) return record;
        if (subject.Reference is null) m.Problems.Add(Refusals.MissingMetadata.Because("The patient is named by a reference or an identifier.").At(path));
        else if (subject.Reference.StartsWith("urn:", StringComparison.Ordinal) || ReferenceResolver.IsContained(subject)) m.Problems.Add(Refusals.UnresolvedReference.At(path));
        else m.Problems.Add(Refusals.UnknownPatient.At(path));
        return null;
    }

    private static PatientIdentifier? InDomain(ProvideMessage m, List<Identifier> identifiers, string path)
    {
        var found = m.Settings.Domain.SystemsOf(Codes.CodedField.Patient)
            .Select(system => identifiers.Find(i => i.System == system && !string.IsNullOrWhiteSpace(i.Value)))
            .FirstOrDefault(i => i is not null);
        if (found is not null) return new PatientIdentifier(found.System!, found.Value!.Trim());
        m.Problems.Add(Refusals.CodeOutsideDomain.Because("The patient has no identifier of a system taken here.").At(path));
        return null;
    }
}
