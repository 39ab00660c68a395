using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Interop.Facts;
using static Dsp.Tests.Facts.Samples;

namespace Dsp.Tests.Facts;

/// <summary>Each trap of CDA on a small document of its own.</summary>
public sealed class CdaTrapTests
{
    private const string Text = """<paragraph ID="p1">Hypertension <content ID="p2">artérielle</content></paragraph>""";

    [Fact]
    public void No_known_allergy_is_a_dated_negation_whichever_way_it_is_written()
    {
        const string noCode = """<code nullFlavor="NA"/>""";
        var ways = new[]
        {
            Allergy(AllergyTo(noCode, """ negationInd="true" """)),
            Allergy(AllergyTo(noCode), concern: """ negationInd="true" """),
            Allergy(AllergyTo(noCode, """ negationInd="true" """), concern: """ negationInd="true" """),
            Allergy(AllergyTo(noCode).Replace("419199007", "716186003", StringComparison.Ordinal)),
            Allergy(AllergyTo("""<code code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>""")),
            Allergy(AllergyTo("""<code code="no-known-allergies" codeSystem="2.16.840.1.113883.5.1150.1"/>""", """ negationInd="true" """)),
        };

        foreach (var way in ways)
        {
            var fact = One(Section("48765-2", "Pas d'allergie connue", way));
            Assert.Equal((FactKind.Allergy, FactStatement.Negated), (fact.Kind, fact.Statement));
            Assert.Equal("2018-05", fact.Start!.Text);
        }
    }

    [Fact]
    public void No_information_is_never_none()
    {
        var coded = One(Section("48765-2", "", Allergy(AllergyTo("""<code code="no-allergy-info" codeSystem="2.16.840.1.113883.5.1150.1"/>"""))));
        var negatedToo = One(Section("48765-2", "", Allergy(AllergyTo("""<code code="no-allergy-info" codeSystem="2.16.840.1.113883.5.1150.1"/>""", """ negationInd="true" """))));
        var unknown = One(Section("11450-4", "", Problem("""<value xsi:type="CD" nullFlavor="UNK"/>""")));
        var silent = One("""<section nullFlavor="NI"><code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/><title>Médicaments</title><text>Pas d'information</text></section>""");
        var empty = Read("""<section><code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/><title>Médicaments</title><text>–</text></section>""");

        Assert.Equal(FactStatement.NoInformation, coded.Statement);
        Assert.Equal(FactStatement.NoInformation, negatedToo.Statement);
        Assert.Equal(FactStatement.Unknown, unknown.Statement);
        Assert.Equal((FactKind.Medicine, FactStatement.NoInformation, "NI"), (silent.Kind, silent.Statement, silent.Code!.Absent));
        Assert.Empty(empty.Facts);
    }

    [Fact]
    public void Words_of_absence_without_a_code_are_never_an_assertion()
    {
        foreach (var words in new[] { "No known drug allergies", "NKDA", "Aucune allergie connue", "Keine bekannt", "Nenhuma", "UNK", "N/A", "420134006 No adverse reactions were reported during this admission" })
            Assert.Equal(FactStatement.Unknown, One(Section("48765-2", "", Allergy(AllergyTo($"""<code nullFlavor="UNK"><originalText>{words}</originalText></code>""").Replace("""<value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96" displayName="Allergy to substance"/>""", "", StringComparison.Ordinal)))).Statement);
        Assert.Equal(FactStatement.Asserted, One(Section("48765-2", "", Allergy(AllergyTo("""<code nullFlavor="UNK"><originalText>Noix de cajou</originalText></code>""")))).Statement);
    }

    [Fact]
    public void An_allergy_keeps_its_substance_reactions_severity_criticality_and_both_statuses_apart()
    {
        var fact = One(Section("48765-2", "", Allergy(AllergyTo(Penicillin, inside:
            """
            <entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.28"/><code code="33999-4" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="CE" code="73425007" codeSystem="2.16.840.1.113883.6.96" displayName="Inactive"/></observation></entryRelationship>
            <entryRelationship typeCode="MFST" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.9"/><code code="ASSERTION"/><value xsi:type="CD" code="247472004" codeSystem="2.16.840.1.113883.6.96" displayName="Hives"/><entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.8"/><code code="SEV"/><value xsi:type="CD" code="24484000" codeSystem="2.16.840.1.113883.6.96" displayName="Severe"/></observation></entryRelationship></observation></entryRelationship>
            <entryRelationship typeCode="SUBJ" inversionInd="true"><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.145"/><code code="82606-5" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="CD" code="CRITH" codeSystem="2.16.840.1.113883.5.1063"/></observation></entryRelationship>
            """))));

        Assert.Equal("Penicillin", fact.Name);
        Assert.Equal("Allergy to substance", fact.Aspect!.Name);
        Assert.Equal(("Inactive", "completed", "active"), (fact.ClinicalStatus!.Name, fact.RecordStatus, fact.ConcernStatus));
        var reaction = Assert.Single(fact.Reactions!);
        Assert.Equal(("Hives", "Severe"), (reaction.Manifestation!.Name, reaction.Severity!.Name));
        Assert.Null(fact.Severity);
        Assert.Equal("CRITH", fact.Criticality!.Codes![0].Code);
        Assert.Equal(("2018-05", "UNK"), (fact.Start!.Text, fact.End!.Absent));
        Assert.Equal(DataCategory.AllergiesIntolerances, fact.Category);
        Assert.Equal(("1/e1/1", "48765-2", "2.999.1^a1"), (fact.Place.Path, fact.Place.Section, fact.Place.EntryId));
        Assert.Equal(("Anna Thillaray", "Cabinet (fictif)"), (fact.Author!.Name, fact.Author.Organization));
    }

    [Fact]
    public void Text_by_reference_is_found_in_the_narrative_and_a_missing_target_is_only_silence()
    {
        var fact = One(Section("11450-4", Text, Problem("""<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96"><originalText><reference value="#p2"/></originalText><translation code="I10" codeSystem="2.16.840.1.113883.6.3" displayName="Hypertension essentielle"/></value>""")));
        var lost = One(Section("11450-4", "", Problem("""<value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96"/>""")));

        Assert.Equal(("Hypertension artérielle", "artérielle", "p1"), (fact.Text, fact.Code!.Text, fact.Place.TextReference));
        Assert.Equal(["59621000", "I10"], fact.Code.Codes!.Select(c => c.Code));
        Assert.Equal("I10", fact.Code.CodeIn("http://hl7.org/fhir/sid/icd-10"));
        Assert.Null(lost.Text);
    }

    [Fact]
    public void Values_keep_their_type_their_digits_and_their_unit()
    {
        var facts = Read(Section("30954-2", "", Panel(
            Result("4548-4", "HbA1c", """<value xsi:type="PQ" value="7.40" unit="%"><translation value="57" code="mmol/mol" codeSystem="2.16.840.1.113883.6.8"/></value>""", """<interpretationCode code="H" codeSystem="2.16.840.1.113883.5.83"/><referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="4.0" unit="%"/><high value="6.0" unit="%" inclusive="false"/></value></observationRange></referenceRange>"""),
            Result("1", "Titre", """<value xsi:type="RTO_PQ_PQ"><numerator value="1"/><denominator value="128"/></value>"""),
            Result("2", "Intervalle", """<value xsi:type="IVL_PQ"><high value="3" unit="mg/l" inclusive="false"/></value>"""),
            Result("3", "Texte", """<value xsi:type="ST">trouble</value>"""),
            Result("4", "Nombre", """<value xsi:type="INT" value="3"/>"""),
            Result("5", "Réel", """<value xsi:type="REAL" value="0.050"/>"""),
            Result("6", "Code", """<value xsi:type="CD" code="10828004" codeSystem="2.16.840.1.113883.6.96" displayName="Positive"/>"""),
            Result("7", "Date", """<value xsi:type="TS" value="202612"/>"""),
            Result("8", "Oui", """<value xsi:type="BL" value="true"/>"""),
            Result("9", "Encapsulé", """<value xsi:type="ED">longue <br/>phrase</value>"""),
            Result("10", "Rien", """<value xsi:type="PQ" nullFlavor="NI"/>""")))).Facts;

        Assert.All(facts, f => Assert.Equal((FactKind.Result, DataCategory.MedicalAnalyses, "Bilan"), (f.Kind, f.Category, f.Panel!.Name)));
        var v = facts.Select(f => f.Value!).ToList();
        Assert.Equal((FactValueType.Quantity, "7.40", "%"), (v[0].Type, v[0].Number, v[0].Unit));
        Assert.Equal(("57", "mmol/mol"), (v[0].Translations![0].Number, v[0].Translations![0].Unit));
        Assert.Equal(("4.0", "6.0", "<"), (facts[0].Ranges![0].Low!.Number, facts[0].Ranges![0].High!.Number, facts[0].Ranges![0].High!.Comparator));
        Assert.Equal("H", facts[0].Interpretations![0].Codes![0].Code);
        Assert.Equal("2026-02-14T08:30+01:00", facts[0].Start!.Text);
        Assert.Equal((FactValueType.Ratio, "1", "128"), (v[1].Type, v[1].Low!.Number, v[1].High!.Number));
        Assert.Equal((FactValueType.Range, "<", "3"), (v[2].Type, v[2].High!.Comparator, v[2].High!.Number));
        Assert.Equal("trouble", v[3].Text);
        Assert.Equal(("3", "0.050"), (v[4].Number, v[5].Number));
        Assert.Equal("Positive", v[6].Coded!.Name);
        Assert.Equal("2026-12", v[7].Time!.Text);
        Assert.True(v[8].Flag);
        Assert.Equal("longue phrase", v[9].Text);
        Assert.Equal((FactValueType.Absent, FactStatement.NoInformation), (v[10].Type, facts[10].Statement));
    }

    [Theory]
    [InlineData("2026", "2026")]
    [InlineData("202602", "2026-02")]
    [InlineData("20260214", "2026-02-14")]
    [InlineData("2026021408", "2026-02-14T08")]
    [InlineData("202602140830", "2026-02-14T08:30")]
    [InlineData("20260214083015.123+0100", "2026-02-14T08:30:15+01:00")]
    [InlineData("hier", "hier")]
    public void A_date_keeps_the_precision_of_its_source(string sent, string kept)
    {
        var date = One(Section("30954-2", "", Result("1", "x", """<value xsi:type="INT" value="1"/>""", time: sent))).Start!;

        Assert.Equal(kept, date.Text);
        Assert.Equal(sent != "hier", date.From < date.To);
    }

    [Fact]
    public void A_medicine_keeps_product_ingredients_dosage_lines_and_what_is_only_ordered_stays_ordered()
    {
        var product = """<code code="C09AA05" codeSystem="2.16.840.1.113883.6.73" displayName="Ramipril"/><name>Ramipril 5</name><pharm:ingredient><pharm:quantity><pharm:numerator value="5" unit="mg"/><pharm:denominator value="1"/></pharm:quantity><pharm:ingredient><pharm:code code="386872004" codeSystem="2.16.840.1.113883.6.96" displayName="Ramipril (substance)"/></pharm:ingredient></pharm:ingredient>""";
        var fact = One(Section("10160-0", "", Medicine(product, inside: """<entryRelationship typeCode="COMP"><substanceAdministration classCode="SBADM" moodCode="EVN"><doseQuantity value="2"/></substanceAdministration></entryRelationship><entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="EVN"><code code="x"/><value xsi:type="CD" code="59621000" codeSystem="2.16.840.1.113883.6.96" displayName="Hypertension"/></observation></entryRelationship>""")));
        var ordered = One(Section("10160-0", "", Medicine(product).Replace("SBADM\" moodCode=\"EVN", "SBADM\" moodCode=\"INT", StringComparison.Ordinal)));
        var stopped = One(Section("10160-0", "", Medicine(product, """ negationInd="true" """)));

        Assert.Equal(("Ramipril 5", "C09AA05", FactStage.Done), (fact.Code!.Text, fact.Code.CodeIn("http://www.whocc.no/atc"), fact.Stage));
        Assert.Equal(("5", "mg"), (fact.Ingredients![0].Strength!.Low!.Number, fact.Ingredients[0].Strength!.Low!.Unit));
        Assert.Equal(2, fact.Doses!.Count);
        Assert.Equal(("1", "{tablet}", "12", "h", "Oral use"), (fact.Doses[0].Dose!.Number, fact.Doses[0].Dose!.Unit, fact.Doses[0].Period!.Number, fact.Doses[0].Period!.Unit, fact.Doses[0].Route!.Name));
        Assert.Equal("Hypertension", fact.Reasons![0].Name);
        Assert.Equal("2025-01-10", fact.Start!.Text);
        Assert.Equal(FactStage.Ordered, ordered.Stage);
        Assert.Equal(FactStatement.Negated, stopped.Statement);
    }

    [Fact]
    public void No_medication_information_and_no_medication_known_are_two_things()
    {
        var none = One(Section("10160-0", "", Medicine("", code: """<code code="no-known-medications" codeSystem="2.16.840.1.113883.5.1150.1"/>""")));
        var silent = One(Section("10160-0", "", Medicine("""<code nullFlavor="NA"/>""", code: """<code code="no-medication-info" codeSystem="2.16.840.1.113883.5.1150.1"/>""")));
        var unknown = One(Section("10160-0", "", Medicine("""<code nullFlavor="UNK"/>""")));

        Assert.Equal([FactStatement.Negated, FactStatement.NoInformation, FactStatement.Unknown], new[] { none, silent, unknown }.Select(f => f.Statement));
    }

    [Fact]
    public void A_relative_s_illness_is_never_the_patient_s_and_a_plan_has_not_happened()
    {
        var facts = Read(
            Section("10157-6", "", """<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.45"/><subject><relatedSubject classCode="PRS"><code code="MTH" codeSystem="2.16.840.1.113883.5.111" displayName="Mère"/></relatedSubject></subject><component>""" + Problem("""<value xsi:type="CD" code="254837009" codeSystem="2.16.840.1.113883.6.96" displayName="Cancer du sein"/>""") + "</component></organizer>"),
            Section("18776-5", "", """<procedure classCode="PROC" moodCode="RQO"><templateId root="2.16.840.1.113883.10.20.22.4.41"/><code code="73761001" codeSystem="2.16.840.1.113883.6.96" displayName="Coloscopie"/></procedure>"""),
            Section("11450-4", "", Problem("""<value xsi:type="CD" code="2" codeSystem="2.16.840.1.113883.6.96"/>""").Replace("<templateId", """<subject><relatedSubject classCode="PRS"><code code="FTH"/></relatedSubject></subject><templateId""", StringComparison.Ordinal))).Facts;

        Assert.Equal((FactKind.FamilyHistory, "Mère", false), (facts[0].Kind, facts[0].Subject!.Name, facts[0].IsOwn));
        Assert.Equal((FactKind.Plan, FactStage.Ordered), (facts[1].Kind, facts[1].Stage));
        Assert.Equal((FactKind.FamilyHistory, false), (facts[2].Kind, facts[2].IsOwn));
    }

    [Fact]
    public void What_was_nullified_is_left_out_and_counted()
    {
        var sheet = Read(Section("11450-4", "", Problem("""<value xsi:type="CD" code="1" codeSystem="2.16.840.1.113883.6.96"/>""").Replace("completed", "nullified", StringComparison.Ordinal)));

        Assert.Equal((0, 1), (sheet.Facts.Count, sheet.Report.LeftOut));
    }

    [Fact]
    public void A_document_with_too_many_entries_keeps_the_first_ones_and_says_so()
    {
        var sheet = Read(Section("30954-2", "", Panel([.. Enumerable.Range(0, FactSheet.MostFacts + 5).Select(i => Result("1", "x", """<value xsi:type="INT" value="1"/>"""))])));

        Assert.Equal((FactSheet.MostFacts, true), (sheet.Facts.Count, sheet.Report.Cut));
    }

    private static Fact One(params string[] sections) => Assert.Single(Read(sections).Facts);

    private static FactSheet Read(params string[] sections)
    {
        var sheet = CdaFactSheet.Read(Document(sections), DataCategory.Syntheses);
        Assert.Null(sheet.Report.Problem);
        // What is sealed reads back as it was.
        var again = FactSheet.FromBytes(sheet.ToBytes());
        Assert.Equal(sheet.Facts.Select(f => (f.Kind, f.Statement, f.Name, f.Start, f.End, f.Author)).OrderBy(f => f.Kind), again.Facts.Select(f => (f.Kind, f.Statement, f.Name, f.Start, f.End, f.Author)).OrderBy(f => f.Kind));
        return sheet;
    }
}
