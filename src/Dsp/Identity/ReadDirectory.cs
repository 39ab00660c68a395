using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity;

/// <summary>The public register as a whole: who practises, the institutions, and who works where.</summary>
public sealed record DirectoryListing(IReadOnlyList<ProfessionalRow> Professionals, IReadOnlyList<InstitutionRow> Institutions, IReadOnlyList<MembershipRow> Memberships);

/// <summary>
/// Reads the register for software that looks professionals and institutions up (mCSD ITI-90). It is public and small (security 1):
/// no permit is asked for, nothing about any holder is touched, and a row whose MAC does not fit is not there.
/// </summary>
public sealed class ReadDirectory(Database database, ServiceKeys keys) : IOperation
{
    public async Task<DirectoryListing> RunAsync(CancellationToken cancel)
    {
        var batch = new Batch();
        var professionals = batch.Query(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p");
        var institutions = batch.Query(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i");
        var memberships = batch.Query(row => MembershipRow.Read(row, 0, keys), $"SELECT {MembershipRow.Columns} FROM memberships m");
        await database.ReadAsync(batch, cancel);
        return new DirectoryListing([.. professionals.Rows.OfType<ProfessionalRow>()], [.. institutions.Rows.OfType<InstitutionRow>()], [.. memberships.Rows.OfType<MembershipRow>()]);
    }
}
