using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>Which system feeds the identities of an identifier domain; registered by the agency.</summary>
/// <param name="Domain">The system of the identifiers, in <c>urn:oid:</c> form.</param>
public sealed record IdentifierDomainRow(string Domain, SystemId System)
{
    public const string Columns = "d.domain, d.system_id, d.mac";

    public byte[] Mac(ServiceKeys keys) => keys.RowMac("identifier_domains", Domain, System.Value);

    public static IdentifierDomainRow? Read(Row row, int at, ServiceKeys keys)
    {
        var read = new IdentifierDomainRow(row.Text(at), new(row.Guid(at + 1)));
        return ProfessionalRow.Fits(read.Mac(keys), row.Bytes(at + 2)) ? read : null;
    }
}

/// <summary>One known domain that an institution's system feeds.</summary>
public sealed record FedDomain(string Domain, SystemId System, InstitutionId? Institution);

/// <summary>The identifier domains that are known here: the two administrative ones, and those that systems feed.</summary>
public sealed record KnownDomains(IReadOnlyList<FedDomain> Fed)
{
    /// <summary>Domains whose numbers every person may have; they say nothing of who treats whom.</summary>
    public static bool IsAdministrative(string domain) => domain is Identifiers.NationalNumber or Identifiers.EHealthId;

    public bool Knows(string domain) => IsAdministrative(domain) || Find(domain) is not null;

    public FedDomain? Find(string domain) => Fed.FirstOrDefault(d => d.Domain == domain);

    /// <summary>Adds the query; call what it gives once the batch has run.</summary>
    internal static Func<KnownDomains> Query(Batch batch, ServiceKeys keys)
    {
        var slot = batch.Query(row => (Domain: IdentifierDomainRow.Read(row, 0, keys), System: SystemRow.Read(row, 3, keys)),
            $"SELECT {IdentifierDomainRow.Columns}, {SystemRow.Columns} FROM identifier_domains d JOIN systems s ON s.system_id = d.system_id ORDER BY d.domain");
        return () => new KnownDomains([.. slot.Rows.Where(r => r is { Domain: not null, System: not null }).Select(r => new FedDomain(r.Domain!.Domain, r.System!.Id, r.System.Institution))]);
    }
}
