using Dsp.Access;
using Dsp.Identity;

namespace Dsp.Records;

/// <summary>The first sheet of a record.</summary>
internal static class NewSheets
{
    /// <summary>By affiliation: it waits for its letter (RGD 6.12.2019 art. 2(1)).</summary>
    public static AccessSheet ByAffiliation(PersonId holder, PersonDetails details, DateTimeOffset now) =>
        new() { Holder = holder, State = RecordState.Created, CreatedAt = now, BirthDate = BirthDay(details) };

    /// <summary>On request, also through a facility: open to professionals at once, the letter follows (art. 2(2)).</summary>
    public static AccessSheet OnRequest(PersonId holder, PersonDetails details, DateTimeOffset now) =>
        new() { Holder = holder, State = RecordState.OpenToProfessionals, CreatedAt = now, Voluntary = true, BirthDate = BirthDay(details) };

    /// <summary>Of a partial date the last day it can be: a parent's link ends when majority is certain.</summary>
    private static DateOnly? BirthDay(PersonDetails details) => details.BirthDate?.Latest;
}
