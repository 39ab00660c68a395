using Dsp.Access;
using Dsp.Tests.Support;

namespace Dsp.Tests.Access;

[Golden]
public sealed class GoldenListTests
{
    [Fact]
    public void The_rules_in_their_order_with_their_articles() =>
        Golden.Check("access-rules.txt", string.Concat(AccessRules.All.Select(r => $"{r.Id,-16} {r.Sentence}\n{"",-16} [{r.Article}]\n")));

    [Fact]
    public void The_refusals_with_what_to_do_next()
    {
        Golden.Check("refusals.txt", string.Concat(Refusals.All.Select(r => $"{r.Id} {r.Kind,-16} {r.XdsCode ?? "-"}\n         {r.Text}\n")));
        Assert.Equal(Refusals.All.Count, Refusals.All.Select(r => r.Id).Distinct().Count());
    }
}
