using System.Globalization;
using Dsp.Ui.Govuk;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>A GET form over a list: it can be bookmarked and works without script.</summary>
/// <param name="Label">Name of the search landmark, such as "Filtrer les consultations".</param>
/// <param name="Action">Address of the list.</param>
/// <param name="Fields">Fields with their labels.</param>
/// <param name="Submit">Word of the button.</param>
public sealed record FilterForm(string Label, string Action, Content? Fields, string Submit) : Component
{
    public override IHtmlContent Build() => new Element("form", "dsp-filter", Classes)
        .With("method", "get").With("action", Action).With("role", "search").With("aria-label", Label).With(Attributes)
        .Add(Fields).Add(new Button(Submit) { Classes = "govuk-button--secondary" });
}

/// <summary>
/// The file field of an upload form with what is allowed, and a progress bar that only a script shows. The form around it
/// carries <c>data-dsp-upload</c> and <c>enctype="multipart/form-data"</c>.
/// </summary>
/// <param name="T">Texts.</param>
/// <param name="Name">Name of the field.</param>
/// <param name="LabelText">Its label.</param>
/// <param name="Types">Allowed kinds in words, such as "PDF, JPEG, PNG".</param>
/// <param name="MaxSize">Largest size in words, such as "20 Mo".</param>
public sealed record Upload(ITexts T, string Name, string LabelText, string Types, string MaxSize) : Component
{
    /// <summary>Value of the field's <c>accept</c>, such as <c>.pdf,.jpg,.png</c>.</summary>
    public string? Accept { get; init; }

    public ErrorMessage? Error { get; init; }

    public override IHtmlContent Build()
    {
        Attributes field = [];
        if (!string.IsNullOrEmpty(Accept))
        {
            field.Add("accept", Accept);
        }

        return new Element("div", "dsp-upload", Classes).With(Attributes)
            .Add(new FileUpload
            {
                Name = Name,
                Label = new Label(LabelText),
                Hint = new Hint(T["upload.limits", ("types", Types), ("size", MaxSize)]),
                Error = Error,
                Attributes = field,
            })
            .Add(new Element("progress", "dsp-upload__bar").With("max", "100").With("value", "0").With("aria-label", T["upload.label"]).Flag("hidden", true))
            .Add(new Element("p", "dsp-s").With("role", "status").With("data-dsp-upload-words", T["upload.progress", ("percent", "%percent%")]));
    }
}

/// <summary>Paper format of a <see cref="PrintSheet"/>.</summary>
public enum Paper
{
    A4,
    A6,
}

/// <summary>
/// A sheet made for paper: whose it is and when it was printed stand on it; everything around it stays off the paper.
/// </summary>
/// <param name="T">Texts.</param>
/// <param name="Title">Heading of the sheet.</param>
/// <param name="Person">"WEBERSCHEID Emma, 12/03/1984".</param>
/// <param name="PrintedAt">Date and time as people read them.</param>
/// <param name="Body">What it says.</param>
public sealed record PrintSheet(ITexts T, string Title, string Person, string PrintedAt, Content? Body) : Component
{
    public Paper Paper { get; init; }

    public int HeadingLevel { get; init; } = 2;

    public override IHtmlContent Build() => new Element("article", "dsp-sheet", "dsp-sheet--" + Paper.ToString().ToLower(CultureInfo.InvariantCulture), Classes).With(Attributes)
        .Add(new Element("div", "dsp-sheet__head")
            .Add(new Element(Heading.Of(HeadingLevel), "dsp-sheet__t").Add(Title))
            .Add(new Element("p", "dsp-sheet__who").Add(Person)))
        .Add(Body)
        .Add(new Element("p", "dsp-s", "dsp-sheet__foot").Add(T["print.at", ("date", PrintedAt)]));
}
