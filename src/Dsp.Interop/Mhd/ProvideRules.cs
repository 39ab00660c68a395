using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>One rule of ITI-65 with the sentence it guards.</summary>
internal sealed record ProvideRule(string Name, Action<ProvideMessage> Check);

/// <summary>
/// All rules of the MHD 4.2.4 profiles and of TF-3 4.2 that a provided bundle must meet, in the order of standards 4
/// ("Checks on ITI-41/42"). Each notes every break it finds; none stops the others.
/// </summary>
internal static class ProvideRules
{
    public static IReadOnlyList<ProvideRule> All { get; } =
    [
        new("The bundle is a transaction", BundleRules.IsTransaction),
        new("The profile names an option we take", BundleRules.DeclaresOption),
        new("Each entry is sent to its own type", BundleRules.RequestsFit),
        new("There is exactly one submission set", BundleRules.OneSubmissionSet),
        new("There is at least one document entry", BundleRules.SomeDocument),
        new("The submission set is current, in work and dated", SubmissionRules.IsCurrent),
        new("The submission set has one unique id", SubmissionRules.HasUniqueId),
        new("The submission set names its source", SubmissionRules.HasSourceId),
        new("A comprehensive submission set has its content type and patient", SubmissionRules.IsComprehensive),
        new("The submission set lists every document entry and nothing else", SubmissionRules.ListsItsDocuments),
        new("Each document entry has one unique id", DocumentRules.HasUniqueId),
        new("No unique id stands twice", DocumentRules.UniqueIdsDiffer),
        new("A document entry is current and nothing modifies its meaning", DocumentRules.IsPlain),
        new("A document entry has exactly one content with type and url", DocumentRules.HasOneContent),
        new("A comprehensive document entry has all its metadata", DocumentRules.IsComprehensive),
        new("Authors and source patient are inside the message", DocumentRules.PersonsResolve),
        new("Identifiers have a system", DocumentRules.IdentifiersHaveSystem),
        new("Service start is not after service stop", DocumentRules.PeriodIsOrdered),
        new("Dates can be read", DocumentRules.DatesAreSane),
        new("Codes are inside the affinity domain", CodeRules.AreInDomain),
        new("A class or a listed type leads to a category", CodeRules.LeadToCategory),
        new("Every document entry names the patient of the submission", PatientRules.AgreeOnOne),
        new("The source patient does not contradict the subject", PatientRules.SourcePatientAgrees),
        new("Every document entry has its bytes in the message", ContentRules.Resolve),
        new("No bytes come without a document entry", ContentRules.AllNamed),
        new("The content type of the bytes is that of the entry", ContentRules.TypesAgree),
        new("Hash and size fit the bytes", ContentRules.FitBytes),
        new("A folder is made by POST or filled by PUT", FolderRules.RequestFits),
        new("A folder is current, in work and has its unique id", FolderRules.IsNamed),
        new("A comprehensive folder has its title, code and patient", FolderRules.IsComprehensive),
        new("A folder holds documents", FolderRules.HoldsDocuments),
        new("Relations lead to a document", RelationRules.Resolve),
        new("An update only sets a replaced document superseded", RelationRules.UpdatesSupersede),
    ];
}

internal static class BundleRules
{
    private static readonly Dictionary<string, ProvideOption> Options = new(StringComparer.Ordinal)
    {
        [FhirNames.Mhd + "IHE.MHD.Minimal.ProvideBundle"] = ProvideOption.Minimal,
        [FhirNames.Mhd + "IHE.MHD.Comprehensive.ProvideBundle"] = ProvideOption.Comprehensive,
        [FhirNames.Mhd + "IHE.MHD.UnContained.Comprehensive.ProvideBundle"] = ProvideOption.UnContainedComprehensive,
    };

    public static void IsTransaction(ProvideMessage m)
    {
        if (m.Bundle.Type != Bundle.BundleType.Transaction)
            m.Problems.Add(Refusals.InvalidMetadata.Because("A provided bundle is a transaction.").At("Bundle.type"));
    }

    public static void DeclaresOption(ProvideMessage m)
    {
        var declared = (m.Bundle.Meta?.Profile ?? [])
            .Select(p => p?.Split('|')[0])
            .Where(p => p is not null && Options.ContainsKey(p)).Select(p => Options[p!]).ToList();
        if (declared.Count > 0) m.Option = declared.Max();
        else m.Problems.Add(Refusals.MissingMetadata.Because($"The bundle declares none of the profiles taken here: {string.Join(", ", Options.Keys)}.").At("Bundle.meta.profile"));
    }

    public static void RequestsFit(ProvideMessage m)
    {
        for (var i = 0; i < m.Bundle.Entry.Count; i++)
        {
            var entry = m.Bundle.Entry[i];
            if (entry.Resource is null || m.Updates.Contains(i) || m.Supporting.Contains(i) || m.Folders.Exists(f => f.Index == i)) continue;
            if (entry.Request is null)
            {
                m.Problems.Add(Refusals.MissingMetadata.Because("An entry of a transaction has a request.").At(ProvideMessage.At(i, "request")));
                continue;
            }
            if (entry.Request.Method != Bundle.HTTPVerb.POST)
                m.Problems.Add(Refusals.InvalidMetadata.Because("This entry is sent with POST.").At(ProvideMessage.At(i, "request.method")));
            else if (entry.Request.Url != entry.Resource.TypeName && !(entry.Resource is Bundle && entry.Request.Url == "Binary"))
                m.Problems.Add(Refusals.InvalidMetadata.Because($"This entry is sent to {entry.Resource.TypeName}.").At(ProvideMessage.At(i, "request.url")));
        }
    }

    public static void OneSubmissionSet(ProvideMessage m)
    {
        foreach (var (index, list) in m.Submissions)
            if (!ProvideMessage.IsListType(list, "submissionset"))
                m.Problems.Add(Refusals.InvalidMetadata.Because("A List of a provided bundle is a submission set.").At(ProvideMessage.At(index, "resource.code")));
        if (m.Submissions.Count == 0) m.Problems.Add(Refusals.MissingMetadata.Because("The bundle has no submission set.").At("Bundle.entry"));
        foreach (var (index, _) in m.Submissions.Skip(1))
            m.Problems.Add(Refusals.InvalidMetadata.Because("A bundle has one submission set.").At(ProvideMessage.At(index)));
    }

    public static void SomeDocument(ProvideMessage m)
    {
        if (m.Documents.Count == 0) m.Problems.Add(Refusals.MissingMetadata.Because("The bundle has no document entry.").At("Bundle.entry"));
    }
}
