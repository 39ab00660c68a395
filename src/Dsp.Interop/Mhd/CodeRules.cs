using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

internal static class CodeRules
{
    public static void AreInDomain(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            var s = d.Source;
            for (var i = 0; i < s.Category.Count; i++) Check(m, CodedField.Class, s.Category[i], $"{d.Path}.category[{i}]");
            Check(m, CodedField.Type, s.Type, d.Path + ".type");
            Check(m, CodedField.Facility, s.Context?.FacilityType, d.Path + ".context.facilityType");
            Check(m, CodedField.Setting, s.Context?.PracticeSetting, d.Path + ".context.practiceSetting");
            for (var i = 0; i < s.SecurityLabel.Count; i++) Label(m, s.SecurityLabel[i], $"{d.Path}.securityLabel[{i}]");
            if (s.SecurityLabel.Count > 0 && !s.SecurityLabel.SelectMany(MetadataReader.Values).Any(v => m.Settings.Domain.Accepts(CodedField.Confidentiality, v)))
                m.Problems.Add(Refusals.CodeOutsideDomain.Because("A document entry has a confidentiality of N, R or V.").At(d.Path + ".securityLabel"));
            if (s.Content.FirstOrDefault()?.Format is { Code: not null } format && !m.Settings.Domain.Accepts(CodedField.Format, MetadataReader.Value(format)))
                m.Problems.Add(Refusals.CodeOutsideDomain.At(d.Path + ".content[0].format"));
        }
    }

    /// <summary>Neither class nor a listed type: nothing says which column of the access matrix holds (architecture 9).</summary>
    public static void LeadToCategory(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            var classes = d.Source.Category.SelectMany(MetadataReader.Values).ToList();
            if (AffinityDomain.CategoryOf(classes, MetadataReader.Preferred(d.Source.Type, AffinityDomain.LoincSystem)) is null)
                m.Problems.Add(Refusals.CodeOutsideDomain.Because("Neither the category nor the type leads to a data category. Send a code of urn:dsp:category.").At(d.Path + ".category"));
        }
    }

    /// <summary>One of a concept's codings must be of the domain; the others are kept as translations.</summary>
    private static void Check(ProvideMessage m, CodedField field, CodeableConcept? concept, string path)
    {
        var values = MetadataReader.Values(concept).ToList();
        if (values.Count > 0 && !values.Exists(v => m.Settings.Domain.Accepts(field, v)))
            m.Problems.Add(Refusals.CodeOutsideDomain.At(path));
    }

    private static void Label(ProvideMessage m, CodeableConcept concept, string path)
    {
        foreach (var value in MetadataReader.Values(concept))
            if (!m.Settings.Domain.Accepts(value.System == HandlingLabels.System ? CodedField.Handling : CodedField.Confidentiality, value))
                m.Problems.Add(Refusals.CodeOutsideDomain.At(path));
    }
}
