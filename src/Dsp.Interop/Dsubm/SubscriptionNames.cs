namespace Dsp.Interop.Dsubm;

/// <summary>Names of IHE DSUBm 1.0 and of the R5 subscriptions backport to R4 (1.1) that it is built on.</summary>
public static class SubscriptionNames
{
    private const string Backport = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";
    private const string Topics = "https://profiles.ihe.net/ITI/DSUBm/SubscriptionTopic/";

    /// <summary>Every new document in a record with a live relation.</summary>
    public const string AnyPatient = Topics + "DSUBm-SubscriptionTopic-DocumentReference-MultiPatient";

    /// <summary>Of one patient, whom the filter names.</summary>
    public const string OnePatient = Topics + "DSUBm-SubscriptionTopic-DocumentReference-PatientDependent";

    public const string Profile = Backport + "backport-subscription";
    public const string Filter = Backport + "backport-filter-criteria";
    public const string Payload = Backport + "backport-payload-content";
    public const string NotificationProfile = Backport + "backport-subscription-notification-r4";
    public const string StatusProfile = Backport + "backport-subscription-status-r4";

    /// <summary>Ids alone leave the house.</summary>
    public const string IdOnly = "id-only";
}
