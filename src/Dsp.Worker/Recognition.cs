using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Dsp.Worker;

/// <summary>Reads pictures with Debian's poppler and tesseract; only ever started inside the sandbox, where the files lie in memory.</summary>
internal static class Recognition
{
    /// <summary>The longer side of a page as it is drawn for reading: A4 at 300 dots an inch.</summary>
    private const int LongSide = 3508;
    private static readonly TimeSpan PageTime = TimeSpan.FromSeconds(90);

    public static string OfPage(string pdf, int number, Order order, Action<string> problem)
    {
        var page = number.ToString(CultureInfo.InvariantCulture);
        if (Run(order, "pdftoppm", ["-q", "-gray", "-png", "-singlefile", "-f", page, "-l", page, "-scale-to", LongSide.ToString(CultureInfo.InvariantCulture), pdf, "/tmp/page"], out _) && File.Exists("/tmp/page.png"))
        {
            try
            {
                return OfPicture("/tmp/page.png", order, problem);
            }
            finally
            {
                File.Delete("/tmp/page.png");
            }
        }
        problem("picture-broken");
        return "";
    }

    public static string OfPicture(string picture, Order order, Action<string> problem)
    {
        if (Run(order, "tesseract", [picture, "stdout", "-l", order.Languages!, "--oem", "1"], out var text)) return text.Trim() is { Length: > 0 } words ? words + "\n" : "";
        problem("picture-broken");
        return "";
    }

    private static bool Run(Order order, string program, IReadOnlyList<string> arguments, out string text)
    {
        text = "";
        var start = new ProcessStartInfo("prlimit") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8 };
        start.ArgumentList.Add("--data=" + order.ToolMemory.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add("--cpu=" + ((int)PageTime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add("--");
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Several threads for one page cost more than they gain.
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        using var process = Process.Start(start);
        if (process is null) return false;
        process.StandardInput.Close();
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var read = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(PageTime))
        {
            process.Kill();
            return false;
        }
        text = read.GetAwaiter().GetResult();
        return process.ExitCode == 0;
    }
}
