using Dsp.Access;
using Dsp.Identity.Software;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.SignIn.OAuth;

namespace Dsp.Server.Api;

/// <param name="ClientId">The software to be launched.</param>
internal sealed record LaunchBody(string ClientId, RecordId RecordId);

/// <param name="Launch">To be handed to the software's launch address, with <paramref name="Iss"/>.</param>
internal sealed record LaunchAnswer(Guid Id, string Launch, string Iss, DateTimeOffset ExpiresAt);

/// <summary>SMART's EHR launch, its first half: a professional's attested program names the patient to another software.</summary>
internal static class LaunchRoutes
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/launches", MakeAsync).Needs(Scopes.Launching)
            .Says("Makes a launch of another software on a patient: once, five minutes, for this person at this place", "professional through an attested program", 201, typeof(LaunchBody), typeof(LaunchAnswer));

    private static Task MakeAsync(ApiCall call, Launches launches, Clients clients, ReadRecordHead head, Addresses addresses) =>
        call.CreateAsync<LaunchBody, LaunchAnswer>(async body =>
        {
            if (call.Caller is not { Kind: CallerKind.Professional, Person: { } person } caller) return Refusals.RoleMayNot;
            if (caller.ThroughProgramOf is null || caller.ThroughProgramOf != caller.Institution) return Refusals.ChannelNotAttested;
            if (await clients.FindAsync(body.ClientId, call.Cancel) is null) return Refusals.ParameterInvalid.Because("There is no such software.").At("clientId");
            // A record this person has no relation with is nobody's, here as everywhere.
            var seen = await head.RunAsync(caller, new RecordRef.ById(body.RecordId), call.Cancel);
            if (!seen.Succeeded) return seen.Refusal;
            var (launch, value) = launches.Make(body.ClientId, person, caller.Institution, seen.Value.Record);
            return new LaunchAnswer(launch.Id, value, addresses.Fhir, launch.Until);
        }, answer => answer);
}
