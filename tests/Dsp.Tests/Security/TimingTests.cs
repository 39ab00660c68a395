using System.Diagnostics;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Security;

/// <summary>How long an answer takes tells nothing either: hidden and absent are asked for in turns and compared pair by pair.</summary>
public sealed class TimingTests
{
    private const int Pairs = 3_000;

    /// <summary>
    /// Milliseconds. A difference is one that is there in the median of the pairs, and by the signs of the pairs beyond chance. About an eighth
    /// of a millisecond is left: the rows of a record that is there are read, and its item is opened; on a network that is noise.
    /// </summary>
    private const double Least = 0.25;

    [Fact, Trait("Tier", "Long")]
    public async Task A_hidden_document_takes_as_long_as_one_that_never_was()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        var hidden = await cast.DepositedAsync("<a/>"u8.ToArray());
        await cast.DepositedAsync("<b/>"u8.ToArray());
        await cast.OpenContextAsync();
        Assert.Equal(201, (await cast.MaskAsync(hidden, cast.Doctor.Person.ToString()!)).Status);
        var absent = Guid.CreateVersion7(cast.Server.World.Clock.GetUtcNow()).ToString("D");
        var found = new List<string>();
        foreach (var path in new[] { "/fhir/DocumentReference/{0}", "/fhir/Binary/{0}", "/fhir/DocumentReference/{0}/_history", $"/fhir/DocumentReference?patient={cast.Record}&_id={{0}}" })
        {
            var (median, sign) = await CompareAsync(
                () => cast.Server.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, hidden), cast.DoctorToken),
                () => cast.Server.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, absent), cast.DoctorToken));
            TestContext.Current.TestOutputHelper?.WriteLine($"{path}: median of the differences {median:F3} ms, {sign:F1} standard deviations of the sign");
            if (IsDifferent(median, sign)) found.Add($"{path}: {median:F3} ms");
        }
        Assert.Empty(found);
    }

    /// <summary>A test that cannot fail proves nothing: three tenths of a millisecond are seen.</summary>
    [Fact, Trait("Tier", "Long")]
    public async Task A_difference_of_three_tenths_of_a_millisecond_is_seen()
    {
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        await cast.OpenContextAsync();
        var absent = Guid.CreateVersion7(cast.Server.World.Clock.GetUtcNow()).ToString("D");
        Task<Answer> Ask() => cast.Server.GetAsync($"/fhir/DocumentReference/{absent}", cast.DoctorToken);

        var (median, sign) = await CompareAsync(async () =>
        {
            var since = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(since).TotalMilliseconds < 0.3) Thread.SpinWait(20);
            return await Ask();
        }, Ask);
        var (same, noSign) = await CompareAsync(Ask, Ask);

        TestContext.Current.TestOutputHelper?.WriteLine($"planted: {median:F3} ms, {sign:F1}; nothing planted: {same:F3} ms, {noSign:F1}");
        Assert.True(IsDifferent(median, sign));
        Assert.False(IsDifferent(same, noSign));
    }

    private static bool IsDifferent(double median, double sign) => Math.Abs(median) > Least && Math.Abs(sign) > 6;

    /// <summary>Median of the paired differences in milliseconds, and the sign test's standard deviations. Who goes first changes with every pair.</summary>
    private static async Task<(double Median, double Sign)> CompareAsync(Func<Task<Answer>> one, Func<Task<Answer>> other)
    {
        var differences = new List<double>(Pairs);
        for (var i = -300; i < Pairs; i++)
        {
            double first, second;
            if (i % 2 == 0) (first, second) = (await TimeAsync(one), await TimeAsync(other));
            else (second, first) = (await TimeAsync(other), await TimeAsync(one));
            if (i >= 0) differences.Add(first - second);
        }
        differences.Sort();
        return (differences[Pairs / 2], (differences.Count(d => d > 0) - Pairs / 2.0) / Math.Sqrt(Pairs / 4.0));
    }

    private static async Task<double> TimeAsync(Func<Task<Answer>> ask)
    {
        var since = Stopwatch.GetTimestamp();
        await ask();
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}
