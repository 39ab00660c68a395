using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Ips;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Resources;

/// <summary>A document of a laboratory or of imaging as the report it is: its results by reference, its bytes as the presented form.</summary>
/// <param name="said">The results of the document that the caller may see.</param>
internal sealed class ServedReport(StoredDocument document, IReadOnlyList<RecordedFact> said) : Served(StatementTypes.Report, document)
{
    private const string Services = "http://terminology.hl7.org/CodeSystem/v2-0074";

    public override DateTimeOffset At => Source.Entry.Facts.At ?? Source.AddedAt;

    public override string Place => "";

    internal override IEnumerable<CodedValue> Codes => Concepts.SelectMany(c => c.Codes ?? []).Select(IpsValues.Served).OfType<CodedValue>().Distinct();

    internal override IEnumerable<CodedValue> Categories => [new CodedValue(Services, Service)];

    internal override (DateTimeOffset From, DateTimeOffset To)? Time => Source.Metadata switch
    {
        { Period: { Start: { } start } period } => (start.From, period.End?.To ?? start.To),
        { Creation: { } creation } => (creation.From, creation.To),
        _ => null,
    };

    protected override string? Author => IpsValues.Words(Source.Metadata.Authors.Select(a => a.Name).FirstOrDefault(n => n.Length > 0)) ?? IpsValues.Words(Source.Entry.InstitutionName);

    private string Service => Source.Entry.Facts.Category == DataCategory.MedicalImaging ? "RAD" : "LAB";

    private IEnumerable<RecordedFact> Own => said.Where(s => s.Fact.IsOwn && StatementTypes.IsAboutAReport(s.Fact));

    /// <summary>What kind of report it is: the document's type, then what the report inside calls itself.</summary>
    private IEnumerable<Concept> Concepts =>
        (Source.Metadata.Type is { } type ? [new Concept([type])] : Enumerable.Empty<Concept>())
            .Concat(Own.Where(s => s.Fact.Place.Path.StartsWith(StatementTypes.Report, StringComparison.Ordinal)).Select(s => s.Fact.Code).OfType<Concept>().Where(c => c.HasCode));

    protected override Resource Build(ResourceFacts facts)
    {
        var metadata = Source.Metadata;
        var code = new CodeableConcept { Text = IpsValues.Words(metadata.Title), Coding = [.. Concepts.Select(IpsValues.Concept).OfType<CodeableConcept>().SelectMany(c => c.Coding).DistinctBy(c => (c.System, c.Code))] };
        var conclusions = Own.Where(s => s.Fact.Statement == FactStatement.Asserted).Select(s => s.Fact.Value).OfType<FactValue>().ToList();
        return new DiagnosticReport
        {
            Status = StatusOf(Own.Select(s => s.Fact.RecordStatus).FirstOrDefault(s => s is not null)),
            Category = [IpsValues.Coded(Services, Service)],
            Code = code.Text is null && code.Coding.Count == 0 ? IpsValues.InWords(facts.Texts.NoName) : code,
            Subject = Patient(Source),
            Effective = metadata.Period is { Start: { } start } period ? new Period { StartElement = new FhirDateTime(start.Text), EndElement = period.End is { } end ? new FhirDateTime(end.Text) : null }
                : metadata.Creation is { } creation ? new FhirDateTime(creation.Text) : IpsValues.Absent(new FhirDateTime()),
            Performer = Author is { } author ? [new ResourceReference { Display = author }] : [],
            Result = [.. said.Where(s => StatementTypes.Of(s.Fact) == "Observation").Select(s => new ServedStatement("Observation", s)).Select(s => new ResourceReference($"Observation/{s.Name(facts)}"))],
            Conclusion = IpsValues.Words(string.Join(" ", conclusions.Select(c => IpsValues.Words(c.Text)).OfType<string>())),
            ConclusionCode = IpsValues.Concepts(conclusions.Select(c => c.Coded).OfType<Concept>()),
            PresentedForm = [new Attachment { ContentType = metadata.MimeType, Url = $"{facts.BaseUrl}/Binary/{Source.Id}", Title = IpsValues.Words(metadata.Title), Language = metadata.Language }],
        };
    }

    /// <summary>As the report inside says; else final where somebody authenticated the document, and unknown where nobody did.</summary>
    private DiagnosticReport.DiagnosticReportStatus StatusOf(string? sent) => sent switch
    {
        "registered" => DiagnosticReport.DiagnosticReportStatus.Registered,
        "partial" => DiagnosticReport.DiagnosticReportStatus.Partial,
        "preliminary" => DiagnosticReport.DiagnosticReportStatus.Preliminary,
        "final" => DiagnosticReport.DiagnosticReportStatus.Final,
        "amended" => DiagnosticReport.DiagnosticReportStatus.Amended,
        "corrected" => DiagnosticReport.DiagnosticReportStatus.Corrected,
        "appended" => DiagnosticReport.DiagnosticReportStatus.Appended,
        _ => Source.Metadata.Authenticator is null ? DiagnosticReport.DiagnosticReportStatus.Unknown : DiagnosticReport.DiagnosticReportStatus.Final,
    };
}
