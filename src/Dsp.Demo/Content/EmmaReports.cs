using Dsp.Interop.Pdf;
using static Dsp.Demo.Content.DemoCda;

namespace Dsp.Demo.Content;

/// <summary>Emma's reports and letters: numbers 10, 11, 12, 13, 16, 19.</summary>
internal static class EmmaReports
{
    private static readonly DemoCode Imaging = DemoCode.Loinc("68604-8", "Compte rendu d’imagerie");

    public static void AddTo(DemoShelf shelf)
    {
        Emergency(shelf);
        Radiology(shelf);
        Discharge(shelf);
        shelf.AddPdf(
            new DemoSpec("16", "emma", "dr-psy", null, -83, "CareReports", DemoCode.Loinc("34788-0", "Consultation de psychiatrie"), "fr-LU", "Consultation de psychiatrie") { Confidentiality = "R", MaskedFromAllBut = ["dr-psy", "dr-thill"] },
            new PdfHeading(2, "Motif"),
            new PdfParagraph("Suivi d’un épisode dépressif d’intensité moyenne, deuxième consultation."),
            new PdfHeading(2, "Évolution"),
            new PdfParagraph("Sommeil meilleur, reprise du travail à temps partiel. L’humeur reste fluctuante en fin de journée. Pas d’idée suicidaire. La patiente souhaite que ce suivi reste entre son médecin traitant et moi."),
            new PdfHeading(2, "Traitement"),
            new PdfParagraph("Sertraline 50 mg, un comprimé le matin, à poursuivre au moins six mois. Sous apixaban, signaler tout saignement inhabituel : l’association augmente légèrement le risque hémorragique."),
            new PdfParagraph("Prochaine consultation dans six semaines."));
        shelf.AddPdf(
            new DemoSpec("19", "emma", "emma", null, -160, "HolderExpression", DemoCode.Loinc("51855-5", "Note du patient"), "fr-LU", "Mes lunettes : mesures et opticien") { MaskedFromAllBut = [] },
            new PdfParagraph("Note personnelle, pour ne pas chercher à chaque fois."),
            new PdfTable(["Œil", "Sphère", "Cylindre", "Axe"], [["Droit", "–1,75", "–0,50", "95°"], ["Gauche", "–2,00", "–0,25", "80°"]]),
            new PdfParagraph("Écart pupillaire : 61 mm. Monture achetée en mai, garantie deux ans."));
    }

    private static void Emergency(DemoShelf shelf) => shelf.AddPdf(
        new DemoSpec("10", "emma", "dr-reuter", "hospital", 0, "CareReports", DemoCode.Loinc("34111-5", "Compte rendu de passage aux urgences"), "fr-LU", "Passage aux urgences : syncope et choc à la tête sous apixaban") { Time = new TimeOnly(4, 40) },
        new PdfHeading(2, "Motif d’admission"),
        new PdfParagraph("Amenée par les secours à 03:12 après une perte de connaissance brève à domicile, en se levant la nuit, avec chute et choc frontal droit. Témoin : le voisin de palier."),
        new PdfHeading(2, "Antécédents et traitement, lus dans le dossier de soins partagé"),
        new PdfList(
        [
            "Anaphylaxie à la pénicilline en 2009.",
            "Fibrillation auriculaire paroxystique, apixaban 5 mg matin et soir ; dernière prise hier à 20:30.",
            "Diabète de type 2, metformine 850 mg matin et soir.",
            "Bisoprolol 2,5 mg le matin.",
        ]),
        new PdfHeading(2, "Examen"),
        new PdfTable(["Paramètre", "03:20", "04:30"],
        [
            ["Pression artérielle", "104/62 mmHg", "122/74 mmHg"],
            ["Fréquence cardiaque", "58/min, régulière", "64/min, régulière"],
            ["Score de Glasgow", "15", "15"],
            ["Glycémie capillaire", "151 mg/dl", "–"],
            ["Température", "36,7 °C", "36,6 °C"],
        ]),
        new PdfParagraph("Plaie frontale droite de 3 cm, suturée (quatre points). Pas de déficit neurologique. Électrocardiogramme : rythme sinusal, QTc 428 ms."),
        new PdfHeading(2, "Examens complémentaires"),
        new PdfParagraph("Bilan sanguin de 03:35 : troponine T 6 ng/l, potassium 4,1 mmol/l, glucose 148 mg/dl, INR 1,1. Scanner cérébral demandé en raison de l’anticoagulation, résultat attendu."),
        new PdfHeading(2, "Conclusion provisoire"),
        new PdfParagraph("Syncope orthostatique probable avec traumatisme crânien sous apixaban. Surveillance neurologique toutes les heures ; pas de prise d’apixaban avant lecture du scanner. Avis de cardiologie dans la matinée."));

    private static void Radiology(DemoShelf shelf)
    {
        shelf.AddPdf(
            new DemoSpec("11", "emma", "dr-rad", "hospital", 0, "MedicalImaging", Imaging, "de-LU", "CT Schädel – Befund: keine Blutung") { Time = new TimeOnly(5, 10) },
            new PdfHeading(2, "Indikation"),
            new PdfParagraph("Synkope mit Kopfanprall rechts frontal, Einnahme von Apixaban. Ausschluss einer intrakraniellen Blutung."),
            new PdfHeading(2, "Technik"),
            new PdfParagraph("Natives CT des Schädels, Schichtdicke 1 mm, Rekonstruktionen in drei Ebenen. Dosislängenprodukt 812 mGy·cm."),
            new PdfHeading(2, "Befund"),
            new PdfParagraph("Keine intra- oder extraaxiale Blutung. Mittelständige Hirnstrukturen, seitengleiche innere und äußere Liquorräume. Keine Raumforderung, kein demarkierter Infarkt. Weichteilschwellung rechts frontal ohne Fraktur der Kalotte."),
            new PdfHeading(2, "Beurteilung"),
            new PdfParagraph("Keine Blutung. Keine Fraktur. Unter Antikoagulation klinische Überwachung über 24 Stunden empfohlen.", Bold: true));
        shelf.AddPdf(
            new DemoSpec("12", "emma", "dr-rad", "hospital", -10, "MedicalImaging", Imaging, "de-LU", "Röntgen Thorax in zwei Ebenen"),
            new PdfHeading(2, "Indikation"),
            new PdfParagraph("Anhaltender Husten seit drei Wochen, Ausschluss eines Infiltrats."),
            new PdfHeading(2, "Befund"),
            new PdfParagraph("Herz normal groß. Kein Infiltrat, kein Erguss, kein Pneumothorax. Mediastinum schlank, Zwerchfelle glatt begrenzt, Skelett altersentsprechend."),
            new PdfHeading(2, "Beurteilung"),
            new PdfParagraph("Unauffälliger Thoraxbefund.", Bold: true));
    }

    private static void Discharge(DemoShelf shelf) => shelf.AddCda(
        new DemoSpec("13", "emma", "dr-cardio", "hospital", -656, "CareReports", DemoCode.Loinc("18842-5", "Lettre de sortie"), "fr-LU", "Lettre de sortie : fibrillation auriculaire") { Format = "urn:ihe:pcc:xds-ms:2007" },
        Section("46241-6", "Hospital admission diagnosis", "Motif d’hospitalisation",
            Paragraphs($"Palpitations et essoufflement depuis la veille. Hospitalisation en cardiologie du {shelf.Day(-659)} au {shelf.Day(-656)}.")),
        DemoClinical.Allergies(new DemoAllergy("Pénicilline", "764146007", "Anaphylaxie", "39579001", "2009", "Grave")),
        Section("8648-8", "Hospital course Narrative", "Évolution pendant le séjour",
            E("text",
                E("paragraph", "Fibrillation auriculaire à 142/min à l’arrivée, de moins de 48 heures. Retour en rythme sinusal sous bêtabloquant, sans cardioversion. Thyroïde normale, pas de fièvre, pas d’alcool."),
                Table(["Examen", "Résultat"],
                [
                    ["Échocardiographie", "Fraction d’éjection 61 %, oreillette gauche 36 ml/m², pas de valvulopathie"],
                    ["Score CHA₂DS₂-VASc", "1 (sexe féminin)"],
                    ["TSH", "1,8 mU/l"],
                ]))),
        DemoClinical.Problems(new DemoProblem("Fibrillation auriculaire paroxystique", "I48.0", "282825002", shelf.Year(-656))),
        DemoClinical.Medicines("10183-2", "Hospital discharge medications Narrative", "Traitement de sortie",
            new DemoMedicine("Apixaban 5 mg, comprimé pelliculé", "B01AF02", "apixaban", "1 comprimé matin et soir, à réévaluer dans un an", 12, shelf.DemoDay.AddDays(-656), "Prévention des embolies"),
            new DemoMedicine("Bisoprolol 2,5 mg, comprimé", "C07AB07", "bisoprolol", "1 comprimé le matin", 24, shelf.DemoDay.AddDays(-656), "Contrôle de la fréquence cardiaque")),
        Section("18776-5", "Plan of care note", "Suivi",
            Items(
                "Consultation de cardiologie dans trois mois, avec enregistrement de 24 heures.",
                "Médecin traitant : contrôle de la créatinine et de l’hémoglobine dans un mois.",
                "Revenir en urgence en cas de malaise, de douleur dans la poitrine ou de saignement.")));
}
