using System.Globalization;
using Dsp.Identity;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Records;

namespace Dsp.Interop.Pdqm;

/// <summary>A search in Patient as it was understood.</summary>
/// <param name="Applied">The query string of what was really applied, percent-encoded: the self link.</param>
/// <param name="Count">Entries of a page.</param>
/// <param name="After">The person after whom the page begins.</param>
public sealed record PatientSearch(PatientQuery Query, string Applied, int Count, PersonId? After = null)
{
    public const string PageParameter = DocumentQuery.PageParameter;

    /// <summary>The value of <see cref="PageParameter"/> for the page after this person, bound to the caller.</summary>
    public string Next(PersonId last, ReadOnlySpan<byte> key, string callerId) => PageToken.Seal($"{last} {Applied}", key, callerId);
}

/// <summary>Parameters of PDQm's search (ITI-78): what is not understood is ignored unless strict, an unknown modifier is refused.</summary>
public static class PatientQueryReader
{
    private static readonly string[] Ignored = ["_format", "_pretty", "_sort", "_summary", "_elements", "_total"];

    public static Outcome<PatientSearch> Read(IReadOnlyList<KeyValuePair<string, string>> parameters, bool strict, ReadOnlySpan<byte> key, string callerId)
    {
        PersonId? after = null;
        if (parameters.FirstOrDefault(p => p.Key == PatientSearch.PageParameter).Value is { } page)
        {
            if (PageToken.Open(page, key, callerId)?.Split(' ', 2) is not [var last, var applied] || !Ids.TryParse(last, out var person))
                return Refusals.ParameterInvalid.Because("This page is not known. Start the search again.").At(PatientSearch.PageParameter);
            (after, parameters) = (new PersonId(person), DocumentQuery.Parse(applied));
        }
        return new Reading(strict).Of(parameters, after);
    }

    private sealed class Reading(bool strict)
    {
        private readonly Problems problems = new();
        private readonly List<PersonIdentifier> identifiers = [];
        private readonly List<Guid> ids = [];
        private readonly List<IReadOnlyList<TextMatch>> families = [];
        private readonly List<IReadOnlyList<TextMatch>> givens = [];
        private readonly List<IReadOnlyList<TextMatch>> cities = [];
        private readonly List<string> domains = [];
        private PatientQuery query = new();
        private int count = FindPatients.Most;

        public Outcome<PatientSearch> Of(IReadOnlyList<KeyValuePair<string, string>> parameters, PersonId? after)
        {
            var applied = new List<KeyValuePair<string, string>>();
            foreach (var pair in parameters)
            {
                var p = SearchParameter.Of(pair);
                if (Ignored.Contains(p.Name) || p.Raw.Length == 0) continue;
                if (Read(p)) applied.Add(pair);
                else if (strict) problems.Add(p.Invalid("This parameter is not offered. See the capability statement."));
            }
            if (problems.Any) return problems.Refusal();
            var text = DocumentQuery.Format(applied);
            query = query with { Identifiers = identifiers, Ids = ids, Families = families, Givens = givens, Cities = cities, Domains = domains, Text = "Patient?" + text };
            return new PatientSearch(query, text, count, after);
        }

        /// <summary>False for a parameter that is not offered.</summary>
        private bool Read(SearchParameter p)
        {
            switch (p.Name)
            {
                case "family": Texts(p, families); break;
                case "given": Texts(p, givens); break;
                // Only the commune is shown of an address, and so only it is compared.
                case "address" or "address-city": Texts(p, cities); break;
                case "address-country" or "address-postalcode" or "address-state" or "telecom" or "mothersMaidenName": Unkept(p); break;
                case "_id" when Plain(p): ids.AddRange(p.Values.Select(v => Ids.TryParse(v, out var id) ? id : Guid.Empty)); break;
                case "identifier" when Plain(p): Named(p); break;
                case "active" when Plain(p): query = query with { Active = p.Raw switch { "true" => true, "false" => false, _ => Bad(p, "true or false.") } }; break;
                case "gender" when Plain(p): query = query with { Gender = GenderCodes.Of(p.Raw) ?? Bad<Gender>(p, "male, female, other or unknown.") }; break;
                case "birthdate" when Plain(p): query = query with { BirthDate = Day(p.Raw) ?? Bad<DateOnly>(p, "One whole day, yyyy-MM-dd.") }; break;
                case "_count" when Plain(p):
                    if (!int.TryParse(p.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out count)) problems.Add(p.Invalid("A number."));
                    count = Math.Clamp(count, 0, FindPatients.Most);
                    break;
                case "_id" or "identifier" or "active" or "gender" or "birthdate" or "_count": break;
                default: return false;
            }
            return true;
        }

        private bool Plain(SearchParameter p)
        {
            if (p.Modifier is null) return true;
            problems.Add(p.Invalid("This modifier is not offered."));
            return false;
        }

        private void Texts(SearchParameter p, List<IReadOnlyList<TextMatch>> all)
        {
            if (p.Modifier is not (null or "exact")) problems.Add(p.Invalid("Only :exact is offered."));
            else if (p.Values.Count > 0) all.Add([.. p.Values.Select(v => new TextMatch(v, p.Modifier is "exact"))]);
        }

        private void Unkept(SearchParameter p)
        {
            if (p.Modifier is not (null or "exact")) problems.Add(p.Invalid("This modifier is not offered."));
            query = query with { Unkept = true };
        }

        private void Named(SearchParameter p)
        {
            foreach (var (system, value) in p.Tokens)
            {
                if (system is { Length: > 0 } && value is null) domains.Add(Domains.Of(system));
                else if (value is null) problems.Add(p.Invalid("An identifier is written system|value, a domain system|."));
                else if (system is { Length: > 0 }) identifiers.Add(new PersonIdentifier(Domains.Of(system), value));
                else identifiers.AddRange([new(Identifiers.NationalNumber, value), new(Identifiers.EHealthId, value)]);
            }
        }

        private static DateOnly? Day(string text) =>
            DateOnly.TryParseExact(text.StartsWith("eq", StringComparison.Ordinal) ? text[2..] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

        private bool? Bad(SearchParameter p, string expected) => Bad<bool>(p, expected);

        private T? Bad<T>(SearchParameter p, string expected) where T : struct
        {
            problems.Add(p.Invalid(expected));
            return null;
        }
    }
}

/// <summary>Identifier domains as they are sent.</summary>
public static class Domains
{
    /// <summary>A bare OID becomes <c>urn:oid:</c>: clients send both.</summary>
    public static string Of(string system) => system.Length > 0 && char.IsAsciiDigit(system[0]) && system.All(c => char.IsAsciiDigit(c) || c == '.') ? "urn:oid:" + system : system;
}

/// <summary>FHIR administrative-gender.</summary>
public static class GenderCodes
{
    public static Gender? Of(string code) => code switch
    {
        "female" => Gender.Female,
        "male" => Gender.Male,
        "other" => Gender.Other,
        "unknown" => Gender.Unknown,
        _ => null,
    };

    public static string Code(Gender gender) => gender switch
    {
        Gender.Female => "female",
        Gender.Male => "male",
        Gender.Other => "other",
        _ => "unknown",
    };
}
