using Dsp.Demo.Content;

namespace Dsp.Demo.Story;

/// <summary>The register files of the demo, in the columns that <c>dsp import</c> takes.</summary>
internal static class Registers
{
    private const string Since = "2005-01-01";
    private static readonly string[] Collective = ["hospital", "homecare", "lab-nord", "lab-sud"];
    private static readonly string[] Attested = ["hospital", "homecare"];

    /// <summary>The agency's people: number and function.</summary>
    public static IReadOnlyDictionary<string, (string Number, string Role)> Agents { get; } = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["agent"] = ("2041", "agent"),
        ["agent2"] = ("2033", "agent"),
        ["reviewer"] = ("2077", "reviewer"),
    };

    /// <summary>Connected softwares: name, institution, responsible professional, role.</summary>
    public static IReadOnlyDictionary<string, (string Name, string? Institution, string? Responsible, string Role)> Systems { get; } = new Dictionary<string, (string, string?, string?, string)>(StringComparer.Ordinal)
    {
        ["lab-nord"] = ("Serveur de résultats du Laboratoire du Nord", "lab-nord", "bio-nord", "care"),
        ["lab-sud"] = ("Serveur de résultats du Laboratoire du Sud", "lab-sud", "bio-sud", "care"),
        ["hospital"] = ("Système d’information de l’Hôpital du Centre", "hospital", "hospital-doctor", "care"),
        ["affiliation-authority"] = ("Flux d’affiliation de la sécurité sociale", null, null, "authority"),
    };

    public static bool IsAttested(string institutionKey) => Attested.Contains(institutionKey);

    public static string Institutions() => Csv("register_id,name,kind,emergency_department,portal_attested",
        DemoPeople.Institutions.Values.Select(i => new[] { i.Id, i.Name, Collective.Contains(i.Key) ? "collective" : "practice", Flag(i.Key == "hospital"), Flag(Attested.Contains(i.Key)) }));

    public static string Professionals() => Csv("register_id,family,given,profession,specialty,licence_from",
        DemoPeople.Professionals.Values.Select(p => new[] { p.Id, p.Family, p.Given, Profession(p), p.Specialty, Since }));

    public static string Memberships() => Csv("institution,professional,unit,emergency,valid_from",
        DemoPeople.Professionals.Values.Select(p => new[] { DemoPeople.Institutions[p.InstitutionKey].Id, p.Id, Unit(p), Flag(p.Key == "dr-reuter"), Since })
            // The midwife attends births in the hospital too.
            .Append([DemoPeople.Institutions["hospital"].Id, DemoPeople.Professionals["midwife"].Id, "Maternité", "no", Since]));

    public static string SystemList() => Csv("name,institution,responsible,role",
        Systems.Values.Select(s => new[] { s.Name, s.Institution is null ? "" : DemoPeople.Institutions[s.Institution].Id, s.Responsible is null ? "" : DemoPeople.Professionals[s.Responsible].Id, s.Role }));

    public static string AgentList() => Csv("number,role", Agents.Values.Select(a => new[] { a.Number, a.Role }));

    /// <summary>Where a professional works, as the contract's "place" has it.</summary>
    public static string Place(DemoProfessional p) => p.Key switch
    {
        "dr-reuter" => "hospital emergency",
        "nurse" => "hospital ward",
        _ => p.InstitutionKey switch
        {
            "hospital" => "hospital",
            "pharmacy" => "pharmacy",
            "homecare" => "home care",
            "lab-nord" or "lab-sud" => "laboratory",
            _ => "practice",
        },
    };

    private static string Unit(DemoProfessional p) => p.Key switch
    {
        "dr-reuter" => "Urgences",
        "dr-cardio" => "Cardiologie",
        "dr-rad" => "Radiologie",
        "hospital-doctor" => "Chirurgie",
        "nurse" => "Cardiologie",
        _ => "",
    };

    private static string Profession(DemoProfessional p) => p.Group switch
    {
        "PHA" => "pharmacien",
        "INF" => "infirmier",
        "MID" => "sage-femme",
        "BIO" => "médecin spécialiste en biologie clinique",
        _ => p.Specialty == "Médecine générale" ? "médecin généraliste" : "médecin spécialiste",
    };

    private static string Flag(bool value) => value ? "yes" : "no";

    private static string Csv(string columns, IEnumerable<string[]> rows) =>
        columns + "\n" + string.Join('\n', rows.Select(r => string.Join(',', r.Select(f => '"' + f.Replace("\"", "\"\"", StringComparison.Ordinal) + '"')))) + "\n";
}
