using Dsp.Interop.Pdf;
using static Dsp.Demo.Content.DemoCda;
using static Dsp.Demo.Content.DemoLaboratory;

namespace Dsp.Demo.Content;

/// <summary>Marie-Josée: numbers 27 to 32. Her summary still says apixaban 5 mg, the newer prescription 2.5 mg.</summary>
internal static class MarieJoseeDocuments
{
    public static void AddTo(DemoShelf shelf)
    {
        shelf.AddCda(
            new DemoSpec("27", "marie-josee", "dr-thill", null, -400, "Syntheses", DemoCode.Loinc("60591-5", "Résumé patient"), "fr-LU", "Résumé patient") { Format = "urn:epsos:ps:ps:2010" },
            DemoClinical.Problems(
                new DemoProblem("Fibrillation auriculaire permanente", "I48.2", "440059007", "2015"),
                new DemoProblem("Hypertension artérielle", "I10", "59621000", "1998"),
                new DemoProblem("Stimulateur cardiaque", "Z95.0", "441509002", shelf.Year(-3500))),
            DemoClinical.Medicines(
                new DemoMedicine("Apixaban 5 mg, comprimé pelliculé", "B01AF02", "apixaban", "1 comprimé matin et soir", 12, shelf.DemoDay.AddDays(-1600), "Prévention des embolies"),
                new DemoMedicine("Ramipril 5 mg, comprimé", "C09AA05", "ramipril", "1 comprimé le matin", 24, shelf.DemoDay.AddDays(-2400), "Hypertension artérielle")),
            Section("18776-5", "Plan of care note", "Conduite à tenir", Paragraphs("Contrôler la fonction rénale tous les six mois et adapter l’apixaban si besoin. Vit seule, aide de Mme Hubertrath pour les papiers.")));

        var prescription = new DemoSpec("28", "marie-josee", "dr-thill", null, -15, "PrescriptionsTreatments", DemoCode.Loinc("57833-6", "Ordonnance de médicaments"), "fr-LU", "Ordonnance : apixaban 2,5 mg");
        shelf.AddFhir(prescription, DemoFhir.Prescription(shelf, prescription,
            new DemoFhirMedicine("Apixaban 2,5 mg, comprimé pelliculé", "B01AF02", "1 comprimé matin et soir, remplace le dosage de 5 mg (âge et fonction rénale)", "180 comprimés")));

        var before = new DemoSpec("29", "marie-josee", "bio-sud", "lab-sud", -300, "MedicalAnalyses", ReportType, "fr-LU", "Fonction rénale") { Format = Format };
        shelf.AddCda(before, [.. Sections(shelf.Created(before).AddHours(-2), null, new DemoResult(CreatinineMolar, "92", "45", "98"))]);
        var now = before with { Key = "30", Author = "bio-nord", System = "lab-nord", Day = -20, Title = "Fonction rénale et potassium" };
        shelf.AddCda(now, [.. Sections(shelf.Created(now).AddHours(-2), "Fonction rénale nettement diminuée : vérifier la dose des médicaments éliminés par le rein.",
            new DemoResult(CreatinineMass, "1.52", "0.51", "0.95"),
            new DemoResult(FiltrationRate, "34", "60", null),
            new DemoResult(Potassium, "5.3", "3.5", "5.1"))]);

        // On paper only: its words are found after they were recognised.
        shelf.AddScan(
            new DemoSpec("31", "marie-josee", "dr-cardio", "hospital", -3500, "ProsthesesDevices", DemoCode.Loinc("46264-8", "Prothèses et dispositifs"), "de-LU", "Herzschrittmacher: Implantationsbericht") { Labels = [DemoLabels.Scanned, DemoLabels.RetentionEndsSoon] },
            "implantation.jpg");

        shelf.AddPdf(
            new DemoSpec("32", "marie-josee", "homecare", null, -7, "NursingAssessments", DemoCode.Loinc("34745-0", "Note de soins infirmiers"), "lb-LU", "Fleegbericht vum Hausbesuch"),
            new PdfHeading(2, "Wéi et geet"),
            new PdfParagraph("D’Madame Bächelborn ass waakreg an orientéiert. Si geet mam Rollator duerch d’Wunneng a klot iwwer méi Middegkeet zënter zwou Wochen."),
            new PdfTable(["Beräich", "Hëllef"],
            [
                ["Wäschen an Undoen", "deelweis Hëllef, all Dag"],
                ["Iessen", "eleng, Iessen op Rieder"],
                ["Medikamenter", "Wochendoséierer gëtt gefëllt, Apixaban 2,5 mg zënter der neier Ordonnance"],
                ["Stuerzrisiko", "héich, Teppech ewechgeholl"],
            ]),
            new PdfParagraph("Blutdrock 142/78 mmHg, Gewiicht 58,4 kg (−1,6 kg an engem Mount). Den Dokter ass informéiert."));
    }
}
