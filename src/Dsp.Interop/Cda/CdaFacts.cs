using System.Globalization;

namespace Dsp.Interop.Cda;

/// <summary>The header as label and values, in the order in which it is shown, for HTML and for plain text.</summary>
internal static class CdaFacts
{
    private const string NationalNumberRoot = "1.3.182.4.4";

    /// <param name="Own">The values are the document's own words, not ours.</param>
    public sealed record Fact(string Label, IReadOnlyList<string> Values, bool Own);

    public static IEnumerable<Fact> Of(CdaHeader header, CdaLabels labels)
    {
        if (header.Type is { } type && (type.Display ?? type.Code) is { } shown)
        {
            yield return new Fact(labels.Type, [shown], Own: true);
        }

        yield return new Fact(labels.Date, [header.EffectiveTime is { } time ? labels.Write(time) : labels.NotGiven], Own: false);
        yield return new Fact(labels.Patient, [header.Patient?.Name ?? labels.NotGiven], Own: header.Patient?.Name is not null);
        if (header.Patient?.BirthTime is { } birth)
        {
            yield return new Fact(labels.BirthDate, [labels.Write(birth)], Own: false);
        }

        if (header.Patient?.Sex is { } sex)
        {
            yield return new Fact(labels.Sex, [labels.SexOf(sex)], Own: false);
        }

        foreach (var id in header.Patient?.Identifiers.Where(i => i.Extension is not null).OrderBy(i => i.Root != NationalNumberRoot) ?? Enumerable.Empty<CdaIdentifier>())
        {
            yield return new Fact(id.Root == NationalNumberRoot ? labels.NationalNumber : labels.Identifier, [id.Extension!], Own: false);
        }

        if (header.Authors.Count > 0)
        {
            yield return new Fact(labels.Author, [.. header.Authors.Select(a => Person(a, labels))], Own: true);
        }

        if (header.LegalAuthenticator is { } signer)
        {
            yield return new Fact(labels.Signatory, [Person(signer, labels)], Own: true);
        }

        if (header.Custodian is { } custodian)
        {
            yield return new Fact(labels.Custodian, [custodian], Own: true);
        }

        if (header.Participants.Count > 0)
        {
            yield return new Fact(labels.Participant, [.. header.Participants.Select(p => Person(p, labels))], Own: true);
        }

        if (header.Language is { } language)
        {
            yield return new Fact(labels.Language, [LanguageName(language)], Own: false);
        }

        if (header.Confidentiality is { } confidentiality)
        {
            yield return new Fact(labels.Confidentiality, [labels.ConfidentialityOf(confidentiality)], Own: false);
        }
    }

    private static string Person(CdaAuthor author, CdaLabels labels)
    {
        var who = string.Join(", ", new[] { author.Name, author.Organization }.OfType<string>());
        return author.Time is { } time ? $"{who} ({labels.Write(time)})" : who;
    }

    /// <summary>The language by its own name ("français", "Deutsch"), or the tag when the platform has no name for it.</summary>
    private static string LanguageName(string tag)
    {
        try
        {
            var culture = CultureInfo.GetCultureInfo(tag.Split('-')[0]);
            return culture.ThreeLetterWindowsLanguageName == "ZZZ" || culture.NativeName.Length == 0 ? tag : $"{culture.NativeName} ({tag})";
        }
        catch (CultureNotFoundException)
        {
            return tag;
        }
    }
}
