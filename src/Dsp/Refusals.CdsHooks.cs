namespace Dsp;

/// <summary>The refusals of the CDS Hooks service: about the message alone, never about a record.</summary>
public static partial class Refusals
{
    public static readonly Refusal HookInvalid = new("DSP-1024", RefusalKind.Malformed, "This is no CDS Hooks 2.0 request for this service. Look at the service's description.");
    public static readonly Refusal HookPatientNotNamed = new("DSP-1025", RefusalKind.Required, "The request does not say who the patient is here. Send the prefetch \"patient\" with its identifiers, or the patient's id of this server.");
}
