using Dsp.Codes;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mcsd;
using Dsp.Interop.Resources;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Fhir;

/// <summary>Every FHIR route, its transaction and the scopes that open it. A golden file prints the table; a test compares it with what the capability statement says.</summary>
internal static class FhirDoor
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Asking = [HttpMethods.Get, HttpMethods.Post];

    public static void MapFhir(this WebApplication app)
    {
        var fhir = app.MapGroup("/fhir");
        fhir.MapGet("/metadata", DescribeAsync).Open();
        fhir.MapPost("", FhirDeposit.ProvideAsync).Needs(Scopes.Deposit);
        fhir.MapPost("/{type}/$validate", FhirValidate.AnswerAsync).Needs(Scopes.Validate);
        fhir.MapPost("/DocumentReference", FhirPublish.PublishAsync).Needs(Scopes.Publish);
        fhir.MapGet("/DocumentReference", FhirDocumentReference.SearchAsync).Needs(Scopes.Find);
        fhir.MapPost("/DocumentReference/_search", FhirDocumentReference.SearchAsync).Needs(Scopes.Find);
        fhir.MapMethods("/DocumentReference/$docref", Asking, FhirDocRef.AnswerAsync).Needs(Scopes.Find);
        fhir.MapGet("/DocumentReference/{id}", FhirDocumentReference.ReadAsync).Needs(Scopes.Entry);
        fhir.MapGet("/DocumentReference/{id}/_history", FhirDocumentReference.HistoryAsync).Needs(Scopes.Entry);
        fhir.MapGet("/DocumentReference/{id}/_history/{vid}", FhirDocumentReference.ReadVersionAsync).Needs(Scopes.Entry);
        fhir.MapGet("/List", FhirList.SearchAsync).Needs(Scopes.FindLists);
        fhir.MapPost("/List/_search", FhirList.SearchAsync).Needs(Scopes.FindLists);
        fhir.MapGet("/List/{id}", FhirList.ReadAsync).Needs(Scopes.List);
        fhir.MapGet("/List/{id}/_history", FhirList.HistoryAsync).Needs(Scopes.List);
        fhir.MapGet("/List/{id}/_history/{vid}", FhirList.ReadVersionAsync).Needs(Scopes.List);
        fhir.MapMethods("/Binary/{id}", Reading, FhirBinary.ReadAsync).Needs(Scopes.Retrieve);
        fhir.MapGet("/Patient", FhirPatient.SearchAsync).Needs(Scopes.FindPatient);
        fhir.MapPost("/Patient/_search", FhirPatient.SearchAsync).Needs(Scopes.FindPatient);
        fhir.MapPut("/Patient", FhirFeed.PutAsync).Needs(Scopes.FeedPatient);
        fhir.MapDelete("/Patient", FhirFeed.RefuseRemovalAsync).Needs(Scopes.FeedPatient);
        fhir.MapMethods("/Patient/$ihe-pix", Asking, FhirCorrelation.AnswerAsync).Needs(Scopes.Correlate);
        fhir.MapPost("/Patient/$match", FhirPatient.MatchAsync).Needs(Scopes.MatchPatient);
        fhir.MapGet("/Patient/{id}", FhirPatient.ReadAsync).Needs(Scopes.Patient);
        fhir.MapMethods("/Patient/{id}/$summary", Asking, FhirSummary.OfRecordAsync).Needs(Scopes.Summary);
        fhir.MapMethods("/Patient/$summary", Asking, FhirSummary.OfIdentifierAsync).Needs(Scopes.Summary);
        foreach (var type in ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => r.Type))
        {
            fhir.MapGet($"/{type}", Search(type)).Needs(Scopes.SearchOf(type));
            fhir.MapPost($"/{type}/_search", Search(type)).Needs(Scopes.SearchOf(type));
        }
        foreach (var type in ResourceRoutes.All.Select(r => r.Type)) fhir.MapGet($"/{type}/{{id}}", Read(type)).Needs(Scopes.ReadOf(type));
        foreach (var type in DirectoryRoutes.All.Select(r => r.Type))
        {
            fhir.MapGet($"/{type}", Listed(type)).Needs(Scopes.DirectorySearch(type));
            fhir.MapPost($"/{type}/_search", Listed(type)).Needs(Scopes.DirectorySearch(type));
            fhir.MapGet($"/{type}/{{id}}", Listing(type)).Needs(Scopes.DirectoryRead(type));
        }
        fhir.MapGet("/Consent", FhirConsent.SearchAsync).Needs(Scopes.FindConsent);
        fhir.MapPost("/Consent/_search", FhirConsent.SearchAsync).Needs(Scopes.FindConsent);
        fhir.MapPost("/Consent", FhirConsent.MakeAsync).Needs(Scopes.MakeConsent);
        fhir.MapGet("/Consent/{id}", FhirConsent.ReadAsync).Needs(Scopes.Consent);
        fhir.MapPut("/Consent/{id}", FhirConsent.ChangeAsync).Needs(Scopes.ChangeConsent);
        fhir.MapDelete("/Consent/{id}", FhirConsent.EndAsync).Needs(Scopes.EndConsent);
        fhir.MapGet("/Consent/{id}/_history", FhirConsent.HistoryAsync).Needs(Scopes.Consent);
        fhir.MapGet("/Consent/{id}/_history/{vid}", FhirConsent.ReadVersionAsync).Needs(Scopes.Consent);
        fhir.MapGet("/AuditEvent", FhirAuditEvent.SearchAsync).Needs(Scopes.Audit);
        fhir.MapPost("/AuditEvent/_search", FhirAuditEvent.SearchAsync).Needs(Scopes.Audit);
    }

    private static Func<HttpContext, FhirResources, Task> Search(string type) => (context, resources) => resources.SearchAsync(context, type);

    private static Func<HttpContext, string, FhirResources, Task> Read(string type) => (context, id, resources) => resources.ReadAsync(context, type, id);

    private static Func<HttpContext, FhirDirectory, Task> Listed(string type) => (context, directory) => directory.SearchAsync(context, type);

    private static Func<HttpContext, string, FhirDirectory, Task> Listing(string type) => (context, id, directory) => directory.ReadAsync(context, type, id);

    private static async Task DescribeAsync(HttpContext context, FhirSettings settings, TimeProvider clock)
    {
        if (FhirMedia.RefusalOf(context) is { } refusal)
        {
            await Answers.RefuseAsync(context, refusal);
            return;
        }
        await FhirAnswers.WriteAsync(context, output => CapabilityWriter.Write(output, new CapabilityFacts(settings.Base, typeof(FhirDoor).Assembly.GetName().Version?.ToString(3) ?? "0", clock.GetUtcNow(), AffinityDomain.Default)));
    }
}
