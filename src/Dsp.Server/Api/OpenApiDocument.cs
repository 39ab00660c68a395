using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Dsp.Server.SignIn;

namespace Dsp.Server.Api;

/// <summary>OpenAPI 3.1 of the platform API, made from the routes themselves, so that it cannot say anything else.</summary>
internal sealed class OpenApiDocument(IEnumerable<EndpointDataSource> sources)
{
    private readonly Lazy<byte[]> bytes = new(() => JsonSerializer.SerializeToUtf8Bytes(Build(sources)));

    public ReadOnlyMemory<byte> Bytes => bytes.Value;

    /// <summary>Every described route.</summary>
    internal static IEnumerable<(RouteEndpoint Route, RouteDescription Says)> Routes(IEnumerable<EndpointDataSource> sources) =>
        sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == true)
            .Select(e => (e, e.Metadata.GetMetadata<RouteDescription>()!)).Where(e => e.Item2 is not null)
            .OrderBy(e => e.e.RoutePattern.RawText, StringComparer.Ordinal);

    private static JsonObject Build(IEnumerable<EndpointDataSource> sources)
    {
        var paths = new JsonObject();
        foreach (var (route, says) in Routes(sources))
        {
            var path = "/" + route.RoutePattern.RawText!.TrimStart('/');
            if (paths[path] is not JsonObject item) paths[path] = item = [];
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []) item[method.ToLowerInvariant()] = Operation(route, says);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "DSP platform API", ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version?.ToString(3) ?? "0", ["description"] = "Acts that FHIR has no settled form for. Errors are RFC 9457 problem details with the refusal's id." },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT" } },
                ["schemas"] = new JsonObject { ["Problem"] = Problem() },
            },
        };
    }

    private static JsonObject Operation(RouteEndpoint route, RouteDescription says)
    {
        var open = route.Metadata.GetMetadata<OpenToAll>() is not null;
        var operation = new JsonObject
        {
            ["summary"] = says.Summary,
            ["description"] = $"Who: {says.Who}." + (route.Metadata.GetMetadata<ScopeNeed>() is { } need ? $" Scope: {need}." : ""),
            ["security"] = open ? new JsonArray() : new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
        };
        var parameters = new JsonArray(
        [
            .. route.RoutePattern.Parameters.Select(p => Parameter(p.Name, "path", required: true, new JsonObject { ["type"] = "string", ["format"] = "uuid" })),
            .. says.Query.Select(q => Parameter(q, "query", required: false, new JsonObject { ["type"] = "string" })),
        ]);
        if (parameters.Count > 0) operation["parameters"] = parameters;
        if (says.Body is { } body)
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true, ["content"] = body == typeof(Stream)
                ? new JsonObject { ["application/x-ndjson"] = new JsonObject(), ["text/csv"] = new JsonObject() }
                : new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Schema(body) } }
            };
        var success = new JsonObject { ["description"] = Wire.StatusTable.TitleOf(says.Status) };
        if (says.Media is { } media) success["content"] = new JsonObject { [media] = new JsonObject() };
        else if (says.Answer is { } answer) success["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Schema(answer) } };
        operation["responses"] = new JsonObject
        {
            [says.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = success,
            ["default"] = new JsonObject { ["description"] = "Refused", ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } } } },
        };
        return operation;
    }

    private static JsonNode Schema(Type type) => ApiJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) => IsId(context.TypeInfo.Type) ? Text("uuid") : context.TypeInfo.Type == typeof(DateTimeOffset) || context.TypeInfo.Type == typeof(DateTimeOffset?) ? Text("date-time") : schema,
    });

    private static bool IsId(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(Guid) || (bare.Namespace == "Dsp" && bare.Name.EndsWith("Id", StringComparison.Ordinal));
    }

    private static JsonObject Text(string format) => new() { ["type"] = "string", ["format"] = format };

    private static JsonObject Parameter(string name, string place, bool required, JsonObject schema) =>
        new JsonObject { ["name"] = name, ["in"] = place, ["required"] = required, ["schema"] = schema };

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string" },
            ["title"] = new JsonObject { ["type"] = "string" },
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["id"] = new JsonObject { ["type"] = "string", ["description"] = "The refusal's stable id, DSP-nnnn" },
            ["field"] = new JsonObject { ["type"] = "string" },
        },
        ["required"] = new JsonArray("type", "title", "status", "detail"),
    };
}
