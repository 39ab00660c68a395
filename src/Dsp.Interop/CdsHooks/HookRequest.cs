using System.Text.Json;
using Dsp.Clinical;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Mhd;

namespace Dsp.Interop.CdsHooks;

/// <summary>A call of a CDS Hooks 2.0 service as far as it concerns us.</summary>
/// <param name="Patient">By an identifier of the prefetched patient, else by the id of this server.</param>
/// <param name="Orders">The exams that were selected (order-select) or are about to be signed (order-sign), at most <see cref="FindExistingExams.MostOrders"/>.</param>
/// <param name="AccessToken">What <c>fhirAuthorization</c> holds; whose it is, is for the edge to find out.</param>
public sealed record HookRequest(string Hook, PatientIdentifier Patient, IReadOnlyList<ExamOrder> Orders, string? AccessToken);

/// <summary>
/// Reads the request of a hook. Nothing in it is an address to call: <c>fhirServer</c> is compared with our own and never opened
/// (security 5). Texts of the message are repeated in no refusal.
/// </summary>
public static class HookRequestReader
{
    public const string Select = "order-select";
    public const string Sign = "order-sign";

    /// <summary>Orders in one message.</summary>
    public const int MostEntries = 200;

    /// <summary>Kinds of orders that exams come as: FHIR R4, and STU3.</summary>
    private static readonly string[] Requests = ["ServiceRequest", "ProcedureRequest"];
    private static readonly string[] Over = ["revoked", "entered-in-error", "cancelled"];

    /// <param name="json">Well-formed JSON.</param>
    /// <param name="baseUrl">The configured public FHIR base, without a slash at its end.</param>
    public static Outcome<HookRequest> Read(ReadOnlyMemory<byte> json, string baseUrl)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return Wrong("An object is expected.", "$");
        if (root.Text("hook") is not (Select or Sign) || root.Text("hook") is not { } hook) return Wrong("This service answers order-select and order-sign.", "hook");
        if (!Guid.TryParse(root.Text("hookInstance"), out _)) return Wrong("A UUID is expected.", "hookInstance");
        if (root.Object("context") is not { } context) return Wrong("The context of the hook is missing.", "context");
        if (context.Text("userId") is null) return Wrong("The context names the user.", "context.userId");
        if (context.Text("patientId") is not { } patientId) return Wrong("The context names the patient.", "context.patientId");
        if (context.Object("draftOrders") is not { } bundle || bundle.Text("resourceType") != "Bundle") return Wrong("The context holds the draft orders as a Bundle.", "context.draftOrders");
        if (hook == Select && !(context.TryGetProperty("selections", out var s) && s.ValueKind == JsonValueKind.Array && s.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String)))
            return Wrong("The context of order-select holds the selections as a list of references.", "context.selections");
        if (root.Has("fhirAuthorization") && root.Object("fhirAuthorization")?.Text("access_token") is null) return Wrong("An authorization holds an access token.", "fhirAuthorization.access_token");
        if (bundle.Items("entry").Count() > MostEntries) return Wrong("More orders than this service reads at once.", "context.draftOrders.entry");

        var patient = PatientOf(root, patientId, baseUrl);
        if (!patient.Succeeded) return patient.Refusal;
        var selected = hook == Select ? context.Items("selections").Select(i => i.GetString()!).ToHashSet(StringComparer.Ordinal) : null;
        var orders = bundle.Items("entry").Where(e => selected is null || IsSelected(e, selected)).Select(e => Order(e.Object("resource"))).OfType<ExamOrder>().Take(FindExistingExams.MostOrders).ToList();
        return new HookRequest(hook, patient.Value, orders, root.Object("fhirAuthorization")?.Text("access_token"));
    }

    /// <summary>Who is meant: by an identifier of our domain, which any server can send; by id only where the ids are ours.</summary>
    private static Outcome<PatientIdentifier> PatientOf(JsonElement root, string patientId, string baseUrl)
    {
        if (root.Object("prefetch")?.Object("patient") is { } prefetched && prefetched.Text("resourceType") == "Patient")
        {
            if (prefetched.Text("id") is { } id && id != patientId) return Wrong("The prefetched patient is not the patient of the context.", "prefetch.patient");
            foreach (var identifier in prefetched.Items("identifier"))
                if (identifier.Text("value") is { Length: <= 100 } value && identifier.Text("system") is { } system && AffinityDomain.Default.IsPatientSystem(system)) return new PatientIdentifier(system, value);
        }
        var ours = root.Text("fhirServer") is not { } server || server.TrimEnd('/') == baseUrl;
        if (!ours) return Refusals.HookPatientNotNamed.At("prefetch.patient");
        return RecordReferences.OfRecord(Ids.TryParse(patientId, out var record) ? new RecordId(record) : RecordId.None);
    }

    private static bool IsSelected(JsonElement entry, HashSet<string> selected) =>
        entry.Object("resource") is { } resource && resource.Text("id") is { } id && (selected.Contains($"{resource.Text("resourceType")}/{id}") || selected.Contains(id)) || entry.Text("fullUrl") is { } url && selected.Contains(url);

    /// <summary>An order of an exam; null for medicines, diets, orders not to do, and orders that are over.</summary>
    private static ExamOrder? Order(JsonElement? entry)
    {
        if (entry is not { } resource || !Requests.Contains(resource.Text("resourceType")) || resource.IsTrue("doNotPerform") || Over.Contains(resource.Text("status"))) return null;
        if (HookJson.Concept(resource.Object("code")) is not { } what) return null;
        return new ExamOrder(what)
        {
            BodyRegion = resource.Items("bodySite").Select(b => HookJson.Concept(b)).FirstOrDefault(c => c is not null),
            Modality = resource.Items("orderDetail").SelectMany(d => HookJson.Concept(d)?.Codes ?? []).Select(c => c.Code).FirstOrDefault(c => ExamTable.Modalities.Any(m => m.Dicom.Contains(c))),
        };
    }

    private static Refusal Wrong(string reason, string place) => Refusals.HookInvalid.Because($"This is no CDS Hooks 2.0 request for this service. {reason}").At(place);
}
