using CsCheck;
using Dsp.Identity;

namespace Dsp.Tests.Identity;

public sealed class NationalIdTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    /// <summary>Composed numbers of the demo story and computed ones: right check digits, nobody's.</summary>
    public static readonly TheoryData<string> ValidNumbers =
    [
        "1980010100187", "1985123199734", "1993070412360", "2000022904237", "2010101055537", "2024010100148", "1956031520085", "1947080801494",
        "1984031299114", "2018051799127", "2010060899109", "1940090499187", "1979071499127", "1975012399118", "1961101899131", "2026100299201", "1999113088803",
    ];

    [Theory, MemberData(nameof(ValidNumbers))]
    public void A_number_with_both_check_digits_is_read(string number)
    {
        Assert.Equal(number, NationalId.Read(number, Today).Number?.Value);
        Assert.Equal(number, NationalId.Read($"{number[..4]} {number[4..8]} {number[8..]} ", Today).Number?.Value);
    }

    [Fact]
    public void Every_vector_of_the_specification_holds()
    {
        var file = SharedFile("data/national-id-vectors.csv");
        var lines = File.ReadAllLines(file).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var parts = line[1].Split('>');
            var read = NationalId.Read(parts[0], Today);
            if (line[0] == "invalid") Assert.NotNull(read.Problem);
            else Assert.Equal(parts[^1], read.Number?.Value);
            Assert.Equal(line[0] == "legacy", read.Converted);
        }
    }

    [Theory]
    [InlineData(null, NationalIdProblem.Empty)]
    [InlineData("  ", NationalIdProblem.Empty)]
    [InlineData("1980-0101-00187", NationalIdProblem.NotDigits)]
    [InlineData("１980010100187", NationalIdProblem.NotDigits)]
    [InlineData("198001010018", NationalIdProblem.WrongLength)]
    [InlineData("2000023004200", NationalIdProblem.NoSuchDate)]
    [InlineData("2027010100148", NationalIdProblem.FutureDate)]
    [InlineData("1980010200187", NationalIdProblem.FirstCheckDigit)]
    [InlineData("1980010100188", NationalIdProblem.SecondCheckDigit)]
    [InlineData("19800101117", NationalIdProblem.OldCheckDigit)]
    public void Each_failure_has_its_own_problem(string? text, NationalIdProblem problem)
    {
        var read = NationalId.Read(text, Today);
        Assert.Equal(problem, read.Problem);
        Assert.Null(read.Number);
    }

    [Theory]
    [InlineData("19800101118", "1980010111809")]
    [InlineData("19480229161", "1948022916183")]
    public void An_old_number_of_eleven_digits_is_completed(string old, string present)
    {
        var read = NationalId.Read(old, Today);
        Assert.Equal((present, true), (read.Number?.Value, read.Converted));
    }

    [Theory]
    [InlineData("1950000012", "1950")]
    [InlineData("1950060012", "1950-06")]
    public void An_unknown_month_or_day_is_accepted_with_a_warning(string ten, string born)
    {
        var read = NationalId.Read(NationalId.Complete(ten + "3").Value, Today);
        Assert.True(read.DateIncomplete);
        Assert.Equal(born, read.Number?.BirthDate.ToString());
    }

    [Fact]
    public void Nobody_is_born_after_today()
    {
        var number = NationalId.Complete("20261123001").Value;
        Assert.NotNull(NationalId.Read(number, Today).Number);
        Assert.Equal(NationalIdProblem.FutureDate, NationalId.Read(number, Today.AddDays(-1)).Problem);
    }

    [Fact]
    public void A_wrong_digit_or_two_swapped_neighbours_never_pass()
    {
        var first = Gen.Select(Gen.Int[1900, 2025], Gen.Int[1, 12], Gen.Int[1, 28], Gen.Int[0, 999], (y, m, d, n) => $"{y:D4}{m:D2}{d:D2}{n:D3}");
        Gen.Select(first, Gen.Int[0, 12], Gen.Int[1, 9]).Sample((digits, place, change) =>
        {
            var number = NationalId.Complete(digits).Value;
            Assert.Equal(number, NationalId.Read(number, Today).Number?.Value);
            var wrong = number.ToCharArray();
            wrong[place] = (char)('0' + ((wrong[place] - '0' + change) % 10));
            Assert.NotNull(NationalId.Read(new string(wrong), Today).Problem);
            var swapped = number.ToCharArray();
            var left = Math.Min(place, 11);
            (swapped[left], swapped[left + 1]) = (swapped[left + 1], swapped[left]);
            // The eleventh digit swapped with the first check digit is the one pair that two checks over the first eleven cannot promise to find.
            if (swapped[left] != swapped[left + 1] && left != 10) Assert.NotNull(NationalId.Read(new string(swapped), Today).Problem);
        }, iter: 2000);
    }

    [Fact]
    public void Check_digit_algorithms_pass_their_published_examples()
    {
        Assert.Equal(3, NationalId.VerhoeffDigit("236"));
        Assert.Equal(1, NationalId.VerhoeffDigit("12345"));
        Assert.Equal(3, NationalId.LuhnDigit("7992739871"));
    }

    /// <summary>The specification lies beside the repository on the build machines alone.</summary>
    private static string SharedFile(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", path);
            if (File.Exists(file)) return file;
        }
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", "The specification's folder 'shared' is not beside the repository");
        throw new FileNotFoundException("Under CI the specification lies beside the repository", path);
    }
}
