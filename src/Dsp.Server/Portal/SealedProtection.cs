using System.Security.Cryptography;
using Dsp.Sealing;
using Microsoft.AspNetCore.DataProtection;

namespace Dsp.Server.Portal;

/// <summary>
/// What the framework wants sealed (antiforgery tokens, the sentence kept over a redirect) is sealed with the server's own
/// keys, so that it holds on every node and no key of the framework's lies on a disk (security §1).
/// </summary>
internal sealed class SealedProtection(ServiceKeys keys, string purpose = "data-protection") : IDataProtectionProvider, IDataProtector
{
    public IDataProtector CreateProtector(string purpose1) => new SealedProtection(keys, purpose + "/" + purpose1);

    public byte[] Protect(byte[] plaintext) => keys.SealServerKey(purpose, plaintext);

    public byte[] Unprotect(byte[] protectedData)
    {
        try
        {
            return keys.OpenServerKey(purpose, protectedData);
        }
        catch (SealBrokenException e)
        {
            throw new CryptographicException("The value was not sealed by this server.", e);
        }
    }
}
