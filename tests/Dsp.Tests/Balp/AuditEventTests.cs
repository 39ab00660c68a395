using System.Text;
using Dsp.Documents;
using Dsp.Interop.Balp;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Journal;
using Dsp.Tests.Mhd;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Balp;

public sealed class AuditEventTests
{
    private static readonly DocumentId Document = new(Guid.Parse("0195a1b2-0000-7000-8000-00000000000b"));
    private static readonly SubmissionId Submission = new(Guid.Parse("0195a1b2-0000-7000-8000-00000000000c"));
    private static readonly AuditFacts Facts = new(ProvideExample.Base, Submission, "request-1");
    private static readonly JournalEntry Read = new()
    {
        Id = Guid.Parse("0195a1b2-0000-7000-8000-00000000000d"),
        Record = Stored.Record,
        At = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero),
        Action = JournalActions.Read,
        Person = new PersonId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000e")),
        PersonName = "WEBER Anne",
        Profession = "médecin généraliste",
        Institution = new InstitutionId(Guid.Parse("0195a1b2-0000-7000-8000-00000000000f")),
        InstitutionName = "Hôpital du Nord",
        Software = "Cabinet 3",
        Documents = [Document],
        Context = "emergency",
        Permitted = true,
        Rule = "R7",
    };

    [Fact]
    public void A_read_has_the_shape_of_a_patient_read()
    {
        var audit = Event(Read);

        Assert.Equal(["https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead", "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.RetrieveDocument.Audit.Responder"], audit.Meta!.Profile);
        Assert.Equal(("rest", AuditEvent.AuditEventAction.R, AuditEvent.AuditEventOutcome.N0), (audit.Type!.Code, audit.Action, audit.Outcome));
        Assert.Contains(audit.Subtype, s => s is { System: "urn:ihe:event-type-code", Code: "ITI-68" });
        Assert.Equal("Cabinet 3", Agent(audit, "110152").Who!.Display);
        Assert.Equal(ProvideExample.Base, Agent(audit, "110153").Network!.Address);
        var user = Agent(audit, "IRCP");
        Assert.Equal(("WEBER Anne", "urn:uuid:" + Read.Person, true), (user.Who!.Display, user.Who.Identifier!.Value, user.Requestor));
        Assert.Equal("ETREAT", user.PurposeOfUse[0].Coding[0].Code);
        Assert.Equal("Hôpital du Nord", Assert.Single(audit.Agent, a => a.Type!.Text == "institution").Who!.Display);
        Assert.Equal("Patient/" + Stored.Record, Entity(audit, "1").What!.Reference);
        Assert.Equal("DocumentReference/" + Document, Entity(audit, "3").What!.Reference);
        Assert.Equal("request-1", Assert.Single(audit.Entity, e => e.Type!.Code == "XrequestId").What!.Identifier!.Value);
    }

    [Fact]
    public void A_search_for_lists_and_a_simplified_deposit_are_told_as_their_own_transactions()
    {
        var lists = Event(Read with { Action = JournalActions.Search, Documents = [], Query = "List?patient=x" });
        var published = Event(Read with { Action = JournalActions.Deposit, Detail = DepositDocuments.Simplified });

        Assert.Contains(lists.Subtype, s => s is { System: "urn:ihe:event-type-code", Code: "ITI-66" });
        Assert.Contains(lists.Meta!.Profile, p => p!.EndsWith("IHE.MHD.FindDocumentLists.Audit.Responder", StringComparison.Ordinal));
        Assert.Equal($"GET {ProvideExample.Base}/List?patient=x", Encoding.UTF8.GetString(Assert.Single(lists.Entity, e => e.Query is not null).Query!));
        Assert.Contains(published.Subtype, s => s is { System: "urn:ihe:event-type-code", Code: "ITI-105" });
        Assert.Equal(("rest", AuditEvent.AuditEventAction.C), (published.Type!.Code, published.Action));
    }

    [Fact]
    public void A_search_carries_its_query_and_a_deposit_its_submission_set()
    {
        var search = Event(Read with { Action = JournalActions.Search, Documents = [], Query = "patient=x&type=11502-2", Context = "individual" });
        var deposit = Event(Read with { Action = JournalActions.Deposit, Person = null, PersonName = null });

        Assert.Contains(search.Meta!.Profile, p => p!.EndsWith("IHE.MHD.FindDocumentReferences.Audit.Responder", StringComparison.Ordinal));
        Assert.Equal($"GET {ProvideExample.Base}/DocumentReference?patient=x&type=11502-2", Encoding.UTF8.GetString(Entity(search, "24").Query!));
        Assert.Equal("Cabinet 3", Agent(search, "110153").Who!.Display);
        Assert.Equal(("110107", AuditEvent.AuditEventAction.C), (deposit.Type!.Code, deposit.Action));
        Assert.Equal("List/" + Submission, Entity(deposit, "20").What!.Reference);
        Assert.Contains(deposit.Subtype, s => s.Code == "ITI-65");
    }

    [Theory]
    [InlineData("Patient?family=x&birthdate=1984-03-12", "ITI-78", "IHE.PDQm.Query.Audit.Supplier")]
    [InlineData("Patient/$match {}", "ITI-119", "IHE.PDQm.Match.Audit.Supplier")]
    [InlineData("Patient/$ihe-pix?sourceIdentifier=x", "ITI-83", null)]
    public void A_query_of_the_register_names_its_transaction_and_no_patient(string query, string transaction, string? profile)
    {
        var audit = Event(Read with { Record = RecordId.None, Action = JournalActions.LookUp, Documents = [], Query = query });

        Assert.Contains(audit.Subtype, s => s.Code == transaction);
        Assert.Equal(profile, audit.Meta?.Profile.Last()?.Split('/')[^1]);
        Assert.Equal($"GET {ProvideExample.Base}/{query}", Encoding.UTF8.GetString(Entity(audit, "24").Query!));
        Assert.DoesNotContain(audit.Entity, e => e.Role?.Code == "1");
    }

    [Fact]
    public void A_refusal_says_so_and_claims_no_profile()
    {
        var audit = Event(Read with { Permitted = false, Documents = [], Rule = "no-relation" });

        Assert.Equal(AuditEvent.AuditEventOutcome.N4, audit.Outcome);
        Assert.Contains("no-relation", audit.OutcomeDesc, StringComparison.Ordinal);
        Assert.Null(audit.Meta);
    }

    [Fact]
    public void Every_act_of_the_journal_is_a_strict_audit_event()
    {
        foreach (var action in typeof(JournalActions).GetFields().Select(f => (string)f.GetRawConstantValue()!))
        {
            var audit = Event(Read with { Action = action, Detail = "x" });
            Assert.Contains(audit.Subtype, s => s.System == AuditEventWriter.ActionSystem && s.Code == action);
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("&outcome=0", true)]
    [InlineData("&outcome=4", false)]
    [InlineData("&outcome=8", false)]
    [InlineData("&subtype=read", true)]
    [InlineData("&subtype=urn:ihe:event-type-code|ITI-67", false)]
    [InlineData("&subtype=urn:dsp:journal-action|read", true)]
    [InlineData("&agent.identifier=urn:ietf:rfc:3986|urn:uuid:0195a1b2-0000-7000-8000-00000000000e", true)]
    [InlineData("&agent.identifier=urn:uuid:0195a1b2-0000-7000-8000-00000000000f", true)]
    [InlineData("&agent.identifier=urn:uuid:0195a1b2-0000-7000-8000-000000000001", false)]
    [InlineData("&agent.identifier=somebody", false)]
    [InlineData("&entity.identifier=urn:uuid:0195a1b2-0000-7000-8000-00000000000b", true)]
    [InlineData("&_id=0195a1b2-0000-7000-8000-00000000000d", true)]
    [InlineData("&_id=x", false)]
    [InlineData("&date=lt2026-03-02", false)]
    [InlineData("&date=gt2026-03-02", false)]
    [InlineData("&date=2026-03-02", true)]
    public void Each_parameter_of_an_audit_search_selects(string query, bool found) =>
        Assert.Equal(found, AuditSearchReader.Read(DocumentQuery.Parse($"patient={Stored.Record}&date=ge2026-03-01&date=le2026-03-31" + query), true, ProvideExample.Base).Value.Matches(Read));

    [Theory]
    [InlineData("date=ge2026-01-01&date=le2026-02-01", "DSP-1012")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001", "DSP-1013 date")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001&date=ge2026-01-01", "DSP-1013 date")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001&date=soon", "DSP-1013 date")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001&date=2026&subtype:not=read", "DSP-1013 subtype:not")]
    [InlineData("patient.identifier=x&date=2026", "DSP-1013 patient.identifier")]
    public void An_audit_search_without_patient_or_bounds_is_refused(string query, string expected)
    {
        var refusal = AuditSearchReader.Read(DocumentQuery.Parse(query), false, ProvideExample.Base).Refusal!;

        Assert.Equal(expected, $"{refusal.Id} {refusal.Expression}".TrimEnd());
    }

    private static AuditEvent Event(JournalEntry entry)
    {
        var (audit, problems) = FhirJson.Parse<AuditEvent>(AuditEventWriter.Bytes(entry, Facts));
        Assert.Empty(problems);
        return audit!;
    }

    private static AuditEvent.AgentComponent Agent(AuditEvent audit, string type) => Assert.Single(audit.Agent, a => a.Type!.Coding.Exists(c => c.Code == type));

    private static AuditEvent.EntityComponent Entity(AuditEvent audit, string role) => Assert.Single(audit.Entity, e => e.Role?.Code == role);
}
