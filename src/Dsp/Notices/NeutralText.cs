namespace Dsp.Notices;

/// <summary>
/// The one sentence that leaves the portal, constant per language: no person, place, category, care date or id, and never a
/// word of health (security 6).
/// </summary>
public static class NeutralText
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["fr"] = "Un nouveau message vous attend dans votre espace personnel. Connectez-vous pour le lire.",
        ["de"] = "In Ihrem persönlichen Bereich liegt eine neue Nachricht. Melden Sie sich an, um sie zu lesen.",
        ["en"] = "A new message is waiting in your personal space. Sign in to read it.",
        ["lb"] = "An Ärem perséinleche Beräich waart eng nei Noriicht. Mellt Iech un, fir se ze liesen.",
        ["pt"] = "Tem uma nova mensagem no seu espaço pessoal. Inicie sessão para a ler.",
    };

    public static IReadOnlyCollection<string> Languages => Sentences.Keys;

    /// <param name="language">Another language than the five is answered in French.</param>
    public static string Of(string language) => Sentences.TryGetValue(language, out var text) ? text : Sentences["fr"];
}
