using CsCheck;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Identity.Software;
using Dsp.Server.SignIn;

namespace Dsp.Tests.SignIn;

/// <summary>The grammar of scopes, and what a held scope opens.</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("patient/DocumentReference.rs")]
    [InlineData("patient/*.rs")]
    [InlineData("user/DocumentReference.c")]
    [InlineData("user/Binary.r")]
    [InlineData("patient/Observation.rs")]
    [InlineData("user/MedicationStatement.r")]
    [InlineData("system/DocumentReference.cruds")]
    [InlineData("user/DocumentReference.rs?category=urn:dsp:category|MedicalAnalyses")]
    public void A_scope_of_the_grammar_is_read_and_written_the_same(string text) => Assert.Equal(text, SmartScope.Parse(text)?.ToString());

    [Theory]
    [InlineData("user/DocumentReference.rs?category=MedicalImaging")]
    [InlineData("user/DocumentReference.rs?category=urn%3Adsp%3Acategory%7CMedicalImaging")]
    [InlineData("user/DocumentReference.rs?category=MedicalImaging,urn:dsp:category|MedicalImaging")]
    public void A_category_is_named_with_or_without_its_system(string text) => Assert.Equal([DataCategory.MedicalImaging], SmartScope.Parse(text)!.Categories);

    [Theory]
    [InlineData("")]
    [InlineData("everything")]
    [InlineData("patient/DocumentReference")]
    [InlineData("patient/DocumentReference.")]
    [InlineData("patient/DocumentReference.read")]
    [InlineData("patient/DocumentReference.*")]
    [InlineData("patient/DocumentReference.sr")]
    [InlineData("patient/DocumentReference.rr")]
    [InlineData("patient/DocumentReference.RS")]
    [InlineData("Patient/DocumentReference.rs")]
    [InlineData("patient/documentreference.rs")]
    [InlineData("patient/CarePlan.rs")]
    [InlineData("agent/DocumentReference.rs")]
    [InlineData("patient/DocumentReference.rs/more")]
    [InlineData("patient/DocumentReference.rs.s")]
    [InlineData("patient//DocumentReference.rs")]
    [InlineData(" patient/DocumentReference.rs")]
    [InlineData("user/DocumentReference.rs?")]
    [InlineData("user/DocumentReference.rs?category=")]
    [InlineData("user/DocumentReference.rs?category=Nonsense")]
    [InlineData("user/DocumentReference.rs?category=3")]
    [InlineData("user/DocumentReference.rs?category=medicalanalyses")]
    [InlineData("user/DocumentReference.rs?category=http://loinc.org|MedicalAnalyses")]
    [InlineData("user/DocumentReference.rs?category=MedicalAnalyses&type=11502-2")]
    [InlineData("user/DocumentReference.rs?category=MedicalAnalyses&category=MedicalImaging")]
    [InlineData("user/DocumentReference.rs?type=http://loinc.org|11502-2")]
    [InlineData("user/*.rs?category=MedicalAnalyses")]
    [InlineData("user/Binary.r?category=MedicalAnalyses")]
    [InlineData("ITI-69")]
    [InlineData("iti-67")]
    [InlineData("launch/encounter")]
    [InlineData("dsp.act.close")]
    public void What_this_server_cannot_hold_a_caller_to_is_no_scope(string text)
    {
        Assert.Null(SmartScope.Parse(text));
        Assert.Null(ScopeSet.Parse(["openid", text]));
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_what_is_read_is_written_back() => Gen.String.Sample(text =>
    {
        if (SmartScope.Parse(text) is { } scope) Assert.Equal(scope, SmartScope.Parse(scope.ToString()));
    });

    [Theory]
    [InlineData("user/*.rs", "user/DocumentReference.s", true)]
    [InlineData("user/DocumentReference.rs", "user/DocumentReference.s", true)]
    [InlineData("user/DocumentReference.r", "user/DocumentReference.s", false)]
    [InlineData("user/DocumentReference.rs", "user/*.rs", false)]
    [InlineData("user/DocumentReference.rs", "user/Binary.r", false)]
    [InlineData("user/DocumentReference.rs", "patient/DocumentReference.s", false)]
    [InlineData("user/*.cruds", "system/DocumentReference.c", false)]
    [InlineData("user/DocumentReference.rs?category=MedicalAnalyses", "user/DocumentReference.rs", false)]
    [InlineData("user/DocumentReference.rs", "user/DocumentReference.rs?category=MedicalAnalyses", true)]
    [InlineData("user/DocumentReference.rs?category=MedicalAnalyses", "user/DocumentReference.rs?category=MedicalImaging", false)]
    [InlineData("user/DocumentReference.rs?category=MedicalAnalyses,MedicalImaging", "user/DocumentReference.rs?category=MedicalImaging", true)]
    public void A_scope_covers_what_is_narrower_and_nothing_else(string wide, string narrow, bool covers) =>
        Assert.Equal(covers, SmartScope.Parse(wide)!.Covers(SmartScope.Parse(narrow)!));

    [Theory]
    [InlineData("user/DocumentReference.rs", "Find Entry")]
    [InlineData("user/DocumentReference.r", "Entry")]
    [InlineData("user/DocumentReference.s", "Find")]
    [InlineData("user/DocumentReference.c", "Deposit")]
    [InlineData("user/Binary.r", "Retrieve")]
    [InlineData("user/Patient.rs", "Patient FindPatient Launching")]
    [InlineData("user/AuditEvent.s", "Audit")]
    [InlineData("user/*.rs", "Find Entry Retrieve Patient FindPatient Audit Read Launching")]
    [InlineData("user/*.cruds", "Deposit Find Entry Retrieve Patient FindPatient Audit Read Launching")]
    [InlineData("system/*.cruds", "")]
    [InlineData("patient/*.rs", "")]
    [InlineData("ITI-67", "Find Entry")]
    [InlineData("ITI-68", "Retrieve")]
    [InlineData("ITI-65", "Deposit")]
    [InlineData("openid fhirUser offline_access launch launch/patient", "")]
    [InlineData("dsp.act.*", "Acts Registrations")]
    public void A_scope_of_one_type_opens_no_other(string held, string opens) => Assert.Equal(opens.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Opened(CallerKind.Professional, held).Order());

    [Theory]
    [InlineData("system/DocumentReference.cruds", "Deposit Find Entry")]
    [InlineData("system/*.c", "Deposit Registrations")]
    [InlineData("user/*.cruds", "")]
    [InlineData("patient/*.rs", "")]
    public void A_software_without_a_person_has_nothing_by_a_persons_scope(string held, string opens) => Assert.Equal(opens.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Opened(CallerKind.System, held).Order());

    [Fact]
    public void A_limit_on_documents_holds_for_their_content()
    {
        var limits = ScopeSet.Parse(["user/DocumentReference.rs?category=MedicalAnalyses", "user/Binary.r"])!.Open(ScopeSet.Parse(["user/Binary.r"])!);
        Assert.Equal([DataCategory.MedicalAnalyses], limits!.Categories);
        Assert.Null(ScopeSet.Parse(["user/DocumentReference.rs?category=MedicalAnalyses", "user/DocumentReference.rs", "user/Binary.r"])!.Open(ScopeSet.Parse(["user/Binary.r"])!)!.Categories);
    }

    [Fact]
    public void Acts_are_in_no_registration()
    {
        Assert.DoesNotContain(Scopes.Offered, s => s.StartsWith("dsp.", StringComparison.Ordinal));
        Assert.All(Scopes.Offered, s => Assert.True(Scopes.IsKnown(s), s));
        Assert.All(Enum.GetValues<CallerKind>(), kind => Assert.NotNull(ScopeSet.Parse(TokenRequest.UsualScopes(kind))));
    }

    private static IEnumerable<string> Opened(CallerKind kind, string held)
    {
        var token = new ProvenToken(kind, Guid.Empty, null, null, null, "test", ScopeSet.Parse(held.Split(' '))!, true, null, false, default, default);
        return new Dictionary<string, ScopeNeed>
        {
            ["Deposit"] = Scopes.Deposit, ["Find"] = Scopes.Find, ["Entry"] = Scopes.Entry, ["Retrieve"] = Scopes.Retrieve, ["Patient"] = Scopes.Patient, ["FindPatient"] = Scopes.FindPatient,
            ["Audit"] = Scopes.Audit, ["Read"] = Scopes.Read, ["Launching"] = Scopes.Launching, ["Acts"] = Scopes.Acts, ["Registrations"] = Scopes.Registrations, ["Feeds"] = Scopes.Feeds,
        }.Where(n => n.Value.IsMetBy(token) is not null).Select(n => n.Key);
    }
}
