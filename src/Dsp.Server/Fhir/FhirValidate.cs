using Dsp.Interop.Fhir;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary><c>[base]/[type]/$validate</c>: a software that deposits asks first. Nothing is stored and no patient is looked up, so nothing is learnt about anybody.</summary>
internal static class FhirValidate
{
    public static async Task AnswerAsync(HttpContext context, string type, BodyReader bodies, FhirSettings settings, TimeProvider clock)
    {
        var found = await ReadAsync(context, type, bodies, settings, clock);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        await FhirAnswers.WriteAsync(context, output => OutcomeWriter.Found(output, found.Value.Problems, found.Value.Remarks));
    }

    private static async Task<Outcome<Validation>> ReadAsync(HttpContext context, string type, BodyReader bodies, FhirSettings settings, TimeProvider clock)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return Validation.Read(type, body.Bytes, settings.Provide, clock);
    }
}
