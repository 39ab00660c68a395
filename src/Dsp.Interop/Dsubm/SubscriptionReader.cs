using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Hl7.Fhir.Model;
using SearchParameter = Dsp.Interop.Fhir.SearchParameter;

namespace Dsp.Interop.Dsubm;

/// <summary>A Subscription as sent: what is wanted, and of whom where the topic is one patient's.</summary>
/// <param name="Off">It is ended for now (ITI-110, unsubscribe).</param>
public sealed record SubscriptionMessage(string Endpoint, bool Xml, PatientIdentifier? Patient, string? Filter, IReadOnlyList<DataCategory>? Categories, string Reason, DateTimeOffset? Until, bool Off);

/// <summary>Reads a topic-based R4 Subscription (DSUBm ITI-110): rest-hook, id-only, new documents; everything else is refused by name.</summary>
public static class SubscriptionReader
{
    private const int LongestReason = 500;

    public static Outcome<SubscriptionMessage> Read(ReadOnlySpan<byte> body, string baseUrl)
    {
        var (sent, found) = FhirJson.Parse<Subscription>(body);
        var problems = new Problems();
        problems.AddRange(found);
        if (sent is null || problems.Any) return problems.Any ? problems.Refusal() : Refusals.Malformed;
        if (sent.Status is not (Subscription.SubscriptionStatus.Requested or Subscription.SubscriptionStatus.Off)) problems.Add(Refusals.InvalidMetadata.Because("A subscription is sent as requested, or as off to end it.").At("Subscription.status"));
        if (sent.Reason is not { Length: > 0 and <= LongestReason }) problems.Add(Refusals.InvalidMetadata.Because("The reason has 1 to 500 characters.").At("Subscription.reason"));
        Channel(sent.Channel, problems);
        var filter = sent.CriteriaElement?.GetExtensionValue<FhirString>(SubscriptionNames.Filter)?.Value;
        var (patient, categories) = Filter(filter, baseUrl, problems);
        switch (sent.Criteria)
        {
            case SubscriptionNames.OnePatient when patient is null && !problems.Any:
                problems.Add(Refusals.MissingMetadata.Because("This topic is one patient's: name them in the filter, DocumentReference?patient=Patient/id.").At("Subscription.criteria"));
                break;
            case SubscriptionNames.AnyPatient when patient is not null:
                problems.Add(Refusals.InvalidMetadata.Because("This topic is that of all patients with a live relation. Use the topic of one patient.").At("Subscription.criteria"));
                break;
            case SubscriptionNames.OnePatient or SubscriptionNames.AnyPatient:
                break;
            default:
                problems.Add(Refusals.InvalidMetadata.Because($"The topics are {SubscriptionNames.AnyPatient} and {SubscriptionNames.OnePatient}.").At("Subscription.criteria"));
                break;
        }
        if (problems.Any) return problems.Refusal();
        return new SubscriptionMessage(sent.Channel!.Endpoint!, IsXml(sent.Channel.Payload), patient, filter, categories, sent.Reason!, sent.EndElement?.Value, sent.Status == Subscription.SubscriptionStatus.Off);
    }

    private static void Channel(Subscription.ChannelComponent? channel, Problems problems)
    {
        if (channel?.Type != Subscription.SubscriptionChannelType.RestHook) problems.Add(Refusals.InvalidMetadata.Because("The channel is rest-hook.").At("Subscription.channel.type"));
        if (string.IsNullOrEmpty(channel?.Endpoint)) problems.Add(Refusals.MissingMetadata.Because("The address of the notifications is missing.").At("Subscription.channel.endpoint"));
        if (channel?.Header.Any() == true) problems.Add(Refusals.InvalidMetadata.Because("No header is kept, since it would be a secret of yours: each notification is signed by this server instead.").At("Subscription.channel.header"));
        var content = channel?.PayloadElement?.GetExtensionValue<Code>(SubscriptionNames.Payload)?.Value;
        if (content is not (null or SubscriptionNames.IdOnly)) problems.Add(Refusals.InvalidMetadata.Because("A notification holds ids alone: id-only.").At("Subscription.channel.payload"));
        if (channel?.Payload is { } media && media is not (FhirNames.MediaType or FhirXml.MediaType or "application/json" or "application/xml")) problems.Add(Refusals.InvalidMetadata.Because("A notification is application/fhir+json or application/fhir+xml.").At("Subscription.channel.payload"));
    }

    private static (PatientIdentifier? Patient, IReadOnlyList<DataCategory>? Categories) Filter(string? filter, string baseUrl, Problems problems)
    {
        if (filter is null) return default;
        if (!filter.StartsWith("DocumentReference?", StringComparison.Ordinal))
        {
            problems.Add(Refusals.InvalidMetadata.Because("The filter is DocumentReference? with patient, patient.identifier or category.").At("Subscription.criteria.extension"));
            return default;
        }
        var named = new PatientParameter(baseUrl, problems);
        List<DataCategory>? categories = null;
        foreach (var pair in DocumentQuery.Parse(filter["DocumentReference".Length..]))
        {
            var p = SearchParameter.Of(pair);
            if (named.Take(p) || p is { Name: "status", Modifier: null, Raw: "current" }) continue;
            var wanted = p is { Name: "category", Modifier: null } ? p.Tokens.Select(t => t.System is null or AffinityDomain.CategorySystem && Enum.TryParse<DataCategory>(t.Code, out var c) && Enum.IsDefined(c) ? c : (DataCategory?)null).ToList() : null;
            if (wanted is null || wanted.Count == 0 || wanted.Contains(null)) problems.Add(Refusals.InvalidMetadata.Because("The filter takes patient, patient.identifier and category (urn:dsp:category).").At("Subscription.criteria.extension"));
            else categories = [.. (categories ?? []), .. wanted.Select(c => c!.Value)];
        }
        return (named.Patient, categories);
    }

    private static bool IsXml(string? media) => media is FhirXml.MediaType or "application/xml";
}
