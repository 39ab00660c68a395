using System.Text.Json.Serialization;
using Dsp.Access;
using Dsp.Identity.Software;
using Dsp.Sealing;
using Dsp.Server.Wire;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>A launch from an attested program: which software, by whom, where, for which patient.</summary>
internal sealed record Launch(Guid Id, string Client, PersonId Person, InstitutionId? Institution, RecordId Record, DateTimeOffset Until);

/// <summary>
/// Makes and takes the <c>launch</c> value of SMART's EHR launch: sealed, so that it says nothing on its way through a browser;
/// good for five minutes, once, for the person and the place that made it.
/// </summary>
internal sealed class Launches(ServiceKeys keys, UsedProofs used, TimeProvider clock)
{
    private const string Purpose = "oauth-launch";

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public (Launch Launch, string Value) Make(string client, PersonId person, InstitutionId? institution, RecordId record)
    {
        var launch = new Launch(Ids.New(clock), client, person, institution, record, clock.GetUtcNow() + Life);
        return (launch, keys.SealText(Purpose, launch, LaunchJson.Default.Launch));
    }

    /// <summary>Reads a launch; null where it is none, not this person's, place's or software's, or too old.</summary>
    public Launch? Open(string? value, string client, Caller caller)
    {
        var launch = keys.OpenText(Purpose, value, LaunchJson.Default.Launch);
        return launch is not null && launch.Client == client && launch.Person == caller.Person && launch.Institution == caller.Institution && clock.GetUtcNow() < launch.Until ? launch : null;
    }

    /// <returns>False where it was used before.</returns>
    public Task<bool> UseAsync(Launch launch, CancellationToken cancel) => used.UseAsync("launch", launch.Client, Ids.Text(launch.Id), launch.Until, cancel);
}

[JsonSourceGenerationOptions(Converters = [typeof(IdJson.Person), typeof(IdJson.Institution), typeof(IdJson.Record)])]
[JsonSerializable(typeof(Launch))]
internal sealed partial class LaunchJson : JsonSerializerContext;
