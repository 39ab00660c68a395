using Dsp.Interop.Pdf;
using static Dsp.Demo.Content.DemoCda;
using static Dsp.Demo.Content.DemoLaboratory;

namespace Dsp.Demo.Content;

/// <summary>Sabine, Pedro, Claude and Aoife: numbers 33 to 39 and 43.</summary>
internal static class OtherDocuments
{
    public static void AddTo(DemoShelf shelf)
    {
        Sabine(shelf);
        Pedro(shelf);
        Claude(shelf);
        shelf.AddPdf(
            new DemoSpec("43", "aoife", "dr-reuter", "hospital", -3, "CareReports", DemoCode.Loinc("34111-5", "Compte rendu de passage aux urgences"), "en", "Emergency department: fracture of the left wrist"),
            new PdfHeading(2, "What happened"),
            new PdfParagraph("Fell from a rented bicycle this afternoon, landing on the outstretched left hand. No blow to the head, no other injury."),
            new PdfHeading(2, "Findings"),
            new PdfParagraph("Swelling and dorsal deformity of the left wrist, closed. Sensation and blood supply normal. X-ray: extra-articular fracture of the distal radius with 15° dorsal tilt."),
            new PdfHeading(2, "Treatment"),
            new PdfList(
            [
                "Closed reduction under haematoma block, plaster splint; position satisfactory on the control X-ray.",
                "Paracetamol 1 g up to three times a day, elevation, finger exercises.",
                "X-ray control in one week, here or at home; this report and the images are in the record opened today.",
                "Return at once for numb or blue fingers or growing pain.",
            ]));
    }

    private static void Sabine(DemoShelf shelf)
    {
        shelf.AddPdf(
            new DemoSpec("33", "sabine", "dr-rad", "hospital", -50, "MedicalImaging", DemoCode.Loinc("68604-8", "Compte rendu d’imagerie"), "de-LU", "MRT rechtes Knie"),
            new PdfHeading(2, "Indikation"),
            new PdfParagraph("Arbeitsunfall mit Verdrehung des rechten Knies, Schwellung und Streckhemmung. Verdacht auf Meniskusläsion."),
            new PdfHeading(2, "Befund"),
            new PdfParagraph("Korbhenkelriss des Innenmeniskus mit Verlagerung des Fragments in die Fossa intercondylaris. Vorderes und hinteres Kreuzband sowie Seitenbänder intakt. Mäßiger Gelenkerguss, Knorpel regelrecht."),
            new PdfHeading(2, "Beurteilung"),
            new PdfParagraph("Eingeschlagener Korbhenkelriss des Innenmeniskus rechts.", Bold: true));

        shelf.AddCda(
            new DemoSpec("34", "sabine", "hospital-doctor", "hospital", -45, "CareReports", DemoCode.Loinc("18842-5", "Entlassungsbrief"), "de-LU", "Entlassungsbrief nach Arbeitsunfall") { Format = "urn:ihe:pcc:xds-ms:2007" },
            Section("46241-6", "Hospital admission diagnosis", "Anlass der Aufnahme",
                Paragraphs("Arbeitsunfall: beim Absteigen von der Leiter das rechte Knie verdreht. Stationärer Aufenthalt von drei Tagen zur Arthroskopie.")),
            Section("8648-8", "Hospital course Narrative", "Verlauf",
                E("text",
                    E("paragraph", "Arthroskopische Naht des Innenmeniskus rechts in Spinalanästhesie, Verlauf ohne Komplikation."),
                    Table(["Untersuchung", "Ergebnis"],
                    [
                        ["MRT rechtes Knie", "Korbhenkelriss des Innenmeniskus, Bänder intakt"],
                        ["Wunde bei Entlassung", "trocken, reizlos"],
                        ["Beweglichkeit", "0 / 0 / 60 Grad in der Schiene"],
                    ]))),
            Section("11535-2", "Hospital discharge Dx Narrative", "Entlassungsdiagnose", Paragraphs("Riss des Innenmeniskus rechts, frisch (S83.2), Zustand nach Naht.")),
            Section("10183-2", "Hospital discharge medications Narrative", "Medikamente bei Entlassung",
                E("text", Table(["Medikament", "Dosierung", "Dauer"],
                [
                    ["Ibuprofen 400 mg", "bei Bedarf, höchstens dreimal täglich", "10 Tage"],
                    ["Enoxaparin 4 000 IE", "einmal täglich unter die Haut", "bis zur Vollbelastung"],
                ]))),
            Section("18776-5", "Plan of care note", "Weiteres Vorgehen",
                Items("Teilbelastung mit 20 kg für sechs Wochen, Schiene Tag und Nacht.", "Fäden nach zwölf Tagen, auch durch den Hausarzt in Trier möglich.", "Arbeitsunfähig für acht Wochen; die Unfallversicherung ist informiert.")));
    }

    private static void Pedro(DemoShelf shelf)
    {
        shelf.AddPdf(
            new DemoSpec("35", "pedro", "hospital-doctor", "hospital", -120, "CareReports", DemoCode.Loinc("11504-8", "Compte rendu opératoire"), "fr-LU", "Compte rendu opératoire : appendicectomie"),
            new PdfHeading(2, "Indication"),
            new PdfParagraph("Douleur de la fosse iliaque droite depuis 24 heures, fièvre à 38,4 °C, scanner en faveur d’une appendicite aiguë sans abcès."),
            new PdfHeading(2, "Intervention"),
            new PdfParagraph("Appendicectomie par cœlioscopie sous anesthésie générale, trois trocarts. Appendice inflammatoire, non perforé. Exploration de l’abdomen sans autre anomalie. Pièce envoyée en anatomopathologie. Pertes sanguines minimes, durée 42 minutes."),
            new PdfHeading(2, "Suites"),
            new PdfList(["Reprise de l’alimentation le soir même.", "Pas d’antibiotique après l’intervention.", "Arrêt de travail de dix jours, pas de port de charges pendant trois semaines."]));

        var first = new DemoSpec("36", "pedro", "bio-sud", "lab-sud", -100, "MedicalAnalyses", DemoCode.Loinc("11526-1", "Compte rendu d’anatomopathologie"), "fr-LU", "Examen anatomopathologique : appendice");
        shelf.AddCda(first, Pathology("Appendice de 7,2 cm, diamètre maximal 1,1 cm.", "Appendicite aiguë suppurée, non perforée. Recoupe saine.", "sans particularité", null));
        shelf.AddCda(
            first with { Key = "37", Day = -95, Replaces = "36", Title = "Examen anatomopathologique : appendice – résultat corrigé" },
            Pathology("Appendice de 7,2 cm, diamètre maximal 1,1 cm.", "Appendicite aiguë suppurée, non perforée. Recoupe saine. Tumeur neuroendocrine de la pointe de 4 mm, de grade 1, retirée en entier : aucun traitement supplémentaire nécessaire.", "tumeur neuroendocrine de 4 mm", "Résultat corrigé après relecture : ce compte rendu remplace le premier, qui ne mentionnait pas la lésion de la pointe."));
    }

    private static System.Xml.Linq.XElement[] Pathology(string gross, string conclusion, string tip, string? correction)
    {
        List<System.Xml.Linq.XElement> sections =
        [
            Section("22634-0", "Pathology report gross observation Narrative", "Examen macroscopique", Paragraphs(gross)),
            Section("22635-7", "Pathology report microscopic observation Narrative", "Examen microscopique",
                E("text", Table(["Prélèvement", "Observation"], [["Base", "paroi saine"], ["Corps", "infiltrat à polynucléaires transmural"], ["Pointe", tip]]))),
            Section("22637-3", "Pathology report final diagnosis Narrative", "Conclusion", Paragraphs(conclusion)),
        ];
        if (correction is not null)
        {
            sections.Insert(0, Section("48767-8", "Annotation comment", "Correction", Paragraphs(correction)));
        }

        return [.. sections];
    }

    private static void Claude(DemoShelf shelf)
    {
        shelf.AddCda(
            new DemoSpec("38", "claude", "hospital-doctor", "hospital", -300, "CareReports", DemoCode.Loinc("18842-5", "Lettre de sortie"), "fr-LU", "Lettre de sortie : colique néphrétique") { Format = "urn:ihe:pcc:xds-ms:2007" },
            Section("46241-6", "Hospital admission diagnosis", "Motif d’hospitalisation", Paragraphs("Douleur lombaire gauche brutale. Hospitalisation de deux jours.")),
            Section("8648-8", "Hospital course Narrative", "Évolution pendant le séjour",
                E("text",
                    E("paragraph", "Calcul urétéral gauche expulsé spontanément le deuxième jour, sans fièvre."),
                    Table(["Examen", "Résultat"], [["Scanner sans injection", "calcul de 4 mm de l’uretère pelvien gauche"], ["Bandelette urinaire", "sang ++, nitrites négatifs"]]))),
            Section("10183-2", "Hospital discharge medications Narrative", "Traitement de sortie", Items("Paracétamol 1 g en cas de douleur.", "Boire au moins deux litres d’eau par jour.")));
        var control = new DemoSpec("39", "claude", "bio-sud", "lab-sud", -290, "MedicalAnalyses", ReportType, "fr-LU", "Contrôle de la fonction rénale") { Format = Format };
        shelf.AddCda(control, [.. Sections(shelf.Created(control).AddHours(-2), null,
            new DemoResult(CreatinineMolar, "88", "59", "104"),
            new DemoResult(Potassium, "4.5", "3.5", "5.1"))]);
    }
}
