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
        fhir.MapPost("", FhirBase.PostAsync).As("transaction", "ITI-65").Needs(Scopes.Deposit with { ForSome = true });
        fhir.MapPost("/{type}/$validate", FhirValidate.AnswerAsync).As("operation", "$validate").Needs(Scopes.Validate);
        fhir.MapPost("/DocumentReference", FhirPublish.PublishAsync).As("create", "ITI-105").Needs(Scopes.Publish);
        fhir.MapGet("/DocumentReference", FhirDocumentReference.SearchAsync).As("search-type", "ITI-67").Needs(Scopes.Find);
        fhir.MapPost("/DocumentReference/_search", FhirDocumentReference.SearchAsync).As("search-type", "ITI-67").Needs(Scopes.Find);
        fhir.MapMethods("/DocumentReference/$docref", Asking, FhirDocRef.AnswerAsync).As("operation", "$docref").Needs(Scopes.Find);
        fhir.MapGet("/DocumentReference/{id}", FhirDocumentReference.ReadAsync).As("read").Needs(Scopes.Entry);
        fhir.MapGet("/DocumentReference/{id}/_history", FhirDocumentReference.HistoryAsync).As("history-instance").Needs(Scopes.Entry);
        fhir.MapGet("/DocumentReference/{id}/_history/{vid}", FhirDocumentReference.ReadVersionAsync).As("vread").Needs(Scopes.Entry);
        fhir.MapGet("/List", FhirList.SearchAsync).As("search-type", "ITI-66").Needs(Scopes.FindLists);
        fhir.MapPost("/List/_search", FhirList.SearchAsync).As("search-type", "ITI-66").Needs(Scopes.FindLists);
        fhir.MapGet("/List/{id}", FhirList.ReadAsync).As("read").Needs(Scopes.List);
        fhir.MapGet("/List/{id}/_history", FhirList.HistoryAsync).As("history-instance").Needs(Scopes.List);
        fhir.MapGet("/List/{id}/_history/{vid}", FhirList.ReadVersionAsync).As("vread").Needs(Scopes.List);
        fhir.MapMethods("/Binary/{id}", Reading, FhirBinary.ReadAsync).As("read", "ITI-68").Needs(Scopes.Retrieve);
        fhir.MapGet("/Patient", FhirPatient.SearchAsync).As("search-type", "ITI-78").Needs(Scopes.FindPatient);
        fhir.MapPost("/Patient/_search", FhirPatient.SearchAsync).As("search-type", "ITI-78").Needs(Scopes.FindPatient);
        fhir.MapPut("/Patient", FhirFeed.PutAsync).As("update", "ITI-104").Needs(Scopes.FeedPatient);
        fhir.MapDelete("/Patient", FhirFeed.RefuseRemovalAsync).As("delete", "ITI-104").Needs(Scopes.FeedPatient);
        fhir.MapMethods("/Patient/$ihe-pix", Asking, FhirCorrelation.AnswerAsync).As("operation", "ITI-83").Needs(Scopes.Correlate);
        fhir.MapPost("/Patient/$match", FhirPatient.MatchAsync).As("operation", "ITI-119").Needs(Scopes.MatchPatient);
        fhir.MapGet("/Patient/{id}", FhirPatient.ReadAsync).As("read").Needs(Scopes.Patient);
        fhir.MapMethods("/Patient/{id}/$summary", Asking, FhirSummary.OfRecordAsync).As("operation", "$summary").Needs(Scopes.Summary);
        fhir.MapMethods("/Patient/$summary", Asking, FhirSummary.OfIdentifierAsync).As("operation", "$summary").Needs(Scopes.Summary);
        foreach (var type in ResourceRoutes.All.Where(r => r.Parameters.Count > 0).Select(r => r.Type))
        {
            fhir.MapGet($"/{type}", Search(type)).As("search-type", "PCC-44").Needs(Scopes.SearchOf(type));
            fhir.MapPost($"/{type}/_search", Search(type)).As("search-type", "PCC-44").Needs(Scopes.SearchOf(type));
        }
        fhir.MapPut("/Encounter", FhirEncounter.WriteAsync).As("update").Needs(Scopes.FeedStays);
        fhir.MapPost("/Encounter", FhirEncounter.WriteAsync).As("create").Needs(Scopes.FeedStays);
        foreach (var type in ResourceRoutes.All.Select(r => r.Type)) fhir.MapGet($"/{type}/{{id}}", Read(type)).As("read").Needs(Scopes.ReadOf(type));
        foreach (var type in DirectoryRoutes.All.Select(r => r.Type))
        {
            fhir.MapGet($"/{type}", Listed(type)).As("search-type", "ITI-90").Needs(Scopes.DirectorySearch(type));
            fhir.MapPost($"/{type}/_search", Listed(type)).As("search-type", "ITI-90").Needs(Scopes.DirectorySearch(type));
            fhir.MapGet($"/{type}/{{id}}", Listing(type)).As("read", "ITI-90").Needs(Scopes.DirectoryRead(type));
        }
        fhir.MapGet("/Consent", FhirConsent.SearchAsync).As("search-type", "ITI-108").Needs(Scopes.FindConsent);
        fhir.MapPost("/Consent/_search", FhirConsent.SearchAsync).As("search-type", "ITI-108").Needs(Scopes.FindConsent);
        fhir.MapPost("/Consent", FhirConsent.MakeAsync).As("create", "ITI-108").Needs(Scopes.MakeConsent);
        fhir.MapGet("/Consent/{id}", FhirConsent.ReadAsync).As("read", "ITI-108").Needs(Scopes.Consent);
        fhir.MapPut("/Consent/{id}", FhirConsent.ChangeAsync).As("update", "ITI-108").Needs(Scopes.ChangeConsent);
        fhir.MapDelete("/Consent/{id}", FhirConsent.EndAsync).As("delete", "ITI-108").Needs(Scopes.EndConsent);
        fhir.MapGet("/Consent/{id}/_history", FhirConsent.HistoryAsync).As("history-instance", "ITI-108").Needs(Scopes.Consent);
        fhir.MapGet("/Consent/{id}/_history/{vid}", FhirConsent.ReadVersionAsync).As("vread", "ITI-108").Needs(Scopes.Consent);
        fhir.MapGet("/Patient/$export", (HttpContext context, FhirExport export) => export.BeginAsync(context)).As("operation", "$export").Needs(Scopes.Export);
        fhir.MapGet("/$export/{token}", (HttpContext context, string token, FhirExport export) => export.ManifestAsync(context, token)).As("operation", "$export").Needs(Scopes.Export);
        fhir.MapDelete("/$export/{token}", (HttpContext context, string token, FhirExport export) => export.EndAsync(context, token)).As("operation", "$export").Needs(Scopes.Export);
        fhir.MapGet("/$export/{token}/{file}", (HttpContext context, string token, string file, FhirExport export) => export.FileAsync(context, token, file)).As("operation", "$export").Needs(Scopes.Export);
        fhir.MapPost("/Subscription", (HttpContext context, FhirSubscription door) => door.PutAsync(context)).As("create", "ITI-110").Needs(Scopes.Subscribe);
        fhir.MapGet("/Subscription", (HttpContext context, FhirSubscription door) => door.SearchAsync(context)).As("search-type", "ITI-113").Needs(Scopes.Subscriptions);
        fhir.MapPost("/Subscription/_search", (HttpContext context, FhirSubscription door) => door.SearchAsync(context)).As("search-type", "ITI-113").Needs(Scopes.Subscriptions);
        fhir.MapGet("/Subscription/{id}", (HttpContext context, string id, FhirSubscription door) => door.ReadAsync(context, id)).As("read", "ITI-113").Needs(Scopes.Subscriptions);
        fhir.MapGet("/Subscription/{id}/$status", (HttpContext context, string id, FhirSubscription door) => door.StatusAsync(context, id)).As("operation", "$status").Needs(Scopes.Subscriptions);
        fhir.MapPut("/Subscription/{id}", (HttpContext context, string id, FhirSubscription door) => door.PutAsync(context, id)).As("update", "ITI-110").Needs(Scopes.Subscribe);
        fhir.MapDelete("/Subscription/{id}", (HttpContext context, string id, FhirSubscription door) => door.RemoveAsync(context, id)).As("delete", "ITI-110").Needs(Scopes.Subscribe);
        fhir.MapGet("/ValueSet", (HttpContext context, FhirValueSet sets) => sets.SearchAsync(context)).As("search-type", "ITI-95").Needs(Scopes.FindValueSets);
        fhir.MapPost("/ValueSet/_search", (HttpContext context, FhirValueSet sets) => sets.SearchAsync(context)).As("search-type", "ITI-95").Needs(Scopes.FindValueSets);
        fhir.MapMethods("/ValueSet/$expand", Asking, (HttpContext context, FhirValueSet sets) => sets.ExpandAsync(context)).As("operation", "ITI-97").Needs(Scopes.ValueSet);
        fhir.MapMethods("/ValueSet/$validate-code", Asking, (HttpContext context, FhirValueSet sets) => sets.ValidateAsync(context)).As("operation", "ITI-99").Needs(Scopes.ValueSet);
        fhir.MapGet("/ValueSet/{id}", (HttpContext context, string id, FhirValueSet sets) => sets.ReadAsync(context, id)).As("read", "ITI-95").Needs(Scopes.ValueSet);
        fhir.MapMethods("/ValueSet/{id}/$expand", Asking, (HttpContext context, string id, FhirValueSet sets) => sets.ExpandAsync(context, id)).As("operation", "ITI-97").Needs(Scopes.ValueSet);
        fhir.MapMethods("/ValueSet/{id}/$validate-code", Asking, (HttpContext context, string id, FhirValueSet sets) => sets.ValidateAsync(context, id)).As("operation", "ITI-99").Needs(Scopes.ValueSet);
        fhir.MapGet("/AuditEvent", Audit).As("search-type", "ITI-81").Needs(Scopes.Audit);
        fhir.MapPost("/AuditEvent/_search", Audit).As("search-type", "ITI-81").Needs(Scopes.Audit);
    }

    private static Func<HttpContext, FhirResources, Task> Search(string type) => (context, resources) => resources.SearchAsync(context, type);

    private static Task Audit(HttpContext context, FhirAuditEvent audit) => audit.SearchAsync(context);

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
