using System.Buffers;
using System.Globalization;
using Dsp.Access;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Interop.Stays;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>
/// Stays as an institution's system tells them: <c>PUT [base]/Encounter?identifier=system|value</c> for each arrival, change and end
/// of care, or <c>POST</c>. The Encounter is the care context (R34); encounters that documents tell of are other resources.
/// </summary>
internal static class FhirEncounter
{
    public static async Task WriteAsync(HttpContext context, BodyReader bodies, RegisterStay register, Patients patients, FhirSettings settings)
    {
        var message = await ReadAsync(context, bodies, settings);
        var made = message.Succeeded ? await register.RunAsync(Callers.CallerOf(context), patients.Of(message.Value.Patient), message.Value.Stay, context.RequestAborted) : message.Refusal;
        if (!made.Succeeded)
        {
            // To whoever sends something in, a record that is not there, closed or blocked is an unknown patient (standards 3).
            await Answers.RefuseAsync(context, made.Refusal.Id == Refusals.NotFound.Id ? Refusals.UnknownPatient.At("Encounter.subject") : made.Refusal);
            return;
        }
        context.Response.StatusCode = made.Value.Opened ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        context.Response.Headers.Location = $"{settings.Base}/Encounter/{Ids.Text(made.Value.Context.Id)}/_history/{made.Value.Context.Version.ToString(CultureInfo.InvariantCulture)}";
        await AnswerAsync(context, made.Value, FhirParameters.Return(context.Request) == "minimal");
    }

    /// <summary>A stay that the calling system registered, by the id of its care context.</summary>
    public static async Task ReadAsync(HttpContext context, Guid id, ReadStay read)
    {
        var found = FhirMedia.RefusalOf(context) is { } format ? format : await read.RunAsync(Callers.CallerOf(context), id, context.RequestAborted);
        if (found.Succeeded) await AnswerAsync(context, found.Value, minimal: false);
        else await Answers.RefuseAsync(context, found.Refusal);
    }

    private static async Task AnswerAsync(HttpContext context, RegisteredStay stay, bool minimal)
    {
        context.Response.Headers.ETag = EntityTags.Of(stay.Context.Version);
        if (!minimal) await FhirAnswers.WriteAsync(context, output => output.Write(FhirJson.Bytes(StayWriter.Of(stay))));
    }

    private static async Task<Outcome<StayMessage>> ReadAsync(HttpContext context, BodyReader bodies, FhirSettings settings)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        string? number = null;
        if (HttpMethods.IsPut(context.Request.Method))
        {
            var condition = StayReader.Condition(DocumentQuery.Parse(context.Request.QueryString.Value ?? ""));
            if (!condition.Succeeded) return condition.Refusal;
            number = condition.Value;
        }
        var version = EntityTags.Expected(context.Request);
        if (!version.Succeeded) return version.Refusal;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return StayReader.Read(body.Bytes.Span, number, version.Value, settings.Base);
    }
}
