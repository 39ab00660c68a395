using Dsp.Access;
using Dsp.Identity;
using Dsp.Interop.Pixm;
using Dsp.Records;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary><c>Patient/$ihe-pix</c> (PIXm ITI-83): the other identifiers of whom one identifier names, never the one that was sent.</summary>
internal static class FhirCorrelation
{
    public static async Task AnswerAsync(HttpContext context, BodyReader bodies, FindPatients find, FhirSettings settings)
    {
        var parameters = await FhirSummary.ParametersAsync(context, bodies);
        var query = parameters.Succeeded ? CorrelationReader.Read(parameters.Value, FhirParameters.Strict(context.Request)) : parameters.Refusal;
        var found = query.Succeeded ? await find.RunAsync(Callers.CallerOf(context), query.Value, context.RequestAborted) : query.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var patient = found.Value[0];
        await FhirAnswers.WriteAsync(context, output => CorrelationWriter.Write(output, patient.Identifiers, $"{settings.Base}/Patient/{Ids.Text(patient.Id)}"));
    }
}
