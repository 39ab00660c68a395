using Dsp.Ui.Languages;
using Xunit;

namespace Dsp.Tests.Ui;

public sealed class FormatTests
{
    private static readonly TextCatalog Catalog = TextCatalog.Load(strict: true);

    [Theory]
    [InlineData("fr", "1er mars 2026", "18 novembre 2026", "Mercredi 18 novembre 2026", "Novembre 2026")]
    [InlineData("de", "1. März 2026", "18. November 2026", "Mittwoch, 18. November 2026", "November 2026")]
    [InlineData("en", "1 March 2026", "18 November 2026", "Wednesday 18 November 2026", "November 2026")]
    [InlineData("lb", "1. Mäerz 2026", "18. November 2026", "Mëttwoch, 18. November 2026", "November 2026")]
    [InlineData("pt", "1 de março de 2026", "18 de novembro de 2026", "Quarta-feira, 18 de novembro de 2026", "Novembro de 2026")]
    public void Patients_read_dates_with_the_month_in_words(string code, string first, string other, string heading, string month)
    {
        var formats = In(code);
        Assert.Equal(first, formats.LongDate(new DateOnly(2026, 3, 1)));
        Assert.Equal(other, formats.LongDate(new DateOnly(2026, 11, 18)));
        Assert.Equal(heading, formats.DayHeading(new DateOnly(2026, 11, 18)));
        Assert.Equal(month, formats.MonthHeading(new DateOnly(2026, 11, 18)));
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    [InlineData("en")]
    public void Professionals_read_the_same_short_date_in_every_language(string code) =>
        Assert.Equal("01/03/2026", In(code).ShortDate(new DateOnly(2026, 3, 1)));

    [Fact]
    public void Times_are_Luxembourg_s_in_winter_and_summer_and_move_the_date()
    {
        var formats = In("fr");
        Assert.Equal("1er janvier 2027 à 00:30", formats.LongDateTime(new DateTimeOffset(2026, 12, 31, 23, 30, 0, TimeSpan.Zero)));
        Assert.Equal("15/07/2026 14:00", formats.ShortDateTime(new DateTimeOffset(2026, 7, 15, 12, 0, 0, TimeSpan.Zero)));
        Assert.Equal("2026-07-15T12:00:00Z", Formats.Machine(new DateTimeOffset(2026, 7, 15, 14, 0, 0, TimeSpan.FromHours(2))));
    }

    [Theory]
    [InlineData("1984-03-12", "2026-03-11", "41 ans")]
    [InlineData("1984-03-12", "2026-03-12", "42 ans")]
    [InlineData("2024-02-29", "2026-02-28", "23 mois")]
    [InlineData("2026-11-01", "2026-12-01", "1 mois")]
    [InlineData("2026-11-22", "2026-11-23", "1 jour")]
    [InlineData("2026-11-23", "2026-11-23", "0 jour")]
    public void Age_is_in_years_then_months_then_days(string birth, string today, string expected) => Assert.Equal(expected, In("fr").Age(
        DateOnly.ParseExact(birth, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        DateOnly.ParseExact(today, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, "0 octet")]
    [InlineData(999, "999 octets")]
    [InlineData(1000, "1 ko")]
    [InlineData(999_499, "999 ko")]
    [InlineData(999_500, "1 Mo")]
    [InlineData(1_440_000, "1,4 Mo")]
    [InlineData(20_000_000, "20 Mo")]
    [InlineData(2_500_000_000, "2,5 Go")]
    public void A_size_is_short_and_in_powers_of_a_thousand(long bytes, string expected) => Assert.Equal(expected, In("fr").Size(bytes));

    [Theory]
    [InlineData("fr", "12345,6")]
    [InlineData("de", "12345,6")]
    [InlineData("pt", "12345,6")]
    [InlineData("en", "12345.6")]
    public void Digits_are_never_grouped(string code, string expected) => Assert.Equal(expected, In(code).Number(12345.6m));

    [Theory]
    [InlineData("1984031299114", "1984 0312 991 14")]
    [InlineData("19840312991", "1984 0312 991")]
    [InlineData("123", "123")]
    [InlineData("19840312991١٤", "19840312991١٤")]
    public void A_national_number_is_shown_in_groups(string digits, string expected) => Assert.Equal(expected, Formats.NationalNumber(digits));

    [Fact]
    public void Names_are_family_first_in_lists_and_given_first_in_sentences()
    {
        Assert.Equal("WEBERSCHEID Emma", Formats.Name("Weberscheid", "Emma"));
        Assert.Equal("Emma WEBERSCHEID", Formats.NameInSentence("Weberscheid", "Emma"));
        Assert.Equal("WEBER", Formats.Name("Weber", null));
    }

    private static Formats In(string code) => new(new Texts(Catalog, Language.Find(code)!));
}
