using System.Text;
using Dsp.Accounts;
using Dsp.Identity;

namespace Dsp.Tests.Accounts;

public sealed class FactorTests
{
    /// <summary>RFC 6238 appendix B, SHA-1, the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_vectors_of_the_rfc_hold(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt(Encoding.ASCII.GetBytes("12345678901234567890"), DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Fact]
    public void A_code_counts_one_step_either_side_and_never_at_or_before_the_last_one()
    {
        var key = Totp.NewKey();
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_010);
        var step = 1_800_000_010 / 30;
        foreach (var off in new[] { -1, 0, 1 }) Assert.Equal(step + off, Totp.StepOf(key, Totp.CodeAt(key, now.AddSeconds(30 * off)), 0, now));
        foreach (var off in new[] { -2, 2 }) Assert.Null(Totp.StepOf(key, Totp.CodeAt(key, now.AddSeconds(30 * off)), 0, now));
        Assert.Null(Totp.StepOf(key, Totp.CodeAt(key, now), step, now));
        Assert.Null(Totp.StepOf(key, "", 0, now));
        Assert.Null(Totp.StepOf(key, "1234567", 0, now));
    }

    [Fact]
    public void The_key_is_written_as_applications_read_it() =>
        Assert.Equal("otpauth://totp/DSP?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=DSP", Totp.Address(Encoding.ASCII.GetBytes("12345678901234567890")));

    [Fact]
    public async Task A_password_fits_its_hash_whatever_way_its_letters_were_typed()
    {
        var hash = await Passwords.HashAsync("d\u00e9jeuner en paix", CancellationToken.None);
        Assert.True(await Passwords.FitsAsync("de\u0301jeuner en paix", hash, CancellationToken.None));
        Assert.False(await Passwords.FitsAsync("dejeuner en paix", hash, CancellationToken.None));
        Assert.False(await Passwords.FitsAsync("", null, CancellationToken.None));
        Assert.NotEqual(hash, await Passwords.HashAsync("d\u00e9jeuner en paix", CancellationToken.None));
    }

    [Theory]
    [InlineData("trop court", false)]
    [InlineData("aaaaaaaaaaaaaaaa", false)]
    [InlineData("Mot-de-passe 1234", false)]
    [InlineData("x1984031299114yz", false)]
    [InlineData("Tournesol violet", true)]
    [InlineData("correct horse battery staple", true)]
    public void A_password_is_long_uncommon_and_not_the_name(string password, bool strong) => Assert.Equal(strong, Passwords.IsStrong(password, "1984031299114"));

    [Theory]
    [InlineData("1984 0312 99114", "1984031299114", Identifiers.NationalNumber)]
    [InlineData("2544557646", "2544557646", Identifiers.EHealthId)]
    [InlineData("P-1002", "P-1002", Identifiers.ProfessionalRegister)]
    public void A_name_is_a_number_never_an_address(string typed, string text, string system)
    {
        var name = LoginName.Read(typed, new DateOnly(2026, 11, 23));
        Assert.Equal((text, system), (name.Text, name.Candidates[0].System));
    }

    [Fact]
    public void Codes_of_letters_have_no_look_alikes_and_are_read_as_typed()
    {
        for (var i = 0; i < 200; i++) Assert.DoesNotContain(LetterCodes.NewForALetter(), c => "01OI".Contains(c, StringComparison.Ordinal));
        Assert.Equal("ABCD EFGH 2345", LetterCodes.Printed("ABCDEFGH2345"));
        Assert.Equal("ABCDEFGH2345", LetterCodes.Normalised(" abcd-efgh 2345 "));
    }
}
