using Dsp.Interop.Pdf;
using static Dsp.Demo.Content.DemoCda;
using static Dsp.Demo.Content.DemoLaboratory;

namespace Dsp.Demo.Content;

/// <summary>Noah, Jil and the twins: numbers 20 to 26 and 40 to 42.</summary>
internal static class ChildrenDocuments
{
    public static void AddTo(DemoShelf shelf)
    {
        Noah(shelf);
        Jil(shelf);
        Twins(shelf);
    }

    private static void Noah(DemoShelf shelf)
    {
        var birth = shelf.Holders["noah"].BirthDate;
        const string Hexavalent = "Diphtérie, tétanos, coqueluche, poliomyélite, Haemophilus, hépatite B";
        shelf.AddCda(
            new DemoSpec("20", "noah", "dr-ped", null, -30, "CareReports", DemoCode.Loinc("11369-6", "Historique des vaccinations"), "fr-LU", "Carnet de vaccination") { Format = "urn:ihe:pcc:ic:2009" },
            DemoClinical.Vaccinations(
                new DemoVaccination(birth.AddDays(62), "Vaccin hexavalent", "J07CA09", Hexavalent, "1re dose", "HX-1180"),
                new DemoVaccination(birth.AddDays(62), "Vaccin pneumococcique conjugué", "J07AL02", "Pneumocoques", "1re dose", "PN-0417"),
                new DemoVaccination(birth.AddDays(62), "Vaccin rotavirus oral", "J07BH01", "Rotavirus", "1re dose", "RV-2251"),
                new DemoVaccination(birth.AddDays(93), "Vaccin rotavirus oral", "J07BH01", "Rotavirus", "2e dose", "RV-2290"),
                new DemoVaccination(birth.AddDays(123), "Vaccin hexavalent", "J07CA09", Hexavalent, "2e dose", "HX-1244"),
                new DemoVaccination(birth.AddDays(123), "Vaccin pneumococcique conjugué", "J07AL02", "Pneumocoques", "2e dose", "PN-0455"),
                new DemoVaccination(birth.AddDays(336), "Vaccin hexavalent", "J07CA09", Hexavalent, "3e dose", "HX-1391"),
                new DemoVaccination(birth.AddDays(368), "Vaccin rougeole-oreillons-rubéole-varicelle", "J07BD54", "Rougeole, oreillons, rubéole, varicelle", "1re dose", "MV-0871"),
                new DemoVaccination(birth.AddDays(398), "Vaccin méningocoque C conjugué", "J07AH07", "Méningocoque C", "dose unique", "MC-0366"),
                new DemoVaccination(birth.AddDays(560), "Vaccin rougeole-oreillons-rubéole-varicelle", "J07BD54", "Rougeole, oreillons, rubéole, varicelle", "2e dose", "MV-0935"),
                new DemoVaccination(birth.AddDays(2360), "Vaccin grippal tétravalent inactivé", "J07BB02", "Grippe saisonnière", "dose annuelle", "FX-3310")),
            Section("18776-5", "Plan of care note", "Doses à faire",
                E("text",
                    Table(["Vaccin", "Prévu à", "État"], [["Rappel diphtérie, tétanos, coqueluche, poliomyélite", "5 à 6 ans", "en retard, à faire dès que possible"]]),
                    E("paragraph", E("content", A("styleCode", "Bold"), "Une dose est en retard."), " Les parents ont été prévenus lors de la consultation."))));

        shelf.AddCda(
            new DemoSpec("21", "noah", "dr-ped", null, -400, "AllergiesIntolerances", DemoCode.Loinc("48765-2", "Allergies et réactions indésirables"), "fr-LU", "Allergie à l’arachide"),
            DemoClinical.Allergies(new DemoAllergy("Arachide", "762952008", "Urticaire et vomissements quinze minutes après l’ingestion", "247472004", shelf.Holders["noah"].BirthDate.AddYears(3).Year.ToString(System.Globalization.CultureInfo.InvariantCulture), "Modérée")),
            Section("18776-5", "Plan of care note", "Conduite à tenir",
                Items(
                    "Éviction stricte de l’arachide, lire les étiquettes.",
                    "Antihistaminique dès les premiers signes ; stylo d’adrénaline 0,15 mg à l’école et à la maison.",
                    "Appeler le 112 en cas de gêne pour respirer.")));

        shelf.AddPdf(
            new DemoSpec("22", "noah", "dr-ped", null, -60, "CareReports", DemoCode.Loinc("11488-4", "Compte rendu de consultation"), "fr-LU", "Plan d’action personnalisé pour l’asthme"),
            new PdfHeading(2, "Tous les jours"),
            new PdfParagraph("Fluticasone 50 µg, une bouffée matin et soir avec la chambre d’inhalation. Se rincer la bouche après."),
            new PdfHeading(2, "Selon les signes"),
            new PdfTable(["Zone", "Signes", "Que faire"],
            [
                ["Verte", "Respire bien, dort bien, joue et court", "Continuer le traitement de tous les jours"],
                ["Orange", "Toux la nuit, sifflements, essoufflé à l’effort", "Salbutamol 100 µg, 2 à 4 bouffées, à répéter après 20 minutes ; consulter sous 24 heures si les signes reviennent"],
                ["Rouge", "Ne peut plus parler ni jouer, lèvres bleues, creux entre les côtes", "Salbutamol 6 bouffées toutes les 10 minutes et appeler le 112"],
            ]),
            new PdfParagraph("Débit de pointe de référence : 210 l/min. Revoir le plan dans six mois."));

        shelf.AddPdf(
            new DemoSpec("23", "noah", "dr-ped", null, -20, "CertificatesDeclarations", DemoCode.Local("school-certificate", "Certificat pour l’école"), "pt-PT", "Atestado médico para a escola"),
            new PdfParagraph("Declara-se que o Noah está apto para frequentar a escola e participar nas aulas de educação física."),
            new PdfParagraph("O aluno tem asma e alergia ao amendoim. Deve ter sempre consigo o inalador de salbutamol e a caneta de adrenalina de 0,15 mg. Em caso de dificuldade em respirar: seguir o plano de ação e ligar para o 112."),
            new PdfParagraph("O presente atestado é emitido a pedido dos pais e é válido para o ano letivo em curso."));
    }

    private static void Jil(DemoShelf shelf)
    {
        shelf.AddPdf(
            new DemoSpec("24", "jil", "dr-gyn", null, -12, "CareReports", DemoCode.Loinc("11488-4", "Compte rendu de consultation"), "fr-LU", "Consultation : contraception") { Confidentiality = "R", Labels = [DemoLabels.MinorConfidential] },
            new PdfHeading(2, "Motif"),
            new PdfParagraph("Demande de contraception, première consultation, seule. La patiente a seize ans, comprend les informations données et demande la confidentialité vis-à-vis de sa mère."),
            new PdfHeading(2, "Entretien et examen"),
            new PdfParagraph("Pas de migraine avec aura, pas d’antécédent de thrombose dans la famille, ne fume pas. Pression artérielle 108/66 mmHg, indice de masse corporelle 21. Vaccination contre les papillomavirus complète."),
            new PdfHeading(2, "Décision"),
            new PdfList(
            [
                "Lévonorgestrel 100 µg / éthinylestradiol 20 µg, un comprimé par jour, trois mois.",
                "Préservatif en plus ; information sur la contraception d’urgence.",
                "Dépistage proposé et accepté, ordonnance remise.",
                "Contrôle dans trois mois.",
            ]));

        var screening = new DemoSpec("25", "jil", "bio-nord", "lab-nord", -10, "MedicalAnalyses", ReportType, "fr-LU", "Dépistage des infections sexuellement transmissibles") { Format = Format, Confidentiality = "R", Labels = [DemoLabels.MinorConfidential] };
        shelf.AddCda(screening, [.. Sections(shelf.Created(screening).AddHours(-3), "Dépistage négatif.",
            new DemoResult(Chlamydia, null, null, null, "Négatif"),
            new DemoResult(Gonorrhoea, null, null, null, "Négatif"),
            new DemoResult(Hiv, null, null, null, "Négatif"))]);

        shelf.AddPdf(
            new DemoSpec("26", "jil", "dr-thill", null, -200, "CertificatesDeclarations", DemoCode.Local("sports-certificate", "Certificat d’aptitude au sport"), "lb-LU", "Certificat fir de Sport"),
            new PdfParagraph("Ech bestätegen, datt d’Jil gesond ass an ouni Aschränkung um Schoulsport an um Training am Liichtathletikveräin deelhuele kann."),
            new PdfParagraph("D’Häerz an d’Longe sinn ouni Befond, de Blutdrock ass 106/64 mmHg. Den Certificat gëllt ee Joer."));
    }

    private static void Twins(DemoShelf shelf)
    {
        Birth(shelf, "40", "mia", "09:14", "2 410 g", "46 cm", "9 / 10 / 10");
        Birth(shelf, "41", "lia", "09:26", "2 280 g", "45 cm", "8 / 9 / 10");

        // The sample was Lia's; the label on the tube said Mia. The laboratory corrects it the next day.
        var wrong = new DemoSpec("42", "mia", "bio-nord", "lab-nord", -48, "MedicalAnalyses", ReportType, "fr-LU", "Bilirubine du nouveau-né") { Format = Format, Labels = [DemoLabels.WrongPatient] };
        shelf.AddCda(wrong, Jaundice(shelf, wrong, "Contrôle conseillé dans 24 heures."));
        var right = wrong with { Key = "42-lia", Holder = "lia", Day = -47, Labels = [] };
        shelf.AddCda(right, Jaundice(shelf, wrong, "Rendu sous la bonne identité après vérification de l’étiquette du prélèvement de la veille. Contrôle conseillé dans 24 heures."));
    }

    private static System.Xml.Linq.XElement[] Jaundice(DemoShelf shelf, DemoSpec taken, string remark) => [.. Sections(shelf.Created(taken).AddHours(-2), remark,
        new DemoResult(Bilirubin, "12.6", null, "12.0"),
        new DemoResult(BilirubinDirect, "0.4", null, "0.5"))];

    private static void Birth(DemoShelf shelf, string key, string twin, string time, string weight, string length, string apgar)
    {
        var given = shelf.Holders[twin].Given;
        shelf.AddPdf(
            new DemoSpec(key, twin, "midwife", null, -52, "CareReports", DemoCode.Loinc("11488-4", "Compte rendu de consultation"), "lb-LU", "Gebuertsbericht: " + given),
            new PdfHeading(2, "Gebuert"),
            new PdfFields(
            [
                ("Auerzäit", time),
                ("Schwangerschaft", "36 Wochen a 5 Deeg, Zwillingen"),
                ("Aart", "spontan Gebuert"),
                ("Gewiicht", weight),
                ("Gréisst", length),
                ("Apgar no 1, 5 an 10 Minutten", apgar),
            ]),
            new PdfHeading(2, "Éischt Stonnen"),
            new PdfParagraph($"D’{given} huet direkt gejaut an ass bei der Mamm ugeluecht ginn. D’Temperatur an d’Atmung si stabil. Vitamin K ass ginn, de Fersentest ass geholl."),
            new PdfParagraph("Den Hausbesuch ass den Dag nom Heemgoen ofgemaach. Op d’Gielsucht oppassen."));
    }
}
