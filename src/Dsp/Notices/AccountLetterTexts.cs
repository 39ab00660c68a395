namespace Dsp.Notices;

/// <summary>
/// The letters about an account, in the language of the person: one code each and what to do with it. None names the account's
/// number, so that a letter alone is never all it takes (R14); whoever has no national number reads the eHealthID here.
/// </summary>
public static class AccountLetterTexts
{
    private static readonly Dictionary<(string Language, NoticeKind Kind), string> Texts = new()
    {
        [("fr", NoticeKind.ActivationCode)] = "Votre code d’activation : {code}. Ouvrez le portail DSP, choisissez « Activer mon compte » et tapez votre matricule et ce code. Il sert une seule fois, jusqu’au {until}. Ne le donnez à personne, même à nos agents. {login}",
        [("fr", NoticeKind.SecondCode)] = "Votre second code : {code}. Tapez-le au portail DSP, à la page « J’ai reçu mon second code ». Votre compte s’ouvre alors. Il sert une seule fois, jusqu’au {until}. Si vous n’avez pas activé de compte, n’utilisez pas ce code et appelez le helpdesk.",
        [("fr", NoticeKind.StopCode)] = "Quelqu’un a commencé à activer votre compte avec le code de notre lettre. Si c’est vous, gardez cette lettre : vous n’avez rien à faire. Si ce n’est pas vous, tapez ce code au portail DSP, à la page « Ce n’était pas moi » : {code}. Rien n’est encore ouvert ; tout s’arrête.",
        [("fr", NoticeKind.CodeList)] = "Vos dix codes à usage unique :\n{codes}\nChacun sert une fois, avec votre mot de passe. Gardez cette liste à part de votre mot de passe.",
        [("de", NoticeKind.ActivationCode)] = "Ihr Aktivierungscode: {code}. Öffnen Sie das DSP-Portal, wählen Sie „Mein Konto aktivieren“ und geben Sie Ihre nationale Nummer und diesen Code ein. Er gilt ein einziges Mal, bis zum {until}. Geben Sie ihn niemandem, auch nicht unseren Mitarbeitenden. {login}",
        [("de", NoticeKind.SecondCode)] = "Ihr zweiter Code: {code}. Geben Sie ihn im DSP-Portal auf der Seite „Ich habe meinen zweiten Code“ ein. Dann öffnet sich Ihr Konto. Er gilt ein einziges Mal, bis zum {until}. Haben Sie kein Konto aktiviert, benutzen Sie diesen Code nicht und rufen Sie den Helpdesk an.",
        [("de", NoticeKind.StopCode)] = "Jemand hat mit dem Code unseres Briefes begonnen, Ihr Konto zu aktivieren. Waren Sie es, bewahren Sie diesen Brief auf: Sie müssen nichts tun. Waren Sie es nicht, geben Sie diesen Code im DSP-Portal auf der Seite „Das war ich nicht“ ein: {code}. Noch ist nichts offen; alles wird gestoppt.",
        [("de", NoticeKind.CodeList)] = "Ihre zehn Einmalcodes:\n{codes}\nJeder gilt einmal, zusammen mit Ihrem Passwort. Bewahren Sie die Liste getrennt vom Passwort auf.",
        [("en", NoticeKind.ActivationCode)] = "Your activation code: {code}. Open the DSP portal, choose “Activate my account” and type your national number and this code. It works once, until {until}. Give it to nobody, not even to our agents. {login}",
        [("en", NoticeKind.SecondCode)] = "Your second code: {code}. Type it in the DSP portal, on the page “I have my second code”. Your account then opens. It works once, until {until}. If you did not activate an account, do not use this code and call the helpdesk.",
        [("en", NoticeKind.StopCode)] = "Somebody has begun to activate your account with the code of our letter. If it was you, keep this letter: there is nothing to do. If it was not you, type this code in the DSP portal, on the page “That was not me”: {code}. Nothing is open yet; everything stops.",
        [("en", NoticeKind.CodeList)] = "Your ten one-time codes:\n{codes}\nEach works once, with your password. Keep this list apart from your password.",
        [("lb", NoticeKind.ActivationCode)] = "Ären Aktivéierungscode: {code}. Maacht den DSP-Portal op, wielt „Mäi Kont aktivéieren“ a gitt Är national Nummer an dëse Code an. Hie gëllt eng eenzeg Kéier, bis den {until}. Gitt e kengem, och net eisen Agenten. {login}",
        [("lb", NoticeKind.SecondCode)] = "Ären zweete Code: {code}. Gitt en am DSP-Portal op der Säit „Ech hu mäin zweete Code“ an. Da geet Äre Kont op. Hie gëllt eng eenzeg Kéier, bis den {until}. Hutt Dir kee Kont aktivéiert, benotzt dëse Code net a rufft den Helpdesk un.",
        [("lb", NoticeKind.StopCode)] = "Ee huet mat dem Code vun eisem Bréif ugefaangen, Äre Kont ze aktivéieren. Waart Dir et, haalt dëse Bréif: Dir musst näischt maachen. Waart Dir et net, gitt dëse Code am DSP-Portal op der Säit „Dat war ech net“ an: {code}. Nach ass näischt op; alles gëtt gestoppt.",
        [("lb", NoticeKind.CodeList)] = "Är zéng Eemolcoden:\n{codes}\nAll Code gëllt eemol, mat Ärem Passwuert. Haalt d’Lëscht getrennt vum Passwuert.",
        [("pt", NoticeKind.ActivationCode)] = "O seu código de ativação: {code}. Abra o portal DSP, escolha «Ativar a minha conta» e escreva o seu número nacional e este código. Serve uma só vez, até {until}. Não o dê a ninguém, nem aos nossos agentes. {login}",
        [("pt", NoticeKind.SecondCode)] = "O seu segundo código: {code}. Escreva-o no portal DSP, na página «Tenho o meu segundo código». A sua conta abre-se então. Serve uma só vez, até {until}. Se não ativou nenhuma conta, não use este código e ligue para o helpdesk.",
        [("pt", NoticeKind.StopCode)] = "Alguém começou a ativar a sua conta com o código da nossa carta. Se foi você, guarde esta carta: não tem de fazer nada. Se não foi você, escreva este código no portal DSP, na página «Não fui eu»: {code}. Ainda nada está aberto; tudo para.",
        [("pt", NoticeKind.CodeList)] = "Os seus dez códigos de utilização única:\n{codes}\nCada um serve uma vez, com a sua palavra-passe. Guarde esta lista separada da palavra-passe.",
    };

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["fr"] = "Votre identifiant est {login} ; votre date de naissance vous sera demandée.",
        ["de"] = "Ihre Kennung ist {login}; nach Ihrem Geburtsdatum wird gefragt.",
        ["en"] = "Your identifier is {login}; you will be asked for your date of birth.",
        ["lb"] = "Är Kennung ass {login}; Dir gitt no Ärem Gebuertsdatum gefrot.",
        ["pt"] = "O seu identificador é {login}; ser-lhe-á pedida a data de nascimento.",
    };

    /// <summary>The letter's text, for whoever prints what waits in the outbox.</summary>
    /// <exception cref="ArgumentException">The message is no letter about an account.</exception>
    public static string Of(OutboxMessage letter)
    {
        var language = letter.Values.GetValueOrDefault("language", "fr");
        if (!Texts.TryGetValue((language, letter.Kind), out var text) && !Texts.TryGetValue(("fr", letter.Kind), out text)) throw new ArgumentException("Not a letter about an account", nameof(letter));
        var login = letter.Values.TryGetValue("login", out var name) ? Names[Names.ContainsKey(language) ? language : "fr"].Replace("{login}", name, StringComparison.Ordinal) : "";
        var until = letter.Values.TryGetValue("until", out var end) ? end[..10] : "";
        return text.Replace("{code}", letter.Values.GetValueOrDefault("code", ""), StringComparison.Ordinal).Replace("{codes}", letter.Values.GetValueOrDefault("codes", ""), StringComparison.Ordinal)
            .Replace("{until}", until, StringComparison.Ordinal).Replace("{login}", login, StringComparison.Ordinal).Trim();
    }
}
