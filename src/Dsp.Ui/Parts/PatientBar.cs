using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;

namespace Dsp.Ui.Parts;

/// <summary>Administrative sex, as documented.</summary>
public enum Sex
{
    Unknown,
    Female,
    Male,
    Other,
}

/// <summary>
/// Who is in front of the professional: always in view, unknown things in words. <see cref="Allergies"/> null shows nothing:
/// the absence of a line is not the absence of an allergy, so no "none" is ever written here.
/// </summary>
/// <param name="T">Texts.</param>
/// <param name="Name">"WEBERSCHEID Emma".</param>
/// <param name="Sex">As documented.</param>
/// <param name="Birth">Short date of birth.</param>
/// <param name="Age">"42 ans".</param>
public sealed record PatientBar(ITexts T, string Name, Sex Sex, string Birth, string Age) : Component
{
    /// <summary>Digits of the national number; null for a person without one.</summary>
    public string? NationalNumber { get; init; }

    public string? Allergies { get; init; }

    /// <summary>Second line: relation, end of access, languages; empty ones are left out.</summary>
    public IReadOnlyList<string?> Facts { get; init; } = [];

    /// <summary>A pill before the facts, such as "Accès d'urgence".</summary>
    public Content? Flag { get; init; }

    /// <summary>Links and forms after the facts.</summary>
    public Content? Actions { get; init; }

    public string? ChangeHref { get; init; }

    public override IHtmlContent Build()
    {
        var sex = T["patient.sex." + Sex.ToString().ToLowerInvariant()];
        var number = string.IsNullOrEmpty(NationalNumber) ? T["patient.noNumber"] : T["patient.number", ("number", Formats.NationalNumber(NationalNumber))];
        var first = new Element("div", "dsp-patient__row")
            .Add(new Element("p", "dsp-patient__name").Add(Name))
            .Add(new Element("span").Add(sex).Add(" · " + Age + " · ").Add(T["patient.born", ("birth", Birth)]))
            .Add(new Element("span").Add(number))
            .Add(string.IsNullOrEmpty(Allergies) ? null : new Element("span", "dsp-allergy").Add(T["patient.allergy", ("what", Allergies)]));
        var second = new Element("div", "dsp-patient__row", "dsp-s").Add(Flag);
        foreach (var fact in Facts.Where(f => !string.IsNullOrWhiteSpace(f)))
        {
            second.Add(new Element("span").Add(fact)).Add(" ");
        }

        second.Add(Actions).Add(ChangeHref is null ? null : new Element("a", "govuk-link").With("href", ChangeHref).Add(T["patient.change"]));
        return new Element("section", "dsp-patient", Classes).With("aria-label", T["patient.label"]).With(Attributes)
            .Add(new Element("div", "govuk-width-container").Add(first).Add(second));
    }
}
