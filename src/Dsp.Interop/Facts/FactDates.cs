using System.Globalization;
using Dsp.Clinical;
using Dsp.Interop.Cda;
using Dsp.Interop.Fhir;

namespace Dsp.Interop.Facts;

/// <summary>Dates of both worlds as one: ISO 8601 at the precision of the source, with the interval they cover.</summary>
internal static class FactDates
{
    /// <summary>The results of a report have one time: what was read last is not read again.</summary>
    [ThreadStatic]
    private static (string Sent, FactDate Date) last;

    /// <summary>A point of HL7 v3; one that is no date stays as the words it is.</summary>
    public static FactDate OfHl7(string sent)
    {
        if (sent != last.Sent) last = (sent, ReadHl7(sent));
        return last.Date;
    }

    private static FactDate ReadHl7(string sent)
    {
        if (CdaTime.Parse(sent) is not { } time) return new FactDate(Cut(sent));
        var zone = time.Offset is { } offset ? offset == TimeSpan.Zero ? "Z" : (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture) : "";
        if (time.Digits == 10)
        {
            // An hour without minutes has no form in FHIR: the hour is kept, and covers sixty minutes.
            var hour = OfFhir(time.Local.ToString("yyyy-MM-dd'T'HH':00'", CultureInfo.InvariantCulture) + zone);
            return hour with { Text = time.Local.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture) + zone, To = hour.From + TimeSpan.FromHours(1) };
        }
        return OfFhir(time.Digits switch
        {
            4 => time.Local.ToString("yyyy", CultureInfo.InvariantCulture),
            6 => time.Local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            8 => time.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            12 => time.Local.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture) + zone,
            _ => time.Local.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + zone,
        });
    }

    /// <summary>A date, dateTime or instant of FHIR; one that is no date stays as the words it is.</summary>
    public static FactDate OfFhir(string sent) =>
        FhirDates.TryParse(sent, out var date, zoneOptional: true) ? new FactDate(date.Text, date.From, date.To) : new FactDate(Cut(sent));

    private static string Cut(string text) => text.Length > 64 ? text[..64] : text;
}
