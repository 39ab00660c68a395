using System.Net.Http.Headers;
using System.Security.Cryptography;
using Dsp.Interop.Dsubm;
using Dsp.Interop.Fhir;
using Dsp.Server.Fhir;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Subscriptions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.Jobs;

/// <summary>
/// Sends a notification to its address (DSUBm ITI-112, rest-hook). Its receiver knows whose it is by a token that this server signs
/// with the key of its discovery document: for this address, for five minutes, once, with the digest of the body.
/// </summary>
internal sealed class SubscriberHooks(OutboundHttp outbound, SigningKey key, Addresses addresses, FhirSettings settings, ServerSettings server, TimeProvider clock) : INotificationChannel
{
    /// <summary>The claim that holds <c>sha-256=:base64:</c> of the body (RFC 9530).</summary>
    public const string Digest = "content_digest";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<bool> SendAsync(Notification notification, CancellationToken cancel)
    {
        var terms = notification.Subscription.Terms;
        var bundle = SubscriptionWriter.Of(notification, settings.Base, clock.GetUtcNow());
        var body = terms.Xml ? FhirXml.Bytes(bundle) : FhirJson.Bytes(bundle);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(terms.Xml ? FhirXml.MediaType : FhirNames.MediaType) } };
        var answer = await outbound.SendAsync(HttpMethod.Post, terms.Endpoint, server.NotifyInside, content, new AuthenticationHeaderValue("Bearer", TokenFor(terms.Endpoint, body)), cancel);
        return answer?.Status is >= 200 and < 300;
    }

    private string TokenFor(string endpoint, byte[] body)
    {
        var now = clock.GetUtcNow();
        return Tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = addresses.Issuer, Audience = endpoint, IssuedAt = now.UtcDateTime, Expires = (now + Life).UtcDateTime, TokenType = "notification+jwt", SigningCredentials = key.Credentials,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["jti"] = Ids.Text(Ids.New(clock)), [Digest] = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:" },
        });
    }
}
