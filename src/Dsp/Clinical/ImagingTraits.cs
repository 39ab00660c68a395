using Dsp.Codes;
using Dsp.Documents;

namespace Dsp.Clinical;

/// <summary>What an order or a document says of imaging: by which modality, of which region and side. Empty where it does not say.</summary>
internal sealed record ImagingTraits(IReadOnlySet<string> Modalities, IReadOnlySet<string> Regions, IReadOnlySet<string> Sides, int? Days)
{
    private const string Loinc = "http://loinc.org";

    /// <summary>Words shorter than this are whole words; longer ones are found inside compounds ("Thoraxröntgen").</summary>
    private const int Compound = 6;

    /// <summary>How LOINC's names of imaging begin.</summary>
    private static readonly Dictionary<string, string> Prefixes = new(StringComparer.Ordinal) { ["CT"] = "ct", ["MR"] = "mr", ["XR"] = "xr", ["US"] = "us", ["MG"] = "mg", ["NM"] = "nm", ["PT"] = "pt", ["DXA"] = "bmd" };

    /// <summary>Nothing says that it is imaging.</summary>
    public bool SaysNothing => Modalities.Count == 0;

    public static ImagingTraits Of(ExamOrder order)
    {
        var codes = (order.What.Codes ?? []).Concat(order.BodyRegion?.Codes ?? []).Concat(order.Modality is { } m ? [new CodedValue("", m)] : []);
        return Of(codes, [order.What.Text, .. (order.What.Codes ?? []).Select(c => c.Display), order.BodyRegion?.Text, .. (order.BodyRegion?.Codes ?? []).Select(c => c.Display), order.Modality]);
    }

    /// <param name="said">The facts of the document that the caller may see.</param>
    public static ImagingTraits Of(StoredDocument document, IEnumerable<RecordedFact> said)
    {
        var facts = said.Select(s => s.Fact).Where(f => f.Category == DataCategory.MedicalImaging && f.IsOwn).ToList();
        var concepts = facts.SelectMany(f => new[] { f.Code, f.Aspect, f.Panel, f.BodySite }).OfType<Concept>().ToList();
        var metadata = document.Metadata;
        return Of(
            metadata.Events.Concat(concepts.SelectMany(c => c.Codes ?? [])).Concat(metadata.Type is { } type ? [type] : []),
            [metadata.Title, metadata.Description, metadata.Type?.Display, .. metadata.Events.Select(e => e.Display), .. concepts.Select(c => c.Text)]);
    }

    /// <summary>May the two be the same exam? Null: no; else whether both say enough to be sure.</summary>
    public bool? IsSame(ImagingTraits document)
    {
        if (Sides.Count > 0 && document.Sides.Count > 0 && !Sides.Overlaps(document.Sides)) return null;
        var (modality, region) = (Fits(Modalities, document.Modalities), Fits(Regions, document.Regions));
        if (modality == false || region == false || (modality is null && region is null)) return null;
        // Of a modality alone, without a region in the order, any could be meant.
        return modality == true && region == true;
    }

    private static bool? Fits(IReadOnlySet<string> asked, IReadOnlySet<string> there) => asked.Count == 0 || there.Count == 0 ? null : asked.Overlaps(there);

    private static ImagingTraits Of(IEnumerable<CodedValue> coded, IEnumerable<string?> texts)
    {
        var (modalities, regions, sides, days) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), (int?)null);
        void Take(ImagingTerm modality)
        {
            modalities.Add(modality.Name);
            if (modality.Region is { } only) regions.Add(only);
            days ??= modality.Days;
        }
        var codes = coded.ToList();
        foreach (var code in codes)
        {
            foreach (var modality in ExamTable.Modalities.Where(m => m.Dicom.Contains(code.Code) || m.Snomed.Contains(code.Code))) Take(modality);
            regions.UnionWith(ExamTable.Regions.Where(r => r.Snomed.Contains(code.Code)).Select(r => r.Name));
            sides.UnionWith(ExamTable.Sides.Where(s => s.Snomed.Contains(code.Code)).Select(s => s.Name));
            if (code.System != Loinc) continue;
            if (code.Display?.Split(' ') is [var first, _, ..] && Prefixes.TryGetValue(first, out var named)) modalities.Add(named);
            if (!ExamTable.Exams.TryGetValue(code.Code, out var exam)) continue;
            modalities.Add(exam.Modality);
            if (exam.Region is { } region) regions.Add(region);
            days ??= exam.Days;
        }
        var words = texts.OfType<string>().Select(t => Folding.Fold(t).Split(' ')).ToList();
        foreach (var modality in ExamTable.Modalities.Where(m => Says(words, m))) Take(modality);
        regions.UnionWith(ExamTable.Regions.Where(r => Says(words, r)).Select(r => r.Name));
        sides.UnionWith(ExamTable.Sides.Where(s => Says(words, s)).Select(s => s.Name));
        return new ImagingTraits(modalities, regions, sides, days);
    }

    private static bool Says(List<string[]> texts, ImagingTerm term) => texts.Exists(t => term.Words.Any(w => Says(t, w)));

    /// <summary>Do these folded words hold a name: a word, the inside of a compound, or several words in a row?</summary>
    internal static bool Says(string[] text, string name)
    {
        if (!name.Contains(' ', StringComparison.Ordinal)) return text.Any(w => w == name || (name.Length >= Compound && w.Contains(name, StringComparison.Ordinal)));
        return (" " + string.Join(' ', text) + " ").Contains(" " + name + " ", StringComparison.Ordinal);
    }
}
