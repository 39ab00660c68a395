namespace Dsp.Interop.CdsHooks;

/// <summary>The words of cards, in the languages of those who order.</summary>
/// <param name="Exists">{0} what was ordered, {1} when and with which value.</param>
/// <param name="May">The same where the document does not say enough.</param>
/// <param name="Incomplete">The same sentence on every card: it tells of nothing that is hidden.</param>
public sealed record HookTexts(string Title, string Description, string Exists, string May, string Incomplete, string Open, string Record, string NoName)
{
    private static readonly HookTexts French = new(
        "Cet examen existe déjà", "Montre, avant de prescrire une analyse ou une imagerie, ce que le dossier contient déjà du même examen.",
        "{0} : existe déjà ({1})", "{0} : existe peut-être déjà ({1})",
        "Ne figure ici que ce que vous pouvez lire dans le dossier ; la liste peut être incomplète.", "Ouvrir", "Dossier de soins partagé", "Document");

    private static readonly HookTexts German = new(
        "Diese Untersuchung gibt es schon", "Zeigt vor der Verordnung einer Analyse oder Bildgebung, was die Akte von derselben Untersuchung schon enthält.",
        "{0}: gibt es schon ({1})", "{0}: gibt es vielleicht schon ({1})",
        "Hier steht nur, was Sie in der Akte lesen dürfen; die Liste kann unvollständig sein.", "Öffnen", "Gemeinsame Pflegeakte", "Dokument");

    private static readonly HookTexts English = new(
        "This exam exists already", "Shows, before an analysis or imaging is ordered, what the record already holds of the same exam.",
        "{0}: exists already ({1})", "{0}: may exist already ({1})",
        "Only what you may read in the record is listed; the list may be incomplete.", "Open", "Shared care record", "Document");

    private static readonly HookTexts Luxembourgish = new(
        "Dës Untersuchung gëtt et schonn", "Weist, ier eng Analys oder eng Bildgebung verschriwwe gëtt, wat den Dossier vun där selwechter Untersuchung schonn enthält.",
        "{0}: gëtt et schonn ({1})", "{0}: gëtt et vläicht schonn ({1})",
        "Hei steet nëmmen, wat Dir am Dossier liese kënnt; d’Lëscht kann onvollstänneg sinn.", "Opmaachen", "Gemeinsame Fleegedossier", "Dokument");

    private static readonly HookTexts Portuguese = new(
        "Este exame já existe", "Mostra, antes de prescrever uma análise ou um exame de imagem, o que o processo já contém do mesmo exame.",
        "{0}: já existe ({1})", "{0}: talvez já exista ({1})",
        "Aqui só figura o que pode ler no processo; a lista pode estar incompleta.", "Abrir", "Processo de cuidados partilhado", "Documento");

    /// <param name="language">Two letters.</param>
    public static HookTexts For(string language) => language switch
    {
        "de" => German,
        "en" => English,
        "lb" => Luxembourgish,
        "pt" => Portuguese,
        _ => French,
    };
}
