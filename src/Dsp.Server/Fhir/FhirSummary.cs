using Dsp.Access;
using Dsp.Clinical;
using Dsp.Interop.Ips;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Ui.Languages;

namespace Dsp.Server.Fhir;

/// <summary><c>Patient/{id}/$summary</c> and <c>Patient/$summary?identifier=</c> (IPS 2.0): the summary of what this caller may see, in the caller's language.</summary>
internal static class FhirSummary
{
    private static readonly string Version = typeof(FhirSummary).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static Task OfRecordAsync(HttpContext context, string id, BodyReader bodies, ComposeSummary compose, Patients patients, FhirSettings settings) =>
        AnswerAsync(context, bodies, compose, settings, _ => patients.Of(new RecordId(Ids.TryParse(id, out var record) ? record : Guid.Empty)));

    public static Task OfIdentifierAsync(HttpContext context, BodyReader bodies, ComposeSummary compose, Patients patients, FhirSettings settings) =>
        AnswerAsync(context, bodies, compose, settings, parameters =>
            SummaryParameters.Patient(parameters) is { Succeeded: true, Value: var named } ? patients.Of(named) : SummaryParameters.Patient(parameters).Refusal!);

    private static async Task AnswerAsync(HttpContext context, BodyReader bodies, ComposeSummary compose, FhirSettings settings, Func<IReadOnlyList<KeyValuePair<string, string>>, Outcome<RecordRef>> whose)
    {
        var parameters = await ParametersAsync(context, bodies);
        if (parameters.Succeeded && SummaryParameters.RefusalOf(parameters.Value, FhirParameters.Strict(context.Request)) is { } fault) parameters = fault;
        var patient = parameters.Succeeded ? whose(parameters.Value) : parameters.Refusal;
        var made = patient.Succeeded ? await compose.RunAsync(Callers.CallerOf(context), patient.Value, context.RequestAborted) : patient.Refusal;
        if (!made.Succeeded)
        {
            await Answers.RefuseAsync(context, made.Refusal);
            return;
        }
        var language = Language.Accepted(context.Request.Headers.AcceptLanguage);
        context.Response.Headers.ContentLanguage = language.Code;
        context.Response.Headers.Vary = "Accept, Accept-Language";
        await FhirAnswers.WriteAsync(context, output => IpsBundle.Write(output, made.Value, new IpsFacts(settings.Base, Version, IpsTexts.For(System.Globalization.CultureInfo.GetCultureInfo(language.Culture)))));
    }

    /// <summary>The parameters of an operation: of the address, and of a posted Parameters resource.</summary>
    internal static async Task<Outcome<IReadOnlyList<KeyValuePair<string, string>>>> ParametersAsync(HttpContext context, BodyReader bodies)
    {
        var parameters = DocumentQuery.Parse(context.Request.QueryString.Value ?? "");
        if (HttpMethods.IsPost(context.Request.Method))
        {
            var read = await FhirBodies.ReadAsync(context, bodies, mayBeEmpty: true);
            if (!read.Succeeded) return read.Refusal;
            using var body = read.Value;
            var posted = SummaryParameters.OfBody(body.Bytes);
            if (!posted.Succeeded) return posted.Refusal;
            parameters.AddRange(posted.Value);
        }
        return FhirMedia.RefusalOf(context) is { } refusal ? refusal : parameters;
    }
}
