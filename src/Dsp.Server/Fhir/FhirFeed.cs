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
        context.Response.ContentType = FhirMedia.JsonUtf8;
        context.Response.Headers.Location = $"{settings.Base}/Patient/{Ids.Text(patient.Id)}/_history/{data.Version}";
        context.Response.Headers.ETag = $"W/\"{data.Version}\"";
        PatientWriter.Write(context.Response.BodyWriter, data);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public static async Task RefuseRemovalAsync(HttpContext context, FeedPatient feed) =>
        await Answers.RefuseAsync(context, await feed.RemoveAsync(Callers.CallerOf(context), context.RequestAborted));

    private static async Task<Outcome<FedPatient>> FedAsync(HttpContext context, BodyReader bodies)
    {
        if (FhirMedia.RefusalOf(context.Request) is { } format) return format;
        if (!FhirMedia.IsJsonBody(context.Request)) return Refusals.MediaTypeNotSupported;
        var condition = FeedReader.Condition(DocumentQuery.Parse(context.Request.QueryString.Value ?? ""));
        if (!condition.Succeeded) return condition.Refusal;
        var read = await bodies.ReadAsync(context);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return bodies.CheckJson(body.Bytes.Span) is { } fault ? fault : FeedReader.Read(body.Bytes.Span, condition.Value);
    }
}
