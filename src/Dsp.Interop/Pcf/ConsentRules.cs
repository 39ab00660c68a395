namespace Dsp.Interop.Pcf;

/// <summary>The rules of a Consent as sentences with their sources.</summary>
internal static class ConsentRules
{
    public const string Form = "A privacy consent says its scope, patient, date, performer, organisation, source and provision (PCF 1.1.0 consentBasic).";
    public const string Status = "A choice holds or has ended; drafts and proposals are not kept (FHIR R4 Consent.status).";
    public const string Performer = "The holder alone decides about the own record (RGD 6.12.2019 art. 6(3)).";
    public const string Source = "No paper is kept with a choice: its source is a text without bytes, whose title is the risk that the holder confirmed (RGD 6.12.2019 art. 6(3)).";
    public const string Policy = "A consent names one policy, of those that this record enforces (PCF 1.1.0 §1:53.4; docs/connect/consent.md).";
    public const string Whole = "Identifiers, labels, extensions and contained resources of a consent are not kept, so they are not sent (decision 0017).";
    public const string Purpose = "The record serves care alone, so the purpose is TREAT or none (CSS art. 60quater(3)).";
    public const string BreakGlass = "Exceptional access is off, so no consent speaks of it (domain 1.9).";
    public const string Labels = "Labels, classes and codes decide nothing about reading: the matrix of professions and categories does (RGD 6.12.2019 art. 7(1), annex 1).";
    public const string Data = "What is hidden is one document as it stands: one reference to a DocumentReference, as instance (RGD 6.12.2019 art. 6(3) 2°).";
    public const string Nested = "Inside a denial stands nothing but the persons who still see the document (decision 0017).";
    public const string Actor = "A choice is about one professional or one institution of the register, in the role of a recipient (RGD 6.12.2019 art. 6(3)).";
    public const string Type = "A circle and a country permit; a block, a hidden document and an objection deny (decision 0017).";
    public const string Period = "A choice begins when it is made and lasts until it is taken back; the circle alone may have an end (RGD 6.12.2019 art. 6(4)).";
    public const string General = "The general choice is about everybody and everything (RGD 6.12.2019 art. 3, 4).";
    public const string Objection = "An objection denies to collect: of one order, author, institution or category, in a time (RGD 6.12.2019 art. 6(3) al. 2).";
    public const string Country = "A country of the European Union or the European Economic Area is named by its two letters (ISO 3166-1).";
}
