using Dsp.Access;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Dsp.Server.Portal;

/// <summary>The question of a search in everything, as its form sends it: in the body, so that no address and no log holds its words.</summary>
public sealed class LookupForm
{
    private const int HitsShown = 50;
    private const int LongestQuestion = 200;

    [FromForm(Name = "q")]
    public string? Q { get; set; }

    [FromForm(Name = "categorie")]
    public string? Category { get; set; }

    [FromForm(Name = "du")]
    public string? From { get; set; }

    [FromForm(Name = "au")]
    public string? To { get; set; }

    [FromForm(Name = "auteur")]
    public string? Author { get; set; }

    [FromForm(Name = "etablissement")]
    public string? Institution { get; set; }

    /// <summary>The narrowing fields are open: something stands in them.</summary>
    public bool Narrows => new[] { Category, From, To, Author, Institution }.Any(f => !string.IsNullOrWhiteSpace(f));

    /// <summary>Null where the form is wrong; what is wrong stands in the state.</summary>
    public TextQuery? Query(ModelStateDictionary state, ITexts texts)
    {
        var filter = DocumentFilter.Of(Category, From, To);
        if (string.IsNullOrWhiteSpace(Q) || Q.Length > LongestQuestion || TermList.WordsOf(Q).Count == 0) state.AddModelError("q", texts["lookup.words"]);
        if (filter.DateWrong) state.AddModelError("du", texts["documents.dateWrong"]);
        return state.IsValid
            ? new TextQuery(Q!)
            {
                Categories = filter.Category is { } category ? [category] : null,
                From = filter.From is { } from ? Deadlines.StartOf(from) : null,
                To = filter.To is { } to ? Deadlines.StartOf(to.AddDays(1)) : null,
                Author = Blank(Author), Institution = Blank(Institution), Count = HitsShown,
            }
            : null;
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>The form and its answer, for the partial of either space.</summary>
/// <param name="Found">Null before anything was asked.</param>
/// <param name="ErrorOf">What is wrong with a field.</param>
public sealed record LookupView(LookupForm Form, TextHits? Found, string DocumentBase, IEnumerable<DataCategory> Categories, Func<string, string?> ErrorOf);
