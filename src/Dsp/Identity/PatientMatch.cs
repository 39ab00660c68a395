namespace Dsp.Identity;

/// <summary>The person a document says it is about, as it says it.</summary>
/// <param name="Families">Each family name given, of any use (present, of birth, of a marriage).</param>
/// <param name="Numbers">National numbers, as written.</param>
public sealed record PatientClaim(IReadOnlyList<string> Families, IReadOnlyList<string> Givens, PartialDate? BirthDate, IReadOnlyList<string> Numbers)
{
    /// <summary>The running text in which the numbers stand, where the document does not say whose they are; null where it does.</summary>
    public string? Text { get; init; }

    /// <summary>Says nothing of anybody.</summary>
    public bool IsEmpty => Families.Count == 0 && Givens.Count == 0 && BirthDate is null && Numbers.Count == 0;
}

/// <summary>
/// Whether a document may be about another person than the record's. Made to be silent in doubt: a false alarm teaches people
/// to click it away. Accents, hyphens, order, maiden and married names, initials and one mistyped letter are no difference.
/// </summary>
public static class PatientMatch
{
    public const string Name = "name";
    public const string Number = "number";
    public const string BirthDate = "birth-date";

    /// <summary>Words that are parts of many names and tell nobody apart.</summary>
    private static readonly HashSet<string> Particles = new(StringComparer.Ordinal) { "DE", "DA", "DO", "DOS", "DAS", "DI", "DU", "DEL", "DELLA", "DES", "LA", "LE", "LES", "VAN", "VON", "ZU", "ZUR", "TER", "DEN", "DER", "EL", "AL", "E", "Y", "ET", "MME", "M", "MR", "MRS", "HERR", "FRAU", "DR" };

    /// <returns>What differs; empty where nothing speaks against the record's person.</returns>
    /// <param name="today">The day in Luxembourg.</param>
    public static IReadOnlyList<string> Differences(PatientClaim claim, PersonDetails person, DateOnly today)
    {
        var number = NumberFits(claim, person, today);
        // A child's report prints the number of the parent who is insured: beside the person's own name it says nothing.
        if (number == false && claim.Text is { } text && IsNamedIn(text, person)) number = null;
        var birth = BirthFits(claim.BirthDate, person.BirthDate);
        // The third of December for the twelfth of March: a mistake of writing where the number is the person's.
        if (birth == false && number == true && IsSwapped(claim.BirthDate, person.BirthDate)) birth = null;
        var found = new List<string>();
        if (NameDiffers(claim, person, number == true, birth == true)) found.Add(Name);
        if (number == false) found.Add(Number);
        if (birth == false) found.Add(BirthDate);
        return found;
    }

    /// <summary>Null where either side has none: a replaced number of this person is theirs too.</summary>
    private static bool? NumberFits(PatientClaim claim, PersonDetails person, DateOnly today)
    {
        var own = person.Identifiers.Where(i => i.System == Identifiers.NationalNumber).Select(i => i.Value).ToHashSet(StringComparer.Ordinal);
        // What is no number of the register is a mistake of writing, not another person.
        var said = claim.Numbers.Select(n => NationalId.Read(n, today).Number?.Value).OfType<string>().ToList();
        return own.Count == 0 || said.Count == 0 ? null : said.Exists(own.Contains);
    }

    /// <summary>Compared as far as both are known.</summary>
    private static bool? BirthFits(PartialDate? said, PartialDate? known)
    {
        if (said is not { } a || known is not { } b) return null;
        return a.Year == b.Year && (a.Month is null || b.Month is null || a.Month == b.Month) && (a.Day is null || b.Day is null || a.Day == b.Day);
    }

    private static bool IsSwapped(PartialDate? said, PartialDate? known) =>
        said is { Month: { } month, Day: { } day } a && known is { } b && a.Year == b.Year && month == b.Day && day == b.Month;

    /// <summary>A word of the family name or of the name of birth, and one of the given names, stand in the text.</summary>
    private static bool IsNamedIn(string text, PersonDetails person)
    {
        var there = Words([string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))]).Select(Plain).ToHashSet(StringComparer.Ordinal);
        bool Has(params string[] names) => Words(names) is { Count: > 0 } words && (words.Exists(w => w.Length > 1 && there.Contains(Plain(w))) || there.Contains(Plain(string.Concat(words))));
        return Has(person.Family, person.BirthName ?? "") && Has(person.Given);
    }

    private static bool NameDiffers(PatientClaim claim, PersonDetails person, bool sameNumber, bool sameBirth)
    {
        var (families, givens) = (Words(claim.Families), Words(claim.Givens));
        var (ownFamilies, ownGivens) = (Words([person.Family, person.BirthName ?? ""]), Words([person.Given]));
        if (families.Count == 0 || givens.Count == 0 || ownFamilies.Count == 0 || ownGivens.Count == 0) return false;
        // Written in the other order, or all in one field.
        if (Meet(families, ownGivens) && Meet(givens, ownFamilies)) return false;
        var (family, given) = (Meet(families, ownFamilies), Meet(givens, ownGivens));
        // The same number is the same person: who changed the family name or is called by another given name.
        if (sameNumber) return !family && !given;
        // Twins, siblings and a husband's report under his wife's name share all but the given name.
        if (!given) return true;
        // A family name changes with a marriage; it tells somebody apart only where nothing else holds them together.
        return !family && !sameBirth;
    }

    private static List<string> Words(IEnumerable<string> names) =>
        [.. names.SelectMany(n => n.Split([' ', '-', '\'', '’', ',', '.', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries)).Select(People.Fold).Where(w => w.Length > 0 && !Particles.Contains(w)).Distinct(StringComparer.Ordinal)];

    /// <summary>One word of each is the same, an initial or short form of the other, or one letter away; or all of them together are.</summary>
    private static bool Meet(List<string> some, List<string> others) =>
        some.Exists(a => others.Exists(b => Same(a, b))) || string.Concat(some) == string.Concat(others);

    private static bool Same(string a, string b)
    {
        if (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal)) return a.Length != b.Length ? Math.Min(a.Length, b.Length) is 1 or >= 3 : true;
        // Umlauts written out: Mueller, Müller.
        return Plain(a) == Plain(b) || (Math.Min(a.Length, b.Length) >= 5 && OneLetterAway(a, b));
    }

    private static string Plain(string word) => word.Replace("UE", "U", StringComparison.Ordinal).Replace("OE", "O", StringComparison.Ordinal).Replace("AE", "A", StringComparison.Ordinal);

    private static bool OneLetterAway(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var same = 0;
        while (same < Math.Min(a.Length, b.Length) && a[same] == b[same]) same++;
        var (restA, restB) = (a[same..], b[same..]);
        return Tail(restA, 1) == Tail(restB, 1) || Tail(restA, 1) == restB || restA == Tail(restB, 1)
            || (restA.Length >= 2 && restB.Length >= 2 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2..] == restB[2..]);
    }

    private static string Tail(string text, int from) => text.Length > from ? text[from..] : "";
}
