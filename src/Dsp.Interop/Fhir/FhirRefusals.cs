using System.Globalization;
using System.Text;

namespace Dsp.Interop.Fhir;

/// <summary>
/// The one table of refusals on the FHIR wire: HTTP status and issue.code of each (standards 5). It is complete over
/// <see cref="Refusals.All"/>; a golden file prints it.
/// </summary>
public static class FhirRefusals
{
    private static readonly Dictionary<string, (int Status, string Issue)> Special = new(StringComparer.Ordinal)
    {
        [Refusals.HashDoesNotFit.Id] = (422, "conflict"),
        [Refusals.SizeDoesNotFit.Id] = (422, "conflict"),
        [Refusals.DuplicateInMessage.Id] = (422, "duplicate"),
        [Refusals.UnresolvedReference.Id] = (422, "not-found"),
        [Refusals.PatientsDiffer.Id] = (422, "business-rule"),
        [Refusals.PatientRequired.Id] = (400, "required"),
        [Refusals.ParameterInvalid.Id] = (400, "invalid"),
        [Refusals.FormatNotSupported.Id] = (406, "not-supported"),
        [Refusals.MediaTypeNotSupported.Id] = (415, "not-supported"),
        [Refusals.InteractionNotSupported.Id] = (405, "not-supported"),
        [Refusals.NotYetOpen.Id] = (422, "business-rule"),
        [Refusals.StateForbids.Id] = (409, "business-rule"),
        [Refusals.SubmissionTaken.Id] = (409, "duplicate"),
        [Refusals.SheetChanged.Id] = (409, "transient"),
        [Refusals.RangeNotSatisfiable.Id] = (416, "invalid"),
        [Refusals.VersionStale.Id] = (412, "conflict"),
        [Refusals.TooDeep.Id] = (400, "too-long"),
        [Refusals.TooSlow.Id] = (408, "timeout"),
        [Refusals.HookPatientNotNamed.Id] = (412, "required"),
        [Refusals.SourceDomainUnknown.Id] = (400, "code-invalid"),
        [Refusals.TargetDomainUnknown.Id] = (403, "code-invalid"),
        [Refusals.RemovalNotOffered.Id] = (403, "not-supported"),
        [Refusals.TooCostly.Id] = (403, "too-costly"),
        [Refusals.ConsentInexact.Id] = (422, "business-rule"),
        [Refusals.ConsentFixed.Id] = (422, "business-rule"),
    };

    /// <summary>HTTP status of a refusal; of several problems the leading one's.</summary>
    public static int StatusOf(Refusal refusal) => Of(refusal).Status;

    /// <summary>FHIR issue type (code system issue-type) of a refusal.</summary>
    public static string IssueOf(Refusal refusal) => Of(refusal).Issue;

    /// <summary>error, but where the standard asks for less.</summary>
    public static string SeverityOf(Refusal refusal) => refusal.Id == Refusals.DomainNotFound.Id ? "warning" : "error";

    /// <summary>One line for each refusal: id, status, issue type, XDS code.</summary>
    public static string Table()
    {
        var text = new StringBuilder();
        foreach (var refusal in Refusals.All)
            text.Append(CultureInfo.InvariantCulture, $"{refusal.Id} {StatusOf(refusal)} {IssueOf(refusal)} {refusal.XdsCode ?? "-"}\n");
        return text.ToString();
    }

    private static (int Status, string Issue) Of(Refusal refusal) =>
        Special.TryGetValue(refusal.Id, out var special) ? special : refusal.Kind switch
        {
            RefusalKind.Malformed => (400, "structure"),
            RefusalKind.Required => (422, "required"),
            RefusalKind.Invalid => (422, "invalid"),
            RefusalKind.CodeInvalid => (422, "code-invalid"),
            RefusalKind.NotAuthenticated => (401, "login"),
            RefusalKind.NotAllowed => (403, "forbidden"),
            RefusalKind.NotFound => (404, "not-found"),
            RefusalKind.UnknownPatient => (422, "not-found"),
            RefusalKind.Conflict => (409, "conflict"),
            RefusalKind.Gone => (410, "deleted"),
            RefusalKind.TooLarge => (413, "too-long"),
            RefusalKind.TooMany => (429, "throttled"),
            RefusalKind.NotSupported => (422, "not-supported"),
            RefusalKind.Unavailable => (503, "transient"),
            _ => throw new ArgumentOutOfRangeException(nameof(refusal)),
        };
}
