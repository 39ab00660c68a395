using System.Net.Http.Headers;
using System.Text;
using Dsp.Records;
using Dsp.Server.SignIn;
using Microsoft.AspNetCore.Http.Features;

namespace Dsp.Server.Api;

/// <summary>The affiliation feed: NDJSON or CSV, streamed, of any length; replaying it changes nothing.</summary>
internal static class FeedRoutes
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/feeds/affiliations", ReceiveAsync).Needs(Scopes.Feeds)
            .Says("Affiliation and register events; answers counts and the lines not applied, with reasons", "affiliation authority", 200, typeof(Stream), typeof(FeedAnswer));

    private static async Task ReceiveAsync(ApiCall call, ReceiveAffiliations receive)
    {
        if (FormatOf(call.Context.Request.ContentType) is not { } format)
        {
            await call.RefuseAsync(Refusals.MediaTypeNotSupported.Because("The content type sent is not accepted here. Send application/x-ndjson or text/csv."));
            return;
        }
        // A feed is read line by line and never held: its length needs no limit, its pace does.
        if (call.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        using var reader = new StreamReader(call.Context.Request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        await call.OkAsync(await receive.RunAsync(call.Caller, format, reader, call.Cancel), answer => answer);
    }

    private static FeedFormat? FormatOf(string? contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType, out var type) ? null : type.MediaType?.ToLowerInvariant() switch
        {
            "application/x-ndjson" or "application/jsonl" => FeedFormat.Ndjson,
            "text/csv" => FeedFormat.Csv,
            _ => null,
        };
}
