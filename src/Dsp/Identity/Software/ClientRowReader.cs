using System.Text.Json;
using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity.Software;

/// <summary>Turns one line of the register of software into a client's row, or says why it cannot be taken.</summary>
internal sealed class ClientRowReader(Database database, ServiceKeys keys, TimeProvider clock)
{
    private const int SmallestRsa = 2048;
    private const int LongestText = 4000;

    public async Task<(Batch? Statement, bool IsNew, string? Reason)> ReadAsync(DirectoryFields line, CancellationToken cancel)
    {
        foreach (var column in new[] { "client_id", "system", "kind", "scopes", "description" })
            if (line[column] is null) return (null, false, $"The column {column} is required.");
        if (!IsClientId(line["client_id"]!)) return (null, false, "A client_id has 3 to 100 letters, digits, dots, hyphens or underscores.");
        ClientKind? kind = line["kind"] switch { "public" => ClientKind.Public, "confidential" => ClientKind.Confidential, _ => null };
        if (kind is null) return (null, false, "The kind is public or confidential.");
        var systems = await database.QueryAsync(row => SystemRow.Read(row, 0, keys), $"SELECT {SystemRow.Columns} FROM systems s WHERE s.name = @name", cancel, ("name", line["system"]!));
        if (systems is not [{ } system, ..]) return (null, false, "The system is not in the directory: import it first, with its institution and responsible person.");
        if (!line.TryDay("tested_from", out var tested) || !line.TryDay("attested_from", out var attested)) return (null, false, "A day is written yyyy-MM-dd.");
        var row = new ClientRow(line["client_id"]!, system.Id, kind.Value, line["keys"], line["redirects"] ?? "", line["scopes"]!, line["description"]!, clock.Now(), tested, attested);
        if (ProblemOf(row, system) is { } problem) return (null, false, problem);
        var rows = await database.QueryAsync(r => ClientRow.Read(r, 0, keys), $"SELECT {ClientRow.Columns} FROM clients c WHERE c.client_id = @client", cancel, ("client", row.ClientId));
        var before = rows is [{ } present, ..] ? present : null;
        if (before is not null) row = row with { RegisteredAt = before.RegisteredAt };
        return row == before ? (null, false, null) : (new Batch().Put(row, keys), before is null, null);
    }

    private static string? ProblemOf(ClientRow row, SystemRow system)
    {
        if (row.Redirects.Length > LongestText || row.Scopes.Length > LongestText || row.Description.Length > LongestText || row.KeySet?.Length > LongestText) return "A column is longer than 4000 characters.";
        if (row.RedirectList.FirstOrDefault(r => !IsRedirect(r)) is { } redirect) return $"{redirect} is no redirect address: https (http for a loopback address), no fragment, no wildcard, no user name.";
        if (ScopeSet.Parse(row.ScopeList) is not { } scopes) return "A scope is none of this server's; see docs/connect/software.md.";
        if (scopes.Has(ScopeSet.Act)) return "The scope dsp.act.* is the portal's own.";
        if (scopes.Has(ScopeSet.Feed) != (system.Role == "authority")) return "An authority, and nobody else, has the scope dsp.feed.";
        if (row.Kind == ClientKind.Public)
            return row.KeySet is not null ? "A public client has no keys." : row.RedirectList.Count == 0 ? "A public client has a redirect address." : scopes.Smart.Any(s => s.Context == ScopeContext.System) ? "A public client has no system scopes." : null;
        return row.KeySet is null ? "A confidential client has keys: a JWK set with its public keys." : KeyProblemOf(row.KeySet);
    }

    /// <summary>Public RSA and EC keys, and their certificates, written out: an address to fetch them from is not taken.</summary>
    private static string? KeyProblemOf(string text)
    {
        try
        {
            using var set = JsonDocument.Parse(text);
            if (!set.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 10) return "The keys are a JWK set with 1 to 10 keys.";
            foreach (var key in list.EnumerateArray())
            {
                if (new[] { "d", "p", "q", "k", "dp", "dq", "qi" }.Any(part => key.TryGetProperty(part, out _))) return "The keys hold a private part. Make new keys, and send the public part only.";
                var fits = key.GetProperty("kty").GetString() switch
                {
                    "RSA" => key.GetProperty("n").GetString()!.Length * 6 >= SmallestRsa && key.GetProperty("e").GetString() is { Length: > 0 },
                    "EC" => key.GetProperty("crv").GetString() is "P-256" or "P-384" && key.GetProperty("x").GetString() is { Length: > 0 } && key.GetProperty("y").GetString() is { Length: > 0 },
                    _ => false,
                };
                if (!fits) return "A key is RSA of at least 2048 bits, or EC on P-256 or P-384.";
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "The keys are no JWK set (RFC 7517).";
        }
    }

    private static bool IsClientId(string text) => text.Length is >= 3 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool IsRedirect(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && !text.Contains('*', StringComparison.Ordinal) && !text.Contains('#', StringComparison.Ordinal)
        && address.UserInfo.Length == 0 && address.Host.Length > 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}

/// <summary>The lines of a register: CSV with column names, or a JSON array of objects with the same names.</summary>
internal static class RegisterLines
{
    /// <summary>Reads a JSON array; a member that is an array of text is its parts, separated by spaces, one that is an object its own text.</summary>
    /// <exception cref="JsonException">It is no JSON array of objects.</exception>
    public static IEnumerable<DirectoryFields> OfJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("no array");
        foreach (var line in document.RootElement.EnumerateArray())
        {
            if (line.ValueKind != JsonValueKind.Object) throw new JsonException("no object");
            var members = line.EnumerateObject().ToList();
            yield return new DirectoryFields([.. members.Select(m => m.Name)], [.. members.Select(m => TextOf(m.Value))]);
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) => string.Join(' ', value.EnumerateArray().Select(v => v.GetString())),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
