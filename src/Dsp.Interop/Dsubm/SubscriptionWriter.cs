using System.Globalization;
using Dsp.Interop.Fhir;
using Dsp.Subscriptions;
using Hl7.Fhir.Model;
using Kept = Dsp.Subscriptions.Subscription;
using Subscription = Hl7.Fhir.Model.Subscription;

namespace Dsp.Interop.Dsubm;

/// <summary>Subscriptions, their status and their notifications as the R5 backport has them in R4.</summary>
public static class SubscriptionWriter
{
    public static Subscription Of(Kept kept)
    {
        var terms = kept.Terms;
        var criteria = new FhirString(TopicOf(kept));
        if (terms.Filter is { } filter) criteria.AddExtension(SubscriptionNames.Filter, new FhirString(filter));
        var payload = new Code(terms.Xml ? FhirXml.MediaType : FhirNames.MediaType);
        payload.AddExtension(SubscriptionNames.Payload, new Code(SubscriptionNames.IdOnly));
        return new Subscription
        {
            Id = Ids.Text(kept.Id),
            Meta = new Meta { VersionId = kept.Version.ToString(CultureInfo.InvariantCulture), Profile = [SubscriptionNames.Profile] },
            Status = StatusOf(kept.State),
            EndElement = terms.Until is { } until ? new Instant(until) : null,
            Reason = terms.Reason,
            CriteriaElement = criteria,
            Error = kept.State == SubscriptionState.Error ? "The address did not answer for three days. Send the subscription again as requested." : null,
            Channel = new Subscription.ChannelComponent { Type = Subscription.SubscriptionChannelType.RestHook, Endpoint = terms.Endpoint, PayloadElement = payload },
        };
    }

    /// <summary>What is sent: a handshake without documents, or their ids (ITI-112).</summary>
    public static Bundle Of(Notification notification, string baseUrl, DateTimeOffset now)
    {
        var name = NameOf(notification.Subscription, baseUrl);
        var status = Status(notification.Subscription, baseUrl, notification.Documents.Count == 0 ? "handshake" : "event-notification", notification.Subscription.Sent + notification.Documents.Count, now);
        foreach (var (number, document, at) in notification.Documents)
            status.Add("notification-event",
            [
                Tuple.Create("event-number", (Base)new FhirString(number.ToString(CultureInfo.InvariantCulture))),
                Tuple.Create("timestamp", (Base)new Instant(at)),
                Tuple.Create("focus", (Base)new ResourceReference($"{baseUrl}/DocumentReference/{document}")),
            ]);
        var bundle = new Bundle { Id = Ids.Text(Guid.CreateVersion7(now)), Meta = new Meta { Profile = [SubscriptionNames.NotificationProfile] }, Type = Bundle.BundleType.History, TimestampElement = new Instant(now) };
        bundle.Entry.Add(Entry("urn:uuid:" + status.Id, status, $"{name}/$status"));
        foreach (var (_, document, _) in notification.Documents) bundle.Entry.Add(Entry($"{baseUrl}/DocumentReference/{document}", null, $"{baseUrl}/DocumentReference/{document}"));
        return bundle;
    }

    /// <summary>The answer of <c>$status</c>.</summary>
    public static Parameters StatusOf(Kept kept, string baseUrl, DateTimeOffset now) => Status(kept, baseUrl, "query-status", kept.Sent, now);

    private static Parameters Status(Kept kept, string baseUrl, string type, long events, DateTimeOffset now)
    {
        var status = new Parameters { Id = Ids.Text(Guid.CreateVersion7(now)), Meta = new Meta { Profile = [SubscriptionNames.StatusProfile] } };
        status.Add("subscription", new ResourceReference(NameOf(kept, baseUrl)));
        status.Add("topic", new Canonical(TopicOf(kept)));
        status.Add("status", new Code(kept.State.ToString().ToLowerInvariant()));
        status.Add("type", new Code(type));
        status.Add("events-since-subscription-start", new FhirString(events.ToString(CultureInfo.InvariantCulture)));
        return status;
    }

    private static Bundle.EntryComponent Entry(string fullUrl, Resource? resource, string address) => new()
    {
        FullUrl = fullUrl,
        Resource = resource,
        Request = new Bundle.RequestComponent { Method = Bundle.HTTPVerb.GET, Url = address },
        Response = new Bundle.ResponseComponent { Status = "200" },
    };

    private static string NameOf(Kept kept, string baseUrl) => $"{baseUrl}/Subscription/{Ids.Text(kept.Id)}";

    private static string TopicOf(Kept kept) => kept.Terms.Record is null ? SubscriptionNames.AnyPatient : SubscriptionNames.OnePatient;

    private static Subscription.SubscriptionStatus StatusOf(SubscriptionState state) => state switch
    {
        SubscriptionState.Requested => Subscription.SubscriptionStatus.Requested,
        SubscriptionState.Active => Subscription.SubscriptionStatus.Active,
        SubscriptionState.Error => Subscription.SubscriptionStatus.Error,
        _ => Subscription.SubscriptionStatus.Off,
    };
}
