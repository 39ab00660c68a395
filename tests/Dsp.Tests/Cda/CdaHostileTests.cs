using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Dsp.Interop.Cda;
using Xunit;

namespace Dsp.Tests.Cda;

public sealed class CdaHostileTests
{
    private static readonly CdaRendering French = CdaRendering.In(CultureInfo.GetCultureInfo("fr-LU"));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("<![CDATA[<script>alert(1)</script><img src=x onerror=alert(1)>]]>")]
    [InlineData("<linkHtml href=\"javascript:alert(1)\">clic</linkHtml>")]
    [InlineData("<linkHtml href=\" JaVaScRiPt:alert(1)\">clic</linkHtml>")]
    [InlineData("<linkHtml href=\"data:text/html;base64,PHNjcmlwdD4=\">clic</linkHtml>")]
    [InlineData("<linkHtml href=\"//evil.example/x\">clic</linkHtml>")]
    [InlineData("<paragraph onclick=\"alert(1)\" style=\"position:fixed\" class=\"x\">clic</paragraph>")]
    [InlineData("<content styleCode='Bold\" onmouseover=\"alert(1)'>clic</content>")]
    [InlineData("<content ID='a\"&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>clic</content><linkHtml href='#a\"&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>x</linkHtml>")]
    [InlineData("<content language='fr\" onclick=\"x'>clic</content>")]
    [InlineData("<iframe src=\"https://evil.example\">clic</iframe><object data=\"x\"/><embed src=\"x\"/>")]
    [InlineData("<html:script xmlns:html=\"http://www.w3.org/1999/xhtml\">alert(1)</html:script>")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><a href=\"javascript:alert(1)\">x</a></svg>")]
    [InlineData("<table><tr><td background=\"javascript:alert(1)\" onclick=\"x\">c</td></tr></table>")]
    [InlineData("<renderMultiMedia referencedObject='x\"&gt;&lt;img src=x onerror=alert(1)&gt;'/>")]
    [InlineData("<list listType='ordered\" onclick=\"x' styleCode='Arabic\" onclick=\"x'><item>i</item></list>")]
    [InlineData("<!-- --><style>@import url(https://evil.example)</style><form action=\"/x\"><input/></form>")]
    public void What_would_act_in_a_browser_is_text_or_gone(string narrative)
    {
        Assert.True(CdaReader.TryRead(CdaDocuments.WithText(narrative), out var document, out var problem), problem?.Detail);

        var page = CdaHtml.Page(document, French with { AttachmentAddress = _ => "javascript:alert(1)" }, "/dsp.css");

        Assert.Null(ActiveHtml.In(page));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("javascript:", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Markup_in_the_header_is_text()
    {
        var xml = Encoding.UTF8.GetString(CdaDocuments.WithText("x"))
            .Replace("<title>Bilan", "<title>&lt;img src=x onerror=alert(1)&gt;", StringComparison.Ordinal)
            .Replace("code=\"fr-LU\"", "code=\"fr&quot; onclick=&quot;x\"", StringComparison.Ordinal)
            .Replace("Thillaray", "&lt;/dd&gt;&lt;script&gt;", StringComparison.Ordinal);
        Assert.True(CdaReader.TryRead(Encoding.UTF8.GetBytes(xml), out var document, out _));

        Assert.Null(document.Header.Language);
        Assert.Null(ActiveHtml.In(CdaHtml.Page(document, French, "/dsp.css")));
    }

    [Theory]
    [InlineData("<!DOCTYPE ClinicalDocument SYSTEM \"http://evil.example/a.dtd\"><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&x;</title></ClinicalDocument>")]
    [InlineData("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&c;</title></ClinicalDocument>")]
    [InlineData("<!DOCTYPE a><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>")]
    public void A_document_type_is_refused_whatever_it_declares(string xml) =>
        Assert.Equal(CdaProblemKind.DocumentType, Problem(Encoding.UTF8.GetBytes(xml)).Kind);

    [Fact]
    public void Ten_thousand_levels_are_refused_where_the_limit_is_crossed()
    {
        var deep = string.Concat(Enumerable.Repeat("<content>", 10_000)) + string.Concat(Enumerable.Repeat("</content>", 10_000));

        Assert.Equal(CdaProblemKind.TooDeep, Problem(CdaDocuments.WithText(deep)).Kind);
    }

    [Fact]
    public void A_document_of_the_greatest_depth_is_still_shown()
    {
        // ClinicalDocument, component, structuredBody, component, section and text are the first six levels.
        var narrative = string.Concat(Enumerable.Repeat("<content>", 58)) + "fond" + string.Concat(Enumerable.Repeat("</content>", 58));
        Assert.True(CdaReader.TryRead(CdaDocuments.WithText(narrative), out var document, out var problem), problem?.Detail);

        Assert.Contains("fond", CdaHtml.Render(document, French), StringComparison.Ordinal);
        Assert.Equal(CdaProblemKind.TooDeep, Problem(CdaDocuments.WithText("<content>" + narrative + "</content>")).Kind);
    }

    [Fact]
    public void A_huge_table_is_shown_in_bounded_time_and_a_larger_one_is_refused()
    {
        var row = "<tr><td colspan=\"99999999\">cellule</td><td>x</td><td>y</td></tr>";
        var table = CdaDocuments.WithText("<table>" + string.Concat(Enumerable.Repeat(row, 90_000)) + "</table>");
        var clock = Stopwatch.StartNew();
        Assert.True(CdaReader.TryRead(table, out var document, out var problem), problem?.Detail);
        var html = CdaHtml.Render(document, French);
        clock.Stop();

        Assert.Contains("colspan=\"1000\"", html, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
        Assert.Equal(CdaProblemKind.TooManyNodes, Problem(CdaDocuments.WithText("<table>" + string.Concat(Enumerable.Repeat(row, 150_000)) + "</table>")).Kind);
    }

    [Fact]
    public void Too_many_bytes_are_refused_before_they_are_read() =>
        Assert.Equal(CdaProblemKind.TooLarge, Problem(CdaDocuments.WithText("x"), new CdaLimits(MaxBytes: 100)).Kind);

    [Theory]
    [InlineData("", CdaProblemKind.Empty)]
    [InlineData("pas du XML", CdaProblemKind.NotXml)]
    [InlineData("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>", CdaProblemKind.NotXml)]
    [InlineData("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&eacute;</title></ClinicalDocument>", CdaProblemKind.NotXml)]
    [InlineData("<?xml version=\"1.0\" encoding=\"x-unknown\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>", CdaProblemKind.NotXml)]
    [InlineData("<a><b/></a>", CdaProblemKind.NotCda)]
    [InlineData("<ClinicalDocument/>", CdaProblemKind.NotCda)]
    public void What_is_no_document_is_named_and_never_thrown(string content, CdaProblemKind expected)
    {
        var problem = Problem(Encoding.UTF8.GetBytes(content));

        Assert.Equal(expected, problem.Kind);
        Assert.Contains("Vous pouvez télécharger le fichier d’origine.", CdaHtml.Page(problem, French, "/dsp.css"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_with_nothing_in_it_is_shown_with_what_is_missing()
    {
        Assert.True(CdaReader.TryRead("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>"u8.ToArray(), out var document, out _));

        var html = CdaHtml.Render(document, French);
        Assert.Contains("Document sans titre", html, StringComparison.Ordinal);
        Assert.Contains("Non renseigné", html, StringComparison.Ordinal);
    }

    [Fact]
    public void No_damaged_document_throws_or_becomes_active()
    {
        var source = CdaDocuments.WithText("<table><thead><tr><th>a</th></tr></thead><tr><td colspan=\"2\">b</td></tr></table><list><item>c<br/></item></list><linkHtml href=\"#x\">d</linkHtml>");
        Gen.Select(Gen.Int[0, source.Length - 1], Gen.Byte, Gen.Int[0, source.Length - 1], Gen.Byte).Sample((at, value, at2, value2) =>
        {
            var damaged = (byte[])source.Clone();
            damaged[at] = value;
            damaged[at2] = value2;
            if (CdaReader.TryRead(damaged, out var document, out _))
            {
                Assert.Null(ActiveHtml.In(CdaHtml.Page(document, French, "/dsp.css")));
                CdaText.Render(document, CdaLabels.French);
            }
        }, iter: 2_000, threads: 1);
    }

    private static CdaProblem Problem(byte[] bytes, CdaLimits? limits = null)
    {
        Assert.False(CdaReader.TryRead(bytes, out _, out var problem, limits));
        return problem;
    }
}
