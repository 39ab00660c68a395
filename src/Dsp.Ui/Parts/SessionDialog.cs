using System.Globalization;
using Dsp.Ui.Frame;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>
/// The question that comes two minutes before a session ends (WCAG 2.2.1): closed, and without script never opened. Its form
/// asks for the session to go on.
/// </summary>
/// <param name="Token">The antiforgery field.</param>
public sealed record SessionDialog(ITexts Texts, SessionEnd End, string StayAction, Content? Token) : Component
{
    /// <summary>How long before the end somebody is asked.</summary>
    public static readonly TimeSpan Warning = TimeSpan.FromMinutes(2);

    public override IHtmlContent Build() => new Element("dialog", "dsp-session", Classes).Flag("data-dsp-session", true)
        .With("data-idle", Seconds(End.Idle)).With("data-left", Seconds(End.Left)).With("data-warning", Seconds(Warning))
        .With("aria-labelledby", "session-title").With(Attributes)
        .Add(new Element("h2", "govuk-heading-m").With("id", "session-title").Add(Texts["session.title"]))
        .Add(Paragraph("idle", Texts["session.idle"]))
        .Add(Paragraph("longest", Texts["session.longest"]).Flag("hidden", true))
        .Add(new Element("form").With("method", "post").With("action", StayAction).Add(Token)
            .Add(new Element("button", "govuk-button").With("type", "submit").Add(Texts["session.stay"])))
        .Add(new Element("button", "govuk-button").With("type", "button").Flag("hidden", true).Add(Texts["session.understood"]));

    private static Element Paragraph(string about, Content text) => new Element("p", "govuk-body").With("data-about", about).Add(text);

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
