namespace Dsp.Notices;

/// <summary>The letter's sentences in one language; <c>{created}</c>, <c>{login}</c> and <c>{opens}</c> are filled in.</summary>
internal sealed class LetterTexts
{
    private readonly Dictionary<LetterPart, string> parts;

    private LetterTexts(string language, string openOnRequest, params string[] texts)
    {
        (Language, OpenOnRequest) = (language, openOnRequest);
        parts = Enum.GetValues<LetterPart>().Zip(texts).ToDictionary(p => p.First, p => p.Second);
    }

    public string Language { get; }

    /// <summary>The right to oppose where the record was opened on request: no window delays it.</summary>
    public string OpenOnRequest { get; }

    public string this[LetterPart part] => parts[part];

    public static IReadOnlyCollection<string> Languages => All.Keys;

    /// <summary>Another language than the five: French.</summary>
    public static LetterTexts Of(string language) => All.GetValueOrDefault(language) ?? All["fr"];

    private static readonly Dictionary<string, LetterTexts> All = new LetterTexts[]
    {
        new("fr",
            "Votre dossier a été ouvert à votre demande. Vous pouvez à tout moment vous opposer au partage en le fermant.",
            "Votre dossier de soins partagé a été créé le {created}.",
            "Vous l'activez en vous connectant une première fois au portail. Vous pouvez le fermer à tout moment, dans le portail ou par écrit, et le rouvrir pendant dix ans.",
            "Votre identifiant personnel de connexion est {login}. Le moyen de connexion vous parvient séparément.",
            "Les professionnels qui vous soignent y lisent et y déposent des documents selon leur profession et pour la durée des soins. Chaque accès est noté et vous le voyez. Les données sont chiffrées et conservées au Luxembourg.",
            "Vous pouvez vous opposer au partage. Sans activation ni opposition de votre part, les professionnels qui vous soignent peuvent utiliser le dossier à partir du {opens}. Si vous vous opposez avant cette date, le dossier est supprimé.",
            "Vous lisez tout votre dossier, écrivez dans votre espace d'expression, fermez le dossier ou un document à des professionnels et demandez des corrections.",
            "Au moment de l'activation, le dossier ne contient que les documents que vos professionnels y ont déposés depuis son ouverture. Il peut être vide.",
            "L'agence responsable de la plateforme traite vos données d'identité, reçues de la sécurité sociale, et vos données de soins pour la continuité de vos soins (RGD du 6 décembre 2019). Elles sont gardées dix ans. Vous avez un droit d'accès, de rectification, de limitation et d'effacement, et pouvez saisir la Commission nationale pour la protection des données."),
        new("de",
            "Ihre Akte wurde auf Ihren Wunsch eröffnet. Sie können der Freigabe jederzeit widersprechen, indem Sie die Akte schließen.",
            "Ihre elektronische Gesundheitsakte (DSP) wurde am {created} angelegt.",
            "Sie aktivieren die Akte, indem Sie sich zum ersten Mal im Portal anmelden. Sie können sie jederzeit im Portal oder schriftlich schließen und zehn Jahre lang wieder öffnen.",
            "Ihre persönliche Kennung für die Anmeldung ist {login}. Das Anmeldemittel erhalten Sie getrennt.",
            "Fachkräfte, die Sie behandeln, lesen und hinterlegen dort Dokumente, je nach Beruf und für die Dauer der Behandlung. Jeder Zugriff wird festgehalten und ist für Sie sichtbar. Die Daten sind verschlüsselt und liegen in Luxemburg.",
            "Sie können der Freigabe widersprechen. Ohne Aktivierung und ohne Widerspruch dürfen die Fachkräfte, die Sie behandeln, die Akte ab dem {opens} nutzen. Widersprechen Sie vorher, wird die Akte gelöscht.",
            "Sie lesen Ihre ganze Akte, schreiben in Ihren persönlichen Bereich, sperren die Akte oder einzelne Dokumente für Fachkräfte und verlangen Berichtigungen.",
            "Bei der Aktivierung enthält die Akte nur die Dokumente, die Ihre Fachkräfte seit der Öffnung hinterlegt haben. Sie kann leer sein.",
            "Die für die Plattform verantwortliche Agentur verarbeitet Ihre Identitätsdaten, die sie von der Sozialversicherung erhält, und Ihre Behandlungsdaten für die Kontinuität Ihrer Behandlung (großherzogliche Verordnung vom 6. Dezember 2019). Sie werden zehn Jahre aufbewahrt. Sie haben das Recht auf Auskunft, Berichtigung, Einschränkung und Löschung und können sich an die nationale Datenschutzkommission wenden."),
        new("en",
            "Your record was opened at your request. You can oppose sharing at any time by closing it.",
            "Your shared care record (DSP) was created on {created}.",
            "You activate it by signing in to the portal for the first time. You can close it at any time, in the portal or in writing, and reopen it for ten years.",
            "Your personal login identifier is {login}. The means to sign in reaches you separately.",
            "The professionals who care for you read and deposit documents in it, according to their profession and for as long as the care lasts. Every access is noted, and you see it. The data are encrypted and kept in Luxembourg.",
            "You can oppose sharing. If you neither activate nor oppose, the professionals who care for you may use the record from {opens}. If you oppose before that day, the record is deleted.",
            "You read your whole record, write in your own space, close the record or a document to professionals, and ask for corrections.",
            "When you activate it, the record holds only what your professionals have deposited since it opened. It may be empty.",
            "The agency responsible for the platform processes your identity data, received from social security, and your care data for the continuity of your care (Grand-Ducal regulation of 6 December 2019). They are kept for ten years. You have the right of access, rectification, restriction and erasure, and may turn to the national data protection commission."),
        new("lb",
            "Äre Dossier gouf op Är Demande opgemaach. Dir kënnt Iech zu all Moment géint d'Deele wieren, andeems Dir en zoumaacht.",
            "Ären Dossier de soins partagé (DSP) gouf den {created} ugeluecht.",
            "Dir aktivéiert en, andeems Dir Iech fir d'éischt um Portal umellt. Dir kënnt en zu all Moment um Portal oder schrëftlech zoumaachen a wärend zéng Joer nees opmaachen.",
            "Är perséinlech Kennung fir d'Umeldung ass {login}. D'Mëttel fir d'Umeldung kritt Dir getrennt.",
            "D'Fachleit, déi Iech behandelen, liesen an deposéieren do Dokumenter, jee no hirem Beruff a fir d'Dauer vun der Behandlung. All Zougrëff gëtt festgehalen an Dir gesitt en. D'Date si verschlësselt a leien zu Lëtzebuerg.",
            "Dir kënnt Iech géint d'Deele wieren. Ouni Aktivéierung an ouni Widdersproch dierfen d'Fachleit, déi Iech behandelen, den Dossier vum {opens} u benotzen. Widdersprécht Dir virdrun, gëtt den Dossier geläscht.",
            "Dir liest Äre ganzen Dossier, schreift an Ärem perséinleche Beräich, maacht den Dossier oder en Dokument fir Fachleit zou a frot Korrekturen.",
            "Bei der Aktivéierung sinn am Dossier just d'Dokumenter, déi Är Fachleit zënter der Ouverture deposéiert hunn. En ka eidel sinn.",
            "D'Agence, déi fir d'Plattform responsabel ass, veraarbecht Är Identitéitsdaten, déi si vun der Sécurité sociale kritt, an Är Behandlungsdaten fir d'Kontinuitéit vun Ärer Behandlung (groussherzoglecht Reglement vum 6. Dezember 2019). Si ginn zéng Joer gehalen. Dir hutt d'Recht op Asiicht, Korrektur, Limitatioun a Läschung a kënnt Iech un d'national Dateschutzkommissioun wenden."),
        new("pt",
            "O seu dossiê foi aberto a seu pedido. Pode opor-se à partilha em qualquer momento, fechando-o.",
            "O seu dossiê de cuidados partilhado (DSP) foi criado em {created}.",
            "Para o ativar, inicie sessão no portal pela primeira vez. Pode fechá-lo em qualquer momento, no portal ou por escrito, e reabri-lo durante dez anos.",
            "O seu identificador pessoal de acesso é {login}. O meio de acesso chega-lhe em separado.",
            "Os profissionais que cuidam de si leem e depositam nele documentos, conforme a sua profissão e enquanto duram os cuidados. Cada acesso fica registado e é visível para si. Os dados são cifrados e conservados no Luxemburgo.",
            "Pode opor-se à partilha. Se não ativar nem se opuser, os profissionais que cuidam de si podem utilizar o dossiê a partir de {opens}. Se se opuser antes dessa data, o dossiê é eliminado.",
            "Pode ler todo o seu dossiê, escrever no seu espaço pessoal, fechar o dossiê ou um documento a profissionais e pedir correções.",
            "No momento da ativação, o dossiê contém apenas os documentos que os seus profissionais depositaram desde a abertura. Pode estar vazio.",
            "A agência responsável pela plataforma trata os seus dados de identidade, recebidos da segurança social, e os seus dados de cuidados para a continuidade dos cuidados (regulamento grão-ducal de 6 de dezembro de 2019). São conservados durante dez anos. Tem direito de acesso, retificação, limitação e apagamento e pode dirigir-se à comissão nacional de proteção de dados."),
    }.ToDictionary(t => t.Language, StringComparer.Ordinal);
}
