using System.Net;
using Dsp.Ui.Html;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dsp.Ui.TagHelpers;

/// <summary>A tag that a component replaces. Attributes the tag does not know go to the component's outer element.</summary>
public abstract class DspTagHelper : TagHelper
{
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var child = await output.GetChildContentAsync();
        var component = Build(context, child.IsEmptyOrWhiteSpace ? null : Content.Of(child));
        if (component is null)
        {
            output.SuppressOutput();
            return;
        }

        var attributes = new Attributes();
        foreach (var (name, value) in component.Attributes)
        {
            attributes.Add(name, value);
        }

        string? classes = null;
        foreach (var attribute in output.Attributes)
        {
            if (attribute.Name.Equals("class", StringComparison.OrdinalIgnoreCase))
            {
                classes = Value(attribute);
            }
            else
            {
                attributes.Add(attribute.Name, attribute.ValueStyle == HtmlAttributeValueStyle.Minimized ? null : Value(attribute));
            }
        }

        output.TagName = null;
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.Clear();
        output.Content.SetHtmlContent(component with { Classes = Element.Classes(component.Classes, classes), Attributes = attributes });
    }

    /// <summary>Builds the component; null writes nothing.</summary>
    protected abstract Component? Build(TagHelperContext context, Content? child);

    // Razor gives literals as encoded HTML, expressions as objects; components encode again, so both become plain text here.
    private static string Value(TagHelperAttribute attribute) => attribute.Value switch
    {
        IHtmlContent html => WebUtility.HtmlDecode(html.ToMarkup()),
        null => "",
        var other => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };
}

/// <summary>A tag that hands a part to the tag around it and writes nothing itself.</summary>
/// <typeparam name="T">What the surrounding tag collects.</typeparam>
public abstract class PartTagHelper<T> : TagHelper
{
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var child = await output.GetChildContentAsync();
        // The content belongs to the page's buffer: a copy outlives it.
        var content = child.IsEmptyOrWhiteSpace ? null : Content.Of(new HtmlContentBuilder().AppendHtml(child));
        if (!context.Items.TryGetValue(typeof(T), out var list))
        {
            throw new InvalidOperationException($"<{context.TagName}> stands outside the tag it belongs to.");
        }

        ((List<T>)list).Add(Part(content));
        output.SuppressOutput();
    }

    protected abstract T Part(Content? child);
}
