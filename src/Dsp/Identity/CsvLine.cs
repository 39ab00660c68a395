using System.Text;

namespace Dsp.Identity;

/// <summary>One CSV line (RFC 4180, but a field holds no line break): comma, double quotes, doubled quotes inside.</summary>
internal static class CsvLine
{
    /// <returns>Null where a quote is not closed, or text follows a closed one.</returns>
    public static List<string>? Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var i = 0; ; i++)
        {
            field.Clear();
            if (i < line.Length && line[i] == '"')
            {
                for (i++; ; i++)
                {
                    if (i >= line.Length) return null;
                    if (line[i] != '"') field.Append(line[i]);
                    else if (i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
                    else break;
                }
                i++;
                if (i < line.Length && line[i] != ',') return null;
            }
            else
            {
                while (i < line.Length && line[i] != ',') field.Append(line[i++]);
            }
            fields.Add(field.ToString().Trim());
            if (i >= line.Length) return fields;
        }
    }
}
