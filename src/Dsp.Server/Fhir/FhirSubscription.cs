using System.Buffers;
using System.Globalization;
using Dsp.Interop.Dsubm;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Dsp.Server.SignIn;
using Dsp.Server.Wire;
using Dsp.Subscriptions;

namespace Dsp.Server.Fhir;

/// <summary>A professional's subscriptions to new documents (DSUBm ITI-110, ITI-113): made, changed, listed and ended through their software.</summary>
internal sealed class FhirSubscription(BodyReader bodies, KeepSubscriptions keep, Patients patients, FhirSettings settings, ServerSettings server, TimeProvider clock)
{
    /// <param name="id">Null: a new one.</param>
    public async Task PutAsync(HttpContext context, string? id = null)
    {
        var message = await ReadAsync(context);
        var version = EntityTags.Expected(context.Request);
        var named = id is null ? (Guid?)null : Ids.TryParse(id, out var guid) ? guid : Guid.Empty;
        var made = !message.Succeeded ? message.Refusal
            : !version.Succeeded ? version.Refusal
            : await keep.PutAsync(Callers.CallerOf(context), Wanted(message.Value), named, message.Value.Off, version.Value, context.RequestAborted);
        if (made.Succeeded)
        {
            context.Response.StatusCode = id is null ? StatusCodes.Status201Created : StatusCodes.Status200OK;
            context.Response.Headers.Location = $"{settings.Base}/Subscription/{Ids.Text(made.Value.Id)}/_history/{made.Value.Version.ToString(CultureInfo.InvariantCulture)}";
        }
        await AnswerAsync(context, made);
    }

    public async Task ReadAsync(HttpContext context, string id) => await AnswerAsync(context, await OneAsync(context, id));

    public async Task StatusAsync(HttpContext context, string id)
    {
        var found = await OneAsync(context, id);
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        var entries = new List<SearchEntry> { new("urn:uuid:" + Ids.Text(found.Value.Id), FhirJson.Bytes(SubscriptionWriter.StatusOf(found.Value, settings.Base, clock.GetUtcNow()))) };
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, 1, new SearchLinks($"{settings.Base}/Subscription/{Ids.Text(found.Value.Id)}/$status"), clock.GetUtcNow()));
    }

    public async Task SearchAsync(HttpContext context)
    {
        var parameters = await FhirParameters.ReadAsync(context, bodies);
        var found = parameters.Succeeded ? await keep.ListAsync(Callers.CallerOf(context), context.RequestAborted) : parameters.Refusal;
        if (!found.Succeeded)
        {
            await Answers.RefuseAsync(context, found.Refusal);
            return;
        }
        string[]? Wanted(string name) => parameters.Value.Where(p => p.Key == name && p.Value.Length > 0).Select(p => p.Value.Split(',')).FirstOrDefault();
        var (ids, states, urls) = (Wanted("_id"), Wanted("status"), Wanted("url"));
        var entries = found.Value.Select(SubscriptionWriter.Of)
            .Where(s => (ids is null || ids.Contains(s.Id)) && (states is null || states.Contains(s.Status.ToString()!.ToLowerInvariant())) && (urls is null || urls.Contains(s.Channel!.Endpoint)))
            .Select(s => new SearchEntry($"{settings.Base}/Subscription/{s.Id}", FhirJson.Bytes(s))).ToList();
        await FhirAnswers.WriteAsync(context, output => SearchBundleWriter.Write(output, entries, entries.Count, new SearchLinks($"{settings.Base}/Subscription"), clock.GetUtcNow()));
    }

    public async Task RemoveAsync(HttpContext context, string id)
    {
        var removed = await keep.RemoveAsync(Callers.CallerOf(context), Ids.TryParse(id, out var guid) ? guid : Guid.Empty, context.RequestAborted);
        if (removed.Succeeded) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Answers.RefuseAsync(context, removed.Refusal);
    }

    private async Task<Outcome<Subscription>> OneAsync(HttpContext context, string id)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var found = await keep.ListAsync(Callers.CallerOf(context), context.RequestAborted);
        return found.Then<Subscription>(own => Ids.TryParse(id, out var guid) && own.Find(s => s.Id == guid) is { } one ? one : Refusals.NotFound);
    }

    private async Task<Outcome<SubscriptionMessage>> ReadAsync(HttpContext context)
    {
        if (FhirMedia.RefusalOf(context) is { } format) return format;
        var read = await FhirBodies.ReadAsync(context, bodies);
        if (!read.Succeeded) return read.Refusal;
        using var body = read.Value;
        var message = SubscriptionReader.Read(body.Bytes.Span, settings.Base);
        return message is { Succeeded: true } && !OutboundHttp.MayCall(message.Value.Endpoint, server.NotifyInside) ? Refusals.EndpointNotRegistered.At("Subscription.channel.endpoint") : message;
    }

    private WantedSubscription Wanted(SubscriptionMessage m) => new(m.Endpoint, m.Xml, m.Patient is null ? null : patients.Of(m.Patient), m.Filter, m.Categories, m.Reason, m.Until);

    private static async Task AnswerAsync(HttpContext context, Outcome<Subscription> made)
    {
        if (!made.Succeeded)
        {
            await Answers.RefuseAsync(context, made.Refusal);
            return;
        }
        context.Response.Headers.ETag = EntityTags.Of(made.Value.Version);
        if (FhirParameters.Return(context.Request) != "minimal") await FhirAnswers.WriteAsync(context, output => output.Write(FhirJson.Bytes(SubscriptionWriter.Of(made.Value))));
    }
}
