using System.Security.Cryptography;
using Dsp.Sealing;
using Microsoft.IdentityModel.Tokens;

namespace Dsp.Server.SignIn;

/// <summary>The key every token of this installation is signed with: random, made once, in the data folder, sealed by the platform.</summary>
public sealed class SigningKey : IDisposable
{
    private const string Name = "token-signing";
    private readonly RSA rsa;

    /// <exception cref="SealBrokenException">The key file is not this installation's.</exception>
    public SigningKey(ServerSettings settings, ServiceKeys keys)
    {
        rsa = Open(Path.Combine(settings.DataFolder, Name + ".sealed"), keys);
        Key = new RsaSecurityKey(rsa) { KeyId = Convert.ToHexStringLower(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..16] };
        Key.CryptoProviderFactory.CacheSignatureProviders = false;
    }

    public RsaSecurityKey Key { get; }

    public SigningCredentials Credentials => new(Key, SecurityAlgorithms.RsaSha256);

    public void Dispose() => rsa.Dispose();

    private static RSA Open(string file, ServiceKeys keys)
    {
        var rsa = RSA.Create(2048);
        if (File.Exists(file))
        {
            rsa.ImportPkcs8PrivateKey(keys.OpenServerKey(Name, File.ReadAllBytes(file)), out _);
            return rsa;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var unfinished = file + ".part";
        File.WriteAllBytes(unfinished, keys.SealServerKey(Name, rsa.ExportPkcs8PrivateKey()));
        File.Move(unfinished, file, overwrite: true);
        return rsa;
    }
}
