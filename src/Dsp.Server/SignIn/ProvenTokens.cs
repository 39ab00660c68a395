using System.Collections.Concurrent;

namespace Dsp.Server.SignIn;

/// <summary>
/// Signatures already checked, by the token's SHA-256. Bounded: two generations, the older one is dropped when the younger
/// is full. Holds nothing that revocation would have to reach.
/// </summary>
internal sealed class ProvenTokens(int most)
{
    private ConcurrentDictionary<string, ProvenToken> young = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, ProvenToken> old = new(StringComparer.Ordinal);

    public ProvenToken? Find(byte[] hash)
    {
        var key = Convert.ToHexString(hash);
        if (young.TryGetValue(key, out var token)) return token;
        if (!old.TryGetValue(key, out token)) return null;
        young.TryAdd(key, token);
        return token;
    }

    public void Keep(byte[] hash, ProvenToken token)
    {
        if (young.Count >= most / 2) (old, young) = (young, new(StringComparer.Ordinal));
        young[Convert.ToHexString(hash)] = token;
    }
}
