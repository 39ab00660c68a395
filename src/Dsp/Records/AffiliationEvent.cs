using System.Text.Json.Serialization;
using Dsp.Identity;
using Dsp.Sealing;

namespace Dsp.Records;

/// <summary>The two forms in which a feed is accepted; both are described in docs/connect/affiliation-feed.md.</summary>
public enum FeedFormat { Ndjson, Csv }

/// <summary>One line of the affiliation feed as it was sent; the same names are JSON members and CSV columns.</summary>
public sealed record AffiliationEvent
{
    /// <summary>The correlation id: unique in its source for ever.</summary>
    public string? Id { get; init; }
    public string? Type { get; init; }
    public string? Number { get; init; }
    public string? NewNumber { get; init; }
    public string? Family { get; init; }
    public string? Given { get; init; }
    public string? BirthName { get; init; }
    public string? BirthDate { get; init; }
    public string? Gender { get; init; }
    public string? Language { get; init; }
    public string? Street { get; init; }
    public string? PostalCode { get; init; }
    public string? City { get; init; }
    public string? Country { get; init; }
    public string? Date { get; init; }
    public string? Doctor { get; init; }

    /// <summary>All fields in a fixed order; what the digest is made of.</summary>
    internal string[] Fields() =>
        [.. new[] { Id, Type, Number, NewNumber, Family, Given, BirthName, BirthDate, Gender, Language, Street, PostalCode, City, Country, Date, Doctor }.Select(f => f is null ? "" : "=" + f)];

    /// <summary>The names of <see cref="Fields"/>, as CSV columns.</summary>
    internal static readonly string[] Names =
        ["id", "type", "number", "newNumber", "family", "given", "birthName", "birthDate", "gender", "language", "street", "postalCode", "city", "country", "date", "doctor"];
}

/// <summary>A line that was not applied: which, and why. The reason begins with a stable word.</summary>
public sealed record RejectedLine(long Line, string? Id, string Reason);

/// <summary>What became of a feed. A replayed line counts as it did the first time, and in <see cref="Replayed"/> too.</summary>
public sealed record FeedAnswer
{
    public long Received { get; set; }

    /// <summary>Records made.</summary>
    public long Created { get; set; }
    public long Changed { get; set; }

    /// <summary>Announced again, nothing to change.</summary>
    public long Known { get; set; }

    /// <summary>Objected to before: no record was made.</summary>
    public long Suppressed { get; set; }

    /// <summary>Kept aside with its reason; nothing of the line was applied.</summary>
    public long Quarantined { get; set; }
    public long Replayed { get; set; }

    /// <summary>The first thousand lines not applied.</summary>
    public IReadOnlyList<RejectedLine> Rejected => rejected;

    private readonly List<RejectedLine> rejected = [];
    private const int MostTold = 1000;

    internal void Count(FeedLine line, string outcome, bool replayed)
    {
        Received++;
        if (replayed) Replayed++;
        switch (outcome)
        {
            case FeedOutcomes.Created: Created++; break;
            case FeedOutcomes.Changed: Changed++; break;
            case FeedOutcomes.Known: Known++; break;
            case FeedOutcomes.Suppressed: Suppressed++; break;
            default:
                Quarantined++;
                if (rejected.Count < MostTold) rejected.Add(new RejectedLine(line.Line, line.Event?.Id, outcome));
                break;
        }
    }
}

/// <summary>What a line led to, as it is kept for its replay.</summary>
internal static class FeedOutcomes
{
    public const string Created = "created";
    public const string Changed = "changed";
    public const string Known = "known";
    public const string Suppressed = "suppressed";

    // Reasons: a stable word, then the sentence for whoever corrects the source.
    public const string Malformed = "malformed: the line cannot be read";
    public const string TooLong = "too-long: the line is longer than 16,384 characters";
    public const string NoId = "no-id: the line has no correlation id of 1 to 128 characters";
    public const string IdReused = "id-reused: this correlation id was used for another event";
    public const string UnknownType = "unknown-type: the type is none of the seven";
    public const string NumberInvalid = "number-invalid: the national number does not pass its checks";
    public const string NewNumberInvalid = "new-number-invalid: the new national number does not pass its checks";
    public const string NewNumberTaken = "new-number-taken: another person has the new number";
    public const string NamesMissing = "names-missing: family and given name are required";
    public const string FieldTooLong = "field-too-long: a field is longer than 200 characters";
    public const string BirthDateInvalid = "birth-date-invalid: the birth date is no date, or lies in the future";
    public const string BirthDateDiffers = "birth-date-differs: a person with this number and another birth date is registered";
    public const string GenderInvalid = "gender-invalid: the gender is none of F, M, O, U";
    public const string DateInvalid = "date-invalid: the date is missing, is no date, or lies in the future";
    public const string UnknownPerson = "unknown-person: nobody has this number";
    public const string NoRecord = "no-record: the person has no record";
    public const string UnknownDoctor = "unknown-doctor: no listed doctor with a licence has this register id";
    public const string NotReferring = "not-referring: this doctor is not the referring doctor";
}

/// <summary>One line with what reading it gave; a problem excludes an event's application.</summary>
internal sealed record FeedLine(long Line, string Raw, AffiliationEvent? Event, string? Problem)
{
    public byte[] Digest(ServiceKeys keys) => Event is null ? keys.Token("feed-line", Raw) : keys.Token("feed-event", Event.Fields());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 2)]
[JsonSerializable(typeof(AffiliationEvent))]
internal sealed partial class AffiliationJson : JsonSerializerContext;
