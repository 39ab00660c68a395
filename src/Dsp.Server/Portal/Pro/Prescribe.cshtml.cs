using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Microsoft.AspNetCore.Mvc;

namespace Dsp.Server.Portal.Pro;

/// <summary>Before an exam is ordered: what of it exists already (M3). The same answer that software gets by CDS Hooks.</summary>
public sealed class PrescribeModel(ProRecordParts parts, FindExistingExams find, ResultWords results) : ProRecordPage(parts)
{
    private const string Loinc = "http://loinc.org";
    private const int Longest = 200;

    [BindProperty(Name = "examen")]
    public string? Exam { get; set; }

    public ResultWords Results => results;

    /// <summary>Null before anything was asked.</summary>
    public IReadOnlyList<ExistingExam>? Found { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var words = Exam?.Trim() ?? "";
        if (words.Length is 0 or > Longest)
        {
            ModelState.AddModelError("examen", T["prescribe.missing"]);
            return Page();
        }
        var found = await find.RunAsync(Me, new RecordRef.ById(Record), new ExamOrder(IsLoinc(words) ? new Concept([new CodedValue(Loinc, words)]) : new Concept(Text: words)), Cancel);
        if (!found.Succeeded) return Refused(found.Refusal);
        Found = [.. found.Value];
        return Page();
    }

    private static bool IsLoinc(string words) => words.Length is > 2 and < 9 && words[^2] == '-' && words.Remove(words.Length - 2, 1).All(char.IsAsciiDigit);
}
