using System.Text;
using System.Text.Json.Nodes;
using Dsp.Access;
using Dsp.Interop.Pcf;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Consents;

/// <summary>What a Consent may ask for, and each rule that refuses one; what is refused is refused whole.</summary>
public sealed class ConsentReaderTests
{
    private const string Record = "00000000-0000-7000-8000-000000000031";
    private const string Doctor = "Practitioner/00000000-0000-7000-8000-000000000002";
    private const string Document = "00000000-0000-7000-8000-000000000041";
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Kinds = ["circle", "block", "mask", "objection", "country", "general"];

    /// <summary>What is changed in a good Consent of a kind, and the refusal with the beginning of its rule.</summary>
    public static TheoryData<string, string, string, string, string> Broken => new()
    {
        { "block", "dateTime", "", "DSP-1002", "A privacy consent says" },
        { "block", "patient", "", "DSP-1002", "A privacy consent says" },
        { "block", "performer", "", "DSP-1002", "A privacy consent says" },
        { "block", "organization", "", "DSP-1002", "A privacy consent says" },
        { "block", "sourceAttachment", "", "DSP-1002", "A privacy consent says" },
        { "block", "provision", "", "DSP-1002", "A privacy consent says" },
        { "block", "scope", """{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "research" }] }""", "DSP-1003", "A privacy consent says" },
        { "block", "category", """[{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentcategorycodes", "code": "npp" }] }]""", "DSP-1003", "A privacy consent says" },
        { "block", "status", "\"draft\"", "DSP-3061", "A choice holds or has ended" },
        { "block", "status", "\"entered-in-error\"", "DSP-3061", "A choice holds or has ended" },
        { "block", "performer", """[{ "reference": "RelatedPerson/mother" }]""", "DSP-3061", "The holder alone decides" },
        { "block", "performer", """[{ "reference": "Practitioner/1" }]""", "DSP-3061", "The holder alone decides" },
        { "block", "patient", """{ "reference": "Group/1" }""", "DSP-1010", "" },
        { "block", "sourceAttachment", """{ "contentType": "application/pdf", "data": "AQ==" }""", "DSP-3061", "No paper is kept" },
        { "block", "sourceAttachment", """{ "url": "https://example.org/signed.pdf" }""", "DSP-3061", "No paper is kept" },
        { "block", "policy", """[{ "uri": "http://example.org/policies/basePrivacyConsentPolicy.txt" }]""", "DSP-3061", "A consent names one policy" },
        { "block", "policy", """[{ "uri": "urn:dsp:policy:block" }, { "uri": "urn:dsp:policy:circle" }]""", "DSP-3061", "A consent names one policy" },
        { "block", "policy", """[{ "uri": "urn:dsp:policy:block", "authority": "http://example.org" }]""", "DSP-3061", "A consent names one policy" },
        { "block", "policy", """[{ "uri": "https://profiles.ihe.net/ITI/PCF/Policy-break-glass-only" }]""", "DSP-3012", "Exceptional access is off" },
        { "block", "policyRule", """{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTOUT" }] }""", "DSP-3061", "A consent names one policy" },
        { "block", "identifier", """[{ "system": "urn:x", "value": "7" }]""", "DSP-3061", "Identifiers, labels, extensions" },
        { "block", "meta", """{ "security": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST" }] }""", "DSP-3061", "Identifiers, labels, extensions" },
        { "block", "extension", """[{ "url": "urn:x", "valueBoolean": true }]""", "DSP-3061", "Identifiers, labels, extensions" },
        { "block", "verification", """[{ "verified": true }]""", "DSP-3061", "Identifiers, labels, extensions" },
        { "block", "provision.modifierExtension", """[{ "url": "urn:x", "valueBoolean": true }]""", "DSP-3061", "Identifiers, labels, extensions" },
        { "block", "provision.purpose", """[{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HRESCH" }]""", "DSP-3061", "The record serves care alone" },
        { "block", "provision.purpose", """[{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "BTG" }]""", "DSP-3012", "Exceptional access is off" },
        { "block", "provision.securityLabel", """[{ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R" }]""", "DSP-3061", "Labels, classes and codes" },
        { "block", "provision.class", """[{ "system": "urn:dsp:category", "code": "Prevention" }]""", "DSP-3061", "Labels, classes and codes" },
        { "block", "provision.code", """[{ "text": "psychiatry" }]""", "DSP-3061", "Labels, classes and codes" },
        { "block", "provision.dataPeriod", """{ "start": "2026-01-01" }""", "DSP-3061", "Labels, classes and codes" },
        { "block", "provision.type", "\"permit\"", "DSP-3061", "A circle and a country permit" },
        { "block", "provision.period", """{ "end": "2027-01-01" }""", "DSP-3061", "A choice begins when it is made" },
        { "block", "provision.period", """{ "start": "2027-01-01" }""", "DSP-3061", "A choice begins when it is made" },
        { "block", "provision.data", $$"""[{ "meaning": "instance", "reference": { "reference": "DocumentReference/{{Document}}" } }]""", "DSP-3061", "What is hidden is one document" },
        { "block", "provision.actor", "[]", "DSP-1001", "" },
        { "block", "provision.actor", $"[{HolderConsents.Actor(Doctor)}, {HolderConsents.Actor(Doctor)}]", "DSP-3061", "A choice is about one professional" },
        { "block", "provision.actor", $"[{HolderConsents.Actor("Group/ex-privilegedUsers")}]", "DSP-3061", "A choice is about one professional" },
        { "block", "provision.actor", $"[{HolderConsents.Actor("Practitioner/dr-x")}]", "DSP-3061", "A choice is about one professional" },
        { "block", "provision.actor", $"[{HolderConsents.Actor(Doctor).Replace("IRCP", "CST", StringComparison.Ordinal)}]", "DSP-3061", "A choice is about one professional" },
        { "block", "provision.provision", """[{ "type": "permit" }]""", "DSP-3061", "Inside a denial stands nothing" },
        { "circle", "provision.type", "\"deny\"", "DSP-3061", "A circle and a country permit" },
        { "circle", "provision.provision", $$"""[{ "type": "deny", "actor": [{{HolderConsents.Actor(Doctor)}}] }]""", "DSP-3061", "Inside a denial stands nothing" },
        { "mask", "provision.data", """[{ "meaning": "instance", "reference": { "reference": "Observation/ex-alcoholUse" } }]""", "DSP-3061", "What is hidden is one document" },
        { "mask", "provision.data", $$"""[{ "meaning": "dependents", "reference": { "reference": "DocumentReference/{{Document}}" } }]""", "DSP-3061", "What is hidden is one document" },
        { "mask", "provision.data", $$"""[{ "meaning": "authoredby", "reference": { "reference": "{{Doctor}}" } }]""", "DSP-3061", "What is hidden is one document" },
        { "mask", "provision.data", """[{ "meaning": "related", "reference": { "reference": "Encounter/ex-encounter" } }]""", "DSP-3061", "What is hidden is one document" },
        { "mask", "provision.data", $$"""[{ "meaning": "instance", "reference": { "reference": "DocumentReference/{{Document}}" } }, { "meaning": "instance", "reference": { "reference": "DocumentReference/{{Record}}" } }]""", "DSP-3061", "What is hidden is one document" },
        { "mask", "provision.provision", """[{ "type": "permit", "actor": [{ "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP" }] }, "reference": { "reference": "Practitioner/00000000-0000-7000-8000-000000000002" } }] }]""", "DSP-3061", "Inside a denial stands nothing" },
        { "objection", "provision.action", """[{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": "use" }] }]""", "DSP-3061", "An objection denies to collect" },
        { "objection", "provision.class", """[{ "system": "urn:dsp:category", "code": "prevention" }]""", "DSP-3061", "An objection denies to collect" },
        { "objection", "provision.class", """[{ "system": "urn:dsp:category", "code": "Prevention" }, { "system": "urn:dsp:category", "code": "Education" }]""", "DSP-3061", "An objection denies to collect" },
        { "objection", "provision.data", """[{ "meaning": "related", "reference": { "reference": "ServiceRequest/7" } }]""", "DSP-3061", "An objection denies to collect" },
        { "objection", "provision.class", "", "DSP-3061", "An objection denies to collect" },
        { "objection", "provision.actor", $"[{HolderConsents.Actor(Doctor)}]", "DSP-3061", "A choice is about one professional" },
        { "country", "provision.actor", $"[{HolderConsents.Actor(Doctor)}]", "DSP-3061", "A country of the European Union" },
        { "country", "provision.actor", HolderConsents.Country(Record, "LU")["provision"]!["actor"]!.ToJsonString(), "DSP-3061", "A country of the European Union" },
        { "country", "provision.actor", HolderConsents.Country(Record, "US")["provision"]!["actor"]!.ToJsonString(), "DSP-3061", "A country of the European Union" },
        { "country", "provision.actor", HolderConsents.Country(Record, "fr")["provision"]!["actor"]!.ToJsonString(), "DSP-3061", "A country of the European Union" },
        { "country", "provision.type", "\"deny\"", "DSP-3061", "A circle and a country permit" },
        { "general", "provision.actor", $"[{HolderConsents.Actor(Doctor)}]", "DSP-3061", "The general choice is about everybody" },
        { "general", "provision.data", $$"""[{ "meaning": "instance", "reference": { "reference": "DocumentReference/{{Document}}" } }]""", "DSP-3061", "The general choice is about everybody" },
    };

    [Fact]
    public void A_good_consent_of_every_kind_is_read() => Assert.All(Kinds, kind => Assert.True(Read(Good(kind)) is { Succeeded: true }, kind + ": " + Read(Good(kind)).Refusal));

    [Theory, MemberData(nameof(Broken))]
    public void What_cannot_be_kept_exactly_is_refused_by_its_rule(string kind, string path, string value, string refusal, string rule)
    {
        var consent = Good(kind);
        var place = path.Split('.') is [var parent, _] ? consent[parent]!.AsObject() : consent;
        var name = path.Split('.')[^1];
        if (value.Length == 0) place.Remove(name);
        else place[name] = JsonNode.Parse(value);

        var read = Read(consent);

        Assert.False(read.Succeeded);
        var found = read.Refusal.Others.Prepend(read.Refusal).ToList();
        Assert.True(found.Exists(r => r.Id == refusal && (rule.Length == 0 || r.Rule?.StartsWith(rule, StringComparison.Ordinal) == true)), string.Join('\n', found.Select(r => $"{r.Id} {r.Expression} {r.Rule} {r.Text}")));
        Assert.All(found.Where(r => r.Rule is not null), r => Assert.Matches(@"\(.+\)\.$", r.Rule!));
    }

    /// <summary>Each Consent of the guide with the rules it meets: none is accepted as it stands, for none can be kept exactly.</summary>
    public static TheoryData<string, string> Examples => new()
    {
        { "basic-treat", "policy source labels purpose patient actor-none" },
        { "basic-ink", "policy source labels purpose patient actor-none" },
        { "basic-treat-infant", "policy source labels purpose patient performer" },
        { "expired-treat", "policy source labels purpose patient period" },
        { "intermediate-data", "policy source labels purpose patient data" },
        { "intermediate-not-authoredby", "policy source labels purpose patient data nested" },
        { "intermediate-not-data", "policy source labels purpose patient data nested" },
        { "intermediate-not-encounter", "policy source labels purpose patient data nested" },
        { "dissent-intermediate-break-glass", "break-glass source labels patient nested" },
        { "advanced-normal", "policy source labels purpose patient security" },
        { "advanced-normal-restricted", "policy source labels purpose patient security" },
        { "advanced-normal-focused-restricted", "policy source labels purpose patient security nested" },
        { "advanced-normal-focused-psy-or-sdv", "policy source labels purpose patient security nested" },
    };

    [Theory, MemberData(nameof(Examples))]
    public void An_example_of_the_guide_is_refused_by_these_rules_and_no_other(string name, string rules)
    {
        var file = Directory.GetFiles(Shared.Require("corpora", "fhir-ig-instances", "ihe.iti.pcf"), $"Consent-ex-*{name}.json").Single(f => Path.GetFileName(f) is var n && (n == $"Consent-ex-consent-{name}.json" || n == $"Consent-ex-{name}.json"));

        var read = ConsentReader.Read(File.ReadAllBytes(file), "http://localhost/fhir", Now);

        Assert.False(read.Succeeded);
        Assert.Equal(rules.Split(' ').Where(r => r != "actor-none").Order(StringComparer.Ordinal), read.Refusal.Others.Prepend(read.Refusal).Select(Short).Distinct().Order(StringComparer.Ordinal));

        static string Short(Refusal refusal) => refusal switch
        {
            { Id: "DSP-1010" } => "patient",
            { Id: "DSP-3012" } => "break-glass",
            { Expression: "Consent.policy" } => "policy",
            { Expression: "Consent.source" } => "source",
            { Expression: "Consent.meta" } => "labels",
            { Expression: "Consent.performer" } => "performer",
            { Expression: "Consent.provision.purpose" } => "purpose",
            { Expression: "Consent.provision.securityLabel" } => "security",
            { Expression: "Consent.provision.data" } => "data",
            { Expression: "Consent.provision.provision" } => "nested",
            { Expression: "Consent.provision.period.end" } => "period",
            _ => $"{refusal.Id} {refusal.Expression}",
        };
    }

    [Fact]
    public void Every_consent_of_the_guide_has_its_row() =>
        Assert.Equal(Directory.GetFiles(Shared.Require("corpora", "fhir-ig-instances", "ihe.iti.pcf"), "Consent-*.json").Length, Examples.Count);

    [Fact]
    public async Task What_the_guide_says_in_examples_is_taken_where_it_is_said_in_this_record_s_words()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var document = await cast.DepositedAsync([1]);
        // "Not this data" and "until this day", with our patient, policy and actors in the place of the guide's.
        foreach (var consent in new[] { HolderConsents.Mask(cast.Record, document, null), HolderConsents.Circle(cast.Record, $"{cast.Server.Fhir}/Practitioner/{cast.Doctor.Person}", "2026-12-31") })
            Assert.Equal(201, (await cast.MakeAsync(consent)).Status);
        // Validated first: the same rules, and nothing is kept.
        var said = await cast.Server.PostJsonAsync("/fhir/Consent/$validate", cast.Holder, HolderConsents.Of(cast.Record, "mask", """{ "type": "permit" }""").ToJsonString(), "application/fhir+json");
        Assert.Equal(200, said.Status);
        var issues = said.Json.GetProperty("issue").EnumerateArray().ToList();
        Assert.Equal(["error", "error", "information"], issues.Select(i => i.GetProperty("severity").GetString()));
        Assert.Contains("ITI-108", issues[^1].GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Every part of every good Consent is taken away or replaced by values of every JSON kind: nothing but a refusal with its place
    /// comes of it, unless the part is one that an answer makes anew.
    /// </summary>
    [Fact]
    public void No_damage_is_a_fault_and_what_is_taken_in_spite_of_it_is_made_anew_in_each_answer()
    {
        var (tried, taken) = (0, new HashSet<string>());
        foreach (var kind in Kinds)
            foreach (var path in Paths(Good(kind), ""))
                foreach (var value in new[] { null, "\"x\"", "7", "true", "{}", "[]", "null", "[{}]", "[null]" })
                {
                    var consent = Good(kind);
                    Damage(consent, path, value);
                    var read = Read(consent);
                    tried++;
                    if (read.Succeeded) taken.Add(path);
                    else Assert.All(read.Refusal.Others.Prepend(read.Refusal), r => Assert.True(r.Id == "DSP-1001" || r.Expression is not null, $"{kind} {path} {value}: {r.Id}"));
                }
        Assert.True(tried > 2000, tried.ToString(System.Globalization.CultureInfo.InvariantCulture));
        // Without actor a document is hidden from everyone, without period a circle has no end: other choices, as good as these.
        const string Expected = "/organization/0/display /provision/actor /provision/actor/0/reference/type /provision/period /provision/purpose /sourceAttachment/contentType /sourceAttachment/title";
        var others = string.Join(' ', taken.Order(StringComparer.Ordinal));
        Assert.True(others == Expected, others);

        static IEnumerable<string> Paths(JsonNode? node, string at) => node switch
        {
            JsonObject o => o.SelectMany(p => Paths(p.Value, $"{at}/{p.Key}").Prepend($"{at}/{p.Key}")),
            JsonArray a => a.SelectMany((n, i) => Paths(n, $"{at}/{i}").Prepend($"{at}/{i}")),
            _ => [],
        };

        static void Damage(JsonNode node, string path, string? value)
        {
            var parts = path.Split('/')[1..];
            foreach (var part in parts[..^1]) node = node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!;
            var put = value is null ? null : JsonNode.Parse(value);
            if (node is JsonArray array)
            {
                var index = int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture);
                if (value is null) array.RemoveAt(index);
                else array[index] = put;
            }
            else if (value is null) node.AsObject().Remove(parts[^1]);
            else node[parts[^1]] = put;
        }
    }

    [Fact]
    public void Nothing_of_a_good_consent_is_lost()
    {
        var objection = Read(HolderConsents.Objection(Record, $$""" "class": [{ "system": "urn:dsp:category", "code": "Prevention" }], "dataPeriod": { "start": "2026-11-01", "end": "2026-11-30" }, "data": [{ "meaning": "authoredby", "reference": { "reference": "{{Doctor}}" } }, { "meaning": "related", "reference": { "identifier": { "value": "O-1" } } }]""")).Value;
        Assert.Equal((Dsp.Codes.DataCategory.Prevention, "O-1", Doctor.Split('/')[1]), (objection.Category, objection.Order, objection.Person.ToString()));
        // The last day is whole: its end is the next midnight in Luxembourg.
        Assert.Equal(new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero), objection.To);
        Assert.Equal("I know the risk", objection.AcknowledgedRisk);
        Assert.Equal(ChoiceKind.Objection, objection.Kind);
    }

    private static JsonObject Good(string kind) => kind switch
    {
        "circle" => HolderConsents.Circle(Record, Doctor, "2027-01-01"),
        "block" => HolderConsents.Block(Record, Doctor),
        "mask" => HolderConsents.Mask(Record, Document, Doctor),
        "objection" => HolderConsents.Objection(Record, """ "class": [{ "system": "urn:dsp:category", "code": "Prevention" }]"""),
        "country" => HolderConsents.Country(Record, "FR"),
        _ => HolderConsents.Of(Record, "general", """{ "type": "permit" }"""),
    };

    private static Outcome<WantedChoice> Read(JsonObject consent) => ConsentReader.Read(Encoding.UTF8.GetBytes(consent.ToJsonString()), "http://localhost/fhir", Now);
}
