using System.Globalization;
using Dsp.Access;
using Dsp.Clinical;
using Dsp.Interop.CdsHooks;
using Dsp.Interop.Ips;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Ui.Languages;
using Microsoft.Net.Http.Headers;

namespace Dsp.Server.CdsHooks;

/// <summary>
/// CDS Hooks 2.0: "this exam exists already" for <c>order-select</c> and <c>order-sign</c>. Rights are those of a token of our
/// authorization server, and the answer is neutral: unknown, hidden and without relation are an empty list of cards. Nothing
/// outside is ever called.
/// </summary>
internal sealed class CdsHooksDoor(ServerLimits limits, BodyBudget budget, FindExistingExams find, Patients patients, ITokenValidator tokens, Addresses addresses, TimeProvider clock, ILogger<CdsHooksDoor> log)
{
    public const string Path = "/cds-services";
    private const string Json = "application/json; charset=utf-8";

    /// <summary>Longest message: two hundred orders and a patient are a tenth of it.</summary>
    private const int LongestMessage = 1024 * 1024;

    private readonly BodyReader bodies = new(limits with { MaxBody = Math.Min(limits.MaxBody, LongestMessage) }, budget);

    public Task DescribeAsync(HttpContext context) => Answers.JsonAsync(context, StatusCodes.Status200OK, Json, json => HookWriter.Services(json, HookTexts.For(LanguageOf(context).Code)));

    public async Task CallAsync(HttpContext context, string id)
    {
        var asked = await ReadAsync(context, id, json => HookRequestReader.Read(json, addresses.Fhir));
        var caller = asked.Succeeded ? await ActingAsync(context, asked.Value.AccessToken) : asked.Refusal;
        // An order of nothing we could know of needs no record opened.
        var found = !caller.Succeeded ? caller.Refusal
            : asked.Value.Orders.Count == 0 ? new List<ExistingExams>()
            : await find.RunAsync(caller.Value, patients.Of(asked.Value.Patient), asked.Value.Orders, context.RequestAborted);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var language = LanguageOf(context);
        var facts = new CardFacts(addresses.Base, (record, document) => PlaceOf(caller.Value, language, record, document), IpsTexts.For(CultureInfo.GetCultureInfo(language.Culture)), () => Ids.New(clock));
        context.Response.Headers.ContentLanguage = language.Code;
        await Answers.JsonAsync(context, StatusCodes.Status200OK, Json, json => HookWriter.Cards(json, found.Value, facts));
    }

    /// <summary>Counted, and forgotten: the cards were never kept.</summary>
    public async Task FeedbackAsync(HttpContext context, string id)
    {
        var read = await ReadAsync(context, id, json => HookFeedback.Read(json));
        if (!read.Succeeded)
        {
            await Answers.RefuseAsync(context, read.Refusal);
            return;
        }
        log.CardsAnswered(read.Value.Accepted, read.Value.Overridden);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentLength = 0;
    }

    private async Task<Outcome<T>> ReadAsync<T>(HttpContext context, string id, Func<ReadOnlyMemory<byte>, Outcome<T>> read)
    {
        if (id != HookWriter.ServiceId) return Refusals.NotFound;
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return Refusals.MediaTypeNotSupported.Because("The content type sent is not accepted here. Send application/json.");
        var message = await bodies.ReadAsync(context);
        if (!message.Succeeded) return message.Refusal;
        using var body = message.Value;
        return bodies.CheckJson(body.Bytes.Span) is { } fault ? fault : read(body.Bytes);
    }

    /// <summary>
    /// Whose rights count. A person's token in the header decides. Where a software calls for itself, the person's token that
    /// the same software was given may stand in <c>fhirAuthorization</c>; a token of anybody else's server is not looked at.
    /// </summary>
    private async Task<Outcome<Caller>> ActingAsync(HttpContext context, string? given)
    {
        var own = Callers.ProofOf(context)!;
        if (given is null || own.Kind != CallerKind.System || await tokens.ValidateAsync(given, context.RequestAborted) is not { } proven) return Callers.CallerOf(context);
        if (proven.Kind == CallerKind.System || proven.ClientId != own.ClientId || (proven.Thumbprint is { } bound && bound != ClientCertificates.ThumbprintOf(context))) return Callers.CallerOf(context);
        return Scopes.Decisions.IsMetBy(proven) is { } limitsOfIt ? proven.ToCaller(limitsOfIt) : Refusals.ScopeMissing.At("fhirAuthorization.access_token");
    }

    /// <summary>A document's page for this reader: ids only, nothing about health. A software without a person has no pages.</summary>
    private static string? PlaceOf(Caller caller, Language language, RecordId record, DocumentId document) => caller.Kind switch
    {
        CallerKind.Professional => $"/{language.Code}/pro/dossiers/{record}/documents/{document}",
        CallerKind.Person => $"/{language.Code}/documents/{document}",
        _ => null,
    };

    private static Language LanguageOf(HttpContext context) => Language.Accepted(context.Request.Headers.AcceptLanguage);
}

internal static class CdsHooksRoutes
{
    public static void MapCdsHooks(this WebApplication app)
    {
        app.MapGet(CdsHooksDoor.Path, (HttpContext context, CdsHooksDoor door) => door.DescribeAsync(context)).Open();
        app.MapPost(CdsHooksDoor.Path + "/{id}", (HttpContext context, string id, CdsHooksDoor door) => door.CallAsync(context, id)).Needs(Scopes.Decisions);
        app.MapPost(CdsHooksDoor.Path + "/{id}/feedback", (HttpContext context, string id, CdsHooksDoor door) => door.FeedbackAsync(context, id)).Needs(Scopes.Decisions);
    }
}
