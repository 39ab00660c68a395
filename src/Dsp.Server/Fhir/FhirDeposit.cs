using Dsp.Documents;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-65 Provide Document Bundle (MHD 4.2.4 §2:3.65): <c>POST [base]</c>, a transaction that is kept whole or not at all.</summary>
internal static class FhirDeposit
{
    public static async Task ProvideAsync(HttpContext context, BodyReader bodies, DepositDocuments deposit, Patients patients, FhirSettings settings, ILoggerFactory logs, TimeProvider clock)
    {
        if (FhirMedia.RefusalOf(context) is { } format)
        {
            await Answers.RefuseAsync(context, format);
            return;
        }
        var (provided, refusal) = await ReadAsync(context, bodies, settings, clock);
        if (provided is null)
        {
            await Answers.RefuseAsync(context, refusal!);
            return;
        }
        var made = await deposit.RunAsync(Callers.CallerOf(context), patients.Of(provided.Submission.Patient), provided.Submission, context.RequestAborted);
        if (!made.Succeeded)
        {
            await Answers.RefuseAsync(context, made.Refusal);
            return;
        }
        foreach (var document in made.Value.Repeated ? [] : made.Value.Documents)
            if (document.Differences is { Count: > 0 } differences) logs.CreateLogger("Dsp.Deposits").PossibleWrongPatient(document.Id, Callers.CallerOf(context).System?.ToString() ?? "a person", string.Join(", ", differences));
        await FhirAnswers.WriteAsync(context, output => TransactionResponseWriter.Write(output, provided, made.Value));
    }

    /// <summary>The message read; its bytes are given back before anything is decided.</summary>
    private static async Task<(ProvidedBundle? Provided, Refusal? Refusal)> ReadAsync(HttpContext context, BodyReader bodies, FhirSettings settings, TimeProvider clock)
    {
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return (null, read.Refusal);
        using var body = read.Value;
        var provided = ProvideBundleReader.Read(body.Bytes, settings.Provide, clock);
        return provided.Succeeded ? (provided.Value, null) : (null, provided.Refusal);
    }
}
