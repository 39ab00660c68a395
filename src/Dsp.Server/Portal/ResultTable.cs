using System.Text;
using Dsp.Clinical;
using Dsp.Ui.Languages;

namespace Dsp.Server.Portal;

/// <summary>The values of one analysis as a table for spreadsheets (RFC 4180, UTF-8 with a mark, semicolons as Luxembourg's programs expect them).</summary>
internal static class ResultTable
{
    public static byte[] Csv(ResultSeries series, ResultWords words, ITexts texts)
    {
        var table = new StringBuilder();
        Line(table, texts["results.date"], texts["results.test"], texts["results.value"], texts["results.rangeHead"], texts["results.lab"]);
        foreach (var point in series.Points.Reverse())
            Line(table, words.Date(point), words.Name(series), words.Value(point), words.Range(point.Fact) ?? texts["notDocumented"], words.Laboratory(point));
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(table.ToString())];
    }

    private static void Line(StringBuilder table, params string[] cells) => table.AppendJoin(';', cells.Select(Cell)).Append("\r\n");

    /// <summary>Quoted; a text that a spreadsheet would run as a formula begins with an apostrophe.</summary>
    private static string Cell(string text) => $"\"{(IsFormula(text) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static bool IsFormula(string text) => text.Length > 0 && (text[0] is '=' or '+' or '@' or '\t' or '\r' || (text[0] == '-' && !(text.Length > 1 && char.IsAsciiDigit(text[1]))));
}
