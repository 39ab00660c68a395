using System.Text.RegularExpressions;

namespace Dsp.Codes;

/// <summary>The coded fields of a document entry that the affinity domain rules.</summary>
public enum CodedField { Patient, Class, Type, Format, Facility, Setting, Confidentiality, Handling }

/// <summary>One code system of the domain for one field.</summary>
public sealed record DomainSystem(CodedField Field, string System, string Name);

/// <summary>
/// Which code systems and identifier systems this installation takes (XDS affinity domain). The default is
/// <c>affinity-domain.csv</c>; an installation may give its own list.
/// </summary>
public sealed partial class AffinityDomain
{
    public const string CategorySystem = "urn:dsp:category";
    public const string LoincSystem = "http://loinc.org";
    public const string NationalNumberSystem = "urn:oid:1.3.182.4.4";
    private static readonly string[] Confidentialities = ["N", "R", "V"];
    private readonly HashSet<(CodedField, string)> accepted;

    public AffinityDomain(IEnumerable<DomainSystem> systems)
    {
        Systems = [.. systems];
        accepted = [.. Systems.Select(s => (s.Field, s.System))];
    }

    public static AffinityDomain Default { get; } = new(
        Embedded.Lines("Codes/affinity-domain.csv")[1..]
            .Select(line => line.Split(';'))
            .Select(p => new DomainSystem(Enum.Parse<CodedField>(p[0], ignoreCase: true), p[1], p[2])));

    public IReadOnlyList<DomainSystem> Systems { get; }

    public IEnumerable<string> SystemsOf(CodedField field) => Systems.Where(s => s.Field == field).Select(s => s.System);

    public bool IsPatientSystem(string? system) => system is not null && accepted.Contains((CodedField.Patient, system));

    /// <summary>The system is listed for the field and the code has the form of that system.</summary>
    public bool Accepts(CodedField field, CodedValue value) =>
        accepted.Contains((field, value.System)) && field switch
        {
            CodedField.Class => value.System != CategorySystem || TryCategory(value.Code, out _),
            CodedField.Type => LoincForm().IsMatch(value.Code),
            CodedField.Confidentiality => Confidentialities.Contains(value.Code),
            CodedField.Handling => value.Code is HandlingLabels.MinorConfidential or HandlingLabels.PatientRequest,
            _ => value.Code.Length > 0 && !value.Code.Any(char.IsWhiteSpace),
        };

    /// <summary>
    /// The category of a document: the category code itself, else a LOINC class that is listed, else a listed type.
    /// </summary>
    /// <returns>Null where neither class nor type leads to one.</returns>
    public static DataCategory? CategoryOf(IEnumerable<CodedValue> classes, CodedValue? type)
    {
        DataCategory? byLoinc = null;
        foreach (var value in classes)
        {
            if (value.System == CategorySystem && TryCategory(value.Code, out var category)) return category;
            if (value.System == LoincSystem) byLoinc ??= DocumentTypes.Find(value.Code)?.Category;
        }
        return byLoinc ?? (type is { System: LoincSystem } ? DocumentTypes.Find(type.Code)?.Category : null);
    }

    /// <summary>Reads a category code exactly as it is written in the law's list; numbers and other cases are refused.</summary>
    public static bool TryCategory(string? code, out DataCategory category) =>
        Enum.TryParse(code, out category) && Enum.IsDefined(category) && category.ToString() == code;

    [GeneratedRegex("^[0-9]{1,7}-[0-9]$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LoincForm();
}
