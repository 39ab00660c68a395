using Dsp.Access;
using Dsp.Interop.Mhd;
using Dsp.Interop.Resources;
using Dsp.Sealing;

namespace Dsp.Server.Fhir;

/// <summary>What the formats need to know of this installation.</summary>
internal sealed class FhirSettings(Addresses addresses, ServerLimits limits, ServiceKeys keys, ServerSettings settings)
{
    private readonly Lazy<SearchSettings> search = new(() => new SearchSettings(addresses.Fhir, keys.Token("paging-links")));
    private readonly Lazy<ProvideSettings> provide = new(() => new ProvideSettings { BaseUrl = addresses.Fhir, MaxBytes = limits.MaxBody });

    private readonly Lazy<StatementIds> ids = new(() => new StatementIds(keys.Token("statement-names")));

    /// <summary>The public base, without a slash at its end.</summary>
    public string Base => addresses.Fhir;

    /// <summary>The paging key is the installation's: a link opens on every node, and for its caller only.</summary>
    public SearchSettings Search => search.Value;

    public ProvideSettings Provide => provide.Value;

    /// <summary>Names of resources that are made of statements: the same on every node.</summary>
    public StatementIds Ids => ids.Value;

    /// <summary>A superseded document's bytes are for those who may see the history.</summary>
    public bool FormerByHistory => settings.SupersededByHistory;

    /// <summary>Who asks, as paging links are bound: person and place, or system.</summary>
    public static string CallerId(Caller caller) => $"{caller.Kind}/{caller.System?.ToString() ?? caller.Person?.ToString()}/{caller.Institution}";
}
