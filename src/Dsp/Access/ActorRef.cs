using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Access;

/// <summary>A professional or an institution, whom the holder lets in or keeps out. Exactly one of the two is given.</summary>
public sealed record ActorRef(PersonId? Person, InstitutionId? Institution)
{
    public static ActorRef Of(PersonId person) => new(person, null);

    public static ActorRef Of(InstitutionId institution) => new(null, institution);

    internal bool IsOne => Person is null != Institution is null;

    /// <summary>The key of the hint rows.</summary>
    internal Guid Id => Person?.Value ?? Institution?.Value ?? Guid.Empty;

    internal bool Is(PersonId? person, InstitutionId? institution) => Person == person && Institution == institution;

    /// <summary>The name as the directory has it; null where the directory does not list the actor.</summary>
    internal async Task<string?> NameAsync(Database database, ServiceKeys keys, CancellationToken cancel)
    {
        var batch = new Batch();
        var person = batch.Query(row => ProfessionalRow.Read(row, 0, keys), $"SELECT {ProfessionalRow.Columns} FROM professionals p WHERE p.person_id = @id", ("id", Person?.Value ?? Guid.Empty));
        var institution = batch.Query(row => InstitutionRow.Read(row, 0, keys), $"SELECT {InstitutionRow.Columns} FROM institutions i WHERE i.institution_id = @id", ("id", Institution?.Value ?? Guid.Empty));
        await database.ReadAsync(batch, cancel);
        return person.First?.Name ?? institution.First?.Name;
    }

    internal static readonly Refusal NotGiven = Refusals.MissingMetadata.Because("Name one person or one institution.").At("person");
    internal static readonly Refusal NotListed = Refusals.UnresolvedReference.Because("The directory lists no such professional or institution.").At("person");
}
