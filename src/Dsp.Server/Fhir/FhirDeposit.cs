using Dsp.Documents;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>ITI-65 Provide Document Bundle (MHD 4.2.4 §2:3.65): <c>POST [base]</c>, a transaction that is kept whole or not at all.</summary>
internal static class FhirDeposit
{
    public static async Task ProvideAsync(HttpContext context, Outcome<ProvidedBundle> provided, DepositDocuments deposit, Patients patients, ILoggerFactory logs)
    {
        var made = provided.Succeeded ? await deposit.RunAsync(Callers.CallerOf(context), patients.Of(provided.Value.Submission.Patient), provided.Value.Submission, context.RequestAborted) : provided.Refusal;
        if (!made.Succeeded)
        {
            await Answers.RefuseAsync(context, made.Refusal);
            return;
        }
        Tell(logs, context, made.Value);
        await FhirAnswers.WriteAsync(context, output => TransactionResponseWriter.Write(output, provided.Value, made.Value));
    }

    /// <summary>The message read by its own reader; its bytes are given back before anything is decided.</summary>
    internal static async Task<Outcome<T>> ReadAsync<T>(HttpContext context, BodyReader bodies, Func<ReadOnlyMemory<byte>, Outcome<T>> reader)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return reader(body.Bytes);
    }

    /// <summary>A document that may be another patient's is told to those who run the service, by id.</summary>
    internal static void Tell(ILoggerFactory logs, HttpContext context, Deposited made)
    {
        foreach (var document in made.Repeated ? [] : made.Documents)
            if (document.Differences is { Count: > 0 } differences) logs.CreateLogger("Dsp.Deposits").PossibleWrongPatient(document.Id, Callers.CallerOf(context).System?.ToString() ?? "a person", string.Join(", ", differences));
    }
}
