using Dsp.Codes;

namespace Dsp.Identity.Software;

/// <summary>Whose rights a scope borrows.</summary>
public enum ScopeContext
{
    /// <summary>One patient: the launch's, or the holder's own record.</summary>
    Patient,
    /// <summary>Whatever the person at the keyboard may.</summary>
    User,
    /// <summary>A software without a person.</summary>
    System,
}

/// <summary>What a scope allows, in the order the letters are written.</summary>
[Flags]
public enum ScopeRights
{
    None = 0,
    Create = 1,
    Read = 2,
    Update = 4,
    Delete = 8,
    Search = 16,
}

/// <summary>
/// One scope of SMART App Launch 2.2: <c>patient|user|system / Type . cruds [?parameters]</c>. It narrows what the rules give and
/// never widens it. A type or parameter this server could not hold a caller to is no scope here, so that it is refused and not ignored.
/// </summary>
/// <param name="Type">One of <see cref="Types"/>, or <c>*</c>.</param>
/// <param name="Categories">Documents of these categories only; null: no such limit.</param>
public sealed record SmartScope(ScopeContext Context, string Type, ScopeRights Rights, IReadOnlyList<DataCategory>? Categories = null)
{
    private const string Letters = "cruds";
    private const string CategoryParameter = "category";
    private const string CategorySystem = "urn:dsp:category";
    private const string Documents = "DocumentReference";
    private const int Longest = 512;

    /// <summary>The resource types this server has.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "AllergyIntolerance", "AuditEvent", "Binary", "Condition", "Consent", "DiagnosticReport", Documents, "Encounter", "HealthcareService", "Immunization", "List", "Location", "MedicationDispense", "MedicationRequest",
        "MedicationStatement", "Observation", "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance", "Subscription", "ValueSet",
    ];

    /// <summary>Reads one scope; null where it is none that this server can enforce.</summary>
    public static SmartScope? Parse(string text)
    {
        if (text.Length > Longest) return null;
        var (head, query) = text.Split('?', 2) is [var h, var q] ? (h, q) : (text, null);
        if (head.Split('/') is not [var context, var rest] || rest.Split('.') is not [var type, var letters]) return null;
        ScopeContext? borrowed = context switch { "patient" => ScopeContext.Patient, "user" => ScopeContext.User, "system" => ScopeContext.System, _ => null };
        if (borrowed is null || (type != "*" && !Types.Contains(type, StringComparer.Ordinal)) || RightsOf(letters) is not { } rights) return null;
        if (query is null) return new SmartScope(borrowed.Value, type, rights);
        return type == Documents && CategoriesOf(query) is { } categories ? new SmartScope(borrowed.Value, type, rights, categories) : null;
    }

    /// <summary>Everything the other one allows, this one allows too.</summary>
    public bool Covers(SmartScope other) =>
        Context == other.Context && (Type == "*" || Type == other.Type) && (other.Rights & ~Rights) == ScopeRights.None
        && (Categories is null || (other.Categories is { } narrow && narrow.All(Categories.Contains)));

    /// <summary>The scope as it is written.</summary>
    public override string ToString()
    {
        var rights = string.Concat(Letters.Where((_, i) => ((int)Rights & (1 << i)) != 0));
        var limit = Categories is null ? "" : $"?{CategoryParameter}={string.Join(',', Categories.Select(c => $"{CategorySystem}|{c}"))}";
        return $"{Context.ToString().ToLowerInvariant()}/{Type}.{rights}{limit}";
    }

    public bool Equals(SmartScope? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>At least one letter, each once, in their order (SMART 2.2, "Scopes for requesting FHIR resources").</summary>
    private static ScopeRights? RightsOf(string letters)
    {
        var (rights, last) = (ScopeRights.None, -1);
        foreach (var letter in letters)
        {
            var at = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (at <= last) return null;
            (rights, last) = (rights | (ScopeRights)(1 << at), at);
        }
        return rights == ScopeRights.None ? null : rights;
    }

    /// <summary><c>category=</c> once, each value a code of our categories with or without its system.</summary>
    private static List<DataCategory>? CategoriesOf(string query)
    {
        if (query.Split('=', 2) is not [CategoryParameter, { Length: > 0 } values] || query.Contains('&', StringComparison.Ordinal)) return null;
        var categories = new List<DataCategory>();
        foreach (var value in Uri.UnescapeDataString(values).Split(','))
        {
            var code = value.Split('|') switch { [CategorySystem, var c] => c, [var c] => c, _ => "" };
            // Enum.TryParse would take numbers and lists too.
            if (!char.IsAsciiLetterUpper(code.FirstOrDefault()) || !Enum.TryParse<DataCategory>(code, ignoreCase: false, out var category) || category.ToString() != code) return null;
            categories.Add(category);
        }
        return [.. categories.Distinct().Order()];
    }
}
