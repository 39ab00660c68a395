using Dsp.Sealing;
using Dsp.Storage;

namespace Dsp.Identity.Software;

/// <summary>The registry of connected software. Nothing of it is remembered: a suspended client is out on its next request.</summary>
public sealed class Clients(Database database, ServiceKeys keys)
{
    private const string Joined = $"SELECT {ClientRow.Columns}, {SystemRow.Columns} FROM clients c JOIN systems s ON s.system_id = c.system_id";

    /// <returns>Null where there is no such client, or a row's MAC does not fit.</returns>
    public async Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancel) =>
        await database.QueryAsync(Read, $"{Joined} WHERE c.client_id = @client", cancel, ("client", clientId)) is [{ } client, ..] ? client : null;

    /// <summary>All of them, by client id.</summary>
    public async Task<IReadOnlyList<RegisteredClient>> ListAsync(CancellationToken cancel) =>
        [.. (await database.QueryAsync(Read, $"{Joined} ORDER BY c.client_id", cancel)).OfType<RegisteredClient>()];

    private RegisteredClient? Read(Row row) =>
        ClientRow.Read(row, 0, keys) is { } client && SystemRow.Read(row, ClientRow.Width, keys) is { } system ? new RegisteredClient(client, system) : null;
}
