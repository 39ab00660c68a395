using static Dsp.Demo.Content.DemoLaboratory;

namespace Dsp.Demo.Content;

/// <summary>Emma's laboratory reports, numbers 3 to 9: two laboratories with units and ranges of their own.</summary>
internal static class EmmaLaboratory
{
    public static void AddTo(DemoShelf shelf)
    {
        Sud(shelf, "3", -1080, null, new DemoResult(HbA1c, "6.0", "4.0", "5.6"), "69", "4.2", "13.6", "41");
        Nord(shelf, "4", -620, null, [], "6.1", "0.79", "4.0", "13.5", "38");
        Nord(shelf, "5", -440, null, [], "6.4", "0.80", "4.1", "13.3", "29");
        Sud(shelf, "6", -258,
            "Depuis le changement d’automate, l’hémoglobine glyquée est rendue uniquement en mmol/mol (unité IFCC).",
            new DemoResult(HbA1cIfcc, "51", "20", "38"), "71", "4.4", "13.2", "24");
        Nord(shelf, "7", -82, null, [], "6.9", "0.81", "4.1", "13.4", "22");
        Nord(shelf, "8", -5,
            "Hémoglobine glyquée en hausse par rapport au bilan précédent (6,9 %). Réserves en fer basses sans anémie : à interpréter avec le contexte clinique (traitement anticoagulant).",
            [DemoLabels.Unread], "7.4", "0.84", "4.3", "13.1", "12");

        var urgent = new DemoSpec("9", "emma", "hospital-doctor", "hospital", 0, "MedicalAnalyses", ReportType, "fr-LU", "Bilan sanguin des urgences") { Time = new TimeOnly(3, 35), Format = Format };
        shelf.AddCda(urgent, [.. Sections(shelf.Created(urgent).AddMinutes(-15), "Bilan demandé en urgence : syncope, choc à la tête sous apixaban.",
            new DemoResult(Glucose, "148", "70", "105"),
            new DemoResult(Potassium, "4.1", "3.5", "5.1"),
            new DemoResult(TroponinT, "6", null, "14"),
            new DemoResult(Inr, "1.1", "0.8", "1.2"))]);
    }

    private static void Sud(DemoShelf shelf, string key, int day, string? remark, DemoResult glycated, string creatinine, string potassium, string haemoglobin, string ferritin)
    {
        var spec = new DemoSpec(key, "emma", "bio-sud", "lab-sud", day, "MedicalAnalyses", ReportType, "fr-LU", "Analyse de sang") { Format = Format };
        shelf.AddCda(spec, [.. Sections(shelf.Created(spec).AddHours(-2), remark,
            glycated,
            new DemoResult(Haemoglobin, haemoglobin, "11.9", "15.6"),
            new DemoResult(CreatinineMolar, creatinine, "45", "84"),
            new DemoResult(Potassium, potassium, "3.5", "5.1"),
            new DemoResult(FerritinNanogram, ferritin, "15", "150"))]);
    }

    private static void Nord(DemoShelf shelf, string key, int day, string? remark, string[] labels, string glycated, string creatinine, string potassium, string haemoglobin, string ferritin)
    {
        var spec = new DemoSpec(key, "emma", "bio-nord", "lab-nord", day, "MedicalAnalyses", ReportType, "fr-LU", "Analyse de sang") { Format = Format, Labels = labels };
        shelf.AddCda(spec, [.. Sections(shelf.Created(spec).AddHours(-2), remark,
            new DemoResult(HbA1c, glycated, "4.0", "6.0"),
            new DemoResult(Haemoglobin, haemoglobin, "12.0", "15.5"),
            new DemoResult(CreatinineMass, creatinine, "0.51", "0.95"),
            new DemoResult(Potassium, potassium, "3.5", "5.1"),
            new DemoResult(FerritinMicrogram, ferritin, "13", "150"))]);
    }
}
