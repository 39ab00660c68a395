using System.Globalization;
using Dsp.Clinical;
using Dsp.Interop.Ips;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>A summary for a page: its words are those of the international document, so that both say the same.</summary>
/// <param name="documentBase">Address of a document without its id.</param>
public sealed class SummaryView(PatientSummary summary, Language language, string documentBase)
{
    private readonly IpsTexts texts = IpsTexts.For(CultureInfo.GetCultureInfo(language.Culture));

    public PatientSummary Summary => summary;

    public IpsWording Wording => new(texts);

    /// <summary>That it may be incomplete, and of what it is made: whole sentences.</summary>
    public string MayBeIncomplete => texts.MayBeIncomplete;

    public string Counts => string.Format(CultureInfo.InvariantCulture, texts.Counts, summary.Live.Documents, summary.WithoutFacts, summary.Unread, summary.Newer);

    public string NotDocumented => texts.NotDocumented;

    public string Quoted => texts.Quoted;

    public string Silent => texts.Silent;

    public string HrefOf(RecordedFact said) => documentBase + said.Source.Id;

    public string Title(SummaryPart part) => texts.Sections[IpsSections.CodeOf(part)];

    public string Title(FactKind kind) => texts.Sections[IpsSections.CodeOf(new SummaryPart(kind, false, [], [], []))];

    /// <summary>The parts of these kinds, in this order; a part about which nothing is documented stays, and says so.</summary>
    public IEnumerable<SummaryPart> Of(params IReadOnlyList<FactKind> kinds) => kinds.SelectMany(k => summary.Parts.Where(p => p.Kind == k && (!p.Past || !p.NotDocumented)));

    /// <summary>What a summary shows on a page; measurements have pages of their own.</summary>
    public static IReadOnlyList<FactKind> Kinds { get; } =
        [FactKind.Alert, FactKind.Allergy, FactKind.Problem, FactKind.Medicine, FactKind.Device, FactKind.Immunization, FactKind.Pregnancy, FactKind.AdvanceDirective, FactKind.Procedure, FactKind.SocialHistory, FactKind.FunctionalStatus, FactKind.FamilyHistory, FactKind.Plan];

    /// <summary>Sections that are left out where nothing is documented: their absence means nothing to a reader.</summary>
    private static readonly HashSet<FactKind> OnlyWhereSaid = [FactKind.Pregnancy, FactKind.SocialHistory, FactKind.FunctionalStatus, FactKind.FamilyHistory, FactKind.Plan, FactKind.Alert, FactKind.Procedure];

    public IEnumerable<SummaryPart> Shown => Of(Kinds).Where(p => !p.NotDocumented || !OnlyWhereSaid.Contains(p.Kind));
}
