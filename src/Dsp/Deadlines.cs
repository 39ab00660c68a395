namespace Dsp;

/// <summary>
/// Every legal duration of the platform, with its article. Days are n × 24 h; months and years are calendar
/// in Europe/Luxembourg. Ids T1 to T17 are those of the timer table of the domain description.
/// </summary>
public static class Deadlines
{
    /// <summary>T1: from the sending of the letter until professionals may use a record nobody activated. RGD 6.12.2019 art. 3(3).</summary>
    public static readonly TimeSpan ObjectionWindow = TimeSpan.FromDays(30);

    /// <summary>T2: longest access opened by a presence code. RGD 6.12.2019 annex 1(3).</summary>
    public static readonly TimeSpan IndividualContextMaximum = TimeSpan.FromDays(15);

    /// <summary>T3: access by admission in an institution. RGD 6.12.2019 annex 1(3).</summary>
    public static readonly TimeSpan InstitutionContext = TimeSpan.FromDays(45);

    /// <summary>T3: one renewal while presence is prolonged, or for a laboratory result with the patient's agreement. Annex 1(3).</summary>
    public static readonly TimeSpan InstitutionRenewal = TimeSpan.FromDays(30);

    /// <summary>T4: emergency department registration, 24 h and 15 days. Annex 1(3).</summary>
    public static readonly TimeSpan EmergencyContext = TimeSpan.FromHours(24) + TimeSpan.FromDays(15);

    /// <summary>Longest self-opened emergency registration. Annex 1(3), first part alone.</summary>
    public static readonly TimeSpan SelfOpenedEmergency = TimeSpan.FromHours(24);

    /// <summary>T5: deposits stay possible after the registered end of care. RGD 6.12.2019 art. 9(3).</summary>
    public static readonly TimeSpan DepositTail = TimeSpan.FromDays(15);

    /// <summary>T5: a deposit asked for by the holder. RGD 6.12.2019 art. 9(2).</summary>
    public static readonly TimeSpan DepositOnRequest = TimeSpan.FromDays(15);

    /// <summary>T6: years during which a closed record can be reopened, then destruction. Art. 4(2)(3).</summary>
    public const int ReopeningYears = 10;

    /// <summary>T7: years without any access or deposit until closing. Art. 4(4).</summary>
    public const int InactivityYears = 10;

    /// <summary>T8: years a document is kept, from its deposit. Art. 9(5).</summary>
    public const int RetentionYears = 10;

    /// <summary>A presence code waits this long to be redeemed (setting; the law has no figure).</summary>
    public static readonly TimeSpan PresenceCodeLife = TimeSpan.FromMinutes(10);

    /// <summary>A sign-in older than this opens no content (security rule 2).</summary>
    public static readonly TimeSpan SignInLife = TimeSpan.FromHours(12);

    /// <summary>A factor proven longer ago than this is asked for again before closing, exporting, or adding a factor (security rule 2).</summary>
    public static readonly TimeSpan FreshFactor = TimeSpan.FromMinutes(5);

    private static readonly TimeZoneInfo Luxembourg = TimeZoneInfo.FindSystemTimeZoneById("Europe/Luxembourg");

    /// <summary>Calendar years in Luxembourg: 29 February plus ten years is 28 February; the time of day stays.</summary>
    public static DateTimeOffset AddYears(DateTimeOffset from, int years)
    {
        var local = TimeZoneInfo.ConvertTime(from, Luxembourg).DateTime.AddYears(years);
        if (Luxembourg.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, Luxembourg.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Calendar months in Luxembourg, by the same rules.</summary>
    public static DateTimeOffset AddMonths(DateTimeOffset from, int months)
    {
        var local = TimeZoneInfo.ConvertTime(from, Luxembourg).DateTime.AddMonths(months);
        if (Luxembourg.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, Luxembourg.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The calendar day in Luxembourg at that instant.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Luxembourg).DateTime);

    /// <summary>The first instant of a calendar day in Luxembourg.</summary>
    public static DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, Luxembourg.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>First day of the month after that instant, in Luxembourg (T13, MR2011 art. 1, 2).</summary>
    public static DateOnly FirstOfNextMonth(DateTimeOffset at)
    {
        var day = DayOf(at).AddMonths(1);
        return new DateOnly(day.Year, day.Month, 1);
    }
}
