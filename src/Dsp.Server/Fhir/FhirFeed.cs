using Dsp.Interop.Mhd;
using Dsp.Interop.Pdqm;
using Dsp.Interop.Pixm;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>The identity feed (PIXm ITI-104): <c>PUT [base]/Patient?identifier=system|value</c> by the system that owns the domain. A removal is refused by name.</summary>
internal static class FhirFeed
{
    public static async Task PutAsync(HttpContext context, BodyReader bodies, FeedPatient feed, FhirSettings settings)
    {
        var fed = await FedAsync(context, bodies);
        var made = fed.Succeeded ? await feed.RunAsync(Callers.CallerOf(context), fed.Value, context.RequestAborted) : fed.Refusal;
        if (!made.Succeeded)
        {
            await Answers.RefuseAsync(context, made.Refusal);
            return;
        }
        var (patient, created) = made.Value;
        var data = FhirPatient.DataOf(patient);
        context.Response.StatusCode = created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        context.Response.Headers.Location = $"{settings.Base}/Patient/{Ids.Text(patient.Id)}/_history/{data.Version}";
        context.Response.Headers.ETag = $"W/\"{data.Version}\"";
        await FhirAnswers.WriteAsync(context, output => PatientWriter.Write(output, data));
    }

    public static async Task RefuseRemovalAsync(HttpContext context, FeedPatient feed) =>
        await Answers.RefuseAsync(context, await feed.RemoveAsync(Callers.CallerOf(context), context.RequestAborted));

    private static async Task<Outcome<FedPatient>> FedAsync(HttpContext context, BodyReader bodies)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var condition = FeedReader.Condition(DocumentQuery.Parse(context.Request.QueryString.Value ?? ""));
        if (!condition.Succeeded) return condition.Refusal;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return FeedReader.Read(body.Bytes.Span, condition.Value);
    }
}
