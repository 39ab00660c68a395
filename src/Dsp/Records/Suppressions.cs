using Dsp.Identity;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Records;

/// <summary>Objections remembered: keyed tokens of the person's identifiers and the date, nothing else.</summary>
internal static class Suppressions
{
    public static void Add(Batch batch, ServiceKeys keys, PersonDetails person, DateTimeOffset now)
    {
        foreach (var identifier in person.Identifiers)
            batch.Add("INSERT INTO suppressions (token, since) VALUES (@token, @since) ON CONFLICT (token) DO NOTHING", ("token", TokenOf(keys, identifier)), ("since", now));
    }

    /// <summary>The person asks for a record after all.</summary>
    public static void Lift(Batch batch, ServiceKeys keys, PersonDetails person)
    {
        foreach (var identifier in person.Identifiers)
            batch.Add("DELETE FROM suppressions WHERE token = @token", ("token", TokenOf(keys, identifier)));
    }

    public static byte[] TokenOf(ServiceKeys keys, PersonIdentifier identifier) => keys.Token("suppression", identifier.System, identifier.Value);
}
