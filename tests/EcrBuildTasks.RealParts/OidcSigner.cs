using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EcrBuildTasks.RealParts;

/// <summary>The key of an OIDC provider, and the tokens that it signs, as a CI system or Kubernetes gives them to its jobs.</summary>
public sealed class OidcSigner : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    /// <summary>The public key, as PEM.</summary>
    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>A token of a job.</summary>
    /// <param name="issuer">The provider, without scheme.</param>
    /// <param name="subject">The job.</param>
    /// <param name="audience">For whom the token is.</param>
    /// <param name="minutes">How long it is good; less than 0 for one that has ended.</param>
    public string Token(string issuer, string subject, string audience = "sts.amazonaws.com", int minutes = 5)
    {
        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
        var text =
            Part(new { alg = "RS256", typ = "JWT" })
            + "."
            + Part(
                new
                {
                    iss = "https://" + issuer,
                    sub = subject,
                    aud = audience,
                    exp = DateTimeOffset.UtcNow.AddMinutes(minutes).ToUnixTimeSeconds(),
                }
            );
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(text),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();
}
