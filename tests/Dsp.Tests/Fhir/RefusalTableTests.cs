using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Fhir;

public sealed class RefusalTableTests
{
    [Fact, Golden]
    public void The_table_gives_each_refusal_its_status_and_issue_type() => Golden.Check("fhir-refusals.txt", FhirRefusals.Table());

    [Fact]
    public void Every_refusal_is_a_strict_operation_outcome_with_our_id_and_no_server_fault_but_unavailable()
    {
        foreach (var refusal in Refusals.All)
        {
            var (outcome, problems) = FhirJson.Parse<OperationOutcome>(OutcomeWriter.Bytes(refusal.At("Bundle.entry[0]")));
            Assert.Empty(problems);
            var issue = Assert.Single(outcome!.Issue);
            Assert.Equal(refusal.Id == Refusals.DomainNotFound.Id ? OperationOutcome.IssueSeverity.Warning : OperationOutcome.IssueSeverity.Error, issue.Severity);
            Assert.Equal(refusal.Id, issue.Details!.Coding[0].Code);
            Assert.Equal(refusal.XdsCode, issue.Details.Coding.Skip(1).SingleOrDefault()?.Code);
            Assert.Equal("Bundle.entry[0]", Assert.Single(issue.Expression));
            Assert.True(FhirRefusals.StatusOf(refusal) is >= 400 and < 500 || refusal.Kind == RefusalKind.Unavailable, refusal.Id);
        }
    }

    [Fact]
    public void What_a_caller_may_not_know_has_one_answer()
    {
        var hidden = OutcomeWriter.Bytes(Refusals.NotFound);

        Assert.Equal(404, FhirRefusals.StatusOf(Refusals.NotFound));
        Assert.False(JsonNode.Parse(hidden)!["issue"]![0]!.AsObject().ContainsKey("expression"));
    }
}
