using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary><c>POST [base]</c>: a transaction is a deposit (ITI-65), a batch is a series of requests.</summary>
internal static class FhirBase
{
    public static async Task PostAsync(HttpContext context, BodyReader bodies, FhirBatch batch, DepositDocuments deposit, Patients patients, FhirSettings settings, ILoggerFactory logs, TimeProvider clock)
    {
        var deposits = Scopes.Deposit.IsMetBy(Callers.ProofOf(context)!) is not null;
        // Who deposits nothing sends no more than a batch may be.
        if (!deposits && context.Request.ContentLength is not <= BatchReader.MostBytes)
        {
            await Answers.RefuseAsync(context, Refusals.ScopeMissing);
            return;
        }
        var read = FhirMedia.RefusalOf(context) is { } format ? format : await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded)
        {
            await Answers.RefuseAsync(context, deposits ? read.Refusal : Refusals.ScopeMissing);
            return;
        }
        var body = read.Value;
        try
        {
            if (BatchReader.IsBatch(body.Bytes.Span)) await BatchAsync(context, await batch.RunAsync(context, body.Bytes));
            else if (!deposits) await Answers.RefuseAsync(context, Refusals.ScopeMissing);
            else
            {
                var provided = ProvideBundleReader.Read(body.Bytes, settings.Provide, clock);
                // The bytes are given back before anything is decided.
                body.Dispose();
                await FhirDeposit.ProvideAsync(context, provided, deposit, patients, logs);
            }
        }
        finally
        {
            body.Dispose();
        }
    }

    private static async Task BatchAsync(HttpContext context, Outcome<List<BatchAnswer>> answers)
    {
        // Its requests tell of themselves; the envelope is no transaction of IHE's.
        if (context.Features.Get<Journal.CallFacts>() is { } call) context.Features.Set(call with { Interaction = "batch", Transaction = null });
        if (answers.Succeeded) await FhirAnswers.WriteAsync(context, output => BatchResponseWriter.Write(output, answers.Value));
        else await Answers.RefuseAsync(context, answers.Refusal);
    }
}
