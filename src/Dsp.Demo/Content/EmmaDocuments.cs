using static Dsp.Demo.Content.DemoCda;

namespace Dsp.Demo.Content;

/// <summary>Emma's summaries, prescription, vaccinations and allergy: numbers 1, 2, 14, 15, 17, 18.</summary>
internal static class EmmaDocuments
{
    private static readonly DemoCode Summary = DemoCode.Loinc("60591-5", "Résumé patient");

    private static readonly DemoAllergy Penicillin =
        new("Pénicilline", "764146007", "Anaphylaxie : urticaire généralisée, œdème de la glotte, hypotension", "39579001", "2009", "Grave, pronostic vital engagé");

    public static void AddTo(DemoShelf shelf)
    {
        Summaries(shelf);
        Medicines(shelf);
        Prevention(shelf);
    }

    private static void Summaries(DemoShelf shelf)
    {
        var summary = new DemoSpec("1", "emma", "dr-thill", null, -258, "Syntheses", Summary, "fr-LU", "Résumé patient, version 3") { Format = "urn:epsos:ps:ps:2010" };
        shelf.AddCda(
            summary,
            DemoClinical.Allergies(Penicillin),
            DemoClinical.Problems(
                new DemoProblem("Fibrillation auriculaire paroxystique", "I48.0", "282825002", shelf.Year(-656)),
                new DemoProblem("Prédiabète (intolérance au glucose)", "R73.0", "15777000", shelf.Year(-1080))),
            DemoClinical.Medicines(
                Apixaban(shelf, "5 mg matin et soir"),
                Bisoprolol(shelf)),
            Section("18776-5", "Plan of care note", "Conduite à tenir",
                Items(
                    "Contrôler l’hémoglobine glyquée et la ferritine tous les six mois.",
                    "Ne pas arrêter l’apixaban sans l’avis de la cardiologue, même avant un soin dentaire.",
                    "Règles abondantes depuis l’anticoagulation : surveiller le fer.")));

        shelf.AddCda(
            summary with { Key = "2", Day = -82, Title = "Résumé patient, version 4", Replaces = "1" },
            DemoClinical.Allergies(Penicillin),
            DemoClinical.Problems(
                new DemoProblem("Fibrillation auriculaire paroxystique", "I48.0", "282825002", shelf.Year(-656)),
                new DemoProblem("Diabète de type 2 sans complication", "E11.9", "44054006", shelf.Year(-82))),
            DemoClinical.Medicines(
                Apixaban(shelf, "5 mg matin et soir"),
                new DemoMedicine("Metformine 850 mg, comprimé", "A10BA02", "metformin", "1 comprimé matin et soir, au milieu du repas", 12, shelf.DemoDay.AddDays(-82), "Diabète de type 2"),
                Bisoprolol(shelf)),
            Section("18776-5", "Plan of care note", "Conduite à tenir",
                Items(
                    "Metformine débutée ce jour ; contrôle de l’hémoglobine glyquée et de la fonction rénale dans trois mois.",
                    "Objectif d’hémoglobine glyquée : moins de 7 %.",
                    "Ferritine en baisse (22 µg/l) : alimentation riche en fer, contrôle en même temps.",
                    "En cas de chute avec choc à la tête : consulter le jour même, patiente sous anticoagulant.")));
    }

    private static void Medicines(DemoShelf shelf)
    {
        DemoFhirMedicine[] medicines =
        [
            new("Apixaban 5 mg, comprimé pelliculé", "B01AF02", "1 comprimé matin et soir", "180 comprimés"),
            new("Metformine 850 mg, comprimé", "A10BA02", "1 comprimé matin et soir, au milieu du repas", "180 comprimés"),
            new("Bisoprolol 2,5 mg, comprimé", "C07AB07", "1 comprimé le matin", "90 comprimés"),
        ];
        var prescription = new DemoSpec("14", "emma", "dr-thill", null, -82, "PrescriptionsTreatments", DemoCode.Loinc("57833-6", "Ordonnance de médicaments"), "fr-LU", "Ordonnance : apixaban, metformine, bisoprolol");
        shelf.AddFhir(prescription, DemoFhir.Prescription(shelf, prescription, medicines));
        var dispensation = new DemoSpec("15", "emma", "pharma", null, -81, "MedicationDispensing", DemoCode.Loinc("60593-1", "Délivrance de médicaments"), "fr-LU", "Médicaments délivrés : apixaban, metformine, bisoprolol");
        shelf.AddFhir(dispensation, DemoFhir.Dispensation(shelf, dispensation, medicines));
    }

    private static void Prevention(DemoShelf shelf)
    {
        shelf.AddCda(
            new DemoSpec("17", "emma", "dr-thill", null, -40, "CareReports", DemoCode.Loinc("11369-6", "Historique des vaccinations"), "fr-LU", "Vaccination contre la grippe et rappels") { Format = "urn:ihe:pcc:ic:2009" },
            DemoClinical.Vaccinations(
                new DemoVaccination(shelf.DemoDay.AddDays(-40), "Vaccin grippal tétravalent inactivé", "J07BB02", "Grippe saisonnière", "dose annuelle", "FX-4471"),
                new DemoVaccination(new DateOnly(2017, 9, 12), "Vaccin diphtérie-tétanos-coqueluche-poliomyélite", "J07CA02", "Tétanos, diphtérie, coqueluche, poliomyélite", "rappel", "BR-2093")),
            Section("18776-5", "Plan of care note", "Prochains rappels",
                E("text", Table(["Vaccin", "À faire"], [["Tétanos, diphtérie, coqueluche, poliomyélite", "2027"], ["Grippe saisonnière", "l’automne prochain"]]))));

        shelf.AddCda(
            new DemoSpec("18", "emma", "dr-thill", null, -1900, "AllergiesIntolerances", DemoCode.Loinc("48765-2", "Allergies et réactions indésirables"), "fr-LU", "Allergie à la pénicilline"),
            DemoClinical.Allergies(Penicillin),
            Section("48767-8", "Annotation comment", "Circonstances",
                Paragraphs(
                    "En 2009, quinze minutes après la première prise d’amoxicilline pour une angine : urticaire généralisée, gêne respiratoire, tension à 75/40 mmHg. Adrénaline intramusculaire par les secours, surveillance de 24 heures à l’hôpital.",
                    "Toute pénicilline est contre-indiquée. Les céphalosporines ne sont à envisager qu’après avis d’un allergologue. La patiente porte une carte d’allergie.")));
    }

    private static DemoMedicine Apixaban(DemoShelf shelf, string dosage) =>
        new("Apixaban 5 mg, comprimé pelliculé", "B01AF02", "apixaban", dosage, 12, shelf.DemoDay.AddDays(-656), "Prévention des embolies, fibrillation auriculaire");

    private static DemoMedicine Bisoprolol(DemoShelf shelf) =>
        new("Bisoprolol 2,5 mg, comprimé", "C07AB07", "bisoprolol", "1 comprimé le matin", 24, shelf.DemoDay.AddDays(-656), "Contrôle de la fréquence cardiaque");
}
