using System.Text.Json;

namespace Dsp.Server.Fhir;

/// <summary>
/// The one table from refusal to OperationOutcome (standards §2, §5): issue code by kind, our code and the XDS code in
/// <c>details.coding</c>. Every problem found is an issue.
/// </summary>
internal static class OutcomeWriter
{
    public const string RefusalSystem = "urn:dsp:refusal";
    public const string XdsSystem = "urn:ihe:iti:xds:error-code";

    private static readonly Dictionary<RefusalKind, string> Codes = new()
    {
        [RefusalKind.Malformed] = "structure",
        [RefusalKind.Required] = "required",
        [RefusalKind.Invalid] = "invalid",
        [RefusalKind.CodeInvalid] = "code-invalid",
        [RefusalKind.NotAuthenticated] = "login",
        [RefusalKind.NotAllowed] = "forbidden",
        [RefusalKind.NotFound] = "not-found",
        [RefusalKind.UnknownPatient] = "not-found",
        [RefusalKind.Conflict] = "conflict",
        [RefusalKind.Gone] = "deleted",
        [RefusalKind.TooLarge] = "too-long",
        [RefusalKind.TooMany] = "throttled",
        [RefusalKind.NotSupported] = "not-supported",
        [RefusalKind.Unavailable] = "transient",
    };

    private static readonly Dictionary<string, string> ById = new(StringComparer.Ordinal)
    {
        [Refusals.ParameterInvalid.Id] = "invalid",
        [Refusals.DuplicateInMessage.Id] = "duplicate",
        [Refusals.SubmissionTaken.Id] = "duplicate",
        [Refusals.UnresolvedReference.Id] = "not-found",
        [Refusals.PatientsDiffer.Id] = "business-rule",
        [Refusals.HashDoesNotFit.Id] = "conflict",
        [Refusals.SizeDoesNotFit.Id] = "conflict",
        [Refusals.NotYetOpen.Id] = "business-rule",
        [Refusals.TooDeep.Id] = "too-costly",
        [Refusals.TooSlow.Id] = "timeout",
    };

    /// <exception cref="KeyNotFoundException">A kind without an issue code.</exception>
    public static string IssueCodeOf(Refusal refusal) => ById.TryGetValue(refusal.Id, out var own) ? own : Codes[refusal.Kind];

    public static void Write(Utf8JsonWriter json, Refusal refusal)
    {
        Begin(json);
        Issue(json, refusal);
        foreach (var other in refusal.Others) Issue(json, other);
        End(json);
    }

    public static void WriteFault(Utf8JsonWriter json, string text)
    {
        Begin(json);
        json.WriteStartObject();
        json.WriteString("severity", "fatal");
        json.WriteString("code", "exception");
        json.WriteString("diagnostics", text);
        json.WriteEndObject();
        End(json);
    }

    private static void Begin(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "OperationOutcome");
        json.WriteStartArray("issue");
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Issue(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject();
        json.WriteString("severity", "error");
        json.WriteString("code", IssueCodeOf(refusal));
        json.WriteStartObject("details");
        json.WriteStartArray("coding");
        Coding(json, RefusalSystem, refusal.Id);
        if (refusal.XdsCode is { } xds) Coding(json, XdsSystem, xds);
        json.WriteEndArray();
        json.WriteString("text", refusal.Text);
        json.WriteEndObject();
        json.WriteString("diagnostics", $"{refusal.Id}: {refusal.Text}");
        if (refusal.Expression is { } expression)
        {
            json.WriteStartArray("expression");
            json.WriteStringValue(expression);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Coding(Utf8JsonWriter json, string system, string code)
    {
        json.WriteStartObject();
        json.WriteString("system", system);
        json.WriteString("code", code);
        json.WriteEndObject();
    }
}
