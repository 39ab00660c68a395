using System.Text.Json;
using Dsp.Access;
using Dsp.Codes;
using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

/// <summary>What a new act answers: its id, by which it is undone.</summary>
internal sealed record ActAnswer(Guid Id);

/// <summary>One person or one institution; in the circle until a date, where one is given.</summary>
internal sealed record CircleBody(PersonId? Person = null, InstitutionId? Institution = null, DateTimeOffset? EndsAt = null);

/// <param name="AcknowledgedRisk">The text on risks to health that the holder confirmed (art. 6(3)).</param>
internal sealed record BlockBody(PersonId? Person = null, InstitutionId? Institution = null, string? AcknowledgedRisk = null);

/// <param name="From">Person id, institution id, or <c>everyone</c>.</param>
/// <param name="Except">Who still sees it where it is hidden from everyone.</param>
internal sealed record MaskBody(DocumentId DocumentId, string From, IReadOnlyList<PersonId>? Except = null, string? AcknowledgedRisk = null);

/// <param name="Country">Two letters of ISO 3166-1, of the European Union or the European Economic Area.</param>
internal sealed record CountryBody(string Country);

internal sealed record CountryAnswer(Guid Id, string Country, DateTimeOffset Since);

/// <param name="Countries">Those that are switched on; every other is off.</param>
internal sealed record CountriesAnswer(IReadOnlyList<CountryAnswer> Countries);

internal sealed record PeriodBody(DateTimeOffset? From = null, DateTimeOffset? To = null);

internal sealed record ObjectionBody(string? Order = null, PersonId? Author = null, InstitutionId? Institution = null, DataCategory? Category = null, PeriodBody? Period = null, string? AcknowledgedRisk = null);

internal sealed record DepositRequestBody(PersonId Professional, string What);

internal sealed record DepositRequestAnswer(Guid Id, DateTimeOffset DueAt);

internal sealed record DecisionAnswer(bool Permitted, string Rule, string Article, string Sentence, InstitutionId? Institution);

/// <summary>The holder's own rules: circle, blocks, masks, objections and requests; and what somebody else would be answered.</summary>
internal static class RightsRoutes
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var record = api.MapGroup("/records/{recordId}");
        record.MapPost("/circle", AddAsync).Needs(Scopes.Acts).Says("Adds a person or an institution to the circle", "holder", 201, typeof(CircleBody), typeof(ActAnswer));
        record.MapDelete("/circle/{id}", RemoveAsync).Needs(Scopes.Acts).Says("Removes from the circle", "holder", 204);
        record.MapPost("/blocks", BlockAsync).Needs(Scopes.Acts).Says("Closes the record to a person or an institution (niveau privé)", "holder", 201, typeof(BlockBody), typeof(ActAnswer));
        record.MapDelete("/blocks/{id}", UnblockAsync).Needs(Scopes.Acts).Says("Lifts a block", "holder", 204);
        record.MapPost("/masks", MaskAsync).Needs(Scopes.Acts).Says("Hides a document from a person, an institution or everyone (niveau restreint)", "holder", 201, typeof(MaskBody), typeof(ActAnswer));
        record.MapDelete("/masks/{id}", UnmaskAsync).Needs(Scopes.Acts).Says("Shows a hidden document again", "holder", 204);
        record.MapPost("/deposit-objections", ObjectAsync).Needs(Scopes.Acts).Says("Objects to a deposit", "holder, or professional at the holder's request", 201, typeof(ObjectionBody), typeof(ActAnswer));
        record.MapDelete("/deposit-objections/{id}", WithdrawAsync).Needs(Scopes.Acts).Says("Takes an objection back", "holder", 204);
        record.MapPost("/deposit-requests", RequestAsync).Needs(Scopes.Acts).Says("Asks a professional for a deposit, due within 15 days", "holder, or professional at the holder's request", 201, typeof(DepositRequestBody), typeof(DepositRequestAnswer));
        record.MapGet("/countries", CountriesAsync).Needs(Scopes.Acts).Says("The countries of MyHealth@EU that are switched on", "holder", 200, null, typeof(CountriesAnswer));
        record.MapPost("/countries", AllowAsync).Needs(Scopes.Acts).Says("Lets professionals of one country read through its contact point (MyHealth@EU)", "holder", 201, typeof(CountryBody), typeof(ActAnswer));
        record.MapDelete("/countries/{id}", ForbidAsync).Needs(Scopes.Acts).Says("Switches a country off", "holder", 204);
        record.MapGet("/decisions", DecideAsync).Needs(Scopes.Read).Says("What another person, or the contact point of a country, would be answered, by the same code", "holder", 200, null, typeof(DecisionAnswer), null, "person", "country", "action", "documentId");
    }

    private static Task AddAsync(ApiCall call, AddToCircle add) =>
        call.CreateAsync<CircleBody, Guid>(b => add.RunAsync(call.Caller, call.Record, new ActorRef(b.Person, b.Institution), b.EndsAt, call.Cancel), id => new ActAnswer(id));

    private static async Task RemoveAsync(ApiCall call, RemoveFromCircle remove) => await call.DoneAsync(await remove.RunAsync(call.Caller, call.Record, call.Id, call.Cancel));

    private static Task BlockAsync(ApiCall call, BlockFromRecord block) =>
        call.CreateAsync<BlockBody, Guid>(b => block.RunAsync(call.Caller, call.Record, new ActorRef(b.Person, b.Institution), b.AcknowledgedRisk, call.Cancel), id => new ActAnswer(id));

    private static async Task UnblockAsync(ApiCall call, Unblock unblock) => await call.DoneAsync(await unblock.RunAsync(call.Caller, call.Record, call.Id, call.Cancel));

    private static Task MaskAsync(ApiCall call, MaskItem mask) =>
        call.CreateAsync<MaskBody, Guid>(async b =>
        {
            if (b.From == "everyone") return await HideAsync(MaskFrom.Everyone([.. b.Except ?? []]));
            if (!Ids.TryParse(b.From, out var actor)) return Refusals.ParameterInvalid.Because("From is a person id, an institution id or the word everyone.").At("from");
            // One id space for both: a person first; where the directory lists none of this id, an institution.
            var asPerson = await HideAsync(MaskFrom.One(ActorRef.Of(new PersonId(actor))));
            return asPerson.Refusal?.Id == Refusals.UnresolvedReference.Id ? await HideAsync(MaskFrom.One(ActorRef.Of(new InstitutionId(actor)))) : asPerson;

            Task<Outcome<Guid>> HideAsync(MaskFrom from) => mask.RunAsync(call.Caller, call.Record, b.DocumentId, from, b.AcknowledgedRisk, call.Cancel);
        }, id => new ActAnswer(id));

    private static async Task UnmaskAsync(ApiCall call, Unmask unmask) => await call.DoneAsync(await unmask.RunAsync(call.Caller, call.Record, call.Id, call.Cancel));

    private static Task ObjectAsync(ApiCall call, ObjectToDeposit objectTo) =>
        call.CreateAsync<ObjectionBody, Guid>(b => objectTo.RunAsync(
            call.Caller, call.Record,
            new ObjectionTo { Order = b.Order, Author = b.Author, Institution = b.Institution, Category = b.Category, From = b.Period?.From, To = b.Period?.To },
            b.AcknowledgedRisk, call.Cancel), id => new ActAnswer(id));

    private static async Task WithdrawAsync(ApiCall call, WithdrawObjection withdraw) => await call.DoneAsync(await withdraw.RunAsync(call.Caller, call.Record, call.Id, call.Cancel));

    private static Task RequestAsync(ApiCall call, RequestDeposit request) =>
        call.CreateAsync<DepositRequestBody, DepositRequest>(b => request.RunAsync(call.Caller, call.Record, b.Professional, b.What, call.Cancel), made => new DepositRequestAnswer(made.Id, made.DueAt));

    private static async Task CountriesAsync(ApiCall call, ReadRights read) =>
        await call.OkAsync(await read.RunAsync(call.Caller, call.Record, call.Cancel), r => new CountriesAnswer([.. r.Abroad.Select(a => new CountryAnswer(a.Id, a.Country, a.Since))]));

    private static Task AllowAsync(ApiCall call, AllowCountry allow) =>
        call.CreateAsync<CountryBody, Guid>(b => allow.RunAsync(call.Caller, call.Record, b.Country, call.Cancel), id => new ActAnswer(id));

    private static async Task ForbidAsync(ApiCall call, ForbidCountry forbid) => await call.DoneAsync(await forbid.RunAsync(call.Caller, call.Record, call.Id, call.Cancel));

    private static async Task DecideAsync(ApiCall call, AskDecision ask)
    {
        var document = call.QueryId("documentId");
        var action = call.Query("action") switch
        {
            "read" => AccessAction.Read,
            "search" => AccessAction.Search,
            "deposit" => AccessAction.Deposit,
            _ => (AccessAction?)null,
        };
        var country = call.Query("country");
        if (!Ids.TryParse(call.Query("person"), out var person) == country is null) await call.RefuseAsync(Refusals.ParameterInvalid.Because("Name the person by id, or a country by its two letters.").At("person"));
        else if (action is not { } wanted) await call.RefuseAsync(Refusals.ParameterInvalid.Because("The action is read, search or deposit.").At("action"));
        else if (!document.Succeeded) await call.RefuseAsync(document.Refusal);
        else
        {
            var about = document.Value is { } d ? new DocumentId(d) : (DocumentId?)null;
            var answered = country is null
                ? await ask.RunAsync(call.Caller, call.Record, new PersonId(person), wanted, about, call.Cancel)
                : await ask.RunAsync(call.Caller, call.Record, country, wanted, about, call.Cancel);
            await call.OkAsync(answered, a => new DecisionAnswer(a.Permitted, a.Rule, a.Article, a.Sentence, a.Institution));
        }
    }
}
