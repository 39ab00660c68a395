using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Dsp.Access;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;

namespace Dsp.Server.Api;

/// <summary>One call of the platform API: who asks, what was sent, and how to answer. Translates only; it decides nothing.</summary>
internal sealed class ApiCall
{
    private readonly HttpContext context;
    private readonly BodyReader bodies;
    private readonly Addresses addresses;

    private ApiCall(HttpContext context, BodyReader bodies, Addresses addresses) => (this.context, this.bodies, this.addresses) = (context, bodies, addresses);

    /// <summary>How minimal APIs make one.</summary>
    public static ValueTask<ApiCall?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<ApiCall?>(new(context, context.RequestServices.GetRequiredService<BodyReader>(), context.RequestServices.GetRequiredService<Addresses>()));

    public Caller Caller => Callers.CallerOf(context);
    public CancellationToken Cancel => context.RequestAborted;
    public HttpContext Context => context;

    /// <summary>The record named in the path; a text that is no id names no record.</summary>
    public RecordId Record => new(IdOf("recordId"));

    public Guid Id => IdOf("id");

    public DocumentId Document => new(IdOf("documentId"));

    /// <summary>The body; refused where it is too large, too deep, no JSON, or of another shape.</summary>
    public async Task<Outcome<T>> BodyAsync<T>()
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
            return Refusals.MediaTypeNotSupported.Because("The content type sent is not accepted here. Send application/json.");
        var read = await bodies.ReadAsync(context);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        return bodies.CheckJson(body.Bytes.Span) is { } refusal ? refusal : ApiJson.Read<T>(body.Bytes.Span);
    }

    /// <summary>Makes an act of the body and answers 201 with its place, 204 without a place, or the refusal.</summary>
    public async Task CreateAsync<TBody, T>(Func<TBody, Task<Outcome<T>>> act, Func<T, object> answer)
    {
        var body = await BodyAsync<TBody>();
        var made = body.Succeeded ? await act(body.Value) : body.Refusal;
        if (!made.Succeeded)
        {
            await RefuseAsync(made.Refusal);
            return;
        }
        await CreatedAsync(answer(made.Value));
    }

    /// <summary>Whether anything was sent.</summary>
    public bool HasBody => context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0;

    /// <summary>201 with Location: the place given, else the collection asked with the new id.</summary>
    public Task CreatedAsync(object answer, string? place = null)
    {
        if (place is null && answer.GetType().GetProperty("Id")?.GetValue(answer) is { } id)
            place = string.Create(CultureInfo.InvariantCulture, $"{context.Request.Path.Value!.TrimEnd('/')}/{id}");
        // Absolute, from the public base: the request's own name is never repeated.
        context.Response.Headers.Location = addresses.Base + place;
        return JsonAsync(StatusCodes.Status201Created, answer);
    }

    /// <summary>204, or the refusal.</summary>
    public Task DoneAsync<T>(Outcome<T> outcome)
    {
        if (!outcome.Succeeded) return RefuseAsync(outcome.Refusal);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>200 with the answer, or the refusal.</summary>
    public Task OkAsync<T>(Outcome<T> outcome, Func<T, object> answer) =>
        outcome.Succeeded ? JsonAsync(StatusCodes.Status200OK, answer(outcome.Value)) : RefuseAsync(outcome.Refusal);

    public Task RefuseAsync(Refusal refusal) => Answers.RefuseAsync(context, refusal);

    /// <summary>A query parameter, named once.</summary>
    public string? Query(string name) => context.Request.Query[name] is [{ Length: > 0 } value] ? value : null;

    /// <summary>An optional id of the query; refused where it is there and no id.</summary>
    public Outcome<Guid?> QueryId(string name)
    {
        if (!context.Request.Query.ContainsKey(name)) return (Guid?)null;
        return Ids.TryParse(Query(name), out var id) ? id : Refusals.ParameterInvalid.At(name);
    }

    /// <summary>An optional instant or day of the query, RFC 3339.</summary>
    public Outcome<DateTimeOffset?> QueryInstant(string name)
    {
        if (!context.Request.Query.ContainsKey(name)) return (DateTimeOffset?)null;
        var text = Query(name);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Deadlines.StartOf(day);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : Refusals.ParameterInvalid.At(name);
    }

    private Task JsonAsync(int status, object answer) =>
        Answers.JsonAsync(context, status, "application/json; charset=utf-8", w => JsonSerializer.Serialize(w, answer, answer.GetType(), ApiJson.Options));

    /// <summary>No id: the nil id, which nothing has, so that the answer is that of an unknown one.</summary>
    private Guid IdOf(string name) => Ids.TryParse(context.Request.RouteValues[name] as string, out var id) ? id : Guid.Empty;
}
