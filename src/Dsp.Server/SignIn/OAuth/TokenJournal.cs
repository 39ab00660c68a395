using System.Globalization;
using Dsp.Access;
using Dsp.Identity.Software;
using Dsp.Journal;
using Dsp.Server.Wire;
using Microsoft.AspNetCore;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Dsp.Server.SignIn.OAuth;

/// <summary>
/// The journal's line about a token asked for (ITI-71), given or refused, before the answer leaves. It names software, person,
/// scopes and the token's id; codes, secrets, proofs and the token itself are in no line.
/// </summary>
internal sealed class TokenJournal(CallJournal calls, Clients clients, Addresses addresses, TimeProvider clock) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    private static readonly string[] Told = [OpenIddictConstants.Parameters.GrantType, OpenIddictConstants.Parameters.ClientId, OpenIddictConstants.Parameters.Scope];

    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var token = context.Response.AccessToken is { Length: > 0 } issued ? new JsonWebToken(issued) : null;
        var before = 0L;
        if (token is null)
        {
            // Whoever is refused has proven nothing: strangers do not fill the journal.
            (var tell, before) = calls.TakeUnproven();
            if (!tell) return;
        }
        var client = context.Request?.ClientId ?? TextOf(token, "client_id");
        var software = token is null || client is null ? null : (await clients.FindAsync(client, context.CancellationToken))?.System.Name;
        var isPerson = token is not null && TextOf(token, TokenClaims.Kind) != TokenClaims.KindName(CallerKind.System) && Ids.TryParse(token.Subject, out _);
        var asked = Told.Select(name => (Name: name, Value: (string?)context.Request?.GetParameter(name))).Where(p => p.Value is { Length: > 0 and <= 500 });
        await calls.WriteAsync(new JournalEntry
        {
            Id = Ids.New(clock),
            Record = RecordId.None,
            At = clock.Now(),
            Action = JournalActions.SignIn,
            Person = isPerson ? new PersonId(Guid.Parse(token!.Subject, CultureInfo.InvariantCulture)) : null,
            Software = software ?? client,
            Automatic = token is not null && !isPerson,
            Query = $"oauth/token?{string.Join('&', asked.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"))}",
            Permitted = token is not null,
            Rule = token is not null ? "token" : context.Response.Error ?? "refused",
            Detail = CallJournal.Untold(before),
            Call = new CallFacts
            {
                Interaction = "operation",
                Transaction = "ITI-71",
                TokenId = token?.Id is { Length: > 0 } id ? id : null,
                Issuer = addresses.Issuer,
                Subject = token?.Subject,
                ClientId = client,
                RequestId = context.Transaction.GetHttpRequest() is { } request ? CallJournal.RequestIdOf(request.HttpContext) : null,
            },
        });
    }

    private static string? TextOf(JsonWebToken? token, string name) => token is not null && token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}
