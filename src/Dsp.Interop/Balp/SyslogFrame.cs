using System.Globalization;
using System.Text;

namespace Dsp.Interop.Balp;

/// <summary>A message of ITI-20 as it goes over TLS: RFC 5424, octet-counted by RFC 5425. The count is of bytes: names are not ASCII.</summary>
public static class SyslogFrame
{
    /// <summary>Facility 10 (security), severity 5 (notice).</summary>
    private const string Priority = "<85>1";
    private const string MessageId = "IHE+RFC-3881";

    /// <param name="message">An audit message, UTF-8.</param>
    public static byte[] Of(byte[] message, DateTimeOffset at, string host, int process)
    {
        var header = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{Priority} {at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} {Word(host, 255)} dsp {process} {MessageId} - \uFEFF"));
        var count = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{header.Length + message.Length} "));
        return [.. count, .. header, .. message];
    }

    /// <summary>Printable ASCII without spaces, as the header asks for; a dash where nothing is left.</summary>
    private static string Word(string text, int longest)
    {
        var word = new string([.. text.Where(c => c is > ' ' and < '\u007f').Take(longest)]);
        return word.Length > 0 ? word : "-";
    }
}
