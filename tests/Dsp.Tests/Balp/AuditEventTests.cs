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
    private static readonly AuditFacts Facts = new(ProvideExample.Base);
    private static readonly SearchSettings Search = new(ProvideExample.Base, new byte[32]);
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
    private static readonly CallFacts Call = new() { Interaction = "read", Transaction = "ITI-68", TokenId = "token-1", Issuer = "https://dsp.example/", Subject = "0195a1b2-0000-7000-8000-00000000000e", ClientId = "cabinet-3", RequestId = "request-1" };

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
        var deposit = Event(Read with { Action = JournalActions.Deposit, Submission = Submission, Person = null, PersonName = null });

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
    [InlineData("Patient/$ihe-pix?sourceIdentifier=x", "ITI-83", "IHE.BasicAudit.Query")]
    public void A_query_of_the_register_names_its_transaction_and_no_patient(string query, string transaction, string? profile)
    {
        var audit = Event(Read with { Record = RecordId.None, Action = JournalActions.LookUp, Documents = [], Query = query });

        Assert.Contains(audit.Subtype, s => s.Code == transaction);
        Assert.Equal(profile, audit.Meta?.Profile.Last()?.Split('/')[^1]);
        Assert.Equal($"GET {ProvideExample.Base}/{query}", Encoding.UTF8.GetString(Entity(audit, "24").Query!));
        Assert.DoesNotContain(audit.Entity, e => e.Role?.Code == "1");
    }

    [Fact]
    public void A_correlation_names_the_patient_by_the_identifier_that_was_asked_for()
    {
        var audit = Event(Read with { Record = RecordId.None, Action = JournalActions.LookUp, Documents = [], Query = "Patient/$ihe-pix?sourceIdentifier=urn%3Aoid%3A1.2.3%7C77" });

        Assert.Equal(("urn:oid:1.2.3", "77"), (Entity(audit, "1").What!.Identifier!.System, Entity(audit, "1").What!.Identifier!.Value));
        Assert.Contains(audit.Meta!.Profile, p => p!.EndsWith("IHE.PIXm.Query.Audit.Manager", StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_by_a_token_names_the_token_its_issuer_its_software_and_the_request()
    {
        var audit = Event(Read with { Call = Call });

        var user = Agent(audit, "UserOauthAgent");
        Assert.Equal(["token-1"], user.Policy);
        Assert.Equal(("https://dsp.example/", "0195a1b2-0000-7000-8000-00000000000e", "urn:uuid:0195a1b2-0000-7000-8000-00000000000e"), (user.Who!.Identifier!.System, user.Who.Identifier.Value, user.AltId));
        Assert.Equal("cabinet-3", Agent(audit, "110152").Who!.Identifier!.Value);
        Assert.Equal("request-1", Assert.Single(audit.Entity, e => e.Type!.Code == "XrequestId").What!.Identifier!.Value);
        Assert.Contains(audit.Meta!.Profile, p => p!.EndsWith("OAUTHaccessTokenUse.Minimal", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Claims => new()
    {
        { "publish", "IHE.MHD.SimplifiedPublish.Audit.Recipient" }, { "provide", "IHE.MHD.ProvideBundle.Audit.Recipient" }, { "withdraw", "IHE.BasicAudit.PatientDelete" },
        { "fed", "IHE.PIXm.Feed.Create.Audit.Manager" }, { "revised", "IHE.PIXm.Feed.Update.Audit.Manager" }, { "correlated", "IHE.PIXm.Query.Audit.Manager" }, { "matched", "IHE.PDQm.Match.Audit.Supplier" },
        { "found", "IHE.PDQm.Query.Audit.Supplier" }, { "facts", "IHE.QEDm.Query.Audit.Source" }, { "register", "IHE.mCSD.Audit.CareServices.Query" }, { "registered", "IHE.mCSD.Audit.CareServices.Read" },
        { "token", "IHE.IUA.71" }, { "documents", "IHE.MHD.FindDocumentReferences.Audit.Responder" }, { "lists", "IHE.MHD.FindDocumentLists.Audit.Responder" }, { "read", "IHE.MHD.RetrieveDocument.Audit.Responder" },
    };

    /// <summary>The server's actor of each transaction; the profiles are the guides' own, compiled.</summary>
    [Theory]
    [MemberData(nameof(Claims))]
    public void Each_transaction_keeps_to_the_profile_that_it_claims(string what, string profile)
    {
        CallFacts By(string interaction, string transaction) => Call with { Interaction = interaction, Transaction = transaction };
        var lookUp = Read with { Record = RecordId.None, Action = JournalActions.LookUp, Documents = [], Detail = "found person " + Read.Person };
        var feed = Read with { Record = RecordId.None, Action = JournalActions.Identity, Documents = [], Person = null, PersonName = null, Automatic = true, Query = "Patient?identifier=urn%3Aoid%3A1.2.3%7C77", Detail = "feed of urn:oid:1.2.3: made person " + Read.Person };
        var entry = what switch
        {
            "publish" => Read with { Action = JournalActions.Deposit, Call = By("create", "ITI-105") },
            "provide" => Read with { Action = JournalActions.Deposit, Submission = Submission, Call = By("transaction", "ITI-65") },
            "withdraw" => Read with { Action = JournalActions.Withdraw, Detail = "WrongPatient" },
            "fed" => feed with { Call = By("create", "ITI-104") },
            "revised" => feed with { Call = By("update", "ITI-104") },
            "correlated" => lookUp with { Query = "Patient/$ihe-pix?sourceIdentifier=urn%3Aoid%3A1.2.3%7C77", Call = By("operation", "ITI-83") },
            "matched" => lookUp with { Query = "Patient/$match x", Call = By("operation", "ITI-119") },
            "found" => lookUp with { Query = "Patient?family=x", Call = By("search-type", "ITI-78") },
            "facts" => Read with { Action = JournalActions.ReadFacts, Query = "Observation?patient=x", Call = By("search-type", "PCC-44") },
            "register" => Read with { Record = RecordId.None, Action = JournalActions.Ask, Documents = [], Query = "Practitioner?name=x", Call = By("search-type", "ITI-90") },
            "registered" => Read with { Record = RecordId.None, Action = JournalActions.Ask, Documents = [], Query = "Practitioner/" + Read.Person, Call = By("read", "ITI-90") },
            "token" => Read with { Record = RecordId.None, Action = JournalActions.SignIn, Documents = [], Query = "oauth/token?grant_type=client_credentials", Institution = null, Call = By("operation", "ITI-71") },
            "documents" => Read with { Action = JournalActions.Search, Documents = [], Query = "type=x", Call = By("search-type", "ITI-67") },
            "lists" => Read with { Action = JournalActions.Search, Documents = [], Query = "List?code=folder", Call = By("search-type", "ITI-66") },
            _ => Read with { Call = By("read", "ITI-68") },
        };

        var audit = AuditEventWriter.Bytes(entry, Facts);

        Assert.Contains(Event(entry).Meta!.Profile, p => p!.EndsWith("/" + profile, StringComparison.Ordinal));
        Assert.Equal([], AuditProfiles.Instance.Problems(audit));
        Assert.Null(Event(entry with { Permitted = false }).Meta);
    }

    [Theory]
    [InlineData(JournalActions.SignIn, null, "110114", "110122")]
    [InlineData(JournalActions.OpenContext, null, "110113", "110127")]
    [InlineData(JournalActions.EndContext, null, "110113", "110138")]
    [InlineData(JournalActions.ReadHistory, null, "110101", "read-history")]
    [InlineData(JournalActions.Operate, "start 1.0", "110100", "110120")]
    [InlineData(JournalActions.Operate, "stop", "110100", "110121")]
    [InlineData(JournalActions.Operate, "clock 3.2 s", "110113", "operate")]
    public void Security_events_have_the_codes_of_DICOM(string action, string? detail, string type, string subtype)
    {
        var audit = Event(Read with { Action = action, Documents = [], Detail = detail });

        Assert.Equal(type, audit.Type!.Code);
        Assert.Contains(audit.Subtype, s => s.Code == subtype);
    }

    [Fact]
    public void What_is_done_in_the_portal_is_no_transaction()
    {
        foreach (var action in new[] { JournalActions.Search, JournalActions.Read, JournalActions.Deposit })
            Assert.DoesNotContain(Event(Read with { Action = action, Software = "portal", Submission = Submission, Query = action == JournalActions.Search ? "type=x" : null }).Subtype, s => s.System == "urn:ihe:event-type-code");
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
        Assert.Equal(found, AuditSearchReader.Read(DocumentQuery.Parse($"patient={Stored.Record}&date=ge2026-03-01&date=le2026-03-31" + query), true, Search, "me").Value.Matches(Read, Facts));

    [Theory]
    [InlineData("date=ge2026-01-01&date=le2026-02-01", "DSP-1012")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001", "DSP-1013 date")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001&date=ge2026-01-01", "DSP-1013 date")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001&date=soon", "DSP-1013 date")]
    [InlineData("patient=0195a1b2-0000-7000-8000-000000000001&date=2026&subtype:not=read", "DSP-1013 subtype:not")]
    [InlineData("patient.identifier=x&date=2026", "DSP-1013 patient.identifier")]
    public void An_audit_search_without_patient_or_bounds_is_refused(string query, string expected)
    {
        var refusal = AuditSearchReader.Read(DocumentQuery.Parse(query), false, Search, "me").Refusal!;

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
