using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

/// <summary>One rule of ITI-65 with the sentence it guards and where it is written.</summary>
internal sealed record ProvideRule(string Name, string Source, Action<ProvideMessage> Check);

/// <summary>
/// All rules of the MHD 4.2.4 profiles and of TF-3 4.2 that a provided bundle must meet, in the order of standards 4
/// ("Checks on ITI-41/42"). Each notes every break it finds; none stops the others.
/// </summary>
internal static class ProvideRules
{
    private const string Message = "MHD 4.2.4 2:3.65.4.1.2";
    private const string Http = "FHIR R4 http 3.1.0.11";
    private const string Fhir = "MHD 4.2.4 1:33.1, ITI TF-2 Z.9.1.1";
    private const string Set = "ITI TF-3 4.2.3.3";
    private const string Entry = "ITI TF-3 4.2.3.2";
    private const string Associations = "ITI TF-3 4.2.2";
    private const string SetProfile = "MHD 4.2.4 IHE.MHD.*.SubmissionSet";
    private const string EntryProfile = "MHD 4.2.4 IHE.MHD.*.DocumentReference";
    private const string FolderProfile = "MHD 4.2.4 IHE.MHD.*.Folder";
    private const string Domain = "affinity domain, /fhir/metadata";

    public static IReadOnlyList<ProvideRule> All { get; } =
    [
        new("The bundle is a transaction", Message, BundleRules.IsTransaction),
        new("The profile names an option we take", Message, BundleRules.DeclaresOption),
        new("Each entry is sent to its own type", Http, BundleRules.RequestsFit),
        new("There is exactly one submission set", Message, BundleRules.OneSubmissionSet),
        new("There is at least one document entry", Message, BundleRules.SomeDocument),
        new("The submission set is current, in work and dated", SetProfile, SubmissionRules.IsCurrent),
        new("The submission set has one unique id", Set, SubmissionRules.HasUniqueId),
        new("The submission set names its source", Set, SubmissionRules.HasSourceId),
        new("A comprehensive submission set has its content type and patient", SetProfile, SubmissionRules.IsComprehensive),
        new("The submission set lists every document entry and nothing else", Associations, SubmissionRules.ListsItsDocuments),
        new("Each document entry has one unique id", Entry, DocumentRules.HasUniqueId),
        new("No unique id stands twice", Entry, DocumentRules.UniqueIdsDiffer),
        new("A document entry is current and nothing modifies its meaning", EntryProfile, DocumentRules.IsPlain),
        new("A document entry has exactly one content with type and url", EntryProfile, DocumentRules.HasOneContent),
        new("A comprehensive document entry has all its metadata", EntryProfile, DocumentRules.IsComprehensive),
        new("Authors and source patient are inside the message", EntryProfile, DocumentRules.PersonsResolve),
        new("Identifiers have a system", Fhir, DocumentRules.IdentifiersHaveSystem),
        new("Service start is not after service stop", Entry, DocumentRules.PeriodIsOrdered),
        new("Dates can be read", Entry, DocumentRules.DatesAreSane),
        new("Codes are inside the affinity domain", Domain, CodeRules.AreInDomain),
        new("A class or a listed type leads to a category", Domain, CodeRules.LeadToCategory),
        new("Every document entry names the patient of the submission", Entry, PatientRules.AgreeOnOne),
        new("The source patient does not contradict the subject", Entry, PatientRules.SourcePatientAgrees),
        new("Every document entry has its bytes in the message", Message, ContentRules.Resolve),
        new("No bytes come without a document entry", Message, ContentRules.AllNamed),
        new("The content type of the bytes is that of the entry", Entry, ContentRules.TypesAgree),
        new("Hash and size fit the bytes", Entry, ContentRules.FitBytes),
        new("A folder is made by POST or filled by PUT", Message, FolderRules.RequestFits),
        new("A folder is current, in work and has its unique id", FolderProfile, FolderRules.IsNamed),
        new("A comprehensive folder has its title, code and patient", FolderProfile, FolderRules.IsComprehensive),
        new("A folder holds documents", Associations, FolderRules.HoldsDocuments),
        new("Relations lead to a document", Associations, RelationRules.Resolve),
        new("An update only sets a replaced document superseded", Message, RelationRules.UpdatesSupersede),
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
