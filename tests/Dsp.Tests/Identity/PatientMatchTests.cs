using Dsp.Identity;
using Dsp.Tests.Support;
using PartialDate = Dsp.Identity.PartialDate;

namespace Dsp.Tests.Identity;

/// <summary>Another person is found, and no difference in writing is taken for one.</summary>
public sealed class PatientMatchTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private const string Own = "1984031299114";

    /// <summary>Family, given, birth name of the record's person; family, given of the document; what differs, the number unknown and the birth date equal.</summary>
    [Theory]
    [InlineData("Weberscheid", "Emma", null, "WEBERSCHEID", "EMMA", "")]
    [InlineData("Weberscheid", "Emma Marie", null, "Weberscheid", "Marie", "")]
    [InlineData("Weberscheid", "Emma", null, "Weberscheid", "E.", "")]
    [InlineData("Weberscheid", "Jean-Pierre", null, "Weberscheid", "Jean Pierre", "")]
    [InlineData("Weberscheid", "Jean-Pierre", null, "Weberscheid", "Jeanpierre", "")]
    [InlineData("Weberscheid", "Joseph", null, "Weberscheid", "Jos", "")]
    [InlineData("Müller", "Chloé", null, "Mueller", "Chloe", "")]
    [InlineData("Müller", "Chloé", null, "MULLER", "CHLOÉ", "")]
    [InlineData("Schmit-Weber", "Anne", null, "Weber", "Anne", "")]
    [InlineData("Weber", "Anne", "Schmit", "Schmit", "Anne", "")]
    [InlineData("Weber", "Anne", null, "Kieffer", "Anne", "")]
    [InlineData("Weber", "Anne", null, "Anne", "Weber", "")]
    [InlineData("dos Santos Ferreira", "Tiago", null, "Ferreira dos Santos", "Tiago", "")]
    [InlineData("Weberscheid", "Katharina", null, "Weberscheid", "Katarina", "")]
    [InlineData("Weberscheid", "Katharina", null, "Webercsheid", "Katharina", "")]
    [InlineData("Weberscheid", "Mia", null, "Weberscheid", "Lia", "name")]
    [InlineData("Weberscheid", "Emma", null, "Weberscheid", "Claude", "name")]
    [InlineData("Weberscheid", "Emma", null, "Thill", "Pedro", "name")]
    public void A_name_written_otherwise_is_no_difference_and_another_given_name_is(string family, string given, string? birthName, string saidFamily, string saidGiven, string expected)
    {
        var person = new PersonDetails { Family = family, Given = given, BirthName = birthName, BirthDate = new PartialDate(1984, 3, 12) };

        Assert.Equal(expected, string.Join(' ', PatientMatch.Differences(new PatientClaim([saidFamily], [saidGiven], new PartialDate(1984, 3, 12), []), person, Today)));
    }

    [Theory]
    [InlineData("1984-03-12", "")]
    [InlineData("1984-03", "")]
    [InlineData("1984", "")]
    [InlineData("1984-12-03", "birth-date")]
    [InlineData("1985-03-12", "birth-date")]
    public void A_birth_date_is_compared_as_far_as_both_are_known(string said, string expected)
    {
        Assert.True(PartialDate.TryParse(said, out var birth));

        Assert.Equal(expected, string.Join(' ', PatientMatch.Differences(new PatientClaim(["Weberscheid"], ["Emma"], birth, []), Emma(), Today)));
    }

    [Fact]
    public void A_family_name_alone_tells_somebody_apart_only_where_nothing_else_holds_them_together()
    {
        Assert.Equal(["name"], PatientMatch.Differences(new PatientClaim(["Kieffer"], ["Emma"], null, []), Emma(), Today));
        Assert.Empty(PatientMatch.Differences(new PatientClaim(["Kieffer"], ["Emma"], null, [Own]), Emma(), Today));
        Assert.Empty(PatientMatch.Differences(new PatientClaim(["Kieffer"], ["Emma"], new PartialDate(1984), []), Emma(), Today));
    }

    [Fact]
    public void The_same_number_is_the_same_person_unless_nothing_of_the_name_is()
    {
        Assert.Empty(PatientMatch.Differences(new PatientClaim(["Weberscheid"], ["Peggy"], null, [Own]), Emma(), Today));
        Assert.Equal(["name"], PatientMatch.Differences(new PatientClaim(["Thill"], ["Pedro"], null, [Own]), Emma(), Today));
    }

    [Fact]
    public void Another_number_is_another_person_a_replaced_one_is_not_and_a_mistyped_one_says_nothing()
    {
        var other = WorldPeople.UnknownNumber;
        Assert.Equal(["number"], PatientMatch.Differences(new PatientClaim(["Weberscheid"], ["Emma"], null, [other]), Emma(), Today));
        Assert.Empty(PatientMatch.Differences(new PatientClaim([], [], null, [other, Own]), Emma(), Today));
        Assert.Empty(PatientMatch.Differences(new PatientClaim([], [], null, ["1984 03 12 991 14"]), Emma(), Today));
        Assert.Empty(PatientMatch.Differences(new PatientClaim([], [], null, ["1984031299115"]), Emma(), Today));
        var replaced = Emma() with { Identifiers = [new PersonIdentifier(Identifiers.NationalNumber, other, Until: new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), .. Emma().Identifiers] };
        Assert.Empty(PatientMatch.Differences(new PatientClaim([], [], null, [other]), replaced, Today));
        Assert.Empty(PatientMatch.Differences(new PatientClaim([], [], null, [other]), Emma() with { Identifiers = [] }, Today));
    }

    [Theory]
    [InlineData("Patient : Weberscheid Lia – Assuré", "")]
    [InlineData("Rapport de LIA WEBERSCHEID-THILL,\nassuré", "")]
    [InlineData("Patient : Weberscheid Emma, assuré", "number")]
    [InlineData("Patient : Thill Lia, assuré", "number")]
    [InlineData("Patient", "number")]
    public void A_number_in_running_text_says_nothing_where_the_persons_own_name_stands_beside_it(string words, string expected)
    {
        var lia = new PersonDetails { Family = "Wéberscheid", Given = "Lia", Identifiers = [new PersonIdentifier(Identifiers.NationalNumber, WorldPeople.UnknownNumber)] };

        Assert.Equal(expected, string.Join(' ', PatientMatch.Differences(new PatientClaim([], [], null, [Own]) { Text = words + " " + Own }, lia, Today)));
    }

    [Fact]
    public void Day_and_month_in_the_other_order_are_a_mistake_of_writing_beside_the_persons_own_number_alone()
    {
        var swapped = new PatientClaim(["Weberscheid"], ["Emma"], new PartialDate(1984, 12, 3), [Own]);

        Assert.Empty(PatientMatch.Differences(swapped, Emma(), Today));
        Assert.Equal(["birth-date"], PatientMatch.Differences(swapped with { Numbers = [] }, Emma(), Today));
        Assert.Equal(["birth-date"], PatientMatch.Differences(swapped with { BirthDate = new PartialDate(1985, 12, 3) }, Emma(), Today));
    }

    private static PersonDetails Emma() =>
        new() { Family = "Weberscheid", Given = "Emma", BirthDate = new PartialDate(1984, 3, 12), Identifiers = [new PersonIdentifier(Identifiers.NationalNumber, Own)] };
}
