using System.Globalization;

namespace Dsp.Interop.Cda;

/// <summary>The words around a document's own content, in the reader's language.</summary>
/// <param name="Culture">Writes the months; its language is the language of the labels.</param>
/// <param name="DatePattern">Custom .NET date pattern for a full date.</param>
/// <param name="Unsupported">Shown when a document cannot be displayed; whole sentences.</param>
/// <param name="OtherMedium">Introduces content of another medium; {0} is the media type.</param>
/// <param name="MediaNote">Marks content of another medium inside a text; {0} is its reference.</param>
public sealed record CdaLabels(
    CultureInfo Culture,
    string DatePattern,
    string Untitled,
    string Type,
    string Date,
    string Patient,
    string BirthDate,
    string Sex,
    string Male,
    string Female,
    string OtherSex,
    string NationalNumber,
    string Identifier,
    string Author,
    string Signatory,
    string Custodian,
    string Participant,
    string Language,
    string Confidentiality,
    string ConfidentialityNormal,
    string ConfidentialityRestricted,
    string ConfidentialityVeryRestricted,
    string NotGiven,
    string NoInformation,
    string NoReadableText,
    string OtherMedium,
    string OpenAttachment,
    string NotEnclosed,
    string MediaNote,
    string Footnotes,
    string Unsupported)
{
    /// <summary>French, the default language of the record.</summary>
    public static CdaLabels French { get; } = new(
        CultureInfo.GetCultureInfo("fr-LU"), "d MMMM yyyy", "Document sans titre", "Type de document", "Date du document", "Patient", "Date de naissance", "Sexe",
        "masculin", "féminin", "autre", "Numéro d’identification national", "Autre identifiant", "Auteur", "Signataire responsable", "Établissement dépositaire",
        "Autre personne citée", "Langue", "Confidentialité", "normale", "restreinte", "très restreinte", "Non renseigné", "La source indique qu’il n’y a pas d’information pour cette partie.",
        "Cette partie ne contient pas de texte lisible, seulement des données codées.", "Le contenu de ce document est d’un autre format : {0}.", "Ouvrir ce contenu",
        "Ce contenu n’est pas joint au document.", "Image ou fichier joint : {0}", "Notes",
        "Ce document ne peut pas être affiché ici. Vous pouvez télécharger le fichier d’origine.");

    /// <summary>German.</summary>
    public static CdaLabels German { get; } = new(
        CultureInfo.GetCultureInfo("de-LU"), "d. MMMM yyyy", "Dokument ohne Titel", "Art des Dokuments", "Datum des Dokuments", "Patient", "Geburtsdatum", "Geschlecht",
        "männlich", "weiblich", "anderes", "Nationale Identifikationsnummer", "Andere Kennung", "Verfasser", "Verantwortlich unterzeichnet von", "Aufbewahrende Einrichtung",
        "Weitere genannte Person", "Sprache", "Vertraulichkeit", "normal", "eingeschränkt", "stark eingeschränkt", "Nicht angegeben", "Die Quelle gibt an, dass zu diesem Teil keine Information vorliegt.",
        "Dieser Teil enthält keinen lesbaren Text, nur kodierte Daten.", "Der Inhalt dieses Dokuments hat ein anderes Format: {0}.", "Diesen Inhalt öffnen",
        "Dieser Inhalt liegt dem Dokument nicht bei.", "Bild oder Datei im Anhang: {0}", "Anmerkungen",
        "Dieses Dokument kann hier nicht angezeigt werden. Sie können die Originaldatei herunterladen.");

    /// <summary>English.</summary>
    public static CdaLabels English { get; } = new(
        CultureInfo.GetCultureInfo("en-GB"), "d MMMM yyyy", "Untitled document", "Type of document", "Date of the document", "Patient", "Date of birth", "Sex",
        "male", "female", "other", "National identification number", "Other identifier", "Author", "Responsible signatory", "Keeping institution",
        "Other person named", "Language", "Confidentiality", "normal", "restricted", "very restricted", "Not given", "The source states that there is no information for this part.",
        "This part has no readable text, only coded data.", "The content of this document has another format: {0}.", "Open this content",
        "This content is not enclosed in the document.", "Image or file enclosed: {0}", "Notes",
        "This document cannot be shown here. You can download the original file.");

    /// <summary>Luxembourgish.</summary>
    public static CdaLabels Luxembourgish { get; } = new(
        CultureInfo.GetCultureInfo("lb-LU"), "d. MMMM yyyy", "Dokument ouni Titel", "Aart vum Dokument", "Datum vum Dokument", "Patient", "Gebuertsdatum", "Geschlecht",
        "männlech", "weiblech", "anert", "National Identifikatiounsnummer", "Aner Kennung", "Auteur", "Responsabelen Ënnerschreiwer", "Etablissement, dat et opbewahrt",
        "Aner genannte Persoun", "Sprooch", "Vertraulechkeet", "normal", "ageschränkt", "staark ageschränkt", "Net uginn", "D’Quell seet, datt et fir dësen Deel keng Informatioun gëtt.",
        "Dësen Deel huet keen Text fir ze liesen, nëmme kodéiert Donnéeën.", "Den Inhalt vun dësem Dokument huet en anere Format: {0}.", "Dësen Inhalt opmaachen",
        "Dësen Inhalt ass net am Dokument dran.", "Bild oder Fichier am Unhang: {0}", "Notten",
        "Dëst Dokument kann hei net gewise ginn. Dir kënnt den Originalfichier eroflueden.");

    /// <summary>Portuguese.</summary>
    public static CdaLabels Portuguese { get; } = new(
        CultureInfo.GetCultureInfo("pt-PT"), "d 'de' MMMM 'de' yyyy", "Documento sem título", "Tipo de documento", "Data do documento", "Doente", "Data de nascimento", "Sexo",
        "masculino", "feminino", "outro", "Número de identificação nacional", "Outro identificador", "Autor", "Signatário responsável", "Instituição depositária",
        "Outra pessoa mencionada", "Língua", "Confidencialidade", "normal", "restrita", "muito restrita", "Não indicado", "A fonte indica que não há informação para esta parte.",
        "Esta parte não tem texto legível, apenas dados codificados.", "O conteúdo deste documento tem outro formato: {0}.", "Abrir este conteúdo",
        "Este conteúdo não está incluído no documento.", "Imagem ou ficheiro em anexo: {0}", "Notas",
        "Este documento não pode ser mostrado aqui. Pode descarregar o ficheiro original.");

    /// <summary>The labels for a culture's language; French for any language that has none.</summary>
    public static CdaLabels For(CultureInfo culture) => culture.TwoLetterISOLanguageName switch
    {
        "de" => German,
        "en" => English,
        "lb" => Luxembourgish,
        "pt" => Portuguese,
        _ => French,
    };

    /// <summary>The language of the labels as an attribute's value.</summary>
    public string LanguageTag => Culture.TwoLetterISOLanguageName;

    internal string Write(CdaTime time) => time.ToText(Culture, DatePattern);

    internal string SexOf(string code) => code switch { "M" => Male, "F" => Female, _ => OtherSex };

    internal string ConfidentialityOf(CdaCode code) => code.Code switch
    {
        "N" => ConfidentialityNormal,
        "R" => ConfidentialityRestricted,
        "V" => ConfidentialityVeryRestricted,
        _ => code.Display ?? code.Code ?? NotGiven,
    };
}
