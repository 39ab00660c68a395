using Dsp.Codes;

namespace Dsp.Clinical;

/// <summary>
/// Codes that say "none known" or "no information" in the place of a subject, and the reasons for absence. Sources: HL7 IPS
/// absent and unknown data, SNOMED CT as eHDSI and IPS use it, HL7 v3 NullFlavor, FHIR data-absent-reason, list-empty-reason.
/// </summary>
public static class AbsentCodes
{
    public const string AbsentUnknown = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    public const string Snomed = "http://snomed.info/sct";

    /// <summary>epSOS documents send this value set's number in the place of SNOMED CT's.</summary>
    private const string NoMedicationList = "urn:oid:1.3.6.1.4.1.12559.11.10.1.3.1.42.22";

    private static readonly Dictionary<string, FactStatement> BySnomed = new(StringComparer.Ordinal)
    {
        ["716186003"] = FactStatement.Negated, // no known allergy
        ["160244002"] = FactStatement.Negated, // no known allergies (as older documents have it)
        ["409137002"] = FactStatement.Negated, // no known drug allergy
        ["428607008"] = FactStatement.Negated, // no known environmental allergy
        ["429625007"] = FactStatement.Negated, // no known food allergy
        ["428197003"] = FactStatement.Negated, // no known insect allergy
        ["160245001"] = FactStatement.Negated, // no current problems or disability
        ["182849000"] = FactStatement.Negated, // no drug therapy prescribed
        ["787481004"] = FactStatement.Negated, // no known medications
        ["182904002"] = FactStatement.Unknown, // drug treatment unknown
        ["266927001"] = FactStatement.Unknown, // unknown whether ever smoked
        ["1631000175102"] = FactStatement.Unknown, // patient not asked
    };

    /// <summary>Answers about presence: the subject is in the question.</summary>
    private static readonly Dictionary<string, FactStatement> Presence = new(StringComparer.Ordinal)
    {
        ["373572006"] = FactStatement.Negated, // clinical finding absent
        ["272519000"] = FactStatement.Negated, // absence findings
        ["2667000"] = FactStatement.Negated, // absent
        ["373573001"] = FactStatement.Asserted, // clinical finding present
        ["52101004"] = FactStatement.Asserted, // present
        ["261665006"] = FactStatement.Unknown, // unknown
    };

    /// <summary>What a subject's code says by itself; null where it is an ordinary code.</summary>
    public static FactStatement? Says(Concept? concept)
    {
        foreach (var code in concept?.Codes ?? [])
            if (Says(code) is { } statement) return statement;
        // The code names a thing, the words beside it deny one: the source contradicts itself, so neither is passed on as its word.
        return concept?.Codes?.Any(c => Folding.Fold(c.Display ?? "").StartsWith("no known ", StringComparison.Ordinal)) == true ? FactStatement.Unknown : null;
    }

    /// <summary>A value that says whether its question holds: present, absent or unknown; null for every other value.</summary>
    public static FactStatement? Answers(Concept? value)
    {
        foreach (var code in value?.Codes ?? [])
            if (code.System == Snomed && Presence.TryGetValue(code.Code, out var statement)) return statement;
        return null;
    }

    /// <summary>What a nullFlavor, data-absent-reason or empty reason says.</summary>
    public static FactStatement OfReason(string reason) => reason switch
    {
        "nilknown" => FactStatement.Negated,
        "UNK" or "ASKU" or "NAV" or "NASK" or "TRC" or "QS" or "unknown" or "asked-unknown" or "temp-unknown" or "not-asked" or "notasked" or "asked-declined" => FactStatement.Unknown,
        _ => FactStatement.NoInformation,
    };

    /// <summary>Words in the place of a name that say "none" or "unknown": the source coded nothing, so nothing may be asserted.</summary>
    public static bool SaysNoneInWords(string? text)
    {
        if (text is null) return false;
        // A reference to a whole row of a table begins with the row's code.
        var folded = string.Join(' ', Folding.Fold(text).Split(' ').SkipWhile(w => w.Length >= CodeLength && w.All(char.IsAsciiDigit)));
        return folded.Length <= 120 && Words.Any(w => folded.Equals(w, StringComparison.Ordinal) || folded.StartsWith(w + " ", StringComparison.Ordinal));
    }

    /// <summary>A number of so many digits is an identifier of a terminology (the shortest of SNOMED CT), no amount.</summary>
    private const int CodeLength = 6;

    private static readonly string[] Words =
    [
        "no known", "no", "none", "not known", "unknown", "nka", "nkda", "denies", "nil", "n a", "na", "unk", "patient has no", "there are no", "no information",
        "aucun", "aucune", "pas d", "pas de", "sans", "inconnu", "inconnue", "neant", "non connu",
        "kein", "keine", "nicht", "unbekannt", "keng", "net bekannt", "onbekannt", "nenhum", "nenhuma", "sem", "desconhecido", "ingen", "ikke", "nessuna", "nessun", "ninguna", "ninguno", "inget", "inga",
    ];

    private static FactStatement? Says(CodedValue code)
    {
        if (code.System is Snomed or NoMedicationList && BySnomed.TryGetValue(code.Code, out var statement)) return statement;
        if (code.System != AbsentUnknown && !(code.Code.StartsWith("no-", StringComparison.Ordinal) && code.System.Length == 0)) return null;
        return code.Code.StartsWith("no-known-", StringComparison.Ordinal) ? FactStatement.Negated
            : code.Code.EndsWith("-info", StringComparison.Ordinal) ? FactStatement.NoInformation
            : null;
    }
}
