using System.Text.Json.Nodes;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Fhir;

public sealed class RefusalTableTests
{
    private const string Golden = """
        DSP-1001 400 structure XDSRepositoryMetadataError
        DSP-1002 422 required XDSRepositoryMetadataError
        DSP-1003 422 invalid XDSRepositoryMetadataError
        DSP-1004 422 code-invalid XDSRegistryMetadataError
        DSP-1005 422 conflict XDSNonIdenticalHash
        DSP-1006 422 conflict XDSNonIdenticalSize
        DSP-1007 422 required XDSMissingDocument
        DSP-1008 422 required XDSMissingDocumentMetadata
        DSP-1009 422 duplicate XDSRepositoryDuplicateUniqueIdInMessage
        DSP-1010 422 not-found UnresolvedReferenceException
        DSP-1011 422 business-rule XDSPatientIdDoesNotMatch
        DSP-1012 400 required XDSStoredQueryMissingParam
        DSP-1013 400 invalid XDSStoredQueryParamNumber
        DSP-1014 406 not-supported -
        DSP-1015 415 not-supported -
        DSP-1016 405 not-supported -
        DSP-1017 422 invalid XDSRepositoryMetadataError
        DSP-1018 422 invalid -
        DSP-1019 422 required -
        DSP-2001 422 not-found XDSUnknownPatientId
        DSP-2002 422 business-rule XDSRegistryMetadataError
        DSP-2003 409 conflict -
        DSP-2004 409 business-rule -
        DSP-2005 409 transient -
        DSP-3001 401 login -
        DSP-3002 403 forbidden -
        DSP-3003 403 forbidden -
        DSP-3004 403 forbidden -
        DSP-3005 403 forbidden -
        DSP-3006 403 forbidden -
        DSP-3007 403 forbidden -
        DSP-3008 403 forbidden -
        DSP-3009 403 forbidden -
        DSP-3010 403 forbidden -
        DSP-3011 403 forbidden -
        DSP-3012 403 forbidden -
        DSP-4001 404 not-found XDSDocumentUniqueIdError
        DSP-4002 403 forbidden LocalPolicyRestrictionError
        DSP-4003 403 forbidden LocalPolicyRestrictionError
        DSP-4004 409 conflict XDSNonIdenticalHash
        DSP-4005 409 duplicate XDSDuplicateUniqueIdInRegistry
        DSP-4006 409 conflict XDSRegistryDeprecatedDocumentError
        DSP-4007 410 deleted -
        DSP-4008 403 forbidden -
        DSP-4009 422 invalid -
        DSP-4010 416 invalid -
        DSP-4011 412 conflict XDSMetadataVersionError
        DSP-5001 413 too-long -
        DSP-5002 400 too-long -
        DSP-5003 429 throttled -
        DSP-5004 503 transient -
        DSP-5005 408 timeout -
        """;

    [Fact]
    public void The_table_gives_each_refusal_its_status_and_issue_type() =>
        Assert.Equal(Golden.ReplaceLineEndings("\n") + "\n", FhirRefusals.Table());

    [Fact]
    public void Every_refusal_is_a_strict_operation_outcome_with_our_id_and_no_server_fault_but_unavailable()
    {
        foreach (var refusal in Refusals.All)
        {
            var (outcome, problems) = FhirJson.Parse<OperationOutcome>(OutcomeWriter.Bytes(refusal.At("Bundle.entry[0]")));
            Assert.Empty(problems);
            var issue = Assert.Single(outcome!.Issue);
            Assert.Equal(OperationOutcome.IssueSeverity.Error, issue.Severity);
            Assert.Equal(refusal.Id, issue.Details!.Coding[0].Code);
            Assert.Equal(refusal.XdsCode, issue.Details.Coding.Skip(1).SingleOrDefault()?.Code);
            Assert.Equal("Bundle.entry[0]", Assert.Single(issue.Expression));
            Assert.True(FhirRefusals.StatusOf(refusal) is >= 400 and < 500 || refusal == Refusals.Unavailable, refusal.Id);
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
