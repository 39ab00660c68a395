using System.Globalization;

namespace Dsp.Demo.Content;

/// <summary>A holder of a record, or a relative who acts for one.</summary>
/// <param name="NationalId">13 digits, or null for a person without a number.</param>
/// <param name="Sex">F or M; null when the story does not say.</param>
/// <param name="Language">fr, de, en, lb or pt.</param>
public sealed record DemoHolder(string Key, string Family, string Given, string? Sex, DateOnly BirthDate, string? NationalId, string Language)
{
    public string FullName => Given + " " + Family;
}

/// <summary>A professional of the story.</summary>
/// <param name="Group">Matrix group: DOC, PHA, INF, MID, BIO.</param>
/// <param name="Id">Under <see cref="DemoPeople.ProfessionalRoot"/>; no real register has it.</param>
/// <param name="PracticeSetting">SNOMED CT code.</param>
public sealed record DemoProfessional(string Key, string Prefix, string Given, string Family, string Group, string Specialty, string Id, string InstitutionKey, string PracticeSetting)
{
    public string FullName => (Prefix + " " + Given + " " + Family).Trim();
}

/// <summary>An institution of the story.</summary>
/// <param name="FacilityType">SNOMED CT code.</param>
public sealed record DemoInstitution(string Key, string Name, string Id, string Street, string PostalCode, string City, string FacilityType);

/// <summary>The people and places of the demo story. Minors' birth dates move with the day of the demo.</summary>
public static class DemoPeople
{
    /// <summary>The project's test root: an arc for examples, where no production identifier can be.</summary>
    public const string TestRoot = "2.999.1.182";

    /// <summary>OID of the demo's professional ids.</summary>
    public const string ProfessionalRoot = TestRoot + ".1";

    /// <summary>OID of the demo's institution ids.</summary>
    public const string InstitutionRoot = TestRoot + ".2";

    /// <summary>OID below which the demo's documents are numbered.</summary>
    public const string DocumentRoot = TestRoot + ".3";

    /// <summary>The day for which the story writes the minors' dates and numbers.</summary>
    public static readonly DateOnly StoryDay = new(2026, 11, 23);

    public static IReadOnlyDictionary<string, DemoInstitution> Institutions { get; } = new DemoInstitution[]
    {
        new("practice-thill", "Cabinet Thillaray (fictif)", "9100000001", "3, rue du Tilleul-Creux", "L-0001", "Mierschdref", "39350007"),
        new("practice-other", "Cabinet Marchevaux (fictif)", "9100000002", "18, rue de l’Alouette-Grise", "L-0002", "Attertdref", "39350007"),
        new("practice-kremer", "Cabinet de dermatologie Kremervaux (fictif)", "9100000003", "7, place du Puits-Sec", "L-0003", "Uelzechtdref", "39350007"),
        new("practice-psy", "Cabinet de psychiatrie Quindelay (fictif)", "9100000004", "22, montée des Charmilles", "L-0003", "Uelzechtdref", "39350007"),
        new("practice-ped", "Cabinet de pédiatrie Wiltgenar (fictif)", "9100000005", "5, rue des Marelles", "L-0001", "Mierschdref", "39350007"),
        new("practice-gyn", "Cabinet de gynécologie Schlenterich (fictif)", "9100000006", "11, rue du Lavoir-Neuf", "L-0002", "Attertdref", "39350007"),
        new("practice-midwife", "Cabinet de sage-femme Kranzenich (fictif)", "9100000007", "2, rue de la Passerelle", "L-0004", "Sauerdref", "39350007"),
        new("hospital", "Hôpital du Centre (fictif)", "9100000010", "1, boulevard du Plateau-Imaginaire", "L-0010", "Uelzechtdref", "22232009"),
        new("lab-nord", "Laboratoire du Nord (fictif)", "9100000020", "40, route des Éprouvettes", "L-0020", "Attertdref", "261904005"),
        new("lab-sud", "Laboratoire du Sud (fictif)", "9100000021", "9, rue des Minettes", "L-0021", "Minettsdref", "261904005"),
        new("pharmacy", "Pharmacie du Vieux-Tilleul (fictif)", "9100000030", "4, rue du Tilleul-Creux", "L-0001", "Mierschdref", "264372000"),
        new("homecare", "Réseau d’aide et de soins Heemhëllef (fictif)", "9100000040", "15, rue des Coteaux", "L-0004", "Sauerdref", "35971002"),
    }.ToDictionary(i => i.Key);

    public static IReadOnlyDictionary<string, DemoProfessional> Professionals { get; } = new DemoProfessional[]
    {
        new("dr-thill", "Dr", "Armel", "Thillaray", "DOC", "Médecine générale", "9000000001", "practice-thill", "394802001"),
        new("dr-reuter", "Dr", "Ilka", "Reutersang", "DOC", "Médecine d’urgence", "9000000002", "hospital", "773568002"),
        new("dr-other", "Dr", "Yann", "Marchevaux", "DOC", "Médecine générale", "9000000003", "practice-other", "394802001"),
        new("dr-kremer", "Dr", "Odon", "Kremervaux", "DOC", "Dermatologie", "9000000004", "practice-kremer", "394582007"),
        new("dr-cardio", "Dr", "Inês", "Ferreiral", "DOC", "Cardiologie", "9000000005", "hospital", "394579002"),
        new("dr-psy", "Dr", "Aloys", "Quindelay", "DOC", "Psychiatrie", "9000000006", "practice-psy", "394587001"),
        new("dr-ped", "Dr", "Maud", "Wiltgenar", "DOC", "Pédiatrie", "9000000007", "practice-ped", "394537008"),
        new("dr-gyn", "Dr", "Fabia", "Schlenterich", "DOC", "Gynécologie-obstétrique", "9000000008", "practice-gyn", "394585009"),
        new("dr-rad", "Dr", "Uwe", "Strahlenfels", "DOC", "Radiologie", "9000000009", "hospital", "394914008"),
        new("hospital-doctor", "Dr", "Edmée", "Spidalvaux", "DOC", "Chirurgie générale", "9000000010", "hospital", "394609007"),
        new("bio-nord", "", "Solange", "Biolay", "BIO", "Biologie médicale", "9000000020", "lab-nord", "394596001"),
        new("bio-sud", "", "Remo", "Kolbachi", "BIO", "Biologie médicale", "9000000021", "lab-sud", "394596001"),
        new("pharma", "", "Lidia", "Farmelino", "PHA", "Pharmacie", "9000000030", "pharmacy", "394733009"),
        new("nurse", "", "Sara", "Lopesinho", "INF", "Soins infirmiers", "9000000040", "hospital", "394733009"),
        new("homecare", "", "Jo", "Heemelding", "INF", "Soins infirmiers à domicile", "9000000041", "homecare", "394733009"),
        new("midwife", "", "Ute", "Kranzenich", "MID", "Sage-femme", "9000000050", "practice-midwife", "394585009"),
    }.ToDictionary(p => p.Key);

    /// <summary>Holders and relatives as they are on the day of the demo.</summary>
    public static IReadOnlyDictionary<string, DemoHolder> Holders(DateOnly demoDay) => new DemoHolder[]
    {
        Adult("emma", "WEBERSCHEID", "Emma", "F", "1984031299114", "fr"),
        Minor("noah", "WEBERSCHEID QUINTELHO", "Noah", "M", new DateOnly(2018, 5, 17), "991", "fr", demoDay),
        Minor("jil", "STEMERANGE", "Jil", "F", new DateOnly(2010, 6, 8), "991", "lb", demoDay),
        Adult("marie-josee", "BÄCHELBORN", "Marie-Josée", "F", "1940090499187", "lb"),
        Adult("sabine", "HOLZWÄCHTERN", "Sabine", "F", "1979071499127", "de"),
        Adult("pedro", "VALDARNOITE", "Pedro", "M", "1975012399118", "pt"),
        Adult("claude", "FRIDEMONTEL", "Claude", null, "1961101899131", "fr"),
        Minor("mia", "KERSCHENFELS", "Mia", "F", new DateOnly(2026, 10, 2), "992", "lb", demoDay),
        Minor("lia", "KERSCHENFELS", "Lia", "F", new DateOnly(2026, 10, 2), "993", "lb", demoDay),
        new("aoife", "BRANNOCHTLY", "Aoife", "F", new DateOnly(1991, 2, 3), null, "en"),
        Adult("emma2", "WEBERSCHEID", "Emma", "F", "1984032199100", "de"),
        Adult("tiago", "QUINTELHO", "Tiago", "M", "1981092699124", "pt"),
        Adult("martine", "STEMERANGE", "Martine", "F", "1978021999211", "lb"),
        Adult("monique", "HUBERTRATH", "Monique", "F", "1965113099386", "fr"),
    }.ToDictionary(h => h.Key);

    private static DemoHolder Adult(string key, string family, string given, string? sex, string number, string language) =>
        new(key, family, given, sex, DateOnly.ParseExact(number[..8], "yyyyMMdd", CultureInfo.InvariantCulture), number, language);

    private static DemoHolder Minor(string key, string family, string given, string sex, DateOnly onStoryDay, string sequence, string language, DateOnly demoDay)
    {
        var birth = onStoryDay.AddDays(demoDay.DayNumber - StoryDay.DayNumber);
        return new(key, family, given, sex, birth, DemoNationalId.For(birth, sequence), language);
    }
}
