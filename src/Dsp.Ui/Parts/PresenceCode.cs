using System.Globalization;
using System.Text;
using Dsp.Ui.Html;
using Dsp.Ui.Languages;
using Microsoft.AspNetCore.Html;
using QRCoder;

namespace Dsp.Ui.Parts;

/// <summary>A code to read aloud, in groups of four, and the same as a QR picture.</summary>
/// <param name="T">Texts.</param>
/// <param name="Code">The code without spaces.</param>
public sealed record PresenceCode(ITexts T, string Code) : Component
{
    /// <summary>What the picture holds; the code when not given.</summary>
    public string? Payload { get; init; }

    /// <summary>Until when it works: time as people read it.</summary>
    public string? Until { get; init; }

    public override IHtmlContent Build()
    {
        var groups = string.Join(' ', Code.Chunk(4).Select(group => new string(group)));
        return new Element("div", "dsp-codebox", Classes).With(Attributes)
            .Add(new Element("p", "dsp-code").Add(groups))
            .Add(Until is null ? null : new Element("p", "dsp-p").Add(T["code.until", ("time", Until)]))
            .Add(new QrPicture(string.IsNullOrEmpty(Payload) ? Code : Payload, T["code.picture"]));
    }
}

/// <summary>
/// A QR code drawn by the server as one SVG path with presentation attributes, so that no inline style is needed. Error
/// correction M, with the quiet zone of four modules that scanners expect; always black on white.
/// </summary>
/// <param name="Payload">What the code holds, up to about 1000 characters.</param>
/// <param name="Label">What is read out in place of the picture.</param>
public sealed record QrPicture(string Payload, string Label) : Component
{
    public override IHtmlContent Build()
    {
        using var data = QRCodeGenerator.GenerateQrCode(Payload, QRCodeGenerator.ECCLevel.M);
        var modules = data.ModuleMatrix;
        // The matrix brings QRCoder's own quiet zone of four modules.
        var size = modules.Count.ToString(CultureInfo.InvariantCulture);
        return new Element("svg", "dsp-qr", Classes).With("viewBox", $"0 0 {size} {size}").With("width", "220").With("height", "220")
            .With("role", "img").With("aria-label", Label).With("shape-rendering", "crispEdges").With(Attributes)
            .Add(new Element("rect").With("width", size).With("height", size).With("fill", "#fff"))
            .Add(new Element("path").With("fill", "#000").With("d", Path(modules)));
    }

    private static string Path(List<System.Collections.BitArray> modules)
    {
        var path = new StringBuilder();
        for (var y = 0; y < modules.Count; y++)
        {
            for (var x = 0; x < modules.Count; x++)
            {
                var start = x;
                while (x < modules.Count && modules[y][x])
                {
                    x++;
                }

                if (x > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
                }
            }
        }

        return path.ToString();
    }
}
