using Dsp.Identity.Software;
using Dsp.Interop.Mcsd;
using Dsp.Interop.Resources;
using Dsp.Ui.Languages;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>Scopes in the words of the person who is asked.</summary>
internal sealed class AskedWords(ITexts texts)
{
    private static readonly (string Type, ScopeRights Rights, string Key)[] Readings =
    [
        ("DocumentReference", ScopeRights.Read | ScopeRights.Search, "authorize.list"),
        ("List", ScopeRights.Read | ScopeRights.Search, "authorize.list"),
        ("Binary", ScopeRights.Read, "authorize.read"),
        ("DocumentReference", ScopeRights.Create | ScopeRights.Update | ScopeRights.Delete, "authorize.deposit"),
        .. ResourceRoutes.All.Select(r => (r.Type, ScopeRights.Read | ScopeRights.Search, "authorize.read")),
        .. DirectoryRoutes.All.Select(r => (r.Type, ScopeRights.Read | ScopeRights.Search, "authorize.directory")),
        ("Patient", ScopeRights.Read | ScopeRights.Search, "authorize.identity"),
        ("AuditEvent", ScopeRights.Read | ScopeRights.Search, "authorize.history"),
        ("Consent", ScopeRights.Read | ScopeRights.Search, "authorize.choices"),
    ];

    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["ITI-65"] = "authorize.deposit", ["ITI-105"] = "authorize.deposit", ["ITI-66"] = "authorize.list", ["ITI-67"] = "authorize.list", ["ITI-68"] = "authorize.read", ["ITI-78"] = "authorize.identity", ["ITI-81"] = "authorize.history", ["ITI-108"] = "authorize.choices",
        [ScopeSet.OpenId] = "authorize.you", [ScopeSet.FhirUser] = "authorize.you", [ScopeSet.OfflineAccess] = "authorize.offline",
    };

    /// <summary>Each thing asked for once, with its limits.</summary>
    public IReadOnlyList<string> Of(ScopeSet scopes) =>
    [
        .. Readings.SelectMany(r => scopes.Smart.Where(s => (s.Type == "*" || s.Type == r.Type) && (s.Rights & r.Rights) != ScopeRights.None).Select(s => Line(r.Key, s)))
            .Concat(scopes.Names.Where(Named.ContainsKey).Select(n => texts[Named[n]].Text)).Distinct(),
    ];

    private string Line(string key, SmartScope scope)
    {
        var line = texts[key].Text;
        if (scope.Context == ScopeContext.Patient) line = texts["authorize.forPatient", ("what", line)];
        return scope.Categories is { } categories ? texts["authorize.onlyCategories", ("what", line), ("categories", string.Join(", ", categories.Select(c => texts.Category(c.ToString()).Text)))] : line;
    }
}
