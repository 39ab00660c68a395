using System.Globalization;
using Dsp.Access;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-105 Simplified Publish (MHD 4.2.4 §2:3.105): <c>POST [base]/DocumentReference</c> with the bytes in it; the submission set is ours.</summary>
internal static class FhirPublish
{
    public static async Task PublishAsync(HttpContext context, BodyReader bodies, DepositDocuments deposit, Patients patients, FhirSettings settings, ILoggerFactory logs, TimeProvider clock)
    {
        var caller = Callers.CallerOf(context);
        var provided = await FhirDeposit.ReadAsync(context, bodies, body => SimplifiedPublishReader.Read(body, settings.Provide, SourceOf(caller, settings), clock));
        var made = provided.Succeeded ? await deposit.RunAsync(caller, patients.Of(provided.Value.Patient), provided.Value, context.RequestAborted) : provided.Refusal;
        if (!made.Succeeded)
        {
            await Answers.RefuseAsync(context, made.Refusal);
            return;
        }
        FhirDeposit.Tell(logs, context, made.Value);
        var document = made.Value.Documents[0];
        var version = document.Version.ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{settings.Base}/DocumentReference/{document.Id}/_history/{version}";
        context.Response.Headers.ETag = $"W/\"{version}\"";
        context.Response.Headers.LastModified = document.Stored!.State.Since.ToString("R", CultureInfo.InvariantCulture);
        await AnswerAsync(context, document, settings);
    }

    /// <summary>The body as <c>Prefer</c> asks for it; the resource where nothing is said (FHIR R4 http §3.1.0.1.11).</summary>
    private static async Task AnswerAsync(HttpContext context, DepositedDocument document, FhirSettings settings)
    {
        var preferred = FhirParameters.Return(context.Request);
        if (preferred == "minimal") return;
        if (preferred == "OperationOutcome") await FhirAnswers.WriteAsync(context, output => PublishedWriter.Outcome(output, document));
        else await FhirAnswers.WriteAsync(context, output => CanonicalDocument.Write(output, document.Stored!, settings.Base, _ => false));
    }

    /// <summary>Who sends, as the sourceId of the submission set: the software, else the institution acted for, else this installation.</summary>
    private static string SourceOf(Caller caller, FhirSettings settings) =>
        (caller.System?.ToString() ?? caller.Institution?.ToString()) is { } id ? "urn:uuid:" + id : settings.Base;
}
